package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.PodSchedulingGate;
import io.navarch.model.PodSpec;
import io.navarch.objects.FieldError;
import io.navarch.objects.Trees;
import java.util.List;
import java.util.Map;

/// What may change once a pod exists, through the pod itself and through its subresources.
final class PodUpdate {
    private PodUpdate() {}

    static List<FieldError> check(Pod pod, Pod old) {
        var check = new Check();
        var now = pod.spec();
        var before = old.spec();
        if (!old.exists()) {
            if (!now.ephemeralContainers().isEmpty())
                check.forbidden("spec.ephemeralContainers", "cannot be set on create");
            return check.errors();
        }
        for (var field : List.of(PodSpec.CONTAINERS, PodSpec.INIT_CONTAINERS)) {
            if (now.raw(field).list().size() == before.raw(field).list().size()) continue;
            check.forbidden("spec." + field, "pod updates may not add or remove containers");
            return check.errors();
        }
        if (!gates(before).containsAll(gates(now)))
            check.forbidden("spec.schedulingGates", "only deletion is allowed, but found new scheduling gate");
        if (!Trees.semanticEquals(comparable(before), comparable(now)))
            check.forbidden(
                    "spec",
                    "pod updates may not change fields other than `spec.containers[*].image`,"
                            + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
                            + "`spec.tolerations` (only additions to existing tolerations),"
                            + "`spec.terminationGracePeriodSeconds`"
                            + " (allow it to be set to 1 if it was previously negative)");
        deadline(now, before, check);
        if (!tolerations(now).containsAll(tolerations(before)))
            check.forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
        return check.errors();
    }

    private static void deadline(PodSpec now, PodSpec before, Check check) {
        if (!before.hasActiveDeadlineSeconds()) return;
        if (!now.hasActiveDeadlineSeconds())
            check.invalid("spec.activeDeadlineSeconds", null, "must not update from a positive integer to nil value");
        else if (now.activeDeadlineSeconds() > before.activeDeadlineSeconds())
            check.invalid(
                    "spec.activeDeadlineSeconds",
                    now.activeDeadlineSeconds(),
                    "must be less than or equal to previous value");
    }

    private static List<String> gates(PodSpec spec) {
        return spec.schedulingGates().stream().map(PodSchedulingGate::name).toList();
    }

    private static List<Map<String, Object>> tolerations(PodSpec spec) {
        return spec.tolerations().stream()
                .map(toleration ->
                        toleration.toBuilder().clearTolerationSeconds().map())
                .toList();
    }

    /// The spec without what an update may change.
    private static Map<String, Object> comparable(PodSpec spec) {
        var result = spec.toBuilder()
                .clearActiveDeadlineSeconds()
                .clearTolerations()
                .clearSchedulingGates()
                .editContainers(Container.Builder::clearImage)
                .editInitContainers(Container.Builder::clearImage);
        if (!spec.schedulingGates().isEmpty()) result.clearNodeSelector();
        return result.map();
    }

    /// `pods/ephemeralcontainers`: containers may be added, none changed or taken away.
    static Map<String, Object> mergeEphemeral(Map<String, Object> sent, Pod old) {
        var wanted = new Pod(sent).spec();
        return old.toBuilder()
                .spec(spec -> {
                    if (wanted.hasEphemeralContainers()) spec.ephemeralContainers(wanted.ephemeralContainers());
                    else spec.clearEphemeralContainers();
                })
                .map();
    }

    static List<FieldError> checkEphemeral(Pod pod, Pod old) {
        var check = new Check();
        PodRules.spec(pod.spec(), "spec", check);
        for (var container : old.spec().ephemeralContainers()) {
            var what = "existing ephemeral containers \"" + container.name() + "\" may not be ";
            var same = pod.spec().ephemeralContainers().stream()
                    .filter(each -> each.name().equals(container.name()))
                    .findFirst();
            if (same.isEmpty()) check.forbidden("spec.ephemeralContainers", what + "removed");
            else check.unchanged(same.get(), container, "spec.ephemeralContainers", what + "changed");
        }
        return check.errors();
    }

    /// `pods/resize`: only the amounts that containers ask for.
    static Map<String, Object> mergeResize(Map<String, Object> sent, Pod old) {
        var wanted = new Pod(sent).spec();
        return old.toBuilder()
                .spec(spec -> spec.editContainers(container -> resize(container, wanted.containers()))
                        .editInitContainers(container -> resize(container, wanted.initContainers())))
                .map();
    }

    private static void resize(Container.Builder container, List<Container> sent) {
        var name = container.build().name();
        for (var wanted : sent) {
            if (!wanted.name().equals(name)) continue;
            if (wanted.hasResources()) container.resources(wanted.resources());
            if (wanted.hasResizePolicy()) container.resizePolicy(wanted.resizePolicy());
            return;
        }
    }

    static List<FieldError> checkResize(Pod pod, Pod old) {
        var check = new Check();
        Check.each(pod.spec().containers(), "spec.containers", (container, at) -> {
            var resources = container.resources();
            check.resources(resources.limits(), resources.requests(), at + ".resources");
        });
        var qos = Qos.of(pod.spec());
        if (qos != Qos.of(old.spec()))
            check.invalid("spec", qos.text(), "Pod QOS Class may not change as a result of resizing");
        return check.errors();
    }
}
