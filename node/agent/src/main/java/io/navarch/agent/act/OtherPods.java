package io.navarch.agent.act;

import io.navarch.agent.decide.Eviction;
import io.navarch.model.Pod;
import java.util.List;

/// The pods of the node, as one of them knows them.
public interface OtherPods {
    /// Those that run here, or soon will.
    List<Pod> active();

    /// Ends a pod because the node has to; false when it is not here.
    boolean evict(Pod pod, Eviction eviction);

    /// Whether nothing of a pod runs any more, and its volumes take no room.
    boolean stopped(Pod pod);
}
