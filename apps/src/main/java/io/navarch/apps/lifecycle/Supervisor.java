package io.navarch.apps.lifecycle;

import io.navarch.process.AtomicFile;
import io.navarch.process.Command;
import io.navarch.process.PartState;
import io.navarch.process.RunningProgram;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What starts a program again that has died, where no systemd does: a shell script that needs next to no memory, in a
/// session of its own. The script says what it keeps in the directory.
///
/// @param name of the program: `server`
record Supervisor(Path directory, String name) {
    private static final String SCRIPT = "supervise.sh";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Path file(String ending) {
        return directory.resolve(name + ending);
    }

    Path pidFile() {
        return file(".pid");
    }

    Path log() {
        return file(".log");
    }

    Path beats() {
        return file(".beat");
    }

    /// What it has written down.
    PartState state() {
        try {
            return PartState.parse(Files.readString(file(".state")));
        } catch (IOException e) {
            return PartState.UNKNOWN;
        }
    }

    Optional<ProcessHandle> process() {
        return RunningProgram.of(state().keeper())
                .filter(each -> isThis(each) && !watches(each))
                .or(() -> all().stream().filter(each -> !watches(each)).findFirst())
                .flatMap(RunningProgram::process);
    }

    /// With the shell beside it that looks whether the program hangs, and takes its place when it has died.
    List<RunningProgram> all() {
        return RunningProgram.all(this::isThis);
    }

    private boolean isThis(RunningProgram program) {
        var arguments = program.arguments();
        return arguments.size() > 3
                && arguments.get(1).equals(directory.resolve(SCRIPT).toString())
                && arguments.get(2).equals(directory.toString())
                && arguments.get(3).equals(name);
    }

    private static boolean watches(RunningProgram program) {
        return program.arguments().size() > 5 && program.arguments().get(5).equals("--watch");
    }

    /// Starts it, and it the program, unless that runs already.
    ///
    /// @param command of the program
    /// @param mark a part of the program's command line that others do not have
    void start(List<String> command, String mark) throws IOException {
        Files.deleteIfExists(file(".state"));
        prepare(command, mark).start();
    }

    /// How it is started.
    ProcessBuilder prepare(List<String> command, String mark) throws IOException {
        var script = directory.resolve(SCRIPT);
        try (var source = Supervisor.class.getResourceAsStream(SCRIPT)) {
            if (source == null) throw new IOException(SCRIPT + " is not part of this build");
            // A shell reads its script bit by bit: one that runs keeps the file that it has.
            AtomicFile.write(script, source.readAllBytes(), "rwx------");
        }
        var line = new ArrayList<>(List.of("setsid", "sh", script.toString(), directory.toString(), name, mark));
        line.addAll(command);
        return new ProcessBuilder(line)
                .directory(new File("/"))
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }

    /// A wait before the next start ends now.
    void hurry() {
        if (state().phase() != PartState.Phase.WAITING) return;
        process()
                .ifPresent(process ->
                        Command.tryRun(List.of("kill", "-USR1", String.valueOf(process.pid())), "", PATIENCE));
    }
}
