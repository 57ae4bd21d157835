package io.navarch.controllers.daemonset;

import io.navarch.controllers.PodTemplates;
import io.navarch.model.DaemonSet;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.EventTemplate;
import java.util.Comparator;

/// A DaemonSet's pods: which node and which template they are of, and how they come and go.
final class DaemonPods {
    /// The label with the hash of the template.
    static final String HASH = "controller-revision-hash";

    private static final String GENERATION = "pod-template-generation";
    private static final String NODE_NAME = "metadata.name";

    /// Pods that are on their node before those that are not, then the older before the younger.
    static final Comparator<Pod> OLDEST = Comparator.comparing(
                    (Pod pod) -> pod.spec().nodeName().isEmpty())
            .thenComparing(Pod::created)
            .thenComparing(Pod::name);

    private DaemonPods() {}

    static String hash(Pod pod) {
        return pod.labels().getOrDefault(HASH, "");
    }

    /// The node that a pod is on, or is meant for: `""` when it names none.
    static String node(Pod pod) {
        var assigned = pod.spec().nodeName();
        if (!assigned.isEmpty()) return assigned;
        var required = pod.spec().affinity().nodeAffinity().requiredDuringSchedulingIgnoredDuringExecution();
        return required.nodeSelectorTerms().stream()
                .flatMap(term -> term.matchFields().stream())
                .filter(field -> field.key().equals(NODE_NAME))
                .flatMap(field -> field.values().stream())
                .findFirst()
                .orElse("");
    }

    /// A pod for one node: it is bound to it by affinity, and stays there whatever the node's state.
    static Action create(DaemonSet set, DaemonPlacement placement, String node, String hash) {
        var generation = set.annotations().getOrDefault("deprecated.daemonset.template.generation", "1");
        var pod = PodTemplates.pod(set.spec().template(), set, Resources.DAEMON_SETS)
                .metadata(metadata -> metadata.putLabels(HASH, hash).putLabels(GENERATION, generation))
                .spec(spec -> placement.bind(spec, NODE_NAME, node))
                .build();
        return new Action.Create(Resources.PODS, pod, EventTemplate.created(set, "pod"));
    }

    static Action delete(DaemonSet set, Pod pod) {
        return new Action.Delete(Resources.PODS, pod.key(), pod.uid(), EventTemplate.deleted(set, "pod", pod.name()));
    }
}
