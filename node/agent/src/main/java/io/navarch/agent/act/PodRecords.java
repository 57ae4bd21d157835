package io.navarch.agent.act;

import io.navarch.model.Pod;
import io.navarch.model.PodStatus;
import java.util.Optional;

/// Where it is written down how pods are, as a port: in the API, or with those that the node runs by itself.
public interface PodRecords {
    /// Writes the status; returns the pod as it is then, or nothing when it has changed meanwhile, or is gone.
    Optional<Pod> write(Pod pod, PodStatus status);

    /// Lets a pod go of which nothing is left here.
    void delete(Pod pod);
}
