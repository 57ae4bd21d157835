package io.navarch.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
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
        assertThat(ImageName.parse(name)).hasToString(complete);
    }

    private ImageStore store() throws IOException {
        return new ImageStore(directory.resolve("images"));
    }

    /// An image with one layer; its manifest's digest.
    private static String image(ImageStore store, String name, String content) throws IOException {
        var layer = new ImageManifest.Layer(ImageManifest.LAYER, store.blobs().add(bytes(content)));
        var config = store.blobs().add(bytes("{\"created\":\"2026-01-01T00:00:00Z\"}"));
        var manifest = store.blobs().add(ImageManifest.of(store.blobs(), config, List.of(layer)));
        store.name(name, manifest);
        return manifest;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void blobsAreFoundByTheirDigest() throws IOException {
        var digest = store().blobs().add(bytes("hello"));
        assertThat(digest).isEqualTo("sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        assertThat(store().blobs().size(digest)).isEqualTo(5);
    }

    @Test
    void namesOutliveTheProcess() throws IOException {
        image(store(), "app:1", "a");
        var later = image(store(), "app:1", "b");
        assertThat(store().has("docker.io/library/app:1")).isTrue();
        assertThat(store().has("app:2")).isFalse();
        assertThat(store().names()).containsEntry("docker.io/library/app:1", later);
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
        var config = store.blobs().add(bytes("{}"));
        var manifest = store.blobs().add(ImageManifest.of(store.blobs(), config, List.of()));
        store.name("quay.io/a/b:1", manifest);
        try (var eventLoops = new EventLoops(1);
                var server = HttpServer.plain(
                        eventLoops,
                        new InetSocketAddress("127.0.0.1", 0),
                        new NodeRegistry(store, new RegistryNames("cluster.local"), NodeRegistry.Upstream.NONE)
                                ::serve)) {
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
        var digest = store.blobs().add(bytes("hello"));
        var manifest = image(store, "a:1", "hello");
        try (var eventLoops = new EventLoops(1);
                var server = HttpServer.plain(
                        eventLoops,
                        new InetSocketAddress("127.0.0.1", 0),
                        new NodeRegistry(store, new RegistryNames("cluster.local"), NodeRegistry.Upstream.NONE)
                                ::serve)) {
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
            assertThat(files).hasSize(3);
            assertThat(store.find("a:1")).contains(manifest);
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
                var server = HttpServer.plain(
                        eventLoops,
                        new InetSocketAddress("127.0.0.1", 0),
                        new NodeRegistry(store, new RegistryNames("cluster.local"), NodeRegistry.Upstream.NONE)
                                ::serve)) {
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
        var ignored = image(store, "a:1", "hello");
        try (var eventLoops = new EventLoops(1);
                var server = HttpServer.plain(
                        eventLoops,
                        new InetSocketAddress("127.0.0.1", 0),
                        new NodeRegistry(store, new RegistryNames("cluster.local"), NodeRegistry.Upstream.NONE)
                                ::serve)) {
            assertThat(get(server, path).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void othersOfTheMachineDoNotReadImages() throws IOException {
        store();
        assertThat(Files.getPosixFilePermissions(directory.resolve("images")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void whatIsNotWholeIsNotNamed() throws IOException {
        var store = store();
        var manifest = image(store, "a:1", "layer");
        assertThatThrownBy(() -> store.name("a:1", "sha256:" + "0".repeat(64))).hasMessageContaining("no content");
        Files.delete(store.blobs().file(store.blobs().add(bytes("layer"))));
        assertThatThrownBy(() -> store.name("b:1", manifest)).hasMessageContaining("no content");
        assertThat(store.has("b:1")).isFalse();
    }

    @Test
    void whatNoOtherNameReachesGoesWithTheLastOne() throws IOException {
        var store = store();
        var one = image(store, "a:1", "shared");
        var ignored = image(store, "a:2", "own");
        store.name("a:3", one);
        assertThat(store.list()).extracting(ImageStore.Image::name).hasSize(3);
        assertThat(store.remove("a:2", Set.of())).isTrue();
        assertThat(store.remove("a:2", Set.of())).isFalse();
        assertThat(store.blobs().all()).hasSize(3);
        assertThat(store.remove("a:1", Set.of())).isTrue();
        assertThat(store.find("a:3")).contains(one);
        assertThat(store.blobs().all()).hasSize(3);
        assertThat(store.remove("a:3", Set.of())).isTrue();
        assertThat(store.blobs().all()).isEmpty();
    }

    @Test
    void whatNobodyHasNamedForAnHourIsCollected() throws IOException {
        var store = store();
        var held = image(store, "a:1", "held");
        var named = image(store, "a:1", "named");
        var lost = store.blobs().add(bytes("lost"));
        var fresh = store.blobs().add(bytes("fresh"));
        for (var digest : store.blobs().all())
            if (!digest.equals(fresh))
                Files.setLastModifiedTime(
                        store.blobs().file(digest), FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        assertThat(store.collect(Set.of(held))).isEqualTo(4);
        assertThat(store.blobs().has(lost)).isFalse();
        assertThat(List.of(held, named, fresh)).allMatch(store.blobs()::has);
    }

    @Test
    void whatALoadLeftWhenItWasKilledIsCollected() throws IOException {
        var store = store();
        var old = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
        for (var name : List.of("load1", "load2")) {
            var left = Files.createDirectory(directory.resolve("images/blobs/" + name));
            Files.setLastModifiedTime(Files.writeString(left.resolve("0"), "layer"), old);
            Files.setLastModifiedTime(left, old);
        }
        // One long file is still being unpacked.
        Files.setLastModifiedTime(directory.resolve("images/blobs/load2/0"), FileTime.from(Instant.now()));
        assertThat(store.collect(Set.of())).isZero();
        assertThat(directory.resolve("images/blobs/load1")).doesNotExist();
        assertThat(directory.resolve("images/blobs/load2/0")).exists();
    }
}
