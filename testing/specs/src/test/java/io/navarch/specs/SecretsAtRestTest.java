package io.navarch.specs;

import static io.navarch.specs.PlaneUnderTest.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apps.lifecycle.EncryptionCommand;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whoever has the disk without the key reads no Secret.
class SecretsAtRestTest {
    private static final String VALUE = "correct-horse-battery-staple";

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private static void write(String name, int number) {
        plane.client.create(
                Resources.SECRETS.untyped(),
                yaml("{metadata: {name: " + name + ", namespace: default}, stringData: {password: " + VALUE + number
                        + "}}"));
    }

    private static boolean onDisk(String text) throws IOException {
        try (var walk = Files.walk(plane.directory())) {
            for (var file : walk.filter(Files::isRegularFile).toList())
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) return true;
        }
        return false;
    }

    @Test
    void nothingOfASecretIsInTheDataDirectory() throws Exception {
        for (int i = 0; i < 50; i++) write("known" + i, i);
        plane.client.mergePatch(
                Resources.SECRETS.untyped(),
                new ObjectKey("default", "known0"),
                "",
                yaml("{stringData: {password: " + VALUE + "-changed}}"));
        var encoded = Base64.getEncoder().withoutPadding().encodeToString(VALUE.getBytes(StandardCharsets.UTF_8));
        // What is plain is found there, so the search finds what there is.
        plane.client.create(
                Resources.CONFIG_MAPS.untyped(),
                yaml("{metadata: {name: plain, namespace: default}, data: {a: written-as-it-is}}"));
        assertThat(onDisk("written-as-it-is")).isTrue();
        assertThat(onDisk(VALUE)).isFalse();
        assertThat(onDisk(encoded.substring(0, 30))).isFalse();
        assertThat(new String(plane.http("GET", "/metrics", null).body(), StandardCharsets.UTF_8))
                .doesNotContain(VALUE);
    }

    @Test
    void keysAreExchangedWhileTheServerRuns() throws Exception {
        write("kept", 1);
        var before = Files.readString(plane.directory().resolve("encryption.yaml"));
        int code = EncryptionCommand.run(
                List.of("rotate", "--data-dir", plane.directory().toString()), Map.of());
        assertThat(code).isZero();
        assertThat(Files.readString(plane.directory().resolve("encryption.yaml")))
                .contains("key2")
                .doesNotContain("key1");
        assertThat(onDisk("k8s:enc:secretbox:v1:key2:")).isTrue();
        assertThat(before).contains("key1");
        assertThat(plane.client
                        .get(Resources.SECRETS, new ObjectKey("default", "kept"))
                        .data()
                        .get("password"))
                .isEqualTo((VALUE + 1).getBytes(StandardCharsets.UTF_8));
        write("after", 2);
        assertThat(EncryptionCommand.run(
                        List.of("status", "--data-dir", plane.directory().toString()), Map.of()))
                .isZero();
    }
}
