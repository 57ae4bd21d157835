package io.navarch.blackbox;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/// `navarch server --no-node` on a free port, with its data below a temporary folder.
final class ControlPlaneAlone implements AutoCloseable {
    /// An object of every kind, as YAML documents.
    private static final Path GOLDEN = Path.of("../../api/kinds/src/test/resources/io/navarch/kinds");

    final Path data;
    final Machine machine;
    private final List<String> more;
    private final int port;
    private Process process;

    ControlPlaneAlone() throws IOException {
        this(List.of());
    }

    /// @param more options of the server
    ControlPlaneAlone(List<String> more) throws IOException {
        this.more = more;
        data = Files.createTempDirectory("navarch-clients");
        machine = new Machine(data);
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        start();
    }

    int port() {
        return port;
    }

    private void start() throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of("../..").toRealPath() + "/navarch",
                "server",
                "--no-node",
                "--data-dir",
                data.toString(),
                "--port",
                String.valueOf(port),
                "--advertise-address",
                "127.0.0.1"));
        command.addAll(more);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        data.resolve("server.log").toFile()))
                .start();
        Machine.soon(
                "a ready server",
                () -> Files.exists(data.resolve("admin.kubeconfig"))
                        && machine.kubectl("get --raw /readyz").code() == 0);
    }

    /// Stops the server, by a signal that it can act on or by one that it cannot, and starts it again.
    void restart(boolean killed) throws IOException, InterruptedException {
        if (killed) process.destroyForcibly();
        else process.destroy();
        process.waitFor();
        start();
    }

    String kubeconfig() throws IOException {
        return Files.readString(data.resolve("admin.kubeconfig"));
    }

    /// Each kind's golden object as a YAML document.
    static Stream<String> objects() throws IOException {
        var result = new ArrayList<String>();
        var block = new DumperOptions();
        block.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        try (var folders = Files.list(GOLDEN)) {
            for (var folder : folders.sorted().toList()) {
                var golden = new Yaml().<Map<String, Object>>load(Files.readString(folder.resolve("golden.yaml")));
                result.add(new Yaml(block).dump(golden.get("accepted")));
            }
        }
        return result.stream();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS))
                process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (var files = Files.walk(data)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
