package io.navarch.resourcemetrics;

import io.navarch.objects.ObjectKey;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What one node says of itself and of the containers on it.
///
/// @param pods their containers, by name
record NodeReadings(Optional<Reading> node, Map<ObjectKey, Map<String, Reading>> pods) {
    private static final String NODE_CPU = "node_cpu_usage_seconds_total";
    private static final String NODE_MEMORY = "node_memory_working_set_bytes";
    private static final String CONTAINER_CPU = "container_cpu_usage_seconds_total";
    private static final String CONTAINER_MEMORY = "container_memory_working_set_bytes";
    private static final String CONTAINER_START = "container_start_time_seconds";

    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
    /// Of a number; those that nodes write have no more than 24.
    private static final int MOST_CHARACTERS = 32;
    /// A clock may be wrong, but what is measured from one time to the other must be a number.
    private static final Duration FARTHEST = Duration.ofDays(1);

    /// What has been read of one of them so far.
    private static final class Draft {
        private Optional<Instant> start = Optional.empty();
        private Optional<Sample> cpu = Optional.empty();
        private Optional<Sample> memory = Optional.empty();

        Optional<Reading> reading(Instant unlessTold) {
            if (cpu.isEmpty() || memory.isEmpty()) return Optional.empty();
            return Optional.of(new Reading(
                    start.orElse(unlessTold),
                    cpu.get().time,
                    nanos(cpu.get().value),
                    memory.get().value.longValue()));
        }
    }

    private record Sample(BigDecimal value, Instant time) {}

    private record Place(ObjectKey pod, String container) {}

    /// Reads `/metrics/resource`, which is text that the node writes: lines that are none of those that are looked for
    /// are passed over, numbers that make no sense count for nothing.
    ///
    /// @param now the time of samples that tell none
    static NodeReadings parse(String text, Instant now) {
        var node = new Draft();
        var containers = new HashMap<Place, Draft>();
        for (var line : text.split("\n")) {
            int end = nameEnd(line);
            var name = line.substring(0, end);
            switch (name) {
                case NODE_CPU -> node.cpu = sample(line, now);
                case NODE_MEMORY -> node.memory = sample(line, now);
                case CONTAINER_CPU, CONTAINER_MEMORY, CONTAINER_START -> {
                    var place = new Place(
                            new ObjectKey(label(line, "namespace"), label(line, "pod")), label(line, "container"));
                    container(name, containers.computeIfAbsent(place, key -> new Draft()), sample(line, now));
                }
                default -> {}
            }
        }
        var pods = new HashMap<ObjectKey, Map<String, Reading>>();
        containers.forEach((place, draft) -> {
            var ofPod = pods.computeIfAbsent(place.pod, key -> new HashMap<>());
            // A container that has no start does not run any more.
            if (draft.start.isPresent()) draft.reading(now).ifPresent(reading -> ofPod.put(place.container, reading));
        });
        return new NodeReadings(node.reading(Instant.EPOCH), pods);
    }

    private static void container(String name, Draft draft, Optional<Sample> sample) {
        switch (name) {
            case CONTAINER_CPU -> draft.cpu = sample;
            case CONTAINER_MEMORY -> draft.memory = sample;
            default -> draft.start = sample.map(each -> Instant.EPOCH.plusNanos(nanos(each.value)));
        }
    }

    private static int nameEnd(String line) {
        for (int i = 0; i < line.length(); i++) if (line.charAt(i) == '{' || line.charAt(i) == ' ') return i;
        return line.length();
    }

    /// Namespaces, pods and containers have names in which nothing is escaped.
    private static String label(String line, String name) {
        for (var before : new String[] {"{", ","}) {
            var begin = before + name + "=\"";
            int at = line.indexOf(begin);
            if (at < 0) continue;
            int from = at + begin.length();
            int to = line.indexOf('"', from);
            if (to > from) return line.substring(from, to);
        }
        return "";
    }

    private static Optional<Sample> sample(String line, Instant now) {
        var parts = line.substring(line.lastIndexOf('}') + 1).strip().split(" ");
        int first = line.contains("}") ? 0 : 1;
        if (parts.length <= first || parts[first].length() > MOST_CHARACTERS) return Optional.empty();
        try {
            var value = new BigDecimal(parts[first]);
            // Nobody shall make numbers of a million digits. The scale may be any int.
            boolean sensible =
                    value.signum() >= 0 && (long) value.precision() - value.scale() < 16 && value.scale() < 100;
            if (!sensible) return Optional.empty();
            var time = parts.length > first + 1 ? Instant.ofEpochMilli(Long.parseLong(parts[first + 1])) : now;
            boolean near = Duration.between(time, now).abs().compareTo(FARTHEST) <= 0;
            return near ? Optional.of(new Sample(value, time)) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static long nanos(BigDecimal seconds) {
        return seconds.movePointRight(9).min(MOST).longValue();
    }
}
