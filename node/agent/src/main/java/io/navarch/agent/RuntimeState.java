package io.navarch.agent;

import io.navarch.objects.View;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/// What the container runtime has of one pod.
///
/// @param sandboxes newest first
/// @param containers newest first
public record RuntimeState(List<Sandbox> sandboxes, List<Container> containers) {
    public static final RuntimeState NOTHING = new RuntimeState(List.of(), List.of());

    public record Sandbox(String id, int attempt, boolean ready, String ip, Instant created) {}

    public enum Phase {
        CREATED,
        RUNNING,
        EXITED,
        UNKNOWN
    }

    public record Container(
            String id,
            String sandboxId,
            String name,
            int attempt,
            String hash,
            Phase phase,
            Instant created,
            Instant started,
            Instant finished,
            int exitCode,
            String reason,
            String message,
            String image,
            String imageRef) {
        boolean running() {
            return phase == Phase.RUNNING;
        }

        boolean exited() {
            return phase == Phase.EXITED || phase == Phase.UNKNOWN;
        }
    }

    Sandbox readySandbox() {
        return sandboxes.isEmpty() || !sandboxes.getFirst().ready() ? null : sandboxes.getFirst();
    }

    /// The latest container of this name, or `null`.
    Container latest(String name) {
        for (var container : containers) if (container.name().equals(name)) return container;
        return null;
    }

    /// The one before the latest, or `null`.
    Container previous(String name) {
        return containers.stream()
                .filter(container -> container.name().equals(name))
                .skip(1)
                .findFirst()
                .orElse(null);
    }

    static final Comparator<Container> NEWEST_FIRST = Comparator.comparing(Container::created)
            .thenComparing(Container::attempt)
            .reversed();

    /// A container's spec as it counts for "has it changed": the same in every process, since a later one compares it.
    static String hash(View container) {
        var text =
                container.get("name").string() + "\n" + container.get("image").string();
        return Integer.toHexString(text.hashCode());
    }
}
