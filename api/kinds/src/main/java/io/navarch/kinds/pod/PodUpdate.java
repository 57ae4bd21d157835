package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.ResourceRequirements;
import io.navarch.objects.FieldError;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What may change once a pod exists, through the pod itself and through its subresources.
final class PodUpdate {
    private PodUpdate() {}

    static List<FieldError> check(View pod, View old) {
        var check = new Check();
        if (!old.exists()) {
            if (!pod.spec().get("ephemeralContainers").list().isEmpty())
                check.add(FieldError.forbidden("spec.ephemeralContainers", "cannot be set on create"));
            return check.errors();
        }
        for (var field : List.of("containers", "initContainers")) {
            if (pod.spec().get(field).list().size()
                    == old.spec().get(field).list().size()) continue;
            check.add(FieldError.forbidden("spec." + field, "pod updates may not add or remove containers"));
            return check.errors();
        }
        var before = comparable(old);
        var after = comparable(pod);
        if (!gates(old).containsAll(gates(pod)))
            check.add(FieldError.forbidden(
                    "spec.schedulingGates", "only deletion is allowed, but found new scheduling gate"));
        if (!Trees.semanticEquals(before, after)) {
            check.add(
                    FieldError.forbidden(
                            "spec",
                            "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"));
        }
        var deadline = pod.spec().get("activeDeadlineSeconds");
        var past = old.spec().get("activeDeadlineSeconds");
        if (past.exists() && !deadline.exists())
            check.add(FieldError.invalid(
                    "spec.activeDeadlineSeconds", null, "must not update from a positive integer to nil value"));
        else if (past.exists() && deadline.longOr(0) > past.longOr(0))
            check.add(FieldError.invalid(
                    "spec.activeDeadlineSeconds", deadline.value(), "must be less than or equal to previous value"));
        if (!tolerations(pod).containsAll(tolerations(old))) {
            check.add(FieldError.forbidden(
                    "spec.tolerations", "existing toleration can not be modified except its tolerationSeconds"));
        }
        return check.errors();
    }

    private static List<String> gates(View pod) {
        return pod.spec().get("schedulingGates").stream()
                .map(gate -> gate.get("name").string())
                .toList();
    }

    private static List<Object> tolerations(View pod) {
        var result = new ArrayList<Object>();
        for (var toleration : pod.spec().get("tolerations").views()) {
            var copy = Trees.copy(toleration.map());
            copy.remove("tolerationSeconds");
            result.add(copy);
        }
        return result;
    }

    private static Map<String, Object> comparable(View pod) {
        var spec = Trees.copy(pod.spec().map());
        for (var field : List.of("activeDeadlineSeconds", "tolerations", "schedulingGates")) spec.remove(field);
        if (!gates(pod).isEmpty()) spec.remove("nodeSelector");
        for (var field : List.of("containers", "initContainers")) {
            for (var container : View.of(spec).get(field).list()) {
                if (container instanceof Map<?, ?> map) map.remove("image");
            }
        }
        return spec;
    }

    /// `pods/ephemeralcontainers`: containers may be added, none changed or taken away.
    static Map<String, Object> mergeEphemeral(Map<String, Object> sent, View old) {
        var pod = Trees.copy(old.map());
        var containers = View.of(sent).spec().get("ephemeralContainers");
        if (containers.exists()) Trees.put(pod, containers.value(), "spec", "ephemeralContainers");
        else Trees.remove(pod, "spec", "ephemeralContainers");
        return pod;
    }

    static List<FieldError> checkEphemeral(View pod, View old) {
        var check = new Check();
        PodRules.spec(pod.spec(), "spec", check);
        var now = pod.spec().get("ephemeralContainers");
        for (var container : old.spec().get("ephemeralContainers").views()) {
            var same = now.find("name", container.get("name").string());
            if (!same.exists())
                check.add(FieldError.forbidden(
                        "spec.ephemeralContainers",
                        "existing ephemeral containers \""
                                + container.get("name").string() + "\" may not be removed"));
            else if (!Trees.semanticEquals(same.value(), container.value()))
                check.add(FieldError.forbidden(
                        "spec.ephemeralContainers",
                        "existing ephemeral containers \""
                                + container.get("name").string() + "\" may not be changed"));
        }
        return check.errors();
    }

    /// `pods/resize`: only the amounts that containers ask for.
    static Map<String, Object> mergeResize(Map<String, Object> sent, View old) {
        var pod = Trees.copy(old.map());
        for (var field : List.of("containers", "initContainers")) {
            for (var element : View.of(pod).spec().get(field).list()) {
                if (!(element instanceof Map<?, ?> raw)) continue;
                @SuppressWarnings("unchecked")
                var container = (Map<String, Object>) raw;
                var wanted = View.of(sent).spec().get(field).find("name", String.valueOf(container.get("name")));
                for (var part : List.of("resources", "resizePolicy")) {
                    if (wanted.get(part).exists())
                        container.put(part, wanted.get(part).value());
                }
            }
        }
        return pod;
    }

    static List<FieldError> checkResize(View pod, View old) {
        var check = new Check();
        int i = 0;
        for (var container : pod.spec().get("containers").views()) {
            var resources = ResourceRequirements.of(container.get("resources"));
            check.resources(resources.limits(), resources.requests(), "spec.containers[" + i++ + "].resources");
        }
        if (!Qos.of(pod.spec()).equals(Qos.of(old.spec())))
            check.add(FieldError.invalid(
                    "spec", Qos.of(pod.spec()), "Pod QOS Class may not change as a result of resizing"));
        return check.errors();
    }
}
