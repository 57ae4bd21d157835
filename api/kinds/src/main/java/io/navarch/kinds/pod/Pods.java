package io.navarch.kinds.pod;

import io.navarch.model.ConditionStatus;
import io.navarch.model.Container;
import io.navarch.model.ContainerRestartRule;
import io.navarch.model.ContainerStatus;
import io.navarch.model.Pod;
import io.navarch.model.PodCondition;
import io.navarch.model.PodConditionType;
import io.navarch.model.PodPhase;
import io.navarch.model.PodSpec;
import io.navarch.model.RestartPolicy;
import io.navarch.model.StatusCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What a pod's fields mean, for everyone who asks.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
public final class Pods {
    /// The reason of a pod that waits for its scheduling gates to be taken away.
    public static final String SCHEDULING_GATED = "SchedulingGated";

    private static final String RESTART_ALL = "RestartAllContainers";

    private Pods() {}

    public static boolean succeeded(Pod pod) {
        return pod.status().phase() == PodPhase.SUCCEEDED;
    }

    public static boolean failed(Pod pod) {
        return pod.status().phase() == PodPhase.FAILED;
    }

    /// Whether the pod has run to its end; no phase follows.
    public static boolean ended(Pod pod) {
        return ended(pod.status().phase());
    }

    public static boolean ended(PodPhase phase) {
        return phase == PodPhase.SUCCEEDED || phase == PodPhase.FAILED;
    }

    public static boolean active(Pod pod) {
        return !ended(pod) && !pod.deleting();
    }

    /// Deleted, and still running.
    public static boolean terminating(Pod pod) {
        return !ended(pod) && pod.deleting();
    }

    /// Whether a node has been chosen for it.
    public static boolean assigned(Pod pod) {
        return !pod.spec().nodeName().isEmpty();
    }

    /// Absent when there is none of this type.
    public static PodCondition condition(Pod pod, String type) {
        return StatusCondition.find(pod.status().conditions(), type).orElse(PodCondition.ABSENT);
    }

    public static boolean isTrue(Pod pod, String conditionType) {
        return condition(pod, conditionType).status() == ConditionStatus.TRUE;
    }

    public static boolean ready(Pod pod) {
        return isTrue(pod, PodConditionType.READY);
    }

    /// Since when a ready pod has been ready.
    public static Instant readySince(Pod pod) {
        return condition(pod, PodConditionType.READY).lastTransitionTime().orElse(Instant.EPOCH);
    }

    /// When a ready pod will have been ready for that long; empty when it is not ready.
    public static Optional<Instant> availableAt(Pod pod, long minReadySeconds) {
        return ready(pod) ? Optional.of(readySince(pod).plusSeconds(minReadySeconds)) : Optional.empty();
    }

    public static boolean available(Pod pod, long minReadySeconds, Instant now) {
        if (minReadySeconds == 0) return ready(pod);
        return availableAt(pod, minReadySeconds).filter(at -> !at.isAfter(now)).isPresent();
    }

    /// How long until the next ready pod becomes available; empty when none will without a change.
    public static Optional<Duration> nextAvailability(Collection<Pod> pods, long minReadySeconds, Instant now) {
        if (minReadySeconds == 0) return Optional.empty();
        return pods.stream()
                .flatMap(pod -> availableAt(pod, minReadySeconds).stream())
                .filter(at -> at.isAfter(now))
                .min(Comparator.naturalOrder())
                .map(at -> Duration.between(now, at).plusMillis(50));
    }

    public static int restarts(Pod pod) {
        return pod.status().containerStatuses().stream()
                .mapToInt(ContainerStatus::restartCount)
                .sum();
    }

    /// When the last of its containers ended, if any has.
    public static Optional<Instant> finishedAt(Pod pod) {
        return pod.status().containerStatuses().stream()
                .flatMap(status -> status.state().terminated().finishedAt().stream())
                .max(Comparator.naturalOrder());
    }

    /// The number at the end of the name of a pod of `owner`, as StatefulSets number theirs.
    public static OptionalInt ordinal(Pod pod, String owner) {
        var prefix = owner + "-";
        var number = pod.name().startsWith(prefix) ? pod.name().substring(prefix.length()) : "";
        return number.matches("0|[1-9][0-9]{0,8}") ? OptionalInt.of(Integer.parseInt(number)) : OptionalInt.empty();
    }

    /// An init container that keeps running beside the others.
    public static boolean sidecar(Container container) {
        return container.restartPolicy() == RestartPolicy.ALWAYS;
    }

    /// Whether a container runs again after it has ended, by the first of its rules for that end, or else by its own
    /// policy or the pod's.
    public static boolean restarts(Container container, PodSpec spec, int exitCode) {
        if (rule(container, exitCode).isPresent()) return true;
        return switch (restartPolicy(container, spec)) {
            case ON_FAILURE -> exitCode != 0;
            case NEVER -> false;
            case ALWAYS, UNSET, UNRECOGNIZED -> true;
        };
    }

    /// Whether all containers of the pod begin anew once this one has ended so.
    public static boolean restartsAll(Container container, int exitCode) {
        return rule(container, exitCode)
                .filter(rule -> rule.action().equals(RESTART_ALL))
                .isPresent();
    }

    /// Whether some end of one of its containers makes all of them begin anew.
    public static boolean mayRestartAll(PodSpec spec) {
        return containers(spec).stream()
                .flatMap(container -> container.restartPolicyRules().stream())
                .anyMatch(rule -> rule.action().equals(RESTART_ALL));
    }

    /// The container's own policy, or else the pod's.
    public static RestartPolicy restartPolicy(Container container, PodSpec spec) {
        var own = container.restartPolicy();
        boolean known = own != RestartPolicy.UNSET && own != RestartPolicy.UNRECOGNIZED;
        return known ? own : spec.restartPolicy();
    }

    /// The first rule about this end. Rules count only beside a policy of the container's own.
    private static Optional<ContainerRestartRule> rule(Container container, int exitCode) {
        if (!container.hasRestartPolicy()) return Optional.empty();
        return container.restartPolicyRules().stream()
                .filter(rule -> {
                    boolean named = rule.exitCodes().values().contains(exitCode);
                    var operator = rule.exitCodes().operator();
                    return operator.equals("In") && named || operator.equals("NotIn") && !named;
                })
                .findFirst();
    }

    /// Absent when there is none of this name.
    public static Container initContainer(Pod pod, String name) {
        return pod.spec().initContainers().stream()
                .filter(container -> container.name().equals(name))
                .findFirst()
                .orElse(Container.ABSENT);
    }

    /// The annotation of pods that a node has made itself.
    public static final String MIRROR = AnnotationRules.MIRROR;

    /// Init containers in their order, then the others.
    public static List<Container> containers(PodSpec spec) {
        var result = new ArrayList<>(spec.initContainers());
        result.addAll(spec.containers());
        return result;
    }

    /// Also ephemeral containers, read as what they have in common with the others.
    public static List<Container> everyContainer(PodSpec spec) {
        var result = containers(spec);
        for (var container : spec.ephemeralContainers()) result.add(Container.of(container.view()));
        return result;
    }
}
