package io.navarch.agent.volumes;

import io.navarch.agent.decide.ClaimedVolume.Source;
import io.navarch.agent.linux.BoundedCalls;
import io.navarch.agent.linux.MountTable;
import io.navarch.process.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Directories of file servers, mounted by the system's own program, which knows how to reach them.
///
/// @param program that mounts
/// @param longest how long that may take
record FileServers(String program, Duration longest, BoundedCalls calls) {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final int LONGEST_OUTPUT = 1024;

    /// Those of this machine.
    static FileServers ofMachine(BoundedCalls calls) {
        return new FileServers("mount", LONGEST, calls);
    }

    /// Mounts one unless something is mounted there.
    ///
    /// @throws IOException in the words that the kubelet has for it
    void mount(Source.Nfs nfs, Path place, List<String> mountOptions, boolean readOnly) throws IOException {
        if (MountTable.isMountPoint(place)) return;
        var options = new ArrayList<>(mountOptions);
        if (readOnly && !options.contains("ro")) options.add("ro");
        var arguments = new ArrayList<>(List.of("-t", "nfs"));
        if (!options.isEmpty()) arguments.addAll(List.of("-o", String.join(",", options)));
        arguments.addAll(List.of("--", nfs.server() + ":" + nfs.path(), place.toString()));
        var command = new ArrayList<>(List.of(program));
        command.addAll(arguments);
        String why;
        try {
            var result = Command.tryRun(command, "", longest);
            if (result.exitCode() == 0) return;
            why = "exit status " + result.exitCode() + output(arguments, result.out() + result.err());
        } catch (Command.FailedException e) {
            why = e.getMessage() + output(arguments, "");
            // What came after all is not what was waited for.
            clear(place, why);
        }
        throw new IOException("mount failed: " + why);
    }

    private void clear(Path place, String why) throws IOException {
        try {
            MountTable.clear(place, calls);
        } catch (IOException e) {
            throw new IOException("mount failed: " + why, e);
        }
    }

    private String output(List<String> arguments, String output) {
        var shown = output.length() > LONGEST_OUTPUT ? output.substring(0, LONGEST_OUTPUT) + "..." : output;
        return "\nMounting command: " + program + "\nMounting arguments: " + String.join(" ", arguments) + "\nOutput: "
                + shown;
    }
}
