package io.navarch.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.store.EmbeddedStore;
import io.navarch.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptedStoreTest {
    private static final String FIRST = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String SECOND = "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHgA=";
    private static final String ONE = "{secretbox: {keys: [{name: one, secret: " + FIRST + "}]}}";
    private static final String TWO = "{aesgcm: {keys: [{name: two, secret: " + SECOND + "}]}}";
    private static final KeyLayout LAYOUT = new KeyLayout(Map.of(
            "/registry/secrets/", new KeyLayout.Resource("", "secrets"),
            "/registry/configmaps/", new KeyLayout.Resource("", "configmaps")));

    @TempDir
    Path directory;

    private Store files;

    @BeforeEach
    void open() {
        files = new EmbeddedStore(directory.resolve("db"), InstantSource.system());
    }

    @AfterEach
    void close() {
        files.close();
    }

    private static Encryption secrets(String... providers) {
        return new EncryptionConfiguration(GrpcKeyService::new, InstantSource.system(), new SecureRandom())
                .read(
                        "{apiVersion: apiserver.config.k8s.io/v1, kind: EncryptionConfiguration, resources: [{resources: ["
                                + "secrets], providers: [" + String.join(", ", providers) + "]}]}");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Store.Outcome put(Store store, String key, String value) {
        return store.put(key, bytes(value), Store.ANY, Duration.ZERO);
    }

    private String stored(String key) {
        return new String(files.get(key).orElseThrow().value(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void everyWayOfReadingOpensWhatIsSealed() throws InterruptedException {
        var store = new EncryptedStore(files, secrets(ONE), LAYOUT);
        put(store, "/registry/secrets/a/b", "hidden");
        put(store, "/registry/configmaps/a/b", "open");
        assertThat(stored("/registry/secrets/a/b"))
                .startsWith("k8s:enc:secretbox:v1:one:")
                .doesNotContain("hidden");
        assertThat(stored("/registry/configmaps/a/b")).isEqualTo("open");
        assertThat(store.get("/registry/secrets/a/b").orElseThrow().value()).isEqualTo(bytes("hidden"));
        assertThat(store.range("/registry/", "/registry0", 0, 0).entries())
                .extracting(entry -> new String(entry.value(), StandardCharsets.UTF_8))
                .containsExactly("open", "hidden");
        put(store, "/registry/secrets/a/b", "more");
        store.delete("/registry/secrets/a/b", Store.ANY);
        var seen = new ArrayList<String>();
        try (var cursor = store.watch("/registry/secrets/", 1)) {
            while (seen.size() < 3)
                for (var event : cursor.poll(Duration.ofSeconds(1)))
                    seen.add(event.value() == null ? "gone" : new String(event.value(), StandardCharsets.UTF_8));
        }
        assertThat(seen).containsExactly("hidden", "more", "gone");
    }

    @Test
    void whatCannotBeReadIsNamed() {
        put(new EncryptedStore(files, secrets(ONE), LAYOUT), "/registry/secrets/a/b", "hidden");
        var other = new EncryptedStore(files, secrets(TWO, "{identity: {}}"), LAYOUT);
        assertThatThrownBy(() -> other.get("/registry/secrets/a/b"))
                .isInstanceOf(UnreadableValueException.class)
                .hasMessageContaining("/registry/secrets/a/b cannot be read");
        assertThatThrownBy(() -> new Rewriting(other).verify()).isInstanceOf(UnreadableValueException.class);
    }

    @Test
    void whatCannotBeReadCanBeReplacedAndRemoved() {
        put(new EncryptedStore(files, secrets(ONE), LAYOUT), "/registry/secrets/a/b", "hidden");
        put(new EncryptedStore(files, secrets(ONE), LAYOUT), "/registry/secrets/a/c", "hidden");
        var other = new EncryptedStore(files, secrets(TWO), LAYOUT);
        assertThat(put(other, "/registry/secrets/a/b", "new").written()).isTrue();
        assertThat(other.get("/registry/secrets/a/b").orElseThrow().value()).isEqualTo(bytes("new"));
        assertThat(other.delete("/registry/secrets/a/c", Store.ANY).written()).isTrue();
        assertThat(other.get("/registry/secrets/a/c")).isEmpty();
    }

    @Test
    void anotherKeyIsTakenOnlyWhenItReadsEverythingAndThenWritesEverything() {
        var store = new EncryptedStore(files, secrets(ONE), LAYOUT);
        put(store, "/registry/secrets/a/b", "hidden");
        assertThatThrownBy(() -> new Rewriting(store.with(secrets(TWO))).verify())
                .isInstanceOf(UnreadableValueException.class);
        store.use(secrets(TWO, ONE));
        assertThat(new Rewriting(store).run()).isEqualTo(new Rewriting.Done(1, 0));
        assertThat(stored("/registry/secrets/a/b")).startsWith("k8s:enc:aesgcm:v1:two:");
        new Rewriting(store.with(secrets(TWO))).verify();
        store.use(secrets(TWO));
        assertThat(new Rewriting(store).run()).isEqualTo(new Rewriting.Done(0, 0));
        assertThat(store.get("/registry/secrets/a/b").orElseThrow().value()).isEqualTo(bytes("hidden"));
    }

    @Test
    void nothingIsLeftInTheFilesOfWhatNobodyHadEncrypted() throws Exception {
        var marker = "plain-as-it-was-before";
        for (int i = 0; i < 100; i++) put(files, "/registry/secrets/a/b" + i, marker + i);
        put(files, "/registry/secrets/a/b0", marker + "-again");
        assertThat(found(marker)).isTrue();
        var store = new EncryptedStore(files, secrets(ONE, "{identity: {}}"), LAYOUT);
        assertThat(new Rewriting(store).run()).isEqualTo(new Rewriting.Done(100, 100));
        store.compact(store.revision());
        store.rewriteFiles();
        assertThat(found(marker)).isFalse();
        assertThat(store.get("/registry/secrets/a/b1").orElseThrow().value()).isEqualTo(bytes(marker + "1"));
    }

    private boolean found(String text) throws Exception {
        try (var walk = Files.walk(directory)) {
            for (var file : walk.filter(Files::isRegularFile).toList())
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) return true;
        }
        return false;
    }
}
