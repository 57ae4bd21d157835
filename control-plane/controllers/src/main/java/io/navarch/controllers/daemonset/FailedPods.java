package io.navarch.controllers.daemonset;

import io.navarch.client.Cache;
import io.navarch.controllers.Pods;
import io.navarch.objects.View;
import io.navarch.process.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How often pods of a DaemonSet have failed on a node: each time the next one waits longer. Forgotten with a restart,
/// which costs one pod that comes early.
final class FailedPods {
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(15));

    private record Place(String set, String node) {}

    private record Failures(String lastUid, Instant at, int count) {}

    private final Map<Place, Failures> known = new ConcurrentHashMap<>();

    /// By node, when the failed pod there may be replaced.
    Map<String, Instant> notBefore(View set, List<View> pods) {
        var result = new HashMap<String, Instant>();
        for (var pod : pods) {
            if (!Pods.failed(pod) || !Cache.controllerOf(pod).contains(set.uid())) continue;
            var node = DaemonPlacement.node(pod);
            var at = Pods.finishedAt(pod).orElse(Pods.created(pod));
            var failures = known.compute(new Place(set.uid(), node), (place, before) -> {
                if (before == null
                        || before.at.plus(BACKOFF.limit().multipliedBy(2)).isBefore(at))
                    return new Failures(pod.uid(), at, 1);
                return before.lastUid.equals(pod.uid()) ? before : new Failures(pod.uid(), at, before.count + 1);
            });
            result.merge(node, failures.at.plus(BACKOFF.after(failures.count)), (a, b) -> a.isAfter(b) ? a : b);
        }
        return result;
    }
}
