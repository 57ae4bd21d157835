package io.navarch.agent.api;

import io.navarch.agent.decide.RuntimeState;
import io.navarch.agent.stats.ClaimUsage;
import io.navarch.model.Pod;
import java.util.Collection;
import java.util.List;

/// The pods of the node.
public interface NodePods {
    Collection<Pod> all();

    /// Absent when it is not on this node.
    Pod get(String namespace, String name);

    /// What the runtime has of a pod.
    RuntimeState state(String uid);

    /// What is known of a pod's claims.
    default Collection<ClaimUsage> claims(String uid) {
        return List.of();
    }
}
