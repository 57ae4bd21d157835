package io.navarch.agent.shutdown;

import io.navarch.process.Backoff;
import io.navarch.process.Command;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.io.Reader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Shutdowns as systemd-logind tells of them, and the lock that makes it wait: held by a program of systemd's, which
/// ends with whoever started it.
///
/// Source: https://www.freedesktop.org/wiki/Software/systemd/inhibit/
public final class Logind {
    private static final Logger LOG = LoggerFactory.getLogger(Logind.class);

    private static final String LOGIN = "org.freedesktop.login1";
    private static final String OBJECT = "/org/freedesktop/login1";
    private static final String MANAGER = LOGIN + ".Manager";
    /// Anybody may send signals: only its own count.
    private static final String SIGNAL = "type='signal',sender='" + LOGIN + "',path='" + OBJECT + "',interface='"
            + MANAGER + "',member='PrepareForShutdown'";
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Backoff AGAIN = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));
    private static final long LOOK_MILLIS = 200;
    private static final long LONGEST_MICROS = Duration.ofDays(30).toSeconds() * 1_000_000;
    private static final int TRIES = 5;
    private static final int LONGEST_LINE = 64 * 1024;

    /// Hears of shutdowns.
    public interface Listener {
        /// The machine waits until this returns.
        void shutdown() throws InterruptedException;

        void cancelled();
    }

    private final Path programs;
    private final Path configuration;
    private final Duration wanted;
    private final Listener listener;

    /// @param programs where systemd's are
    /// @param configuration the directory of what is set besides `logind.conf`
    /// @param wanted how long a shutdown is to wait
    public Logind(Path programs, Path configuration, Duration wanted, Listener listener) {
        this.programs = programs;
        this.configuration = configuration;
        this.wanted = wanted;
        this.listener = listener;
    }

    /// That of this machine.
    public static Logind ofMachine(Duration wanted, Listener listener) {
        return new Logind(Path.of("/usr/bin"), Path.of("/etc/systemd/logind.conf.d"), wanted, listener);
    }

    /// Whether the system is going down, as systemd says it.
    public static boolean stopping() {
        try {
            return Command.tryRun(List.of("/usr/bin/systemctl", "is-system-running"), "", ANSWER)
                    .out()
                    .strip()
                    .equals("stopping");
        } catch (Command.FailedException e) {
            return false;
        }
    }

    /// Makes shutdowns wait for the listener, for as long as the scope is open. Without logind it does nothing, and
    /// returns false.
    public boolean start(TaskScope scope) {
        try {
            LOG.info("a shutdown of this machine waits {} s at most", most().toSeconds());
        } catch (Command.FailedException | IllegalStateException e) {
            LOG.warn("no shutdown of this machine waits for pods: {}", e.getMessage());
            return false;
        }
        scope.start("logind", this::keepFollowing);
        return true;
    }

    private void keepFollowing() throws InterruptedException {
        for (int failures = 0; ; failures++) {
            try {
                follow();
                failures = 0;
                LOG.warn("logind is not heard any more");
            } catch (IOException | Command.FailedException | IllegalStateException e) {
                LOG.warn("no shutdown of this machine waits for pods: {}", e.getMessage());
            }
            TaskScope.pause(AGAIN.after(failures + 1));
        }
    }

    /// Returns when logind is not heard any more.
    void follow() throws IOException, InterruptedException {
        if (most().compareTo(wanted) < 0) override();
        var monitor = start(tied(command("busctl", "--system", "--json=short", "--match=" + SIGNAL, "monitor")));
        var lock = lock();
        try {
            for (var down = next(monitor); down.isPresent(); down = next(monitor)) {
                if (down.get()) {
                    LOG.info("this machine is shut down");
                    listener.shutdown();
                    end(lock);
                } else {
                    LOG.info("this machine is not shut down after all");
                    end(lock);
                    lock = lock();
                    listener.cancelled();
                }
            }
        } finally {
            end(lock);
            end(monitor);
        }
    }

    /// How long logind waits at most.
    private Duration most() {
        var answer = run("busctl", "get-property", LOGIN, OBJECT, MANAGER, "InhibitDelayMaxUSec");
        // Such as `t 5000000`.
        var number = answer.strip().replaceFirst("^t ", "");
        if (!number.matches("[0-9]{1,20}"))
            throw new IllegalStateException("logind says of its longest wait: " + answer.strip());
        // Without an end it is the largest of all numbers of 64 bits.
        var micros = new BigInteger(number).min(BigInteger.valueOf(LONGEST_MICROS));
        return Duration.ofNanos(Math.multiplyExact(1000, micros.longValueExact()));
    }

    /// Lets logind wait for longer.
    private void override() throws IOException, InterruptedException {
        Files.createDirectories(configuration);
        Files.writeString(
                configuration.resolve("99-kubelet.conf"),
                "# Kubelet logind override\n[Login]\nInhibitDelayMaxSec=" + wanted.toSeconds() + "\n");
        var ignored = run("systemctl", "kill", "--signal=HUP", "systemd-logind.service");
        var backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));
        for (int tries = 1; most().compareTo(wanted) < 0; tries++) {
            if (tries > TRIES)
                throw new IllegalStateException("logind waits " + most().toSeconds() + " s at most, whatever is said");
            TaskScope.pause(backoff.after(tries));
        }
    }

    private Process lock() throws IOException {
        // It ends with its input: when this process ends, however that may be, nothing waits for it any more.
        return start(command(
                "systemd-inhibit",
                "--what=shutdown",
                "--mode=delay",
                "--who=kubelet",
                "--why=Kubelet needs time to handle node shutdown",
                "cat"));
    }

    /// Whether the next signal says that the machine goes down; empty when there will be no more. A read could not be
    /// interrupted, so it looks whether there is something.
    private static Optional<Boolean> next(Process monitor) throws IOException, InterruptedException {
        var lines = monitor.inputReader(StandardCharsets.UTF_8);
        while (true) {
            while (!lines.ready()) {
                if (!monitor.isAlive() && !lines.ready()) return Optional.empty();
                TaskScope.pause(LOOK_MILLIS);
            }
            var line = line(lines);
            if (line.isEmpty()) return Optional.empty();
            if (line.contains("PrepareForShutdown")) return Optional.of(line.contains("[true]"));
        }
    }

    /// Empty at the end, and when it is longer than logind's are.
    static String line(Reader reader) throws IOException {
        var line = new StringBuilder();
        for (int each = reader.read(); each >= 0 && line.length() < LONGEST_LINE; each = reader.read()) {
            line.append((char) each);
            if (each == '\n') return line.toString();
        }
        return "";
    }

    private String run(String program, String... arguments) {
        return Command.run(command(program, arguments));
    }

    /// A command that ends with its input, which the end of this process closes, however that may be.
    static List<String> tied(List<String> command) {
        var script = "exec 3<&0; \"$@\" & told=$!; (cat <&3 >/dev/null; kill $told) & wait $told";
        return Stream.concat(Stream.of("/bin/sh", "-c", script, "sh"), command.stream())
                .toList();
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private List<String> command(String program, String... arguments) {
        return Stream.concat(Stream.of(programs.resolve(program).toString()), Stream.of(arguments))
                .toList();
    }

    /// With what it has started.
    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }
}
