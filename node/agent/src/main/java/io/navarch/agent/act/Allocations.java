package io.navarch.agent.act;

import io.navarch.agent.decide.Allocation;
import io.navarch.agent.decide.NodeFit;
import io.navarch.agent.decide.NodeFit.Taken;
import io.navarch.agent.decide.PodAdmission.Rejection;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What the node has agreed to give to each of its pods: one book of all of them. They come, and ask for more, one
/// after the other, so that two never take the same.
public final class Allocations {
    /// What one pod takes, as the node has agreed to it.
    ///
    /// @param changed what its containers may have, for those only that once had another than they asked for
    private record Entry(Taken taken, @Nullable Allocation changed) {}

    private final Map<String, Quantity> allocatable;
    /// By the pod's uid; guarded by the monitor.
    private final Map<String, Entry> pods = new HashMap<>();

    private volatile boolean complete;

    /// @param allocatable what the node has for pods
    public Allocations(Map<String, Quantity> allocatable) {
        this.allocatable = allocatable;
    }

    /// @param allocation what the pod may have
    /// @param granted whether that is new
    /// @param lacking why it is not what the pod asks for, `""` when it is
    /// @param infeasible whether it never can be
    record Answer(Allocation allocation, boolean granted, String lacking, boolean infeasible) {}

    /// All pods that the node took before are counted: new ones may come.
    void complete() {
        complete = true;
    }

    /// Whether it is known what pods take that the node took before.
    boolean isComplete() {
        return complete;
    }

    /// Counts a pod that the node took before, if by an earlier agent: it stays, whatever there is.
    synchronized void count(Pod pod) {
        var agreed = allocation(pod);
        pods.put(pod.uid(), new Entry(Taken.of(agreed.applied(pod)), changed(pod.uid())));
    }

    /// Takes a new pod, unless the node has no room for it or is not meant by it.
    ///
    /// @param node as the API has it, absent when that is not known
    synchronized Optional<Rejection> admit(Pod pod, Node node) {
        var taken = Taken.of(pod);
        var rejection = NodeFit.rejection(pod, taken, others(pod.uid()), allocatable, node);
        if (rejection.isEmpty()) pods.put(pod.uid(), new Entry(taken, null));
        return rejection;
    }

    /// What there is too little of for a pod that must run; nothing when something else is in its way.
    ///
    /// @param node as the API has it, absent when that is not known
    synchronized List<NodeFit.Lack> lacking(Pod pod, Node node) {
        var taken = Taken.of(pod);
        var others = others(pod.uid());
        if (NodeFit.unsuited(pod, taken, others, node).isPresent()) return List.of();
        return NodeFit.crowded(taken, others, allocatable);
    }

    /// Whether a pod takes something.
    synchronized boolean holds(String uid) {
        return pods.containsKey(uid);
    }

    /// Agrees to what a pod asks for, if it fits.
    ///
    /// @param fixed why the pod's amount of a resource cannot change, `""` when it can
    synchronized Answer ask(Pod pod, UnaryOperator<String> fixed) {
        var now = allocation(pod);
        if (now.covers(pod)) return new Answer(now, false, "", false);
        for (var resource : Allocation.RESIZABLE) {
            var why = now.covers(pod, resource) ? "" : fixed.apply(resource);
            if (!why.isEmpty()) return new Answer(now, false, why, true);
        }
        var lacking = NodeFit.lacking(Allocation.RESIZABLE, Taken.of(pod), others(pod.uid()), allocatable);
        var agreed = lacking.isEmpty() ? Allocation.wanted(pod) : now;
        pods.put(pod.uid(), new Entry(Taken.of(agreed.applied(pod)), agreed));
        return new Answer(agreed, lacking.isEmpty(), lacking, false);
    }

    private Collection<Taken> others(String uid) {
        return pods.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(uid))
                .map(entry -> entry.getValue().taken)
                .toList();
    }

    private Allocation allocation(Pod pod) {
        var known = changed(pod.uid());
        return known == null ? Allocation.reported(pod) : known;
    }

    private @Nullable Allocation changed(String uid) {
        var entry = pods.get(uid);
        return entry == null ? null : entry.changed;
    }

    /// A pod takes nothing any more: it has ended, or is gone.
    synchronized void release(String uid) {
        pods.remove(uid);
    }
}
