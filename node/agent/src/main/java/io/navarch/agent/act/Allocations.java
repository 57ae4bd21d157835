package io.navarch.agent.act;

import io.navarch.agent.decide.Allocation;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// What the node has agreed to give to each of its pods. Whoever asks for more gets it only beside all others.
public final class Allocations {
    private final Supplier<Collection<Pod>> pods;
    private final Map<String, Quantity> allocatable;
    /// By the pod's uid, for those only that once had another than they asked for; guarded by the monitor.
    private final Map<String, Allocation> changed = new HashMap<>();

    /// @param pods those of this node
    public Allocations(Supplier<Collection<Pod>> pods, Map<String, Quantity> allocatable) {
        this.pods = pods;
        this.allocatable = allocatable;
    }

    /// @param allocation what the pod may have
    /// @param granted whether that is new
    /// @param lacking why it is not what the pod asks for, `""` when it is
    record Answer(Allocation allocation, boolean granted, String lacking) {}

    /// Agrees to what a pod asks for, if it fits.
    synchronized Answer ask(Pod pod) {
        var now = allocation(pod);
        if (now.covers(pod)) return new Answer(now, false, "");
        var others = pods.get().stream()
                .filter(other -> !other.uid().equals(pod.uid()) && !Pods.ended(other))
                .map(other -> allocation(other).applied(other))
                .toList();
        var lacking = Allocation.lacking(pod, others, allocatable);
        if (!lacking.isEmpty()) {
            changed.put(pod.uid(), now);
            return new Answer(now, false, lacking);
        }
        var wanted = Allocation.wanted(pod);
        changed.put(pod.uid(), wanted);
        return new Answer(wanted, true, "");
    }

    private Allocation allocation(Pod pod) {
        var known = changed.get(pod.uid());
        return known == null ? Allocation.reported(pod) : known;
    }

    synchronized void forget(String uid) {
        changed.remove(uid);
    }
}
