package io.navarch.crash;

import io.navarch.client.Client;
import io.navarch.client.HttpsTransport;
import io.navarch.client.Kubeconfig;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.process.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A server that is started only to be killed.
final class Victim implements AutoCloseable {
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(10);

    /// What starts a server, up to the word `server`.
    private final List<String> program;
    private final Path data;
    private final int port;
    private final Path log;
    private final EventLoops loops = new EventLoops(1);
    private @Nullable Process process;
    private @Nullable HttpClient http;
    /// Why it is not ready.
    private String trouble = "";

    Victim(List<String> program, Path data, int port, Path log) {
        this.program = program;
        this.data = data;
        this.port = port;
        this.log = log;
    }

    /// What `./navarch` starts in the end: asked once, so that a start is no more than that.
    static List<String> program(Path navarch) throws IOException, InterruptedException {
        var process = new ProcessBuilder(navarch.toString(), "server", "--no-node", "--port", "wrong")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        var arguments = Path.of("/proc", "" + process.pid(), "cmdline");
        while (process.isAlive()) {
            var words = List.of(new String(readable(arguments), StandardCharsets.UTF_8).split("\0"));
            int command = words.indexOf("server");
            if (words.getFirst().endsWith("/java") && command > 0) {
                process.destroyForcibly().waitFor();
                return words.subList(0, command);
            }
            Thread.sleep(1);
        }
        throw new IOException(navarch + " has not started Java");
    }

    private static byte[] readable(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return new byte[0];
        }
    }

    void start(String history) throws IOException {
        var command = new ArrayList<>(program);
        command.addAll(List.of(
                "server",
                "--no-node",
                "--data-dir",
                data.toString(),
                "--port",
                "" + port,
                "--bind-address",
                "127.0.0.1",
                "--advertise-address",
                "127.0.0.1",
                "--etcd-compaction-interval",
                history));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        http = new HttpClient(loops, Duration.ofSeconds(5));
    }

    String trouble() {
        if (process == null || process.isAlive()) return trouble;
        return trouble + ", and it has ended with " + process.exitValue();
    }

    boolean alive() {
        return process != null && process.isAlive();
    }

    /// A client of the server, once that is ready; nothing when it has ended by itself, or never is.
    Optional<Client> ready() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE;
        while (alive() && System.nanoTime() < end) {
            try {
                var transport = transport();
                try (var answer = transport.send("GET", "/readyz", null, null)) {
                    if (answer.status() == 200) return Optional.of(new Client(transport, "crash"));
                }
                trouble = "not ready";
            } catch (IOException | ConfigurationException e) {
                trouble = e.toString();
            }
            Thread.sleep(15);
        }
        return Optional.empty();
    }

    private HttpsTransport transport() throws IOException {
        var access = Kubeconfig.read(data.resolve("admin.kubeconfig"));
        if (http == null) throw new IllegalStateException("nothing was started");
        return new HttpsTransport(http, access.target(), "", "crash");
    }

    /// Ends the server as it likes to end.
    void ask() {
        if (process != null) process.destroy();
    }

    void kill() throws InterruptedException {
        if (process != null) process.destroyForcibly().waitFor();
        process = null;
        if (http != null) http.close();
        http = null;
    }

    @Override
    public void close() throws InterruptedException {
        kill();
        loops.close();
    }
}
