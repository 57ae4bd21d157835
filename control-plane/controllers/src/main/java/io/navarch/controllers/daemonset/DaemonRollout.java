package io.navarch.controllers.daemonset;

import io.navarch.kinds.pod.Pods;
import io.navarch.model.DaemonSet;
import io.navarch.model.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which pods of an older template go next, and which nodes get a newer one beside it, within `maxUnavailable` and
/// `maxSurge`.
final class DaemonRollout {
    private final DaemonSet set;
    private final String hash;
    private final Instant now;
    private final int minReady;

    DaemonRollout(DaemonSet set, String hash, Instant now) {
        this.set = set;
        this.hash = hash;
        this.now = now;
        minReady = set.spec().minReadySeconds();
    }

    /// @param surges nodes that get a pod of the new template beside the old one
    record Step(List<Pod> deletions, Set<String> surges) {}

    /// What goes at once, and what may go as far as there is room.
    private static final class Candidates<T> {
        private final List<T> now = new ArrayList<>();
        private final List<T> later = new ArrayList<>();
        private int busy;

        List<T> within(int most) {
            int room = Math.max(0, most - busy);
            now.addAll(later.subList(0, Math.min(room, later.size())));
            return now;
        }
    }

    static int maxSurge(DaemonSet set, int desired) {
        return set.spec().updateStrategy().rollingUpdate().maxSurge().scaled(desired, true);
    }

    private int maxUnavailable(int desired) {
        int value = set.spec().updateStrategy().rollingUpdate().maxUnavailable().scaled(desired, true);
        return value == 0 && maxSurge(set, desired) == 0 ? 1 : value;
    }

    private boolean available(Pod pod) {
        return !pod.deleting() && Pods.available(pod, minReady, now);
    }

    /// @param nodes the pods of each node that should have one
    Step next(Map<String, List<Pod>> nodes) {
        int desired = nodes.size();
        int surge = maxSurge(set, desired);
        return surge > 0 ? surging(nodes, surge) : new Step(deletions(nodes).within(maxUnavailable(desired)), Set.of());
    }

    /// The youngest pod that runs with the present template, or with another one.
    private Pod newest(List<Pod> pods, boolean current) {
        return pods.stream()
                .filter(pod -> !Pods.ended(pod) && DaemonPods.hash(pod).equals(hash) == current)
                .reduce((first, second) -> second.created().isBefore(first.created()) ? first : second)
                .orElse(Pod.ABSENT);
    }

    private Candidates<Pod> deletions(Map<String, List<Pod>> nodes) {
        var result = new Candidates<Pod>();
        for (var pods : nodes.values()) {
            var current = newest(pods, true);
            var old = newest(pods, false);
            if (current.exists()) {
                if (!available(current)) result.busy++;
            } else if (!old.exists()) {
                result.busy++;
            } else if (available(old)) {
                result.later.add(old);
            } else {
                // It serves nobody: replacing it costs nothing.
                result.busy++;
                if (!old.deleting()) result.now.add(old);
            }
        }
        return result;
    }

    private Step surging(Map<String, List<Pod>> nodes, int most) {
        var deletions = new ArrayList<Pod>();
        var surges = new Candidates<String>();
        nodes.forEach((node, pods) -> {
            var current = newest(pods, true);
            var old = newest(pods, false);
            if (!old.exists()) return;
            if (!current.exists()) (available(old) ? surges.later : surges.now).add(node);
            else if (!available(current)) surges.busy++;
            else if (!old.deleting()) deletions.add(old);
        });
        return new Step(deletions, new HashSet<>(surges.within(most)));
    }
}
