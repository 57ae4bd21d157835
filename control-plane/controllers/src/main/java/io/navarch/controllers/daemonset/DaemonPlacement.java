package io.navarch.controllers.daemonset;

import io.navarch.kinds.node.NodeSelection;
import io.navarch.kinds.node.Taints;
import io.navarch.model.DaemonSet;
import io.navarch.model.Node;
import io.navarch.model.NodeSelectorOperator;
import io.navarch.model.NodeSelectorRequirement;
import io.navarch.model.NodeSelectorTerm;
import io.navarch.model.Pod;
import io.navarch.model.PodSpec;
import io.navarch.model.TaintEffect;
import io.navarch.model.Toleration;
import io.navarch.model.TolerationOperator;
import java.util.ArrayList;
import java.util.List;

/// On which nodes a DaemonSet's pods belong.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#how-daemon-pods-are-scheduled
final class DaemonPlacement {
    private final PodSpec template;
    private final List<Toleration> tolerations;
    /// A pod with nothing but the tolerations that all pods of the set have.
    private final Pod tolerant;

    DaemonPlacement(DaemonSet set) {
        template = set.spec().template().spec();
        tolerations = tolerations(template);
        tolerant = Pod.builder().spec(spec -> spec.tolerations(tolerations)).build();
    }

    /// @param run whether the node should have a pod
    /// @param stay whether a pod that is there may stay
    record Fit(boolean run, boolean stay) {}

    Fit fit(Node node) {
        var pinned = template.nodeName();
        if (!pinned.isEmpty() && !pinned.equals(node.name())) return new Fit(false, false);
        if (!NodeSelection.selects(template, node)) return new Fit(false, false);
        boolean tolerated = true;
        for (var taint : node.spec().taints()) {
            var effect = taint.effect();
            if (effect == TaintEffect.PREFER_NO_SCHEDULE || Taints.toleratedBy(tolerant, taint)) continue;
            if (effect == TaintEffect.NO_EXECUTE) return new Fit(false, false);
            tolerated = false;
        }
        return new Fit(tolerated, true);
    }

    /// Whether a change of a node changes what it should have.
    boolean moved(Node old, Node now) {
        return !fit(old).equals(fit(now));
    }

    /// Makes a pod one for this node only, whatever else its template asks of nodes by their fields.
    void bind(PodSpec.Builder pod, String field, String node) {
        var only = NodeSelectorRequirement.builder()
                .key(field)
                .operator(NodeSelectorOperator.IN)
                .values(List.of(node))
                .build();
        var terms = new ArrayList<NodeSelectorTerm>();
        for (var term : template.affinity()
                .nodeAffinity()
                .requiredDuringSchedulingIgnoredDuringExecution()
                .nodeSelectorTerms())
            terms.add(term.toBuilder().matchFields(List.of(only)).build());
        if (terms.isEmpty())
            terms.add(NodeSelectorTerm.builder().addMatchFields(only).build());
        pod.tolerations(tolerations)
                .affinity(
                        affinity -> affinity.nodeAffinity(nodes -> nodes.requiredDuringSchedulingIgnoredDuringExecution(
                                required -> required.nodeSelectorTerms(terms))));
    }

    private static List<Toleration> tolerations(PodSpec spec) {
        var result = new ArrayList<>(spec.tolerations());
        for (var taint : List.of(Taints.NOT_READY, Taints.UNREACHABLE)) add(result, taint, TaintEffect.NO_EXECUTE);
        for (var taint :
                List.of(Taints.DISK_PRESSURE, Taints.MEMORY_PRESSURE, Taints.PID_PRESSURE, Taints.UNSCHEDULABLE))
            add(result, taint, TaintEffect.NO_SCHEDULE);
        if (spec.hostNetwork()) add(result, Taints.NETWORK_UNAVAILABLE, TaintEffect.NO_SCHEDULE);
        return result;
    }

    private static void add(List<Toleration> tolerations, String key, TaintEffect effect) {
        var toleration = Toleration.builder()
                .key(key)
                .operator(TolerationOperator.EXISTS)
                .effect(effect)
                .build();
        if (!tolerations.contains(toleration)) tolerations.add(toleration);
    }
}
