package io.navarch.kinds.runtimeclass;

import io.navarch.model.Overhead;
import io.navarch.model.Pod;
import io.navarch.model.PodSpec;
import io.navarch.model.Resources;
import io.navarch.model.RuntimeClass;
import io.navarch.model.Scheduling;
import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.Map;

/// Completes pods with the overhead and the placement of their runtime class.
///
/// Source: https://kubernetes.io/docs/concepts/containers/runtime-class/
public final class RuntimeClassAdmission implements Admission.Mutating, Admission.Validating {
    @Override
    public boolean handles(Admission.Attributes call) {
        return call.creates(Resources.PODS);
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> pod, View old, Admission.Lookup lookup) {
        Pod.edit(pod).spec(spec -> {
            var name = spec.build().runtimeClassName();
            if (name.isEmpty()) return;
            var runtime = lookup.get(Resources.RUNTIME_CLASSES, "", name);
            if (!runtime.exists()) throw refused(call, "pod rejected: RuntimeClass \"" + name + "\" not found");
            overhead(call, spec, runtime);
            placement(call, spec, runtime.scheduling());
        });
    }

    /// An overhead is the runtime class's, once everything else is right.
    @Override
    public void validate(Admission.Attributes call, View object, View old, Admission.Lookup lookup) {
        var spec = Pod.of(object).spec();
        var name = spec.runtimeClassName();
        var runtime = name.isEmpty() ? RuntimeClass.ABSENT : lookup.get(Resources.RUNTIME_CLASSES, "", name);
        if (!runtime.hasOverhead() && spec.hasOverhead())
            throw refused(call, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
    }

    private static void overhead(Admission.Attributes call, PodSpec.Builder spec, RuntimeClass runtime) {
        var overhead = runtime.overhead();
        var given = spec.build().raw(PodSpec.OVERHEAD);
        if (given.exists()
                && !Trees.semanticEquals(
                        given.value(), overhead.raw(Overhead.POD_FIXED).value()))
            throw refused(call, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
        if (overhead.hasPodFixed()) spec.overhead(overhead.podFixed());
    }

    private static void placement(Admission.Attributes call, PodSpec.Builder spec, Scheduling scheduling) {
        var own = spec.build().nodeSelector();
        scheduling.nodeSelector().forEach((key, value) -> {
            if (!own.getOrDefault(key, value).equals(value))
                throw refused(
                        call,
                        "conflict: RuntimeClass.Scheduling.NodeSelector and Pod.Spec.NodeSelector have conflicting values for the key "
                                + key);
            spec.putNodeSelector(key, value);
        });
        for (var toleration : scheduling.tolerations())
            if (!spec.build().tolerations().contains(toleration)) spec.addTolerations(toleration);
    }

    private static ApiException refused(Admission.Attributes call, String why) {
        return ApiException.forbidden(call.resource(), "", call.name(), why);
    }
}
