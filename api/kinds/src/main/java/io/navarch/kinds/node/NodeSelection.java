package io.navarch.kinds.node;

import io.navarch.model.Node;
import io.navarch.model.NodeSelector;
import io.navarch.model.NodeSelectorTerm;
import io.navarch.model.PodSpec;
import io.navarch.objects.LabelSelector;
import java.util.Map;

/// Which nodes a pod may run on by its `nodeSelector` and its required node affinity.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
public final class NodeSelection {
    private NodeSelection() {}

    public static boolean selects(PodSpec spec, Node node) {
        var required = spec.affinity().nodeAffinity().requiredDuringSchedulingIgnoredDuringExecution();
        return LabelSelector.ofLabels(spec.nodeSelector()).matches(node.labels())
                && (!required.exists() || matchesAny(required, node));
    }

    /// Whether one of the terms matches.
    public static boolean matchesAny(NodeSelector selector, Node node) {
        return selector.nodeSelectorTerms().stream().anyMatch(term -> matches(term, node));
    }

    /// An empty term matches nothing.
    public static boolean matches(NodeSelectorTerm term, Node node) {
        if (term.matchExpressions().isEmpty() && term.matchFields().isEmpty()) return false;
        var fields = Map.of("metadata.name", node.name());
        return term.matchExpressions().stream().map(LabelSelector::expression).allMatch(it -> it.matches(node.labels()))
                && term.matchFields().stream().map(LabelSelector::expression).allMatch(it -> it.matches(fields));
    }
}
