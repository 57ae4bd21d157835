package io.navarch.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// A real containerd, started for this test alone, keeps the contract: so the twin is like it. Needs root and what
/// `./verify` installs; leaves no process, mount, link or file behind.
@EnabledIf("available")
class ContainerdTest extends RuntimeContract {
    private static final String PAUSE = "navarch.test/pause:1";
    private static final String BUSYBOX = "navarch.test/busybox:1";

    private static Path directory;
    private static HttpServer registry;
    private static Process containerd;
    private static EventLoopGroup group;
    private static GrpcRuntime runtime;

    static boolean available() {
        return System.getProperty("user.name").equals("root")
                && List.of("/usr/bin/containerd", "/usr/lib/cni/ptp", "/bin/busybox").stream()
                        .allMatch(file -> Files.exists(Path.of(file)));
    }

    @BeforeAll
    static void start() throws Exception {
        directory = Files.createTempDirectory("navarch-cri");
        registry = registry();
        Files.createDirectories(directory.resolve("certs.d/_default"));
        Files.writeString(directory.resolve("certs.d/_default/hosts.toml"), """
                server = "http://127.0.0.1:%1$d"
                [host."http://127.0.0.1:%1$d"]
                  capabilities = ["pull", "resolve"]
                """.formatted(
                        registry.getAddress().getPort()));
        Files.createDirectories(directory.resolve("net.d"));
        Files.writeString(directory.resolve("net.d/test.conflist"), """
                {"cniVersion": "0.4.0", "name": "contract", "plugins": [{"type": "ptp",
                 "ipam": {"type": "host-local", "subnet": "10.213.%d.0/24", "dataDir": "%s/ipam"}}]}
                """.formatted(
                        ProcessHandle.current().pid() % 250, directory));
        Files.writeString(directory.resolve("config.toml"), """
                version = 2
                root = "%1$s/root"
                state = "%1$s/state"
                disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.internal.v1.opt", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing"]
                [grpc]
                  address = "%1$s/sock"
                [plugins."io.containerd.grpc.v1.cri"]
                  sandbox_image = "%2$s"
                  restrict_oom_score_adj = true
                  stream_server_address = "127.0.0.1"
                  stream_server_port = "0"
                  [plugins."io.containerd.grpc.v1.cri".cni]
                    bin_dir = "/usr/lib/cni"
                    conf_dir = "%1$s/net.d"
                  [plugins."io.containerd.grpc.v1.cri".registry]
                    config_path = "%1$s/certs.d"
                """.formatted(directory, PAUSE));
        containerd = new ProcessBuilder("containerd", "--config", directory + "/config.toml")
                .redirectErrorStream(true)
                .redirectOutput(new File(directory + "/log"))
                .start();
        for (int i = 0; !answers(); i++) {
            if (i == 300 || !containerd.isAlive()) throw new IOException(Files.readString(directory.resolve("log")));
            TimeUnit.MILLISECONDS.sleep(50);
        }
        group = new EpollEventLoopGroup(1);
        runtime = new GrpcRuntime(directory.resolve("sock"), group);
        while (!runtime.conditions().stream().allMatch(ContainerRuntime.Condition::status))
            TimeUnit.MILLISECONDS.sleep(50);
    }

    private static boolean answers() {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(directory.resolve("sock")));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @AfterAll
    static void stop() throws Exception {
        if (runtime != null) {
            for (var box : runtime.podSandboxes(Map.of())) {
                runtime.stopPodSandbox(box.id());
                runtime.removePodSandbox(box.id());
            }
            runtime.close();
        }
        if (group != null) group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        if (containerd != null) {
            containerd.destroy();
            containerd.waitFor(10, TimeUnit.SECONDS);
        }
        if (registry != null) registry.stop(0);
        for (var root : List.of(directory, Path.of("/tmp/navarch-contract"))) {
            if (!Files.exists(root)) continue;
            try (var walk = Files.walk(root)) {
                for (var each : walk.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(each);
            }
        }
    }

    @Override
    ContainerRuntime runtime() {
        return runtime;
    }

    @Override
    String image() {
        return BUSYBOX;
    }

    @Override
    String missingImage() {
        return "navarch.test/missing:1";
    }

    @Test
    void theFilesOfAnImageAreSeenWithoutAContainer() {
        var image = runtime.pullImage(BUSYBOX, Optional.empty());
        var views = runtime.imageViews();
        var view = views.open(image, "navarch-test");
        assertThat(view.type()).isEqualTo("bind");
        assertThat(Path.of(view.source()).resolve("bin/busybox")).isRegularFile();
        assertThat(views.open(image, "navarch-test")).isEqualTo(view);
        views.close("navarch-test");
        views.close("navarch-test");
        assertThatThrownBy(() -> views.open("sha256:" + "0".repeat(64), "navarch-test"))
                .isInstanceOf(RuntimeFailure.class);
    }

    /// A registry with two images that have the machine's busybox as their only file.
    private static HttpServer registry() throws Exception {
        var blobs = new ConcurrentHashMap<String, byte[]>();
        var manifests = new ConcurrentHashMap<String, String>();
        var layer = put(blobs, tar("bin/busybox", Files.readAllBytes(Path.of("/bin/busybox"))));
        manifests.put("pause", put(blobs, manifest(blobs, layer, "[\"/bin/busybox\", \"sleep\", \"86400\"]")));
        manifests.put("busybox", put(blobs, manifest(blobs, layer, "[\"/bin/busybox\"]")));
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/v2/", exchange -> serve(exchange, blobs, manifests));
        server.start();
        return server;
    }

    private static void serve(HttpExchange exchange, Map<String, byte[]> blobs, Map<String, String> manifests)
            throws IOException {
        // /v2/NAME/manifests/TAG, /v2/NAME/manifests/DIGEST, /v2/NAME/blobs/DIGEST
        var parts = exchange.getRequestURI().getPath().split("/");
        var last = parts[parts.length - 1];
        var digest = last.startsWith("sha256:") ? last : manifests.getOrDefault(parts[2], "");
        var body = blobs.get(digest);
        try (exchange) {
            if (body == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            boolean manifest = manifests.containsValue(digest);
            exchange.getResponseHeaders()
                    .set(
                            "Content-Type",
                            manifest ? "application/vnd.oci.image.manifest.v1+json" : "application/octet-stream");
            exchange.getResponseHeaders().set("Docker-Content-Digest", digest);
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(200, head ? -1 : body.length);
            if (!head) exchange.getResponseBody().write(body);
        }
    }

    private static byte[] manifest(Map<String, byte[]> blobs, String layer, String entrypoint) {
        var config = put(blobs, """
                {"architecture": "amd64", "os": "linux", "config": {"Entrypoint": %s},
                 "rootfs": {"type": "layers", "diff_ids": ["%s"]}}
                """.formatted(entrypoint, layer).getBytes(StandardCharsets.UTF_8));
        return """
                {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                 "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "%s", "size": %d},
                 "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": "%s", "size": %d}]}
                """.formatted(config, blobs.get(config).length, layer, blobs.get(layer).length)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String put(Map<String, byte[]> blobs, byte[] content) {
        try {
            var digest = "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            blobs.put(digest, content);
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// An archive (ustar) with one executable file.
    private static byte[] tar(String name, byte[] content) throws IOException {
        var header = new byte[512];
        field(header, 0, name);
        field(header, 100, "0000755");
        field(header, 108, "0000000");
        field(header, 116, "0000000");
        field(header, 124, "%011o".formatted(content.length));
        field(header, 136, "00000000000");
        field(header, 148, "        ");
        header[156] = '0';
        field(header, 257, "ustar\u000000");
        int sum = 0;
        for (byte each : header) sum += each & 0xff;
        field(header, 148, "%06o\0 ".formatted(sum));
        var out = new ByteArrayOutputStream();
        out.write(header);
        out.write(content);
        out.write(new byte[(512 - content.length % 512) % 512 + 1024]);
        return out.toByteArray();
    }

    private static void field(byte[] header, int offset, String text) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }
}
