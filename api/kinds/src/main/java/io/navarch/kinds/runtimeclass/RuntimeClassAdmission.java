package io.navarch.kinds.runtimeclass;

import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.Map;

/// Completes pods with the overhead and the placement of their runtime class.
///
/// Source: https://kubernetes.io/docs/concepts/containers/runtime-class/
public final class RuntimeClassAdmission implements Admission.Mutating {
    @Override
    public boolean handles(Admission.Attributes call) {
        return call.creates("", "pods");
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> pod, View old, Admission.Lookup lookup) {
        var spec = Trees.child(pod, "spec");
        var name = View.of(spec).get("runtimeClassName").string();
        var given = View.of(spec).get("overhead");
        if (name.isEmpty()) {
            if (given.exists() && !given.map().isEmpty())
                throw refused(
                        call, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
            return;
        }
        var runtime = lookup.get("node.k8s.io", "runtimeclasses", "", name);
        if (!runtime.exists()) throw refused(call, "pod rejected: RuntimeClass \"" + name + "\" not found");
        var overhead = runtime.get("overhead", "podFixed");
        if (given.exists() && !Trees.semanticEquals(given.value(), overhead.value()))
            throw refused(call, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
        if (overhead.exists()) spec.put("overhead", Trees.copy(overhead.value()));
        runtime.get("scheduling", "nodeSelector").map().forEach((key, value) -> {
            var own = View.of(spec).get("nodeSelector").get(key);
            if (own.exists() && !own.value().equals(value))
                throw refused(
                        call,
                        "conflict: RuntimeClass.Scheduling.NodeSelector and Pod.Spec.NodeSelector have conflicting values for the key "
                                + key);
            Trees.put(spec, value, "nodeSelector", key);
        });
        var tolerations = runtime.get("scheduling", "tolerations").list();
        if (tolerations.isEmpty()) return;
        var all = Trees.childList(spec, "tolerations");
        for (var toleration : tolerations) if (!all.contains(toleration)) all.add(Trees.copy(toleration));
    }

    private static ApiException refused(Admission.Attributes call, String why) {
        return ApiException.forbidden("pods", "", call.name(), why);
    }
}
