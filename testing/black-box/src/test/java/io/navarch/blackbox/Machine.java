package io.navarch.blackbox;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Runs the programs under test as a user would, on this machine.
final class Machine {
    /// What a program printed (both streams together) and its exit code.
    record Result(int code, String output) {
        Result ok() {
            if (code != 0) throw new AssertionError("exit code " + code + ": " + output);
            return this;
        }

        Result failed() {
            if (code == 0) throw new AssertionError("succeeded: " + output);
            return this;
        }
    }

    private final Path root;
    private final Path data;
    private final Path tools;

    Machine(Path data) throws IOException {
        root = Path.of("../..").toRealPath();
        this.data = data;
        tools = Path.of(System.getProperty("navarch.tools", root + "/testing/target/tools"));
    }

    Path data() {
        return data;
    }

    Result navarch(String... arguments) {
        var command = new ArrayList<>(List.of(root + "/navarch"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data-dir", data.toString()));
        return run(command, "");
    }

    Result kubectl(String line) {
        return kubectl(line, "");
    }

    Result kubectl(String line, String input) {
        return run(List.of("sh", "-c", tools + "/kubectl " + line), input);
    }

    Result helm(String line) {
        return run(List.of("sh", "-c", tools + "/helm " + line), "");
    }

    Result shell(String script) {
        return run(List.of("sh", "-c", "PATH=" + tools + ":$PATH; " + script), "");
    }

    Process start(String script) throws IOException {
        return builder(List.of("sh", "-c", "PATH=" + tools + ":$PATH; exec " + script))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private ProcessBuilder builder(List<String> command) {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).directory(new File("."));
        builder.environment().put("KUBECONFIG", data + "/admin.kubeconfig");
        return builder;
    }

    private Result run(List<String> command, String input) {
        try {
            var process = builder(command).start();
            var output = new StringBuilder();
            var reader = Thread.ofVirtual().start(() -> {
                try {
                    output.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
                } catch (IOException e) {
                    output.append(e.getMessage());
                }
            });
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // It did not want any.
            }
            if (!process.waitFor(180, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("no end: " + command);
            }
            reader.join(2000);
            return new Result(process.exitValue(), output.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// Waits for a condition, checking several times a second.
    static void eventually(String what, Duration limit, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline)
                throw new AssertionError("not within " + limit.toSeconds() + " s: " + what);
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    /// Waits until a command succeeds; what it said last is told if it never does.
    static void succeeds(Duration limit, Supplier<Result> command) throws InterruptedException {
        var last = new AtomicReference<Result>();
        try {
            eventually("success", limit, () -> {
                last.set(command.get());
                return last.get().code() == 0;
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ": " + last.get(), e);
        }
    }

    static void soon(String what, BooleanSupplier condition) {
        try {
            eventually(what, Duration.ofSeconds(30), condition);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// The path of Debian's kubectl, version 1.20.
    String oldKubectl() {
        return tools + "/kubectl-1.20";
    }

    /// What a purge must leave as it was: processes, mounts, cgroups, links, namespaces, tables, directories.
    String footprint() throws IOException {
        var text = new StringBuilder();
        // What has ended is the init's to bury.
        text.append(shell("ps -eo args | grep -E 'containerd|catatonit|nginx|navarch.apps'"
                        + " | grep -v -e grep -e '<defunct>' | sort")
                .output());
        text.append(shell("grep -E 'navarch|overlay|kubelet|netns' /proc/self/mounts | awk '{print $2}' | sort")
                .output());
        text.append(shell("find /sys/fs/cgroup -maxdepth 2 -name 'kubepods*'").output());
        text.append(shell(
                        "ip -br link | awk '{print $1}'; ip netns list; nft list tables; ls -d /var/log/pods /run/containerd /var/lib/cni 2>/dev/null")
                .output());
        text.append(shell("sysctl -n net.ipv4.ip_forward; cat /proc/sys/net/bridge/bridge-nf-call-iptables 2>/dev/null")
                .output());
        text.append(Files.exists(data) ? "data\n" : "");
        text.append(shell("grep -c navarch " + System.getProperty("user.home") + "/.kube/config 2>/dev/null")
                .output()
                .replace("0\n", ""));
        return text.toString();
    }
}
