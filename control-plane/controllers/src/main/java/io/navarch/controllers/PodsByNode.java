package io.navarch.controllers;

import io.navarch.client.Cache;
import io.navarch.client.Caches;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import java.util.List;

/// The index of pods by the node they are assigned to; pods without a node are under `""`.
public final class PodsByNode {
    private static final String NAME = "node";

    private PodsByNode() {}

    /// Keeps the index that [#on] reads.
    public static Cache<Pod> index(Caches caches) {
        return caches.of(Resources.PODS)
                .indexedBy(NAME, pod -> List.of(pod.spec().nodeName()));
    }

    public static List<Pod> on(Caches caches, String node) {
        return caches.of(Resources.PODS).byIndex(NAME, node);
    }
}
