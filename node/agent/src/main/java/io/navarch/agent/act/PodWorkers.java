package io.navarch.agent.act;

import io.navarch.model.Pod;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The workers of a node's pods, by the pod's uid.
public final class PodWorkers {
    private static final Logger LOG = LoggerFactory.getLogger(PodWorkers.class);

    private final WorkerParts parts;
    private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();

    public PodWorkers(WorkerParts parts) {
        this.parts = parts;
    }

    /// A change of a pod of this node: `old` is absent for an addition, `now` for a deletion.
    public void changed(Pod old, Pod now) {
        var worker = now.exists()
                ? workers.computeIfAbsent(now.uid(), uid -> new PodWorker(parts, workers::remove, now))
                : workers.get(old.uid());
        if (worker != null) worker.update(old, now);
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

    /// Removes what the runtime has of pods that the API no longer knows: they were deleted while this agent was away.
    public void removeOrphans() {
        for (var uid : parts.cache().pods()) {
            if (workers.containsKey(uid)) continue;
            LOG.info("removing what is left of pod {}", uid);
            parts.stop().removeOrphan(parts.cache().state(uid));
            parts.files().removeVolumes(uid);
            parts.cache().refresh(uid);
        }
    }
}
