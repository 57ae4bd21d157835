package io.navarch.kinds.node;

import io.navarch.objects.LabelSelector;
import io.navarch.objects.View;
import java.util.Map;

/// Which nodes a pod may run on by its `nodeSelector` and its required node affinity.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
public final class NodeSelection {
    private NodeSelection() {}

    public static boolean selects(View podSpec, View node) {
        var wanted = LabelSelector.ofLabels(podSpec.get("nodeSelector").stringMap());
        var required = podSpec.get("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
        return wanted.matches(node.labels()) && (!required.exists() || matchesAny(required, node));
    }

    /// Whether one of the terms of a NodeSelector matches.
    public static boolean matchesAny(View selector, View node) {
        return selector.get("nodeSelectorTerms").stream().anyMatch(term -> matches(term, node));
    }

    /// An empty term matches nothing.
    public static boolean matches(View term, View node) {
        if (term.get("matchExpressions").list().isEmpty()
                && term.get("matchFields").list().isEmpty()) return false;
        for (var expression : term.get("matchExpressions").views())
            if (!LabelSelector.expression(expression).matches(node.labels())) return false;
        for (var expression : term.get("matchFields").views())
            if (!LabelSelector.expression(expression).matches(Map.of("metadata.name", node.name()))) return false;
        return true;
    }
}
