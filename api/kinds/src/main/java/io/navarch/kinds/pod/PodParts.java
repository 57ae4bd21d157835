package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.Container;
import io.navarch.model.EphemeralContainer;
import io.navarch.model.OsName;
import io.navarch.model.Pod;
import io.navarch.model.ResourceRequirements;
import io.navarch.objects.FieldError;
import io.navarch.objects.Quantity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What may change of a pod through its subresources: containers to look into it, and what it asks for.
final class PodParts {
    private PodParts() {}

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
        if (old.annotations().containsKey(AnnotationRules.MIRROR)) {
            check.forbidden("", "static pods do not support ephemeral containers");
            return check.errors();
        }
        PodRules.pod(pod, check);
        PodUpdate.annotations(pod, old, check);
        var path = "spec.ephemeralContainers";
        for (var container : old.spec().ephemeralContainers()) {
            var what = "existing ephemeral containers \"" + container.name() + "\" may not be ";
            var same = pod.spec().ephemeralContainers().stream()
                    .filter(each -> each.name().equals(container.name()))
                    .findFirst()
                    .orElse(EphemeralContainer.ABSENT);
            if (!same.exists()) check.forbidden(path, what + "removed\n");
            else check.unchanged(same, container, path, what + "changed");
        }
        return check.errors();
    }

    /// `pods/resize`: only the amounts that containers and the pod ask for.
    static Map<String, Object> mergeResize(Map<String, Object> sent, Pod old) {
        var wanted = new Pod(sent).spec();
        return old.toBuilder()
                .spec(spec -> {
                    spec.editContainers(container -> resize(container, wanted.containers()))
                            .editInitContainers(container -> resize(container, wanted.initContainers()));
                    if (wanted.hasResources()) spec.resources(wanted.resources());
                    else spec.clearResources();
                })
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
        if (old.annotations().containsKey(AnnotationRules.MIRROR)) {
            check.forbidden("", "static pods cannot be resized");
            return check.errors();
        }
        if (old.spec().os().name() == OsName.WINDOWS) {
            check.forbidden("", "windows pods cannot be resized");
            return check.errors();
        }
        PodRules.pod(pod, check);
        PodUpdate.annotations(pod, old, check);
        var qos = pod.status().qosClass();
        if (Qos.of(pod.spec()) != (old.status().hasQosClass() ? old.status().qosClass() : Qos.of(old.spec())))
            check.invalid("spec", qos.text(), "Pod QOS Class may not change as a result of resizing");
        var resources = pod.spec().resources();
        var before = old.spec().resources();
        if (before.exists() && !resources.exists()) {
            check.forbidden("spec.resources", "pod-level resources cannot be removed");
        } else {
            removed(resources, before, "spec.resources", "pod-level resource ", check);
            if (!same(resources, before))
                check.forbidden("spec", "only cpu and memory resources are mutable at pod-level");
        }
        containers(pod, old, check);
        return check.errors();
    }

    private static void containers(Pod pod, Pod old, Check check) {
        var init = pod.spec().initContainers();
        var oldInit = old.spec().initContainers();
        var all = pod.spec().containers();
        var oldAll = old.spec().containers();
        for (int i = 0; i < init.size(); i++) {
            if (Pods.sidecar(oldInit.get(i)))
                removed(
                        init.get(i).resources(),
                        oldInit.get(i).resources(),
                        "spec.initContainers[" + i + "].resources",
                        "resource ",
                        check);
        }
        for (int i = 0; i < all.size(); i++)
            removed(
                    all.get(i).resources(),
                    oldAll.get(i).resources(),
                    "spec.containers[" + i + "].resources",
                    "resource ",
                    check);
        for (int i = 0; i < all.size(); i++) {
            if (!same(all.get(i), oldAll.get(i))) check.forbidden("spec", "only cpu and memory resources are mutable");
        }
        for (int i = 0; i < init.size(); i++) {
            var now = init.get(i);
            if (!Pods.sidecar(now)) {
                if (!now.semanticEquals(oldInit.get(i)))
                    check.forbidden("spec", "resources for non-sidecar init containers are immutable");
            } else if (!same(now, oldInit.get(i))) {
                check.forbidden(
                        "spec.initContainers[" + i + "]",
                        "only cpu and memory resources for init or sidecar containers are mutable");
            }
        }
    }

    private static void removed(
            ResourceRequirements now, ResourceRequirements old, String path, String what, Check check) {
        if (!now.requests().keySet().containsAll(old.requests().keySet()))
            check.forbidden(path + ".requests", what + "requests cannot be removed");
        if (!now.limits().keySet().containsAll(old.limits().keySet()))
            check.forbidden(path + ".limits", what + "limits cannot be removed");
    }

    /// Whether nothing differs but amounts of cpu and memory.
    private static boolean same(Container now, Container old) {
        var other = now.toBuilder().resources(old.resources()).build();
        return other.semanticEquals(old) && same(now.resources(), old.resources());
    }

    private static boolean same(ResourceRequirements now, ResourceRequirements old) {
        return now.raw(ResourceRequirements.CLAIMS)
                        .list()
                        .equals(old.raw(ResourceRequirements.CLAIMS).list())
                && rest(now.requests()).equals(rest(old.requests()))
                && rest(now.limits()).equals(rest(old.limits()));
    }

    private static Map<String, Quantity> rest(Map<String, Quantity> amounts) {
        var result = new LinkedHashMap<>(amounts);
        result.keySet().removeAll(List.of("cpu", "memory"));
        return result;
    }
}
