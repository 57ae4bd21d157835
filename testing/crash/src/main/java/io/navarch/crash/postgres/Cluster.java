package io.navarch.crash.postgres;

import io.navarch.crash.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/// The cluster under test, by its own commands and by kubectl.
///
/// @param data its data directory
record Cluster(Path data, int port) {
    static final List<String> PODS = List.of("databases-0", "databases-1");
    private static final String IMAGE = "postgres:15";
    private static final String MANIFEST = "databases.yaml";

    void up() throws IOException, InterruptedException {
        // Who has it already needs no packages.
        if (!navarch("image", "ls").contains(IMAGE)) navarch("image", "build", "examples/shop/images/postgres.yaml");
        navarch("up", "--port", "" + port);
    }

    void purge() throws IOException, InterruptedException {
        navarch("down", "--purge");
    }

    private String navarch(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("./navarch"));
        command.addAll(Arrays.asList(words));
        command.addAll(List.of("--data-dir", data.toString()));
        return Command.run(command.toArray(String[]::new));
    }

    String kubectl(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                "kubectl", "--kubeconfig", data.resolve("admin.kubeconfig").toString()));
        command.addAll(Arrays.asList(words));
        return Command.run(command.toArray(String[]::new));
    }

    void apply() throws IOException, InterruptedException {
        var file = Files.createTempFile("databases", ".yaml");
        try (var manifest = Cluster.class.getResourceAsStream(MANIFEST)) {
            if (manifest == null) throw new IOException(MANIFEST + " is not there");
            Files.write(file, manifest.readAllBytes());
            kubectl("apply", "-f", file.toString());
        } finally {
            Files.delete(file);
        }
        kubectl("rollout", "status", "statefulset/databases", "--timeout=180s");
    }

    /// The last blow may have hit the server.
    void awaitServer() throws IOException, InterruptedException {
        for (int tries = 0; ; tries++) {
            try {
                kubectl("get", "--raw", "/readyz");
                return;
            } catch (IOException e) {
                if (tries == 180) throw e;
                Thread.sleep(1000);
            }
        }
    }

    String address(String pod) throws IOException, InterruptedException {
        return kubectl("get", "service", pod, "-o", "jsonpath={.spec.clusterIP}");
    }

    /// Of the pods that are there now.
    List<String> uids() throws IOException, InterruptedException {
        return kubectl("get", "pods", "-o", "jsonpath={.items[*].metadata.uid}")
                .lines()
                .flatMap(line -> Arrays.stream(line.strip().split(" ")))
                .filter(uid -> !uid.isEmpty())
                .toList();
    }

    /// With what they own.
    void remove() throws IOException, InterruptedException {
        kubectl("delete", "statefulset", "databases", "--wait=true", "--cascade=foreground", "--timeout=180s");
        for (int tries = 0; tries < 180; tries++) {
            if (kubectl("get", "pods,pvc,pv", "-o", "name").isBlank()) return;
            Thread.sleep(1000);
        }
    }

    OptionalLong server() {
        return pid("server.pid");
    }

    OptionalLong containerd() {
        return pid("containerd/containerd.pid");
    }

    private OptionalLong pid(String file) {
        try {
            long pid = Long.parseLong(Files.readString(data.resolve(file)).strip());
            return ProcessHandle.of(pid).isPresent() ? OptionalLong.of(pid) : OptionalLong.empty();
        } catch (IOException | NumberFormatException e) {
            // It is being started.
            return OptionalLong.empty();
        }
    }
}
