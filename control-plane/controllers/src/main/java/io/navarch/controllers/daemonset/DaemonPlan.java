package io.navarch.controllers.daemonset;

import io.navarch.controllers.Counts;
import io.navarch.controllers.Pods;
import io.navarch.model.EventType;
import io.navarch.model.Resources;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is missing, what is too much, and what the counts are, node by node.
final class DaemonPlan {
    private final DaemonSetController.Seen seen;
    private final View set;
    private final Map<String, List<View>> onNodes;
    private final String hash;
    private final Instant now;
    private final Set<String> missing = new LinkedHashSet<>();
    private final Map<String, View> excess = new LinkedHashMap<>();
    private final List<Action> telling = new ArrayList<>();
    /// The pods of each node that should have one.
    private final Map<String, List<View>> wanted = new LinkedHashMap<>();

    private Duration wait;

    DaemonPlan(DaemonSetController.Seen seen, Map<String, List<View>> onNodes, String hash, Instant now) {
        this.seen = seen;
        this.set = seen.set();
        this.onNodes = onNodes;
        this.hash = hash;
        this.now = now;
        var known = new HashSet<String>();
        for (var node : seen.nodes()) {
            known.add(node.name());
            place(node);
        }
        onNodes.forEach((node, pods) -> {
            if (!known.contains(node))
                for (var pod : pods) if (Pods.node(pod).isEmpty() && !pod.deleting()) remove(pod);
        });
        if (set.spec().get("updateStrategy", "type").string().equals("RollingUpdate")) roll();
    }

    private void remove(View pod) {
        excess.put(pod.uid(), pod);
    }

    private void place(View node) {
        var fit = DaemonPlacement.fit(set, node);
        var pods = onNodes.getOrDefault(node.name(), List.of());
        if (fit.run()) wanted.put(node.name(), pods);
        if (!fit.stay()) {
            for (var pod : pods) if (!pod.deleting()) remove(pod);
            return;
        }
        var running = new ArrayList<View>();
        for (var pod : pods) {
            if (pod.deleting()) continue;
            if (Pods.ended(pod)) replaceEnded(node, pod);
            else running.add(pod);
        }
        if (fit.run() && pods.isEmpty()) missing.add(node.name());
        trim(running);
    }

    /// An ended pod goes; a failed one only when its node may have the next. What comes in its place comes after it.
    private void replaceEnded(View node, View pod) {
        boolean failed = Pods.failed(pod);
        var due = seen.notBefore().get(node.name());
        if (failed && due != null && due.isAfter(now)) {
            wait = DaemonSetController.sooner(wait, Duration.between(now, due).plusMillis(5));
            return;
        }
        telling.add(Action.RecordEvent.of(
                set,
                failed ? EventType.WARNING : EventType.NORMAL,
                failed ? "FailedDaemonPod" : "SucceededDaemonPod",
                "Found " + (failed ? "failed" : "succeeded") + " daemon pod " + pod.key() + " on node " + node.name()
                        + ", will try to " + (failed ? "kill" : "delete") + " it"));
        remove(pod);
    }

    /// One pod stays, the oldest; with a surge under way one of each template.
    private void trim(List<View> running) {
        boolean surge = DaemonRollout.maxSurge(set, seen.nodes().size()) > 0;
        var kept = new HashSet<Boolean>();
        running.stream().sorted(DaemonSetController.OLDEST).forEach(pod -> {
            boolean group = surge && DaemonRollout.updated(pod, hash);
            if (!kept.add(group)) remove(pod);
        });
    }

    private void roll() {
        var left = new LinkedHashMap<String, List<View>>();
        wanted.forEach((node, pods) -> left.put(
                node,
                pods.stream().filter(pod -> !excess.containsKey(pod.uid())).toList()));
        var rollout = new DaemonRollout(set, hash, now).plan(left);
        rollout.deletions.forEach(this::remove);
        missing.addAll(rollout.surges);
    }

    void actions(List<Action> actions) {
        actions.addAll(telling);
        // First what goes: at no moment is there more than a surge allows.
        for (var pod : DaemonSetController.burst(List.copyOf(excess.values())))
            actions.add(DaemonSetController.delete(set, pod));
        for (var node : DaemonSetController.burst(List.copyOf(missing)))
            actions.add(DaemonSetController.create(set, node, hash));
    }

    Optional<Action> status() {
        long minReady = set.spec().get("minReadySeconds").longOr(0);
        long current = 0;
        long ready = 0;
        long available = 0;
        long updated = 0;
        long misplaced = 0;
        for (var node : seen.nodes()) {
            var pods = new ArrayList<>(onNodes.getOrDefault(node.name(), List.of()));
            if (pods.isEmpty()) continue;
            if (!wanted.containsKey(node.name())) {
                misplaced++;
                continue;
            }
            current++;
            pods.sort(DaemonSetController.OLDEST);
            var pod = pods.getFirst();
            if (Pods.ready(pod)) ready++;
            if (Pods.available(pod, minReady, now)) available++;
            if (DaemonRollout.updated(pods.getLast(), hash)) updated++;
            wait = DaemonSetController.sooner(wait, Pods.nextAvailability(List.of(pod), minReady, now));
        }
        var status = Trees.copy(set.status().map());
        status.put("desiredNumberScheduled", (long) wanted.size());
        status.put("currentNumberScheduled", current);
        status.put("numberMisscheduled", misplaced);
        status.put("numberReady", ready);
        Counts.put(status, "updatedNumberScheduled", updated);
        Counts.put(status, "numberAvailable", available);
        Counts.put(status, "numberUnavailable", wanted.size() - available);
        status.put("observedGeneration", set.metadata().get("generation").longOr(0));
        if (Trees.semanticEquals(status, set.status().map())) return Optional.empty();
        return Optional.of(Action.Update.status(Resources.DAEMON_SETS.untyped(), set, status));
    }

    Duration lookAgain() {
        return wait;
    }
}
