package io.navarch.benchmarks.api;

import io.navarch.http.EventLoops;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// A server that is asked for more than it can do: `KUBECONFIG PID PART SECONDS [KUBECONFIG PID]` with the parts
/// `flood`, `goodput`, `lists` and `fairness`; the last one is given a second server, without priority and fairness.
public final class Overload {
    private static final int ROUNDS = 5;
    private static final int PAIRS = 11;

    private Overload() {}

    /// What is asked for: both in turn, unless the part names one.
    private static List<Flood.Dear> dear(String part) {
        int at = part.indexOf('-');
        if (at < 0) return List.of(Flood.Dear.values());
        return List.of(Flood.Dear.valueOf(part.substring(at + 1).toUpperCase(Locale.ROOT)));
    }

    public static void main(String[] arguments) throws Exception {
        var time = Duration.ofSeconds(Long.parseLong(arguments[3]));
        try (var loops = new EventLoops(1)) {
            var server = Server.open(Path.of(arguments[0]), loops, Long.parseLong(arguments[1]));
            switch (arguments[2]) {
                case "flood", "flood-lists", "flood-applies" -> {
                    try (var flood = new Flood(server, dear(arguments[2]))) {
                        flood.others(time, ROUNDS);
                    }
                }
                case "goodput", "goodput-lists", "goodput-applies" -> {
                    try (var flood = new Flood(server, dear(arguments[2]))) {
                        flood.goodput(time, ROUNDS);
                    }
                }
                case "lists" -> {
                    try (var beside = new Beside(server)) {
                        beside.run(time, ROUNDS);
                    }
                }
                case "fairness" -> {
                    var without = Server.open(Path.of(arguments[4]), loops, Long.parseLong(arguments[5]));
                    new Fairness(server, without).run(time, PAIRS);
                }
                default -> throw new IllegalArgumentException(arguments[2]);
            }
        }
    }
}
