package io.navarch.agent.act;

import io.navarch.agent.decide.NodeFit;
import io.navarch.agent.decide.NodeFit.Taken;
import io.navarch.agent.decide.PodAdmission.Rejection;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The pods that the node has taken, and what they take of it. They come one after the other, so that two never take
/// the same.
public final class AdmittedPods {
    private final Map<String, Quantity> allocatable;
    private final Map<String, Taken> pods = new HashMap<>();

    /// @param allocatable what the node has for pods
    public AdmittedPods(Map<String, Quantity> allocatable) {
        this.allocatable = allocatable;
    }

    /// Takes a pod, unless there is no room for it.
    ///
    /// @param begun whether the node has taken it before: then it stays, whatever there is
    synchronized Optional<Rejection> admit(Pod pod, boolean begun) {
        pods.remove(pod.uid());
        var taken = Taken.of(pod);
        var rejection = begun ? Optional.<Rejection>empty() : NodeFit.rejection(taken, pods.values(), allocatable);
        if (rejection.isEmpty()) pods.put(pod.uid(), taken);
        return rejection;
    }

    /// A pod takes nothing any more: it has ended, or is gone.
    synchronized void release(String uid) {
        pods.remove(uid);
    }
}
