package io.navarch.apps.lifecycle;

import io.navarch.images.Containerd;
import io.navarch.process.Command;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A cluster on this machine as its processes and files: what `up`, `down` and `status` work on.
record Cluster(Path directory) {
    static Path userKubeconfig() {
        return Path.of(System.getProperty("user.home"), ".kube", "config");
    }

    Path kubeconfig() {
        return directory.resolve("admin.kubeconfig");
    }

    Path pidFile() {
        return directory.resolve("server.pid");
    }

    Path log() {
        return directory.resolve("server.log");
    }

    /// The server's process, if it runs. The pid alone does not prove it: another process may have it by now.
    Optional<ProcessHandle> server() throws IOException {
        return process(pidFile(), "io.navarch.apps.Main");
    }

    Optional<ProcessHandle> containerd() throws IOException {
        return process(new Containerd(directory).pidFile(), directory.toString());
    }

    private static Optional<ProcessHandle> process(Path file, String mark) throws IOException {
        if (!Files.exists(file)) return Optional.empty();
        long pid = Long.parseLong(Files.readString(file).strip());
        var commandLine = Path.of("/proc/" + pid + "/cmdline");
        if (!Files.exists(commandLine) || !Files.readString(commandLine).contains(mark)) return Optional.empty();
        return ProcessHandle.of(pid);
    }

    /// Ends a process: asks first, then insists.
    static void end(ProcessHandle process) throws InterruptedException {
        process.destroy();
        for (int i = 0; i < 150 && process.isAlive(); i++) TaskScope.pause(100);
        if (process.isAlive()) process.destroyForcibly();
        while (process.isAlive()) TaskScope.pause(20);
    }

    /// Runs a command that may fail because what it removes is not there.
    static void attempt(List<String> command) {
        Command.tryRun(command, "", Duration.ofSeconds(30));
    }
}
