package io.navarch.controllers.daemonset;

import io.navarch.controllers.OwnerReferences;
import io.navarch.kinds.pod.Pods;
import io.navarch.process.Backoff;
import io.navarch.reconcile.ReadStep;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How often pods of a DaemonSet have failed on a node: each time the next one waits longer. Forgotten with a restart,
/// which costs one pod that comes early. Shared by all workers.
public final class FailedPods implements ReadStep<DaemonSetController.Seen> {
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(15));

    private record Place(String set, String node) {}

    private record Failures(String lastUid, Instant at, int count) {
        Failures and(String uid, Instant when) {
            if (at.plus(BACKOFF.limit().multipliedBy(2)).isBefore(when)) return new Failures(uid, when, 1);
            return lastUid.equals(uid) ? this : new Failures(uid, when, count + 1);
        }

        Instant over() {
            return at.plus(BACKOFF.after(count));
        }
    }

    private final Map<Place, Failures> known = new ConcurrentHashMap<>();

    @Override
    public DaemonSetController.Seen read(DaemonSetController.Seen seen, Instant now) {
        var set = seen.set();
        var notBefore = new HashMap<String, Instant>();
        for (var pod : seen.pods()) {
            if (!Pods.failed(pod) || !OwnerReferences.owns(set, pod)) continue;
            var node = DaemonPods.node(pod);
            var at = Pods.finishedAt(pod).orElse(pod.created());
            var failures = known.compute(
                    new Place(set.uid(), node),
                    (place, before) -> before == null ? new Failures(pod.uid(), at, 1) : before.and(pod.uid(), at));
            notBefore.merge(node, failures.over(), (one, other) -> one.isAfter(other) ? one : other);
        }
        return seen.with(notBefore);
    }
}
