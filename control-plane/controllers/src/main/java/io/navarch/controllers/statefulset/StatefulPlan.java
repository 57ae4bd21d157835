package io.navarch.controllers.statefulset;

import io.navarch.controllers.statefulset.StatefulReason.WaitingForOrdinal;
import io.navarch.controllers.statefulset.StatefulReason.WaitingForOrdinal.Until;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.ControllerRevision;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Pod;
import io.navarch.model.PodManagementPolicy;
import io.navarch.model.PodPhase;
import io.navarch.model.Resources;
import io.navarch.model.StatefulSet;
import io.navarch.model.StatefulSetUpdateStrategyType;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.EventTemplate;
import io.navarch.reconcile.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The next steps from the pods there are to those there should be: up in order, down in reverse order, then one by one
/// to the newest revision.
final class StatefulPlan {
    private final StatefulSet set;
    private final Map<String, PersistentVolumeClaim> claims;
    private final ControllerRevision current;
    private final ControllerRevision update;
    private final Instant now;
    private final boolean ordered;
    private final int minReady;
    private final int start;
    private final int end;
    private final TreeMap<Integer, Pod> replicas = new TreeMap<>();
    private final TreeMap<Integer, Pod> condemned = new TreeMap<>();

    /// @param claims of the set's namespace, by name
    StatefulPlan(
            StatefulSet set,
            List<Pod> pods,
            Map<String, PersistentVolumeClaim> claims,
            ControllerRevision current,
            ControllerRevision update,
            Instant now) {
        this.set = set;
        this.claims = claims;
        this.current = current;
        this.update = update;
        this.now = now;
        var spec = set.spec();
        ordered = spec.podManagementPolicy() != PodManagementPolicy.PARALLEL;
        minReady = spec.minReadySeconds();
        start = spec.ordinals().start();
        end = start + spec.replicasOr(1);
        for (var pod : pods) {
            int ordinal = Identity.ordinal(set, pod);
            (ordinal >= start && ordinal < end ? replicas : condemned).put(ordinal, pod);
        }
    }

    /// What happens to pods, in order, and what the set waits for.
    record Steps(List<Action> changes, List<Reason> waitingOn) {}

    /// What happens to one pod, and what the next ones wait for when they go in order.
    private record Step(List<Action> changes, Optional<Reason> waitingOn) {}

    Steps run() {
        var steps = new Steps(new ArrayList<>(), new ArrayList<>());
        for (int ordinal = start; ordinal < end; ordinal++)
            if (mustStop(steps, keep(ordinal, replicas.getOrDefault(ordinal, Pod.ABSENT)))) return steps;
        // Claims follow all pods that are to go before the first one goes.
        condemned.forEach((ordinal, pod) -> steps.changes.addAll(retain(pod, ordinal, true)));
        var unhealthy = firstUnhealthy();
        for (var entry : condemned.descendingMap().entrySet())
            if (mustStop(steps, remove(entry.getKey(), entry.getValue(), unhealthy))) return steps;
        if (set.spec().updateStrategy().type() != StatefulSetUpdateStrategyType.ON_DELETE) steps.changes.addAll(roll());
        return steps;
    }

    private boolean mustStop(Steps steps, Step step) {
        steps.changes.addAll(step.changes);
        step.waitingOn.ifPresent(steps.waitingOn::add);
        return ordered && step.waitingOn.isPresent();
    }

    private static Step waiting(int ordinal, Until until, List<Action> changes) {
        return new Step(changes, Optional.of(new WaitingForOrdinal(ordinal, until)));
    }

    private boolean available(Pod pod) {
        return Pods.available(pod, minReady, now);
    }

    private boolean healthy(Pod pod) {
        return StatefulStatus.running(pod) && available(pod) && !pod.deleting();
    }

    private Pod firstUnhealthy() {
        return Stream.concat(replicas.values().stream(), condemned.values().stream())
                .filter(pod -> !healthy(pod))
                .findFirst()
                .orElse(Pod.ABSENT);
    }

    private Step keep(int ordinal, Pod pod) {
        if (!pod.exists()) return make(ordinal);
        if (pod.deleting()) return waiting(ordinal, Until.GONE, List.of());
        if (Pods.ended(pod)) return waiting(ordinal, Until.GONE, List.of(delete(pod)));
        var changes = new ArrayList<Action>();
        if (pod.status().phase() == PodPhase.PENDING) changes.addAll(missingClaims(ordinal));
        changes.addAll(retain(pod, ordinal, false));
        Identity.missing(set, pod)
                .map(metadata -> Pod.builder().metadata(metadata).build())
                .ifPresent(patch -> changes.add(new Action.Patch(Resources.PODS, pod.key(), "", patch)));
        // A pod that cannot start is left as it is, though its template may be mended by now: whoever wants it to go
        // on deletes it. That is how StatefulSets have always been, and what works with them counts on it.
        if (StatefulStatus.running(pod) && available(pod)) return new Step(changes, Optional.empty());
        return waiting(ordinal, Until.AVAILABLE, changes);
    }

    /// A pod is not made while a claim of its name is about to go with the pod before it.
    private Step make(int ordinal) {
        for (var template : set.spec().volumeClaimTemplates()) {
            var claim = claims.get(Identity.claimName(set, ordinal, template));
            if (claim == null) continue;
            if (Identity.leftBehind(set, ordinal, claim)) return waiting(ordinal, Until.CREATED, List.of());
            if (claim.deleting()) {
                var reason = new StatefulReason.ClaimGoes(set, Identity.podName(set, ordinal), claim);
                return waiting(ordinal, Until.CREATED, List.of(Action.RecordEvent.warning(set, reason)));
            }
        }
        return waiting(ordinal, Until.CREATED, create(ordinal));
    }

    private boolean rolling() {
        return set.spec().updateStrategy().type() == StatefulSetUpdateStrategyType.ROLLING_UPDATE;
    }

    private ControllerRevision revisionFor(int ordinal) {
        if (!rolling()) return update;
        var rolling = set.spec().updateStrategy().rollingUpdate();
        int before = rolling.exists() ? rolling.partition() : set.status().currentReplicas();
        return ordinal < start + before ? current : update;
    }

    private List<Action> create(int ordinal) {
        var changes = new ArrayList<>(missingClaims(ordinal));
        var what = "Create Pod " + Identity.podName(set, ordinal) + " in StatefulSet " + set.name();
        changes.add(new Action.Create(
                Resources.PODS,
                Identity.pod(set, ordinal, revisionFor(ordinal)),
                creation(what + " successful", what + " failed error: %s")));
        return changes;
    }

    private EventTemplate creation(String done, String failed) {
        return new EventTemplate(set, "SuccessfulCreate", done, "FailedCreate", failed);
    }

    private List<Action> missingClaims(int ordinal) {
        var changes = new ArrayList<Action>();
        for (var template : set.spec().volumeClaimTemplates()) {
            var name = Identity.claimName(set, ordinal, template);
            if (claims.containsKey(name)) continue;
            var what = "Create Claim " + name;
            var whose = "Pod " + Identity.podName(set, ordinal) + " in StatefulSet " + set.name();
            changes.add(new Action.Create(
                    Resources.PERSISTENT_VOLUME_CLAIMS,
                    Identity.claim(set, ordinal, template),
                    creation(what + " " + whose + " success", what + " for " + whose + " failed error: %s")));
        }
        return changes;
    }

    /// Claims belong to the set or to the pod as the retention policy says.
    private List<Action> retain(Pod pod, int ordinal, boolean condemned) {
        var changes = new ArrayList<Action>();
        for (var template : set.spec().volumeClaimTemplates()) {
            var claim = claims.get(Identity.claimName(set, ordinal, template));
            if (claim == null || claim.deleting()) continue;
            Identity.owners(set, pod, claim, condemned)
                    .map(owners -> Action.Patch.ofMetadata(
                            Resources.PERSISTENT_VOLUME_CLAIMS, claim, metadata -> metadata.ownerReferences(owners)))
                    .ifPresent(changes::add);
        }
        return changes;
    }

    private Step remove(int ordinal, Pod pod, Pod unhealthy) {
        if (pod.deleting()) return waiting(ordinal, Until.GONE, List.of());
        boolean first = pod.uid().equals(unhealthy.uid());
        if (ordered && !first && !(StatefulStatus.running(pod) && available(pod)))
            return waiting(ordinal, Until.AVAILABLE, List.of());
        return waiting(ordinal, Until.GONE, List.of(delete(pod)));
    }

    private Action delete(Pod pod) {
        var what = "Delete Pod " + pod.name() + " in StatefulSet " + set.name();
        var event = new EventTemplate(
                set, "SuccessfulDelete", what + " successful", "FailedDelete", what + " failed error: %s");
        return new Action.Delete(Resources.PODS, pod.key(), pod.uid(), event);
    }

    private List<Action> roll() {
        var rolling = set.spec().updateStrategy().rollingUpdate();
        int lowest = start + rolling.partition();
        int most = rolling.hasMaxUnavailable()
                ? Math.max(1, rolling.maxUnavailable().scaled(end - start, false))
                : 1;
        return most == 1 ? rollOne(lowest) : rollSeveral(lowest, most);
    }

    private boolean old(Pod pod) {
        return !Identity.revision(pod).equals(update.name()) && !pod.deleting();
    }

    /// From the highest number down, each once all above it are available. Whether a pod to be replaced serves anybody
    /// does not matter.
    private List<Action> rollOne(int lowest) {
        for (int ordinal = end - 1; ordinal >= lowest; ordinal--) {
            var pod = replicas.getOrDefault(ordinal, Pod.ABSENT);
            if (pod.exists() && old(pod)) return List.of(delete(pod));
            if (!healthy(pod)) return List.of();
        }
        return List.of();
    }

    /// From the highest number down, no more at a time than may be unavailable.
    private List<Action> rollSeveral(int lowest, int most) {
        var down = new HashSet<Integer>();
        replicas.forEach((ordinal, pod) -> {
            if (!healthy(pod)) down.add(ordinal);
        });
        int room = most - (end - start - replicas.size()) - down.size();
        var changes = new ArrayList<Action>();
        for (var entry : replicas.descendingMap().entrySet()) {
            int ordinal = entry.getKey();
            if (ordinal < lowest) break;
            if (!old(entry.getValue())) continue;
            // A pod that serves nobody costs nothing.
            if (!down.contains(ordinal) && room-- <= 0) break;
            changes.add(delete(entry.getValue()));
        }
        return changes;
    }
}
