package io.navarch.agent.act;

import io.navarch.agent.decide.Eviction;
import io.navarch.agent.decide.StaticPod;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Pod;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The workers of a node's pods, by the pod's uid.
public final class PodWorkers implements OtherPods {
    private static final Logger LOG = LoggerFactory.getLogger(PodWorkers.class);

    private final WorkerParts parts;
    private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
    /// Those of which only files are left that somebody takes away.
    private final Set<String> going = ConcurrentHashMap.newKeySet();

    public PodWorkers(WorkerParts parts) {
        this.parts = parts;
    }

    /// A change of a pod of this node: `old` is absent for an addition, `now` for a deletion.
    public void changed(Pod old, Pod now) {
        // Before any worker looks: who was here before is counted before others come.
        if (!old.exists() && begun(now)) parts.allocations().count(now);
        var worker = now.exists()
                ? workers.computeIfAbsent(now.uid(), uid -> new PodWorker(parts, this, this::forget, now))
                : workers.get(old.uid());
        if (worker != null) worker.update(old, now);
    }

    /// Whether this node has taken a pod that goes on, if by an earlier agent.
    private boolean begun(Pod pod) {
        return !Pods.ended(pod)
                && (pod.status().hasStartTime()
                        || !parts.cache().state(pod.uid()).sandboxes().isEmpty());
    }

    /// All pods that the node took before have come: new ones may.
    public void complete() {
        parts.allocations().complete();
        workers.values().forEach(PodWorker::wake);
    }

    private void forget(String uid) {
        workers.remove(uid);
        parts.released().accept(uid);
    }

    /// The runtime has something new of the pod, which the cache has seen.
    public void wake(String uid) {
        var worker = workers.get(uid);
        if (worker != null) worker.wake();
    }

    /// The runtime has something new of the pod, which the cache has not seen.
    public void runtimeChanged(String uid) {
        var worker = workers.get(uid);
        if (worker != null) worker.runtimeChanged();
    }

    @Override
    public List<Pod> active() {
        return workers.values().stream()
                .map(PodWorker::cached)
                .filter(pod -> pod.exists() && !Pods.ended(pod))
                .toList();
    }

    /// All pods of the node, also those that have ended.
    public List<Pod> known() {
        return workers.values().stream()
                .map(PodWorker::cached)
                .filter(Pod::exists)
                .toList();
    }

    @Override
    public boolean evict(Pod pod, Eviction eviction) {
        var worker = workers.get(pod.uid());
        if (worker == null) return false;
        worker.evict(eviction);
        return true;
    }

    @Override
    public boolean stopped(Pod pod) {
        var state = parts.cache().state(pod.uid());
        return state.running().isEmpty()
                && state.readySandbox().isEmpty()
                && !parts.files().holdsVolumes(pod.uid());
    }

    /// Brings the control groups in line with what runs.
    public void followCgroups() {
        var active = active();
        var used = new HashSet<String>();
        for (var pod : active) used.add(pod.uid());
        // Of one that goes nobody has the pod any more.
        for (var uid : workers.keySet()) if (!parts.cache().state(uid).running().isEmpty()) used.add(uid);
        parts.cgroups().follow(active, used);
    }

    /// Removes what the runtime has of pods that the node ran by itself and that nobody describes any more: whatever
    /// the API says of others.
    public void removeStaticOrphans() {
        remove(StaticPod::isUid);
    }

    private void remove(Predicate<String> some) {
        for (var uid : parts.cache().pods()) {
            if (workers.containsKey(uid) || !some.test(uid)) continue;
            LOG.info("removing what is left of pod {}", uid);
            parts.stop().removeOrphan(parts.cache().state(uid));
            parts.cache().refresh(uid);
        }
    }

    /// Removes what the runtime and the disk have of pods that the API no longer knows: they were deleted while this
    /// agent was away.
    ///
    /// @param known whether it is known that nobody describes a pod of this uid that is not here
    public void removeOrphans(Predicate<String> known) {
        remove(known);
        for (var uid : parts.files().pods()) {
            // It is here before its files are, and goes after them.
            if (!workers.containsKey(uid) && known.test(uid) && going.add(uid))
                parts.tasks().start("orphan-" + uid, () -> removeVolumes(uid));
        }
    }

    /// Whoever has to take them away may not answer: that holds up nobody else.
    private void removeVolumes(String uid) {
        try {
            parts.files().removeVolumes(uid);
        } catch (UncheckedIOException e) {
            LOG.warn("what is left of pod {}: {}", uid, e.getMessage());
        } finally {
            going.remove(uid);
        }
    }
}
