package io.navarch.images.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.http.EventLoops;
import io.navarch.http.Exchange;
import io.navarch.http.HttpServer;
import io.navarch.images.ImageManifest;
import io.navarch.images.ImageStore;
import io.navarch.images.NodeRegistry;
import io.navarch.images.RegistryNames;
import io.navarch.objects.Json;
import io.navarch.objects.Sha256;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The registry as its clients speak to it: those of one team, a reader of it, a node and a stranger.
class RegistryTest {
    @TempDir
    Path directory;

    private Instant now = Instant.now();
    private final InstantSource clock = () -> now;
    private final EventLoops eventLoops = new EventLoops(1);
    private final HttpClient client = HttpClient.newHttpClient();
    private ImageStore store;
    private Registry registry;
    private HttpServer server;

    /// Who calls is whom the header names: `team` may do everything in `team/…` and read `public/…`.
    private static final RegistryAccess ACCESS = new RegistryAccess() {
        @Override
        public Optional<Caller> caller(Exchange exchange) {
            var user = exchange.header("authorization");
            return user.isEmpty() ? Optional.empty() : Optional.of(new Caller(user, "", List.of(), Map.of()));
        }

        @Override
        public boolean allowed(Caller caller, Action action, String repository) {
            if (caller.user().equals("admin")) return true;
            return caller.user().equals("team")
                    && (repository.startsWith("team/") || action == Action.PULL && repository.startsWith("public/"));
        }

        @Override
        public boolean everyImage(Caller caller) {
            return caller.user().equals("node");
        }
    };

    @BeforeEach
    void start() throws IOException {
        store = new ImageStore(directory.resolve("images"));
        var names = new RegistryNames("cluster.local");
        registry = new Registry(store, new NodeRegistry(store, names, NodeRegistry.Upstream.NONE), ACCESS, clock);
        server = HttpServer.plain(eventLoops, new InetSocketAddress("127.0.0.1", 0), registry::serve);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        eventLoops.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String digest(byte[] content) {
        return "sha256:" + Sha256.hex(content);
    }

    private HttpResponse<byte[]> call(String user, String method, String path, byte[] body, String... headers)
            throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, BodyPublishers.ofByteArray(body));
        if (!user.isEmpty()) request.header("Authorization", user);
        for (int i = 0; i < headers.length; i += 2) request.header(headers[i], headers[i + 1]);
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> team(String method, String path, byte[] body, String... headers) throws Exception {
        return call("team", method, path, body, headers);
    }

    private static String code(HttpResponse<byte[]> response) {
        return response.statusCode() + " "
                + View.of(Json.parse(response.body()))
                        .get("errors")
                        .at(0)
                        .get("code")
                        .string();
    }

    private static String location(HttpResponse<byte[]> response) {
        return response.headers().firstValue("Location").orElseThrow();
    }

    private void push(String user, String repository, byte[] content) throws Exception {
        var pushed = call(user, "POST", "/v2/" + repository + "/blobs/uploads/?digest=" + digest(content), content);
        assertThat(pushed.statusCode()).isEqualTo(201);
        assertThat(location(pushed)).isEqualTo("/v2/" + repository + "/blobs/" + digest(content));
    }

    private static Map<String, Object> descriptor(String type, byte[] content) {
        return Trees.map("mediaType", type, "digest", digest(content), "size", (long) content.length);
    }

    private static byte[] manifest(byte[] config, byte[]... layers) {
        return Json.write(Trees.map(
                "schemaVersion",
                2L,
                "mediaType",
                ImageManifest.MANIFEST,
                "config",
                descriptor("application/vnd.oci.image.config.v1+json", config),
                "layers",
                Stream.of(layers)
                        .map(layer -> descriptor("application/vnd.oci.image.layer.v1.tar", layer))
                        .toList()));
    }

    /// Pushes an image; its manifest.
    private byte[] image(String user, String repository, String tag, String layer) throws Exception {
        push(user, repository, bytes("{}"));
        push(user, repository, bytes(layer));
        var manifest = manifest(bytes("{}"), bytes(layer));
        var put = call(user, "PUT", "/v2/" + repository + "/manifests/" + tag, manifest);
        assertThat(put.statusCode()).isEqualTo(201);
        assertThat(put.headers().firstValue("Docker-Content-Digest")).contains(digest(manifest));
        return manifest;
    }

    @Test
    void whatIsPushedIsPulled() throws Exception {
        var manifest = image("team", "team/app", "1", "layer");
        for (var reference : List.of("1", digest(manifest))) {
            var got = team("GET", "/v2/team/app/manifests/" + reference, bytes(""));
            assertThat(got.body()).isEqualTo(manifest);
            assertThat(got.headers().firstValue("Content-Type")).contains(ImageManifest.MANIFEST);
            assertThat(got.headers().firstValue("Docker-Content-Digest")).contains(digest(manifest));
            var head = team("HEAD", "/v2/team/app/manifests/" + reference, bytes(""));
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(manifest.length);
        }
        assertThat(team("GET", "/v2/team/app/blobs/" + digest(bytes("layer")), bytes(""))
                        .body())
                .isEqualTo(bytes("layer"));
        assertThat(store.find("registry.kube-system.svc/team/app:1")).contains(digest(manifest));
        // As containerd asks for it, through its node.
        for (var host : List.of("registry.kube-system.svc", "registry.kube-system.svc.cluster.local:443"))
            assertThat(call("node", "GET", "/v2/team/app/manifests/1?ns=" + host, bytes(""))
                            .body())
                    .isEqualTo(manifest);
        assertThat(code(team("GET", "/v2/team/app/manifests/1?ns=registry.kube-system.svc", bytes(""))))
                .isEqualTo("403 DENIED");
    }

    @Test
    void blobsComeInPartsAndAreCheckedInTheEnd() throws Exception {
        var begun = team("POST", "/v2/team/app/blobs/uploads/", bytes(""));
        assertThat(begun.statusCode()).isEqualTo(202);
        var place = location(begun);
        var first = team("PATCH", place, bytes("hello "), "Content-Range", "0-5");
        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(first.headers().firstValue("Range")).contains("0-5");
        assertThat(code(team("PATCH", place, bytes("x"), "Content-Range", "7-7")))
                .isEqualTo("416 BLOB_UPLOAD_INVALID");
        assertThat(team("GET", place, bytes("")).headers().firstValue("Range")).contains("0-5");
        // Another repository's upload is nobody's there.
        assertThat(code(call("admin", "PATCH", place.replace("team/app", "team/other"), bytes("x"))))
                .isEqualTo("404 BLOB_UPLOAD_UNKNOWN");
        var whole = bytes("hello world");
        var done = team("PUT", place + "?digest=" + digest(whole), bytes("world"), "Content-Range", "6-10");
        assertThat(done.statusCode()).isEqualTo(201);
        assertThat(team("GET", "/v2/team/app/blobs/" + digest(whole), bytes("")).body())
                .isEqualTo(whole);
        assertThat(code(team("PATCH", place, bytes("x")))).isEqualTo("404 BLOB_UPLOAD_UNKNOWN");
        var wrong = location(team("POST", "/v2/team/app/blobs/uploads/", bytes("")));
        assertThat(code(team("PUT", wrong + "?digest=" + digest(bytes("other")), bytes("this"))))
                .isEqualTo("400 DIGEST_INVALID");
        assertThat(store.blobs().has(digest(bytes("this")))).isFalse();
        var given = location(team("POST", "/v2/team/app/blobs/uploads/", bytes("")));
        assertThat(team("DELETE", given, bytes("")).statusCode()).isEqualTo(204);
        assertThat(code(team("GET", given, bytes("")))).isEqualTo("404 BLOB_UPLOAD_UNKNOWN");
        assertThat(drafts()).isEmpty();
    }

    private List<Path> drafts() throws IOException {
        try (var list = Files.list(directory.resolve("images/blobs"))) {
            return list.filter(each -> each.toString().endsWith(".tmp")).toList();
        }
    }

    @Test
    void nobodyReadsWhatIsInAnotherRepository() throws Exception {
        image("admin", "secret/app", "1", "secret layer");
        var layer = digest(bytes("secret layer"));
        assertThat(code(team("GET", "/v2/secret/app/blobs/" + layer, bytes(""))))
                .isEqualTo("403 DENIED");
        assertThat(code(team("GET", "/v2/team/app/blobs/" + layer, bytes("")))).isEqualTo("404 BLOB_UNKNOWN");
        // Who may not read it is not told that it is there, and sends it.
        var mount = team("POST", "/v2/team/app/blobs/uploads/?mount=" + layer + "&from=secret/app", bytes(""));
        assertThat(mount.statusCode()).isEqualTo(202);
        var named = manifest(bytes("{}"), bytes("secret layer"));
        push("team", "team/app", bytes("{}"));
        assertThat(code(team("PUT", "/v2/team/app/manifests/1", named))).isEqualTo("400 MANIFEST_BLOB_UNKNOWN");
        image("admin", "public/app", "1", "public layer");
        var open = digest(bytes("public layer"));
        assertThat(team("POST", "/v2/team/app/blobs/uploads/?mount=" + open + "&from=public/app", bytes(""))
                        .statusCode())
                .isEqualTo(201);
        assertThat(team("GET", "/v2/team/app/blobs/" + open, bytes("")).body()).isEqualTo(bytes("public layer"));
        assertThat(code(team("PUT", "/v2/public/app/manifests/2", named))).isEqualTo("403 DENIED");
    }

    @Test
    void whoIsNobodyIsAskedToLogIn() throws Exception {
        var asked = call("", "GET", "/v2/", bytes(""));
        assertThat(code(asked)).isEqualTo("401 UNAUTHORIZED");
        assertThat(asked.headers().firstValue("WWW-Authenticate")).contains("Basic realm=\"registry.kube-system.svc\"");
        assertThat(team("GET", "/v2/", bytes("")).statusCode()).isEqualTo(200);
    }

    @Test
    void listsComeInParts() throws Exception {
        for (var tag : List.of("c", "a", "b")) image("admin", "team/app", tag, "layer");
        image("admin", "team/other", "1", "layer");
        var first = team("GET", "/v2/team/app/tags/list?n=2", bytes(""));
        assertThat(View.of(Json.parse(first.body())).get("tags").strings()).containsExactly("a", "b");
        assertThat(first.headers().firstValue("Link")).contains("</v2/team/app/tags/list?n=2&last=b>; rel=\"next\"");
        var rest = team("GET", "/v2/team/app/tags/list?n=2&last=b", bytes(""));
        assertThat(View.of(Json.parse(rest.body())).get("tags").strings()).containsExactly("c");
        assertThat(rest.headers().firstValue("Link")).isEmpty();
        assertThat(code(team("GET", "/v2/team/none/tags/list", bytes("")))).isEqualTo("404 NAME_UNKNOWN");
        assertThat(code(team("GET", "/v2/_catalog", bytes("")))).isEqualTo("403 DENIED");
        var all = call("admin", "GET", "/v2/_catalog", bytes(""));
        assertThat(View.of(Json.parse(all.body())).get("repositories").strings())
                .containsExactly("team/app", "team/other");
    }

    @Test
    void tagsAndManifestsAreDeleted() throws Exception {
        var manifest = digest(image("team", "team/app", "1", "layer"));
        image("team", "team/app", "2", "layer");
        assertThat(team("DELETE", "/v2/team/app/manifests/1", bytes("")).statusCode())
                .isEqualTo(202);
        assertThat(code(team("GET", "/v2/team/app/manifests/1", bytes("")))).isEqualTo("404 MANIFEST_UNKNOWN");
        assertThat(team("GET", "/v2/team/app/manifests/" + manifest, bytes("")).statusCode())
                .isEqualTo(200);
        assertThat(team("DELETE", "/v2/team/app/manifests/" + manifest, bytes(""))
                        .statusCode())
                .isEqualTo(202);
        for (var reference : List.of("2", manifest)) {
            assertThat(code(team("GET", "/v2/team/app/manifests/" + reference, bytes(""))))
                    .isEqualTo("404 MANIFEST_UNKNOWN");
            assertThat(code(team("DELETE", "/v2/team/app/manifests/" + reference, bytes(""))))
                    .isEqualTo("404 MANIFEST_UNKNOWN");
        }
        var layer = "/v2/team/app/blobs/" + digest(bytes("layer"));
        assertThat(team("DELETE", layer, bytes("")).statusCode()).isEqualTo(202);
        assertThat(code(team("GET", layer, bytes("")))).isEqualTo("404 BLOB_UNKNOWN");
    }

    @Test
    void whatNobodyUsesAnyMoreGoesInTime() throws Exception {
        var former = digest(image("team", "team/app", "1", "former"));
        var present = digest(image("team", "team/app", "1", "present"));
        push("team", "team/app", bytes("never named"));
        registry.collect();
        assertThat(contents()).hasSize(6);
        later(Duration.ofDays(2));
        assertThat(store.blobs().has(digest(bytes("never named")))).isFalse();
        assertThat(team("GET", "/v2/team/app/manifests/" + former, bytes("")).statusCode())
                .as("it may run somewhere by its digest")
                .isEqualTo(200);
        later(Duration.ofDays(8));
        assertThat(code(team("GET", "/v2/team/app/manifests/" + former, bytes(""))))
                .isEqualTo("404 MANIFEST_UNKNOWN");
        assertThat(store.blobs().has(digest(bytes("former")))).isFalse();
        assertThat(team("GET", "/v2/team/app/manifests/" + present, bytes("")).statusCode())
                .isEqualTo(200);
        assertThat(store.blobs().has(digest(bytes("present")))).isTrue();
    }

    private List<Path> contents() throws IOException {
        try (var files = Files.list(directory.resolve("images/blobs/sha256"))) {
            return files.toList();
        }
    }

    private void later(Duration time) throws IOException {
        try (var files = Files.list(directory.resolve("images/blobs/sha256"))) {
            for (var file : files.toList())
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        }
        now = Instant.now().plus(time);
        registry.collect();
    }

    @Test
    void indexesNameManifestsThatAreThere() throws Exception {
        var manifest = image("team", "team/app", "1", "layer");
        var child = Json.write(
                Trees.map("schemaVersion", 2L, "manifests", List.of(descriptor(ImageManifest.MANIFEST, manifest))));
        assertThat(team("PUT", "/v2/team/app/manifests/all", child).statusCode())
                .isEqualTo(201);
        assertThat(code(team("PUT", "/v2/team/other/manifests/all", child))).isEqualTo("400 MANIFEST_BLOB_UNKNOWN");
        var got = team("GET", "/v2/team/app/manifests/all", bytes(""));
        assertThat(got.headers().firstValue("Content-Type")).contains(ImageManifest.INDEX);
    }

    @Test
    void whatRefersToAManifestIsFound() throws Exception {
        var subject = image("team", "team/app", "1", "layer");
        var none = team("GET", "/v2/team/app/referrers/" + digest(subject), bytes(""));
        assertThat(View.of(Json.parse(none.body())).get("manifests").list()).isEmpty();
        var signature = Json.write(Trees.map(
                "schemaVersion",
                2L,
                "mediaType",
                ImageManifest.MANIFEST,
                "artifactType",
                "application/x.signature",
                "config",
                descriptor("application/vnd.oci.empty.v1+json", bytes("{}")),
                "layers",
                List.of(),
                "subject",
                descriptor(ImageManifest.MANIFEST, subject)));
        var put = team("PUT", "/v2/team/app/manifests/" + digest(signature), signature);
        assertThat(put.headers().firstValue("OCI-Subject")).contains(digest(subject));
        var found = team("GET", "/v2/team/app/referrers/" + digest(subject), bytes(""));
        assertThat(found.headers().firstValue("Content-Type")).contains(ImageManifest.INDEX);
        var first = View.of(Json.parse(found.body())).get("manifests").at(0);
        assertThat(first.get("digest").string()).isEqualTo(digest(signature));
        assertThat(first.get("artifactType").string()).isEqualTo("application/x.signature");
        var others = team("GET", "/v2/team/app/referrers/" + digest(subject) + "?artifactType=x", bytes(""));
        assertThat(View.of(Json.parse(others.body())).get("manifests").list()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v2/team/app/manifests/none,404 MANIFEST_UNKNOWN",
        "PUT,/v2/team/app/manifests/1,400 MANIFEST_INVALID",
        "PUT,/v2/team/app/manifests/.bad,400 MANIFEST_INVALID",
        "GET,/v2/team/app/manifests/sha256:12,400 DIGEST_INVALID",
        "GET,/v2/team/app/blobs/sha512:12,400 DIGEST_INVALID",
        "GET,/v2/team/app/blobs/..%2Fnames.json,404 UNSUPPORTED",
        "GET,/v2/Team/app/tags/list,400 NAME_INVALID",
        "GET,/v2/team/../../x/tags/list,400 NAME_INVALID",
        "GET,/v2/team/app/tags/list?n=x,404 NAME_UNKNOWN",
        "GET,/v2/elsewhere,404 UNSUPPORTED",
        "GET,/v2/team/app/blobs/uploads/,405 UNSUPPORTED",
        "POST,/v2/team/app/tags/list,405 UNSUPPORTED",
        "POST,/v2/team/app/blobs/uploads/?digest=md5:1,400 DIGEST_INVALID",
        "PATCH,/v2/team/app/blobs/uploads/none,404 BLOB_UPLOAD_UNKNOWN",
        "POST,/v2/app/blobs/uploads/,403 DENIED"
    })
    void mistakesHaveTheirCodes(String method, String path, String code) throws Exception {
        assertThat(code(team(method, path, bytes("GET POST".contains(method) ? "" : "{}"))))
                .isEqualTo(code);
    }

    @Test
    void aManifestIsBounded() throws Exception {
        var answer = team("PUT", "/v2/team/app/manifests/1", new byte[ImageManifest.LONGEST + 1]);
        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void whatRefersToAManifestIsNoLongerThanAManifest() throws Exception {
        var subject = image("team", "team/app", "1", "layer");
        for (int i = 0; i < 4; i++) {
            var about = Json.write(Trees.map(
                    "schemaVersion",
                    2L,
                    "config",
                    descriptor("application/x.signature", bytes("{}")),
                    "subject",
                    descriptor(ImageManifest.MANIFEST, subject),
                    "annotations",
                    Map.of("long", i + "x".repeat(3 << 19))));
            assertThat(team("PUT", "/v2/team/app/manifests/" + digest(about), about)
                            .statusCode())
                    .isEqualTo(201);
        }
        var found = team("GET", "/v2/team/app/referrers/" + digest(subject), bytes(""));
        assertThat(found.body()).hasSizeLessThan(ImageManifest.LONGEST);
        assertThat(View.of(Json.parse(found.body())).get("manifests").list()).hasSize(2);
    }

    @Test
    void onlySoManyManifestsAreReadAtATime() throws Exception {
        var slow = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 8; i++) {
                var socket = new Socket("127.0.0.1", server.port());
                slow.add(socket);
                socket.getOutputStream()
                        .write(bytes("PUT /v2/team/app/manifests/1 HTTP/1.1\r\nHost: x\r\nAuthorization: team\r\n"
                                + "Content-Length: 2\r\n\r\n{"));
            }
            var path = "/v2/team/app/referrers/sha256:" + "0".repeat(64);
            await(path, 429);
            assertThat(code(team("GET", path, bytes("")))).isEqualTo("429 TOOMANYREQUESTS");
            assertThat(code(team("PUT", "/v2/team/app/manifests/1", bytes("{}"))))
                    .isEqualTo("429 TOOMANYREQUESTS");
            assertThat(code(team("PUT", "/v2/other/app/manifests/1", bytes("{}"))))
                    .isEqualTo("403 DENIED");
            for (var socket : slow) socket.getOutputStream().write('}');
            await(path, 200);
        } finally {
            for (var socket : slow) socket.close();
        }
    }

    @Test
    void whatBreaksOffInOneCallTakesNoPlace() throws Exception {
        store.blobs().promise(1L << 60);
        for (int i = 0; i < 33; i++)
            assertThat(code(team("POST", "/v2/team/app/blobs/uploads/?digest=" + digest(bytes("x")), bytes("x"))))
                    .isEqualTo("507 DENIED");
        store.blobs().release(1L << 60);
        push("team", "team/app", bytes("x"));
        assertThat(drafts()).isEmpty();
    }

    private void await(String path, int status) throws Exception {
        var until = Instant.now().plusSeconds(30);
        while (team("GET", path, bytes("")).statusCode() != status) {
            assertThat(Instant.now()).isBefore(until);
            Thread.sleep(20);
        }
    }
}
