package io.navarch.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.http.EventLoops;
import io.navarch.http.HttpServer;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    private static HttpResponse<String> send(HttpServer server, String method, String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                    .header("Range", "bytes=0-999999999999999999,1-,2-")
                    .method(method, BodyPublishers.ofString(method.equals("HEAD") ? "" : "{}"));
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    @Test
    void nothingThatIsAskedChangesTheStore() throws Exception {
        var store = store();
        var digest = store.addBlob(bytes("hello"));
        store.name("a:1", digest);
        try (var eventLoops = new EventLoops(1);
                var server = HttpServer.plain(eventLoops, new InetSocketAddress("127.0.0.1", 0), store::serve)) {
            for (var method : List.of("PUT", "POST", "PATCH", "DELETE", "OPTIONS"))
                for (var path : List.of(
                        "/v2/library/a/manifests/1?ns=docker.io",
                        "/v2/library/a/blobs/uploads/",
                        "/v2/library/a/blobs/" + digest))
                    assertThat(send(server, method, path).statusCode()).isEqualTo(405);
            assertThat(get(server, "/v2/library/a/blobs/" + digest).body()).isEqualTo("hello");
        }
        assertThat(store.names()).containsOnlyKeys("docker.io/library/a:1");
        try (var files = Files.list(directory.resolve("images/blobs/sha256"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void theLengthOfALargeLayerIsToldWithoutReadingIt() throws Exception {
        var store = store();
        var digest = "f".repeat(64);
        long size = 1L << 33;
        try (var file = new RandomAccessFile(
                directory.resolve("images/blobs/sha256").resolve(digest).toFile(), "rw")) {
            file.setLength(size);
        }
        try (var eventLoops = new EventLoops(1);
                var server = HttpServer.plain(eventLoops, new InetSocketAddress("127.0.0.1", 0), store::serve)) {
            var told = send(server, "HEAD", "/v2/a/blobs/sha256:" + digest);
            assertThat(told.statusCode()).isEqualTo(200);
            assertThat(told.headers().firstValueAsLong("Content-Length")).hasValue(size);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/a/blobs/sha256:..%2F..%2Fnames.json",
                "/v2/a/blobs/sha256:../../../names.json",
                "/v2/a/blobs/sha256:",
                "/v2/a/blobs/sha256:2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824",
                "/v2/a/blobs/sha512:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
                "/v2/a/blobs/",
                "/v2/..%2F..%2F/blobs/names.json",
                "/v2/a/manifests/..%2Fnames.json?ns=..",
                "/v2/a/manifests/",
                "/names.json"
            })
    void onlyDigestsNameFiles(String path) throws Exception {
        var store = store();
        store.name("a:1", store.addBlob(bytes("hello")));
        try (var eventLoops = new EventLoops(1);
                var server = HttpServer.plain(eventLoops, new InetSocketAddress("127.0.0.1", 0), store::serve)) {
            assertThat(get(server, path).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void othersOfTheMachineDoNotReadImages() throws IOException {
        store();
        assertThat(Files.getPosixFilePermissions(directory.resolve("images")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }
}
