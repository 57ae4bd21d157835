package io.navarch.agent.garbage;

import io.navarch.agent.act.PodWorkers;
import io.navarch.agent.act.RuntimeCache;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.RuntimeFailure;
import io.navarch.kinds.pod.Pods;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes containers and sandboxes that nobody needs any more.
public record ContainerCollector(ContainerRuntime runtime, RuntimeCache cache) {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerCollector.class);

    /// @param ended whether also all of pods that have ended goes, with the logs
    public void collect(PodWorkers workers, boolean ended) {
        for (var pod : workers.known()) {
            boolean over = ended && Pods.ended(pod);
            var dead = DeadContainers.of(cache.state(pod.uid()), over);
            if (dead.containers().isEmpty() && dead.sandboxes().isEmpty()) continue;
            LOG.debug("pod {}: {} are removed", pod.key(), dead);
            dead.containers().forEach(id -> attempt(() -> runtime.removeContainer(id)));
            dead.sandboxes().forEach(id -> attempt(() -> runtime.removePodSandbox(id)));
            workers.runtimeChanged(pod.uid());
        }
    }

    private static void attempt(Runnable removal) {
        try {
            removal.run();
        } catch (RuntimeFailure e) {
            if (!e.notFound()) LOG.warn("cannot be removed: {}", e.getMessage());
        }
    }
}
