package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.Affinity;
import io.navarch.model.Container;
import io.navarch.model.NodeAffinity;
import io.navarch.model.NodeSelectorTerm;
import io.navarch.model.Pod;
import io.navarch.model.PodSchedulingGate;
import io.navarch.model.PodSpec;
import io.navarch.model.Toleration;
import io.navarch.objects.FieldError;
import io.navarch.objects.Trees;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a pod must be when it is made, and what may change once it exists.
final class PodUpdate {
    private static final String CHANGEABLE = "pod updates may not change fields other than `spec.containers[*].image`,"
            + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
            + "`spec.tolerations` (only additions to existing tolerations),"
            + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
    private static final String REQUIRED =
            "spec.affinity.nodeAffinity." + NodeAffinity.REQUIRED_DURING_SCHEDULING_IGNORED_DURING_EXECUTION;

    private PodUpdate() {}

    static List<FieldError> check(Pod pod, Pod old) {
        var check = new Check();
        PodRules.pod(pod, check);
        if (old.exists()) update(pod, old, check);
        else create(pod, check);
        return check.errors();
    }

    private static void create(Pod pod, Check check) {
        var spec = pod.spec();
        if (!spec.ephemeralContainers().isEmpty())
            check.forbidden("spec.ephemeralContainers", "cannot be set on create");
        if (!spec.nodeName().isEmpty() && !spec.schedulingGates().isEmpty())
            check.forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared");
        AnnotationRules.profiles(pod.annotations(), spec, "spec", check);
    }

    /// What the metadata must be in every update, also through subresources.
    static void annotations(Pod pod, Pod old, Check check) {
        AnnotationRules.update(pod.annotations(), old.annotations(), check);
        AnnotationRules.check(pod.annotations(), pod.spec(), "metadata.annotations", check);
    }

    private static void update(Pod pod, Pod old, Check check) {
        annotations(pod, old, check);
        var now = pod.spec();
        var before = old.spec();
        for (var field : List.of(PodSpec.CONTAINERS, PodSpec.INIT_CONTAINERS)) {
            if (now.raw(field).list().size() != before.raw(field).list().size()) {
                check.forbidden("spec." + field, "pod updates may not add or remove containers");
                return;
            }
            var containers = now.raw(field).stream().map(Container::of).toList();
            Check.each(containers, "spec." + field, (container, at) -> {
                check.required(container.image(), at + ".image");
                ContainerRules.image(container, at, check);
            });
        }
        if (!deadline(now, before, check)) return;
        if (!without(now.tolerations()).containsAll(without(before.tolerations())))
            check.forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
        else
            Check.each(
                    now.tolerations(),
                    "spec.tolerations",
                    (toleration, at) -> SchedulingRules.toleration(toleration, at, check));
        gates(now, before, check);
        rest(now, before, check);
    }

    /// @return whether the rest is worth looking at
    private static boolean deadline(PodSpec now, PodSpec before, Check check) {
        var path = "spec.activeDeadlineSeconds";
        if (!now.hasActiveDeadlineSeconds()) {
            if (before.hasActiveDeadlineSeconds())
                check.invalid(path, null, "must not update from a positive integer to nil value");
            return true;
        }
        long seconds = now.activeDeadlineSeconds();
        int wrong = check.errors().size();
        check.range(seconds, path, 0, Integer.MAX_VALUE);
        if (check.errors().size() == wrong
                && before.hasActiveDeadlineSeconds()
                && seconds > before.activeDeadlineSeconds())
            check.invalid(path, seconds, "must be less than or equal to previous value");
        return check.errors().size() == wrong;
    }

    private static List<Map<String, Object>> without(List<Toleration> tolerations) {
        return tolerations.stream()
                .map(toleration ->
                        toleration.toBuilder().clearTolerationSeconds().map())
                .toList();
    }

    private static void gates(PodSpec now, PodSpec before, Check check) {
        var indexes = new HashMap<String, Integer>();
        var gates = now.schedulingGates();
        for (int i = 0; i < gates.size(); i++) indexes.put(gates.get(i).name(), i);
        before.schedulingGates().stream().map(PodSchedulingGate::name).forEach(indexes::remove);
        indexes.forEach((name, index) -> check.forbidden(
                "spec.schedulingGates[" + index + "].name",
                "only deletion is allowed, but found new scheduling gate '" + name + "'"));
    }

    /// Everything that has no rule of its own stays as it is.
    private static void rest(PodSpec now, PodSpec before, Check check) {
        var changed = now.toBuilder();
        changed.clearActiveDeadlineSeconds().clearTolerations().clearSchedulingGates();
        changed.editContainers(Container.Builder::clearImage).editInitContainers(Container.Builder::clearImage);
        var kept = before.toBuilder();
        kept.clearActiveDeadlineSeconds().clearTolerations().clearSchedulingGates();
        kept.editContainers(Container.Builder::clearImage).editInitContainers(Container.Builder::clearImage);
        if (before.terminationGracePeriodSeconds() < 0 && now.terminationGracePeriodSeconds() == 1) {
            changed.clearTerminationGracePeriodSeconds();
            kept.clearTerminationGracePeriodSeconds();
        }
        if (!before.schedulingGates().isEmpty()) {
            selector(now, before, check);
            nodeAffinity(now.affinity(), before.affinity(), check);
            changed.clearNodeSelector();
            kept.clearNodeSelector();
            withoutNodes(changed);
            withoutNodes(kept);
        }
        if (!Trees.semanticEquals(changed.map(), kept.map())) check.forbidden("spec", CHANGEABLE);
    }

    /// An affinity that says no more than the other is none.
    private static void withoutNodes(PodSpec.Builder spec) {
        var affinity = spec.build().affinity();
        if (!affinity.exists()) return;
        var others = affinity.toBuilder().clearNodeAffinity().build();
        if (others.semanticEquals(Affinity.ABSENT)) spec.clearAffinity();
        else spec.affinity(others);
    }

    private static void selector(PodSpec now, PodSpec before, Check check) {
        if (!now.nodeSelector().entrySet().containsAll(before.nodeSelector().entrySet()))
            check.invalid(
                    "spec.nodeSelector",
                    now.nodeSelector(),
                    "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
    }

    private static void nodeAffinity(Affinity now, Affinity before, Check check) {
        var old = before.nodeAffinity().requiredDuringSchedulingIgnoredDuringExecution();
        var terms = now.nodeAffinity()
                .requiredDuringSchedulingIgnoredDuringExecution()
                .nodeSelectorTerms();
        var oldTerms = old.nodeSelectorTerms();
        if (now.nodeAffinity().semanticEquals(before.nodeAffinity()) || oldTerms.isEmpty()) return;
        var path = REQUIRED + ".nodeSelectorTerms";
        if (terms.size() != oldTerms.size()) {
            check.invalid(
                    path,
                    GoForm.terms(terms),
                    "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
            return;
        }
        for (int i = 0; i < terms.size(); i++) {
            if (!added(terms.get(i), oldTerms.get(i)))
                check.invalid(
                        path + "[" + i + "]",
                        GoForm.term(terms.get(i)),
                        "only additions are allowed (no mutations or deletions)");
        }
    }

    private static boolean added(NodeSelectorTerm now, NodeSelectorTerm old) {
        boolean empty = old.matchExpressions().isEmpty() && old.matchFields().isEmpty();
        if (empty) return now.matchExpressions().isEmpty() && now.matchFields().isEmpty();
        return begins(now.matchExpressions(), old.matchExpressions()) && begins(now.matchFields(), old.matchFields());
    }

    private static boolean begins(List<?> now, List<?> old) {
        return now.size() >= old.size() && now.subList(0, old.size()).equals(old);
    }
}
