package io.navarch.agent.decide;

import io.navarch.model.PodSpec;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What the container runtime has of one pod.
///
/// @param sandboxes newest first
/// @param containers newest first
public record RuntimeState(List<Sandbox> sandboxes, List<Container> containers) {
    public static final RuntimeState NOTHING = new RuntimeState(List.of(), List.of());

    public static final Comparator<Container> NEWEST_FIRST = Comparator.comparing(Container::created)
            .thenComparingInt(Container::attempt)
            .reversed();

    public record Sandbox(String id, int attempt, boolean ready, String ip, Instant created) {}

    public enum Phase {
        CREATED,
        RUNNING,
        EXITED,
        /// The runtime lost track of it; treated as exited.
        UNKNOWN
    }

    /// @param finished its creation while it has not finished
    public record Container(
            String id,
            String sandboxId,
            String name,
            int attempt,
            String hash,
            Phase phase,
            Instant created,
            Optional<Instant> started,
            Instant finished,
            int exitCode,
            String reason,
            String message,
            String image,
            String imageRef) {
        public boolean running() {
            return phase == Phase.RUNNING;
        }

        public boolean exited() {
            return phase == Phase.EXITED || phase == Phase.UNKNOWN;
        }

        public boolean succeeded() {
            return exited() && exitCode == 0;
        }

        public boolean failed() {
            return exited() && exitCode != 0;
        }
    }

    /// The newest sandbox, if its network and namespaces are up.
    public Optional<Sandbox> readySandbox() {
        return sandboxes.stream().limit(1).filter(Sandbox::ready).findFirst();
    }

    /// Whether it is one of the newest sandbox, while that is up.
    public boolean inSandbox(Container container) {
        return readySandbox()
                .filter(box -> box.id().equals(container.sandboxId()))
                .isPresent();
    }

    /// Whether one of the containers that wait for the initialisation has been started in this sandbox.
    public boolean appStarted(PodSpec spec) {
        return spec.containers().stream()
                .anyMatch(app -> latest(app.name()).filter(this::inSandbox).isPresent());
    }

    /// The pod's own IP address, `""` before it has one.
    public String address() {
        return sandboxes.isEmpty() ? "" : sandboxes.getFirst().ip();
    }

    public List<Container> running() {
        return containers.stream().filter(Container::running).toList();
    }

    public Optional<Container> latest(String name) {
        return named(name, 0);
    }

    /// The container before the latest.
    public Optional<Container> previous(String name) {
        return named(name, 1);
    }

    private Optional<Container> named(String name, int skipped) {
        return containers.stream()
                .filter(container -> container.name().equals(name))
                .skip(skipped)
                .findFirst();
    }
}
