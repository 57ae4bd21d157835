package io.navarch.agent.decide;

import io.navarch.kinds.pod.Pods;
import io.navarch.model.Container;
import io.navarch.model.ContainerStatus;
import io.navarch.model.EphemeralContainer;
import io.navarch.model.Pod;
import io.navarch.model.RestartPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a pod's spec means for its containers on a node.
public final class PodLifecycle {
    /// The condition of a pod whose containers all go and begin anew.
    static final String ALL_CONTAINERS_RESTARTING = "AllContainersRestarting";

    private static final long DEFAULT_GRACE_SECONDS = 30;

    private PodLifecycle() {}

    /// Whether a container that has ended so is started again. Of one that the runtime lost nobody knows how it ended.
    static boolean restarts(Pod pod, Container spec, RuntimeState.Container ended) {
        return ended.phase() == RuntimeState.Phase.UNKNOWN || Pods.restarts(spec, pod.spec(), ended.exitCode());
    }

    /// Whether a container is started again that is killed while it runs. No rule is about that: it has no exit code.
    static boolean restartsKilled(Pod pod, Container spec) {
        return Pods.restartPolicy(spec, pod.spec()) != RestartPolicy.NEVER;
    }

    /// Whether all containers are to go and to begin anew, since one has ended in a way that its rules say so of. That
    /// has been told, so that it goes on after a new start of the agent.
    static boolean restartsAll(Pod pod, RuntimeState runtime) {
        if (!Pods.mayRestartAll(pod.spec())) return false;
        if (Pods.isTrue(pod, ALL_CONTAINERS_RESTARTING)) return true;
        return Pods.containers(pod.spec()).stream()
                .anyMatch(spec -> runtime.latest(spec.name())
                                .filter(latest -> latest.exited() && Pods.restartsAll(spec, latest.exitCode()))
                                .isPresent()
                        || toldToRestartAll(spec, reported(pod, spec.name())));
    }

    private static boolean toldToRestartAll(Container spec, ContainerStatus reported) {
        return reported.state().hasTerminated()
                && Pods.restartsAll(spec, reported.state().terminated().exitCode());
    }

    /// The last that was told of a container, absent when nothing was.
    static ContainerStatus reported(Pod pod, String name) {
        var status = pod.status();
        return Stream.of(
                        status.containerStatuses(), status.initContainerStatuses(), status.ephemeralContainerStatuses())
                .flatMap(List::stream)
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElse(ContainerStatus.ABSENT);
    }

    /// The number of the next container of this name. Those before it may have been removed.
    static int nextAttempt(Pod pod, RuntimeState runtime, String name) {
        var latest = runtime.latest(name);
        var reported = reported(pod, name);
        boolean ran = reported.state().hasRunning() || reported.state().hasTerminated();
        int told = reported.restartCount() + (ran ? 1 : 0);
        return latest.map(last -> last.attempt() + 1).orElse(told);
    }

    /// Whether nothing of the pod runs and nothing will be started again.
    public static boolean finished(Pod pod, RuntimeState runtime) {
        for (var spec : pod.spec().initContainers()) {
            boolean failed = !Pods.sidecar(spec)
                    && runtime.latest(spec.name())
                            .filter(latest -> latest.failed() && !restarts(pod, spec, latest))
                            .isPresent();
            if (failed) return true;
        }
        return pod.spec().containers().stream()
                .allMatch(spec -> runtime.latest(spec.name())
                        .filter(latest -> latest.exited() && !restarts(pod, spec, latest))
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

    /// What a container that failed this probe has to end; the deletion's word counts before the probe's.
    static long graceSeconds(Pod pod, Container spec, String failedProbe) {
        if (pod.metadata().hasDeletionGracePeriodSeconds()) return graceSeconds(pod);
        var probe = failedProbe.equals(ProbeResults.STARTUP) ? spec.startupProbe() : spec.livenessProbe();
        return probe.hasTerminationGracePeriodSeconds() ? probe.terminationGracePeriodSeconds() : graceSeconds(pod);
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
