package io.navarch.controllers.daemonset;

import io.navarch.controllers.Pods;
import io.navarch.kinds.node.NodeSelection;
import io.navarch.kinds.node.Taints;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// On which nodes a DaemonSet's pods belong.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#how-daemon-pods-are-scheduled
final class DaemonPlacement {
    private DaemonPlacement() {}

    /// @param run whether the node should have a pod
    /// @param stay whether a pod that is there may stay
    record Fit(boolean run, boolean stay) {}

    static Fit fit(View set, View node) {
        var spec = set.spec().get("template", "spec");
        var pinned = spec.get("nodeName").string();
        if (!pinned.isEmpty() && !pinned.equals(node.name())) return new Fit(false, false);
        if (!NodeSelection.selects(spec, node)) return new Fit(false, false);
        var pod = View.of(Trees.map("spec", Trees.map("tolerations", tolerations(spec))));
        boolean tolerated = true;
        for (var taint : node.spec().get("taints").views()) {
            var effect = taint.get("effect").string();
            if (effect.equals("PreferNoSchedule") || Taints.toleratedBy(pod, taint)) continue;
            if (effect.equals("NoExecute")) return new Fit(false, false);
            tolerated = false;
        }
        return new Fit(tolerated, true);
    }

    /// The node that a pod is on, or is meant for: `""` when it names none.
    static String node(View pod) {
        if (!Pods.node(pod).isEmpty()) return Pods.node(pod);
        for (var term : required(pod.spec()).views())
            for (var field : term.get("matchFields").views())
                if (field.get("key").string().equals("metadata.name"))
                    return field.get("values").at(0).string();
        return "";
    }

    private static View required(View podSpec) {
        return podSpec.get("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
                .get("nodeSelectorTerms");
    }

    /// The pod's spec for one node: it is bound to it by affinity, and stays there whatever the node's state.
    static Map<String, Object> specFor(View template, String node) {
        var spec = Trees.copy(template.spec().map());
        spec.put("tolerations", tolerations(template.spec()));
        var field = Trees.map("key", "metadata.name", "operator", "In", "values", Trees.list(node));
        var terms = required(template.spec()).views();
        var bound = new ArrayList<Object>();
        if (terms.isEmpty()) bound.add(Trees.map("matchFields", Trees.list(field)));
        // The node's name takes the place of other fields: a pod is for this node, whatever else is asked of it.
        for (var term : terms) {
            var copy = Trees.copy(term.map());
            copy.put("matchFields", Trees.list(field));
            bound.add(copy);
        }
        Trees.put(
                spec,
                bound,
                "affinity",
                "nodeAffinity",
                "requiredDuringSchedulingIgnoredDuringExecution",
                "nodeSelectorTerms");
        return spec;
    }

    private static List<Object> tolerations(View spec) {
        var result = Trees.list(spec.get("tolerations").list().toArray());
        add(result, "not-ready", "NoExecute");
        add(result, "unreachable", "NoExecute");
        for (var pressure : List.of("disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"))
            add(result, pressure, "NoSchedule");
        if (spec.get("hostNetwork").bool()) add(result, "network-unavailable", "NoSchedule");
        return result;
    }

    private static void add(List<Object> tolerations, String key, String effect) {
        var toleration = Trees.map("key", "node.kubernetes.io/" + key, "operator", "Exists", "effect", effect);
        if (!tolerations.contains(toleration)) tolerations.add(toleration);
    }
}
