package io.navarch.images;

import io.navarch.process.TaskScope;
import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A containerd of our own. Its root, state, socket and CNI configuration lie below the data directory, so a containerd
/// that the machine already runs is left alone. It outlives the process that started it, and the containers with it.
public final class Containerd {
    public static final String PAUSE_IMAGE = "navarch.local/pause:1";

    private final Path directory;
    private final Path cniConfig;

    public Containerd(Path dataDirectory) {
        directory = dataDirectory.resolve("containerd");
        cniConfig = dataDirectory.resolve("cni/net.d");
    }

    public Path socket() {
        return directory.resolve("containerd.sock");
    }

    public Path cniConfig() {
        return cniConfig;
    }

    public Path pidFile() {
        return directory.resolve("containerd.pid");
    }

    public boolean answers() {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Starts it unless it is running, and waits until it answers.
    public void start(int registryPort) throws IOException, InterruptedException {
        if (answers()) return;
        Files.createDirectories(directory.resolve("certs.d/_default"));
        Files.createDirectories(cniConfig);
        // Images loaded here come from our own registry; everything else comes from the registry in its name.
        Files.writeString(directory.resolve("certs.d/_default/hosts.toml"), """
                [host."http://127.0.0.1:%d"]
                  capabilities = ["pull", "resolve"]
                """.formatted(registryPort));
        Files.writeString(directory.resolve("config.toml"), config());
        Files.deleteIfExists(socket());
        var log = directory.resolve("containerd.log").toFile();
        Process process;
        try {
            process = new ProcessBuilder(List.of(
                            "setsid",
                            "containerd",
                            "--config",
                            directory.resolve("config.toml").toString()))
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                    .start();
        } catch (IOException e) {
            throw new IOException(
                    "cannot start containerd: " + e.getMessage() + "; is the package containerd installed?", e);
        }
        Files.writeString(pidFile(), String.valueOf(process.pid()));
        for (int i = 0; i < 300; i++) {
            if (answers()) return;
            if (!process.isAlive()) break;
            TaskScope.pause(50);
        }
        process.destroyForcibly();
        throw new IOException("containerd did not start; what it says is in " + log);
    }

    private String config() {
        return """
                version = 2
                root = "%1$s/root"
                state = "%1$s/state"
                oom_score = 0
                disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.internal.v1.opt", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing"]
                [grpc]
                  address = "%2$s"
                [plugins."io.containerd.grpc.v1.cri"]
                  sandbox_image = "%3$s"
                  restrict_oom_score_adj = true
                  stream_server_address = "127.0.0.1"
                  stream_server_port = "0"
                  stream_idle_timeout = "4h"
                  max_container_log_line_size = 262144
                  [plugins."io.containerd.grpc.v1.cri".cni]
                    bin_dir = "/usr/lib/cni"
                    conf_dir = "%4$s"
                  [plugins."io.containerd.grpc.v1.cri".containerd]
                    snapshotter = "overlayfs"
                  [plugins."io.containerd.grpc.v1.cri".registry]
                    config_path = "%1$s/certs.d"
                """.formatted(directory, socket(), PAUSE_IMAGE, cniConfig);
    }
}
