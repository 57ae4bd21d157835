package io.navarch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.client.Client;
import io.navarch.client.Transport;
import io.navarch.model.AnyObject;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.Yaml;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestApplierTest {
    private static final String DEPLOYMENT = "/apis/apps/v1/namespaces/default/deployments/web";

    @TempDir
    Path directory;

    /// Answers by path, as YAML.
    private final Map<String, String> answers = new LinkedHashMap<>();

    private final ManifestApplier applier = new ManifestApplier(new Client(this::send, "test"));

    private Transport.Response send(String method, String uri, @Nullable String contentType, byte @Nullable [] body) {
        var path = uri.replaceFirst("\\?.*", "");
        var bytes = method.equals("PATCH")
                ? Objects.requireNonNull(body)
                : Json.write(Yaml.parse(Objects.requireNonNull(answers.get(path))));
        return new Transport.Response(200, new ByteArrayInputStream(bytes), () -> {});
    }

    @BeforeEach
    void discovery() {
        answers.put("/apis/apps/v1", """
                resources:
                - {name: deployments, kind: Deployment, namespaced: true}
                - {name: deployments/scale, kind: Scale, namespaced: true}
                """);
        answers.put("/api/v1", "resources: [{name: namespaces, kind: Namespace, namespaced: false}]");
    }

    @Test
    void aDirectoryIsReadInTheOrderOfItsNames() throws IOException {
        Files.writeString(directory.resolve("b.yml"), "{kind: B, metadata: {name: b}}");
        Files.writeString(
                directory.resolve("a.yaml"), "{kind: A1, metadata: {name: a}}\n---\n{kind: A2, metadata: {name: a}}");
        Files.writeString(directory.resolve("c.json"), "{\"kind\": \"List\", \"items\": [{\"kind\": \"C\"}]}");
        Files.writeString(directory.resolve("readme.txt"), "no manifest");
        assertThat(ManifestApplier.read(directory))
                .extracting(object -> new AnyObject(object).kind())
                .containsExactly("A1", "A2", "B", "C");
    }

    @Test
    void whatCannotBeReadIsNamed() throws IOException {
        assertThatThrownBy(() -> ManifestApplier.read(directory.resolve("none")))
                .hasMessage("the path \"" + directory.resolve("none") + "\" does not exist");
        assertThatThrownBy(() -> ManifestApplier.read(directory)).hasMessage("no objects in " + directory);
        var list = Files.writeString(directory.resolve("a.yaml"), "[1]");
        assertThatThrownBy(() -> ManifestApplier.read(list)).hasMessage(list + ": not an object");
        var broken = Files.writeString(directory.resolve("b.yaml"), "{");
        assertThatThrownBy(() -> ManifestApplier.read(broken)).hasMessageStartingWith(broken + ": ");
    }

    private static Map<String, Object> manifest(String yaml) {
        return Json.parseMap(Json.writeString(Yaml.parse(yaml)).getBytes(StandardCharsets.UTF_8));
    }

    private ManifestApplier.Applied deployment() {
        return applier.apply(manifest("{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}"));
    }

    @Test
    void anObjectGoesToItsResourceInTheDefaultNamespace() {
        var applied = deployment();
        assertThat(applied.title()).isEqualTo("deployment/web");
        assertThat(applied.type().path("default", "web", "")).isEqualTo(DEPLOYMENT);
        assertThat(applied.object().namespace()).isEqualTo("default");
        var namespace = applier.apply(manifest("{apiVersion: v1, kind: Namespace, metadata: {name: n}}"));
        assertThat(namespace.object().namespace()).isEmpty();
    }

    @Test
    void anUnknownKindIsRefusedInKubectlsWords() {
        assertThatThrownBy(() -> applier.apply(manifest("{apiVersion: apps/v1, kind: Scale, metadata: {name: x}}")))
                .isInstanceOf(ApiException.class)
                .hasMessage("no matches for kind \"Scale\" in version \"apps/v1\"");
    }
}
