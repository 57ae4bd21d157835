package io.navarch.resourcemetrics;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What was taken on average during a few minutes.
///
/// @param time when they began
/// @param seconds of them that were looked at
/// @param calls of the API that were answered
/// @param nodes by name
/// @param pods by namespace, `/` and name: those that took most
public record UsageBucket(Instant time, int seconds, long calls, Map<String, Taken> nodes, Map<String, Taken> pods) {
    private static final String TIME = "time";
    private static final String SECONDS = "seconds";
    private static final String CALLS = "calls";
    private static final String NODES = "nodes";
    private static final String PODS = "pods";

    /// @param cpu in thousandths of a processor
    /// @param memory in bytes
    public record Taken(long cpu, long memory) {
        private Taken times(int seconds) {
            return new Taken(cpu * seconds, memory * seconds);
        }

        private Taken plus(Taken other) {
            return new Taken(cpu + other.cpu, memory + other.memory);
        }

        private Taken over(int seconds) {
            return new Taken(cpu / seconds, memory / seconds);
        }
    }

    /// As one line, without its end.
    public String line() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put(TIME, time.getEpochSecond());
        tree.put(SECONDS, (long) seconds);
        tree.put(CALLS, calls);
        tree.put(NODES, tree(nodes));
        tree.put(PODS, tree(pods));
        return Json.writeString(tree);
    }

    private static Map<String, Object> tree(Map<String, Taken> taken) {
        var tree = new TreeMap<String, Object>();
        taken.forEach((name, each) -> tree.put(name, List.of(each.cpu, each.memory)));
        return tree;
    }

    /// @param tree what such a line says; what is missing is nothing
    public static UsageBucket of(View tree) {
        return new UsageBucket(
                Instant.ofEpochSecond(tree.get(TIME).longOr(0)),
                Math.max(1, tree.get(SECONDS).intOr(1)),
                tree.get(CALLS).longOr(0),
                taken(tree.get(NODES)),
                taken(tree.get(PODS)));
    }

    private static Map<String, Taken> taken(View tree) {
        var taken = new HashMap<String, Taken>();
        for (var name : tree.map().keySet()) {
            var pair = tree.get(name);
            taken.put(name, new Taken(pair.at(0).longOr(0), pair.at(1).longOr(0)));
        }
        return taken;
    }

    /// The same minutes, of which the rest was seen after a start.
    UsageBucket and(UsageBucket rest) {
        return new UsageBucket(
                time,
                seconds + rest.seconds,
                calls + rest.calls,
                both(nodes, seconds, rest.nodes, rest.seconds),
                both(pods, seconds, rest.pods, rest.seconds));
    }

    private static Map<String, Taken> both(Map<String, Taken> one, int ofOne, Map<String, Taken> other, int ofOther) {
        var both = new HashMap<>(one);
        other.forEach((name, taken) -> both.merge(
                name,
                taken,
                (before, after) ->
                        before.times(ofOne).plus(after.times(ofOther)).over(ofOne + ofOther)));
        return both;
    }
}
