package io.navarch.agent.stats;

import io.navarch.agent.stats.NodeUsage.Carried;
import io.navarch.agent.stats.NodeUsage.Interface;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What interfaces have carried, as a process sees them.
final class Network {
    /// The number with which those begin that are about what was sent.
    private static final int SENT = 8;

    private Network() {}

    /// Empty when the process is gone.
    static List<Interface> of(long process) {
        try {
            return parse(Files.readString(Path.of("/proc", String.valueOf(process), "net/dev")));
        } catch (IOException e) {
            return List.of();
        }
    }

    /// Lines such as `eth0: 1 2 3 …`, after two that say what the numbers are.
    static List<Interface> parse(String text) {
        var found = new ArrayList<Interface>();
        for (var line : text.split("\n")) {
            int colon = line.indexOf(':');
            if (colon < 0) continue;
            var name = line.substring(0, colon).strip();
            var numbers = line.substring(colon + 1).strip().split("\\s+");
            if (name.equals("lo") || numbers.length < SENT + 4) continue;
            found.add(new Interface(name, carried(numbers, 0), carried(numbers, SENT)));
        }
        return found;
    }

    private static Carried carried(String[] numbers, int from) {
        return new Carried(
                number(numbers[from]), number(numbers[from + 1]), number(numbers[from + 2]), number(numbers[from + 3]));
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }
}
