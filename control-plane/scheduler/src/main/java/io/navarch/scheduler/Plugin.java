package io.navarch.scheduler;

import java.util.List;
import java.util.Optional;

/// The extension points of the scheduling framework that take part in a decision.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/scheduling-framework/
sealed interface Plugin {
    String name();

    /// Says why no node can take a pod; empty when that depends on the node.
    non-sealed interface PreFilter extends Plugin {
        Optional<String> preFilter(PodInfo pod);
    }

    /// Says why a node cannot take a pod; an empty list when it can.
    non-sealed interface Filter extends Plugin {
        List<Rejection> filter(PodInfo pod, NodeState node);
    }

    /// Rates a node that could take the pod, 0 to 100 after normalisation.
    non-sealed interface Score extends Plugin {
        double score(PodInfo pod, NodeState node);

        default int weight() {
            return 1;
        }

        default Normalisation normalisation() {
            return Normalisation.NONE;
        }
    }

    /// Whether scores are spread over 0 to 100, and turned round where less is better.
    enum Normalisation {
        NONE,
        HIGHER_IS_BETTER,
        LOWER_IS_BETTER
    }
}
