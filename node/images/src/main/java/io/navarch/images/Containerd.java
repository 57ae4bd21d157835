package io.navarch.images;

import io.navarch.process.AtomicFile;
import io.navarch.process.ExitCode;
import io.navarch.process.LastLine;
import io.navarch.process.RunningProgram;
import io.navarch.process.TaskScope;
import io.navarch.process.linux.OutputFile;
import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A containerd of our own. Its root, state, socket and CNI configuration lie below the data directory, so a containerd
/// that the machine already runs is left alone. It outlives the process that started it, and the containers with it.
public final class Containerd {
    public static final String PAUSE_IMAGE = "navarch.local/pause:1";

    /// With many containers it takes a while until it listens.
    private static final int MOST_LOOKS = 1200;

    /// The number of the capability to raise limits.
    private static final int CAP_SYS_RESOURCE = 24;

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

    /// Where it is written down what happened to it.
    public Path stateFile() {
        return directory.resolve("containerd.state");
    }

    public Path log() {
        return directory.resolve("containerd.log");
    }

    /// Whether anything has ever been run with it.
    public boolean used() {
        return Files.exists(directory.resolve("config.toml"));
    }

    /// Images, and what containers write.
    public Path root() {
        return directory.resolve("root");
    }

    /// What there is only as long as containers run; what they stand on is mounted below it.
    public Path state() {
        return directory.resolve("state");
    }

    /// Where each container that runs has a directory of its own, by its id.
    public Path bundles() {
        return state().resolve("io.containerd.runtime.v2.task/k8s.io");
    }

    /// Its process, also when the number that was written down is lost.
    public Optional<ProcessHandle> process() {
        return RunningProgram.in(pidFile(), this::isThis)
                .or(() -> RunningProgram.all(this::isThis).stream().findFirst())
                .flatMap(RunningProgram::process);
    }

    private boolean isThis(RunningProgram program) {
        return program.program().equals("containerd")
                && program.has(configFile().toString());
    }

    /// The processes that hold containers for it, each a pod's.
    public List<RunningProgram> shims() {
        return RunningProgram.all(
                program -> program.program().startsWith("containerd-shim") && program.has(socket().toString()));
    }

    private Path configFile() {
        return directory.resolve("config.toml");
    }

    /// Starts it unless it is running, and waits until it answers.
    ///
    /// @return the process, when it had to be started
    public Optional<Process> start(int registryPort) throws IOException, InterruptedException {
        if (answers()) return Optional.empty();
        // One that runs and does not listen yet has just been started; it does so soon, or it never will.
        var other = process();
        if (other.isPresent()) {
            if (awaited(other.get())) return Optional.empty();
            other.get().destroyForcibly();
            while (other.get().isAlive()) TaskScope.pause(20);
        }
        prepare(registryPort);
        var process = launch();
        Files.writeString(pidFile(), String.valueOf(process.pid()));
        if (awaited(process.toHandle())) return Optional.of(process);
        var how = process.isAlive() ? "it does not listen" : ExitCode.told(process.waitFor());
        process.destroyForcibly().waitFor();
        throw new IOException(
                "containerd did not start: " + how + "; it last said: " + lastLine() + " (log: " + log() + ")");
    }

    private boolean awaited(ProcessHandle process) throws InterruptedException {
        for (int i = 0; i < MOST_LOOKS && process.isAlive(); i++) {
            if (answers()) return true;
            TaskScope.pause(50);
        }
        return false;
    }

    private void prepare(int registryPort) throws IOException {
        Files.createDirectories(directory.resolve("certs.d/_default"));
        Files.createDirectories(cniConfig);
        // Images loaded here come from our own registry; everything else comes from the registry in its name.
        keep(directory.resolve("certs.d/_default/hosts.toml"), """
                [host."http://127.0.0.1:%d"]
                  capabilities = ["pull", "resolve"]
                """.formatted(registryPort));
        // The cluster's own is behind it, too, and nowhere else: its name means nothing outside of pods. A server alone
        // is not heard by containerd 1.6.
        keep(directory.resolve("certs.d").resolve(RegistryNames.CANONICAL).resolve("hosts.toml"), """
                server = "http://127.0.0.1:%1$d"
                [host."http://127.0.0.1:%1$d"]
                  capabilities = ["pull", "resolve"]
                """.formatted(
                        registryPort));
        keep(configFile(), config());
        Files.deleteIfExists(socket());
        boolean ignored = OutputFile.usual(log()).rotate();
    }

    /// Nothing is written when it is there already: it is to be started again on a full disk, too.
    private static void keep(Path file, String text) throws IOException {
        if (Files.exists(file) && Files.readString(file).equals(text)) return;
        AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8), "rw-r--r--");
    }

    private Process launch() throws IOException {
        var builder = new ProcessBuilder(
                        List.of("setsid", "containerd", "--config", configFile().toString()))
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        // It would tell systemd that this service is ready.
        builder.environment().keySet().removeAll(List.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException(
                    "cannot start containerd: " + e.getMessage() + "; is the package containerd installed?", e);
        }
    }

    /// What its log ends with.
    public String lastLine() {
        return LastLine.of(log()).orElse("nothing");
    }

    private String config() {
        return """
                version = 2
                root = "%5$s"
                state = "%6$s"
                oom_score = 0
                disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.internal.v1.opt", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing"]
                [grpc]
                  address = "%2$s"
                [plugins."io.containerd.grpc.v1.cri"]
                  sandbox_image = "%3$s"
                  restrict_oom_score_adj = %7$s
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
                """.formatted(directory, socket(), PAUSE_IMAGE, cniConfig, root(), state(), !mayProtect());
    }

    /// Whether processes may be made less likely to be killed when memory runs out than this one is. Who may not would
    /// fail to start what is to be protected.
    private static boolean mayProtect() {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("CapEff:"))
                    .map(line -> Long.parseUnsignedLong(
                            line.substring("CapEff:".length()).strip(), 16))
                    .anyMatch(effective -> (effective >> CAP_SYS_RESOURCE & 1) == 1);
        } catch (IOException e) {
            return false;
        }
    }
}
