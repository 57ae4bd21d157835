package io.navarch.controllers.daemonset;

import io.navarch.controllers.Counts;
import io.navarch.controllers.WaitingForPods;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.DaemonSet;
import io.navarch.model.DaemonSetStatus;
import io.navarch.model.DaemonSetUpdateStrategyType;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is missing, what is too much, and what the counts are, node by node.
final class DaemonPlan {
    /// At most this many pods are created, and deleted, in one pass.
    private static final int BURST = 250;

    private final DaemonSet set;
    private final Collection<Node> nodes;
    private final Map<String, List<Pod>> onNodes;
    private final Map<String, Instant> notBefore;
    private final String hash;
    private final Instant now;
    private final DaemonPlacement placement;
    private final boolean surge;
    private final Set<String> missing = new LinkedHashSet<>();
    private final Map<String, Pod> excess = new LinkedHashMap<>();
    private final List<Action> replacements = new ArrayList<>();
    /// The pods of each node that should have one.
    private final Map<String, List<Pod>> wanted = new LinkedHashMap<>();

    private Optional<Duration> wait = Optional.empty();
    private final DaemonSetStatus status;

    /// What an event says about a pod that has ended and is replaced.
    private record EndedPod(Pod pod, String node, boolean failed) implements Reason {
        @Override
        public String reason() {
            return failed ? "FailedDaemonPod" : "SucceededDaemonPod";
        }

        @Override
        public String message() {
            return "Found " + (failed ? "failed" : "succeeded") + " daemon pod " + pod.key() + " on node " + node
                    + ", will try to " + (failed ? "kill" : "delete") + " it";
        }
    }

    /// @param pods of the set
    /// @param notBefore by node, when a failed pod there may be replaced
    /// @param hash of the present template
    DaemonPlan(
            DaemonSet set,
            Collection<Node> nodes,
            List<Pod> pods,
            Map<String, Instant> notBefore,
            String hash,
            Instant now) {
        this.set = set;
        this.nodes = nodes;
        this.notBefore = notBefore;
        this.hash = hash;
        this.now = now;
        onNodes = new LinkedHashMap<>();
        for (var pod : pods)
            onNodes.computeIfAbsent(DaemonPods.node(pod), node -> new ArrayList<>())
                    .add(pod);
        placement = new DaemonPlacement(set);
        surge = DaemonRollout.maxSurge(set, nodes.size()) > 0;
        for (var node : nodes) place(node);
        dropUnplaced();
        if (set.spec().updateStrategy().type() == DaemonSetUpdateStrategyType.ROLLING_UPDATE) roll();
        status = count();
    }

    private void remove(Pod pod) {
        excess.put(pod.uid(), pod);
    }

    /// Pods that never came to their node, which is gone; those that did are the pod garbage collector's.
    private void dropUnplaced() {
        var known = new HashSet<String>();
        for (var node : nodes) known.add(node.name());
        onNodes.forEach((node, pods) -> {
            if (known.contains(node)) return;
            pods.stream().filter(pod -> !Pods.assigned(pod) && !pod.deleting()).forEach(this::remove);
        });
    }

    private void place(Node node) {
        var fit = placement.fit(node);
        var pods = onNodes.getOrDefault(node.name(), List.of());
        if (fit.run()) wanted.put(node.name(), pods);
        var going = pods.stream().filter(pod -> !pod.deleting()).toList();
        if (!fit.stay()) {
            going.forEach(this::remove);
            return;
        }
        var running = new ArrayList<Pod>();
        for (var pod : going) {
            if (Pods.ended(pod)) replaceEnded(node.name(), pod);
            else running.add(pod);
        }
        if (fit.run() && pods.isEmpty()) missing.add(node.name());
        if (running.size() > 1) trim(running);
    }

    /// An ended pod goes; a failed one only when its node may have the next. Its successor is created once it is gone.
    private void replaceEnded(String node, Pod pod) {
        boolean failed = Pods.failed(pod);
        var due = notBefore.getOrDefault(node, now);
        if (failed && due.isAfter(now)) {
            sooner(Optional.of(Duration.between(now, due).plusMillis(5)));
            return;
        }
        var reason = new EndedPod(pod, node, failed);
        replacements.add(failed ? Action.RecordEvent.warning(set, reason) : Action.RecordEvent.normal(set, reason));
        remove(pod);
    }

    /// One pod stays, the oldest; with a surge under way one of each template.
    private void trim(List<Pod> running) {
        var kept = new HashSet<Boolean>();
        running.sort(DaemonPods.OLDEST);
        for (var pod : running) {
            boolean group = surge && DaemonPods.hash(pod).equals(hash);
            if (!kept.add(group)) remove(pod);
        }
    }

    private void roll() {
        var left = new LinkedHashMap<String, List<Pod>>();
        wanted.forEach((node, pods) -> left.put(
                node,
                pods.stream().filter(pod -> !excess.containsKey(pod.uid())).toList()));
        var step = new DaemonRollout(set, hash, now).next(left);
        step.deletions().forEach(this::remove);
        missing.addAll(step.surges());
    }

    private void sooner(Optional<Duration> other) {
        if (other.isPresent() && (wait.isEmpty() || other.get().compareTo(wait.get()) < 0)) wait = other;
    }

    List<Action> changes() {
        var actions = new ArrayList<>(replacements);
        // Deletions first: at no moment are there more pods than a surge allows.
        excess.values().stream().limit(BURST).forEach(pod -> actions.add(DaemonPods.delete(set, pod)));
        missing.stream().limit(BURST).forEach(node -> actions.add(DaemonPods.create(set, placement, node, hash)));
        return actions;
    }

    private DaemonSetStatus count() {
        int minReady = set.spec().minReadySeconds();
        int current = 0;
        int ready = 0;
        int available = 0;
        int updated = 0;
        int misplaced = 0;
        for (var node : nodes) {
            var pods = onNodes.get(node.name());
            if (pods == null) continue;
            if (!wanted.containsKey(node.name())) {
                misplaced++;
                continue;
            }
            current++;
            if (pods.size() > 1) pods.sort(DaemonPods.OLDEST);
            var pod = pods.getFirst();
            if (Pods.ready(pod)) ready++;
            if (Pods.available(pod, minReady, now)) available++;
            if (DaemonPods.hash(pods.getLast()).equals(hash)) updated++;
            sooner(Pods.nextAvailability(List.of(pod), minReady, now));
        }
        var counts = set.status().toBuilder()
                .desiredNumberScheduled(wanted.size())
                .currentNumberScheduled(current)
                .numberMisscheduled(misplaced)
                .numberReady(ready)
                .updatedNumberScheduled(updated)
                .numberAvailable(available)
                .numberUnavailable(wanted.size() - available)
                .observedGeneration(set.metadata().generation());
        Counts.omitZeros(
                counts,
                DaemonSetStatus.UPDATED_NUMBER_SCHEDULED,
                DaemonSetStatus.NUMBER_AVAILABLE,
                DaemonSetStatus.NUMBER_UNAVAILABLE);
        return counts.build();
    }

    DaemonSetStatus status() {
        return status;
    }

    Optional<Duration> requeueAfter() {
        return wait;
    }

    List<Reason> waitingOn() {
        int unavailable = status.currentNumberScheduled() - status.numberAvailable();
        return WaitingForPods.of(missing.size(), unavailable, excess.size());
    }
}
