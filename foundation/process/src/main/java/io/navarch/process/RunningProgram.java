package io.navarch.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// A process of this machine by what it was started with: a number in a file does not prove who has it by now.
///
/// @param arguments its command line; the program comes first
/// @param directory the one it works in
public record RunningProgram(long pid, List<String> arguments, Path directory) {
    private static final Path PROC = Path.of("/proc");

    /// The last part of the program's name.
    public String program() {
        var program = arguments.getFirst();
        return program.substring(program.lastIndexOf('/') + 1);
    }

    public boolean has(String argument) {
        return arguments.contains(argument);
    }

    /// What an option says, `--name value` or `--name=value`; `otherwise` when it does not stand there.
    public String option(String name, String otherwise) {
        var value = otherwise;
        for (int i = 0; i < arguments.size(); i++) {
            var argument = arguments.get(i);
            if (argument.equals("--" + name) && i + 1 < arguments.size()) value = arguments.get(i + 1);
            if (argument.startsWith("--" + name + "=")) value = argument.substring(name.length() + 3);
        }
        return value;
    }

    public Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    }

    /// What this process is, empty when there is none any more, or one that has ended and not been waited for.
    public static Optional<RunningProgram> of(long pid) {
        try {
            var process = PROC.resolve(String.valueOf(pid));
            var line = new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8);
            if (line.isEmpty()) return Optional.empty();
            var directory = Files.readSymbolicLink(process.resolve("cwd"));
            return Optional.of(new RunningProgram(pid, List.of(line.split("\0")), directory));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// The one whose number stands in the file, if that is still what is wanted.
    public static Optional<RunningProgram> in(Path pidFile, Predicate<RunningProgram> wanted) {
        try {
            return of(Long.parseLong(Files.readString(pidFile).strip())).filter(wanted);
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// All of this machine that are wanted, the oldest number first.
    public static List<RunningProgram> all(Predicate<RunningProgram> wanted) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .sorted()
                .flatMap(pid -> of(pid).filter(wanted).stream())
                .toList();
    }
}
