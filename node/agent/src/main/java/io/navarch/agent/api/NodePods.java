package io.navarch.agent.api;

import io.navarch.agent.decide.RuntimeState;
import io.navarch.model.Pod;
import java.util.Collection;

/// The pods of the node.
public interface NodePods {
    Collection<Pod> all();

    /// Absent when it is not on this node.
    Pod get(String namespace, String name);

    /// What the runtime has of a pod.
    RuntimeState state(String uid);
}
