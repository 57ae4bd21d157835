package io.navarch.agent.decide;

import io.navarch.kinds.pod.Pods;
import io.navarch.model.Container;
import io.navarch.model.EphemeralContainer;
import io.navarch.model.Pod;
import io.navarch.model.RestartPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a pod's spec means for its containers on a node.
public final class PodLifecycle {
    private static final long DEFAULT_GRACE_SECONDS = 30;

    private PodLifecycle() {}

    /// Whether an app container that has ended so is started again.
    public static boolean restarts(Pod pod, RuntimeState.Container ended) {
        return switch (pod.spec().restartPolicy()) {
            case NEVER -> false;
            case ON_FAILURE -> ended.exitCode() != 0;
            default -> true;
        };
    }

    /// Whether nothing of the pod runs and nothing will be started again.
    public static boolean finished(Pod pod, RuntimeState runtime) {
        var policy = pod.spec().restartPolicy();
        if (policy == RestartPolicy.ALWAYS) return false;
        for (var spec : pod.spec().initContainers()) {
            boolean failed = !Pods.sidecar(spec)
                    && runtime.latest(spec.name())
                            .filter(RuntimeState.Container::failed)
                            .isPresent();
            if (failed && policy == RestartPolicy.NEVER) return true;
        }
        return pod.spec().containers().stream()
                .allMatch(spec -> runtime.latest(spec.name())
                        .filter(latest -> latest.exited() && !restarts(pod, latest))
                        .isPresent());
    }

    /// When the pod's active deadline is over.
    public static Optional<Instant> deadline(Pod pod) {
        if (!pod.spec().hasActiveDeadlineSeconds()) return Optional.empty();
        return pod.status()
                .startTime()
                .map(start -> start.plusSeconds(pod.spec().activeDeadlineSeconds()));
    }

    static boolean deadlineExceeded(Pod pod, Instant now) {
        return deadline(pod).filter(end -> end.isBefore(now)).isPresent();
    }

    /// How long the pod's processes may take to stop: what the deletion says, else the spec.
    public static long graceSeconds(Pod pod) {
        return pod.metadata()
                .deletionGracePeriodSecondsOr(pod.spec().terminationGracePeriodSecondsOr(DEFAULT_GRACE_SECONDS));
    }

    /// The container of this name, of whichever sort; absent when there is none.
    public static Container spec(Pod pod, String name) {
        return named(Pods.everyContainer(pod.spec()), name);
    }

    /// The init container of this name, absent when there is none.
    public static Container initSpec(Pod pod, String name) {
        return named(pod.spec().initContainers(), name);
    }

    /// The ephemeral container of this name, absent when there is none.
    public static EphemeralContainer ephemeralSpec(Pod pod, String name) {
        return pod.spec().ephemeralContainers().stream()
                .filter(spec -> spec.name().equals(name))
                .findFirst()
                .orElse(EphemeralContainer.ABSENT);
    }

    /// The id of the container whose processes the ephemeral container of this name looks at; `""` for any other one.
    ///
    /// @throws UnresolvedException when that has never run
    public static String target(Pod pod, String name, RuntimeState runtime) {
        var target = ephemeralSpec(pod, name).targetContainerName();
        if (target.isEmpty()) return "";
        return runtime.latest(target)
                .map(RuntimeState.Container::id)
                .orElseThrow(() -> new UnresolvedException("unable to find target container " + target));
    }

    private static Container named(List<Container> specs, String name) {
        return specs.stream()
                .filter(spec -> spec.name().equals(name))
                .findFirst()
                .orElse(Container.ABSENT);
    }

    /// What of a container's spec makes it another container when it changes. Every process computes the same, since a
    /// later agent compares it with what an earlier one noted.
    public static String hash(Container spec) {
        return Integer.toHexString((spec.name() + "\n" + spec.image()).hashCode());
    }
}
