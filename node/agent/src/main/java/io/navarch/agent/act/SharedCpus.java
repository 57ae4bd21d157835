package io.navarch.agent.act;

import io.navarch.cri.ContainerConfig.Resources;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.RuntimeFailure;
import io.navarch.model.Pod;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps running containers on the processors that are theirs: those that share some make way for one that has come to
/// have some for itself, and spread out again when it has gone.
public final class SharedCpus {
    private static final Logger LOG = LoggerFactory.getLogger(SharedCpus.class);

    private final ContainerRuntime runtime;
    private final RuntimeCache cache;
    private final Placement placement;
    /// Where each container was put last, by its id.
    private Map<String, String> last = Map.of();

    public SharedCpus(ContainerRuntime runtime, RuntimeCache cache, Placement placement) {
        this.runtime = runtime;
        this.cache = cache;
        this.placement = placement;
    }

    /// @param pods that run
    public void follow(Collection<Pod> pods) {
        var now = new HashMap<String, String>();
        for (var pod : pods) {
            for (var container : cache.state(pod.uid()).running()) {
                var id = container.id();
                var cpus = placement.of(pod.uid(), container.name()).cpus();
                if (cpus.isEmpty() || cpus.equals(last.get(id)) || moved(pod, id, cpus)) now.put(id, cpus);
            }
        }
        last = now;
    }

    private boolean moved(Pod pod, String id, String cpus) {
        try {
            runtime.updateContainerResources(id, Resources.ofCpus(cpus));
            return true;
        } catch (RuntimeFailure e) {
            // It may have ended just now; if not, it is tried again.
            LOG.debug("pod {}: a container stays where it is: {}", pod.key(), e.getMessage());
            return false;
        }
    }
}
