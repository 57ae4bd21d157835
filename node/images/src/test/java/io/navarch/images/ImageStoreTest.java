package io.navarch.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.http.EventLoops;
import io.navarch.http.HttpServer;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageStoreTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "nginx,docker.io/library/nginx:latest",
        "nginx:1.7.9,docker.io/library/nginx:1.7.9",
        "me/app,docker.io/me/app:latest",
        "quay.io/a/b:1,quay.io/a/b:1",
        "localhost:5000/a,localhost:5000/a:latest"
    })
    void completesNamesAsDockerDoes(String name, String complete) {
        assertThat(ImageStore.complete(name)).isEqualTo(complete);
    }

    private ImageStore store() throws IOException {
        return new ImageStore(directory.resolve("images"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void blobsAreFoundByTheirDigest() throws IOException {
        var digest = store().addBlob(bytes("hello"));
        assertThat(digest).isEqualTo("sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        assertThat(store().size(digest)).isEqualTo(5);
    }

    @Test
    void namesOutliveTheProcess() throws IOException {
        store().name("app:1", "sha256:a");
        store().name("app:1", "sha256:b");
        assertThat(store().has("docker.io/library/app:1")).isTrue();
        assertThat(store().has("app:2")).isFalse();
        assertThat(store().names()).containsEntry("docker.io/library/app:1", "sha256:b");
    }

    private static HttpResponse<String> get(HttpServer server, String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    @Test
    void containerdPullsByNameOfTheRegistryThatItMeant() throws Exception {
        var store = store();
        var config = store.addBlob(bytes("{}"));
        var manifest = store.addBlob(ImageStore.manifest(config, 2, List.of()));
        store.name("quay.io/a/b:1", manifest);
        try (var eventLoops = new EventLoops(1);
                var server = HttpServer.plain(eventLoops, new InetSocketAddress("127.0.0.1", 0), store::serve)) {
            assertThat(get(server, "/v2/").statusCode()).isEqualTo(200);
            var pulled = get(server, "/v2/a/b/manifests/1?ns=quay.io");
            assertThat(pulled.headers().firstValue("Docker-Content-Digest")).contains(manifest);
            assertThat(View.of(Json.parse(bytes(pulled.body())))
                            .get("config", "digest")
                            .string())
                    .isEqualTo(config);
            assertThat(get(server, "/v2/a/b/blobs/" + config).body()).isEqualTo("{}");
            assertThat(get(server, "/v2/a/b/manifests/" + manifest + "?ns=quay.io")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(get(server, "/v2/a/b/manifests/1?ns=docker.io").statusCode())
                    .isEqualTo(404);
            assertThat(get(server, "/v2/a/b/blobs/..%2Fnames.json").statusCode())
                    .isEqualTo(404);
            assertThat(get(server, "/other").statusCode()).isEqualTo(404);
        }
    }
}
