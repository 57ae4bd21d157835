package io.navarch.apps.lifecycle;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How this very program is started again as another of its commands: by the same JVM, with the same options.
final class ServerProgram {
    private ServerProgram() {}

    /// @param arguments of `navarch`, the command first
    static List<String> command(List<String> arguments) {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        for (var argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!argument.contains("XX:TieredStopAtLevel")) command.add(argument);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.navarch.apps.Main"));
        command.addAll(arguments);
        return List.copyOf(command);
    }
}
