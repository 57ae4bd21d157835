package io.navarch.apps.lifecycle;

import io.navarch.process.AtomicFile;
import io.navarch.process.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A unit of systemd that is installed on this machine.
record SystemdService(String name) {
    private static final Path UNITS = Path.of("/etc/systemd/system");

    /// Where systemd says that it runs.
    private static final Path RUNS = Path.of("/run/systemd/system");

    /// Longer than the unit lets a start or an end take.
    private static final Duration PATIENCE = Duration.ofMinutes(11);

    static boolean systemdRuns() {
        return Files.isDirectory(RUNS);
    }

    /// The one that looks after this directory, if systemd runs.
    static Optional<SystemdService> of(Path directory, String role) throws IOException {
        var service = new SystemdService(ServiceUnit.name(role));
        if (!systemdRuns() || !service.installed()) return Optional.empty();
        var first = Files.readString(service.file()).lines().findFirst().orElse("");
        return first.equals(ServiceUnit.note(directory)) ? Optional.of(service) : Optional.empty();
    }

    static int version() {
        return ServiceUnit.version(systemctl("--version"));
    }

    private Path file() {
        return UNITS.resolve(name);
    }

    boolean installed() {
        return Files.exists(file());
    }

    /// Starts it now and at each start of the machine; returns when it says that it is ready.
    void install(ServiceUnit unit) throws IOException {
        AtomicFile.write(file(), unit.text().getBytes(StandardCharsets.UTF_8), "rw-r--r--");
        systemctl("daemon-reload");
        systemctl("enable", name);
        systemctl("restart", name);
    }

    void uninstall() throws IOException {
        systemctl("disable", "--now", name);
        Files.deleteIfExists(file());
        systemctl("daemon-reload");
    }

    void start() {
        systemctl("start", name);
    }

    void stop() {
        systemctl("stop", name);
    }

    /// What systemd knows of it, in one line.
    String told() {
        var said = systemctl("show", name, "--property=ActiveState,SubState,NRestarts,Result")
                .strip()
                .replace('\n', ' ');
        return "systemd, " + name + ": " + said + " (journalctl -u " + name + ")";
    }

    private static String systemctl(String... arguments) {
        var command = new ArrayList<>(List.of("systemctl"));
        command.addAll(List.of(arguments));
        var result = Command.tryRun(command, "", PATIENCE);
        if (result.exitCode() != 0)
            throw new IllegalStateException(String.join(" ", command) + ": " + (result.err() + result.out()).strip());
        return result.out();
    }
}
