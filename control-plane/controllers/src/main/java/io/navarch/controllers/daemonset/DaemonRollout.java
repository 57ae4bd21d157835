package io.navarch.controllers.daemonset;

import io.navarch.controllers.Pods;
import io.navarch.controllers.Scaled;
import io.navarch.objects.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which pods of an older template go next, and which nodes get a newer one beside it, within `maxUnavailable` and
/// `maxSurge`.
final class DaemonRollout {
    final List<View> deletions = new ArrayList<>();
    final Set<String> surges = new HashSet<>();
    private final View set;
    private final String hash;
    private final Instant now;
    private final long minReady;

    DaemonRollout(View set, String hash, Instant now) {
        this.set = set;
        this.hash = hash;
        this.now = now;
        minReady = set.spec().get("minReadySeconds").longOr(0);
    }

    static boolean updated(View pod, String hash) {
        return pod.labels().getOrDefault(DaemonSetController.HASH, "").equals(hash);
    }

    static long maxSurge(View set, long desired) {
        return Scaled.of(set.spec().get("updateStrategy", "rollingUpdate", "maxSurge"), desired, true);
    }

    static long maxUnavailable(View set, long desired) {
        long value = Scaled.of(set.spec().get("updateStrategy", "rollingUpdate", "maxUnavailable"), desired, true);
        return value == 0 && maxSurge(set, desired) == 0 ? 1 : value;
    }

    private boolean available(View pod) {
        return !pod.deleting() && Pods.available(pod, minReady, now);
    }

    /// @param nodes the pods of each node that should have one
    DaemonRollout plan(Map<String, List<View>> nodes) {
        long desired = nodes.size();
        long surge = maxSurge(set, desired);
        if (surge > 0) surging(nodes, surge);
        else deleting(nodes, maxUnavailable(set, desired));
        return this;
    }

    private View newest(List<View> pods, boolean current) {
        return pods.stream()
                .filter(pod -> !Pods.ended(pod) && updated(pod, hash) == current)
                .reduce((first, second) -> Pods.created(second).isBefore(Pods.created(first)) ? first : second)
                .orElse(View.of(null));
    }

    private void deleting(Map<String, List<View>> nodes, long most) {
        long unavailable = 0;
        var candidates = new ArrayList<View>();
        for (var pods : nodes.values()) {
            var current = newest(pods, true);
            var old = newest(pods, false);
            if (current.exists()) {
                if (!available(current)) unavailable++;
            } else if (!old.exists()) {
                unavailable++;
            } else if (available(old)) {
                candidates.add(old);
            } else {
                // It serves nobody: replacing it costs nothing.
                unavailable++;
                if (!old.deleting()) deletions.add(old);
            }
        }
        long room = Math.max(0, most - unavailable);
        deletions.addAll(candidates.subList(0, (int) Math.min(room, candidates.size())));
    }

    private void surging(Map<String, List<View>> nodes, long most) {
        long surging = 0;
        var candidates = new ArrayList<String>();
        for (var entry : nodes.entrySet()) {
            var current = newest(entry.getValue(), true);
            var old = newest(entry.getValue(), false);
            if (!old.exists()) continue;
            if (!current.exists()) {
                if (available(old)) candidates.add(entry.getKey());
                else surges.add(entry.getKey());
            } else if (available(current)) {
                if (!old.deleting()) deletions.add(old);
            } else {
                surging++;
            }
        }
        long room = Math.max(0, most - surging);
        surges.addAll(candidates.subList(0, (int) Math.min(room, candidates.size())));
    }
}
