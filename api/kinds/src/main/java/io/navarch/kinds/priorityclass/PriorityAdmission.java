package io.navarch.kinds.priorityclass;

import io.navarch.model.Pod;
import io.navarch.model.PodSpec;
import io.navarch.model.PreemptionPolicy;
import io.navarch.model.PriorityClass;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.Map;

/// Gives pods the priority of their class.
public final class PriorityAdmission implements Admission.Mutating {
    @Override
    public boolean handles(Admission.Attributes call) {
        return call.is(Resources.PODS)
                && call.subresource().isEmpty()
                && (call.operation() == Operation.CREATE || call.operation() == Operation.UPDATE);
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> object, View old, Admission.Lookup lookup) {
        var pod = Pod.edit(object);
        if (old.exists()) pod.spec(spec -> keep(spec, Pod.of(old).spec()));
        else pod.spec(spec -> assign(call, spec, lookup));
    }

    /// What a class once gave stays with the pod, even when a client leaves it out.
    private static void keep(PodSpec.Builder spec, PodSpec old) {
        var now = spec.build();
        if (!now.hasPriority() && old.hasPriority()) spec.priority(old.priority());
        if (!now.hasPreemptionPolicy() && old.hasPreemptionPolicy()) spec.preemptionPolicy(old.preemptionPolicy());
    }

    private static void assign(Admission.Attributes call, PodSpec.Builder spec, Admission.Lookup lookup) {
        var pod = spec.build();
        var name = pod.priorityClassName();
        var chosen = name.isEmpty() ? globalDefault(lookup) : lookup.get(Resources.PRIORITY_CLASSES, "", name);
        if (!name.isEmpty() && !chosen.exists())
            throw refused(call, "no PriorityClass with name " + name + " was found");
        if (name.isEmpty() && chosen.exists()) spec.priorityClassName(chosen.name());
        int priority = chosen.value();
        if (pod.hasPriority() && pod.priority() != priority)
            throw refused(
                    call,
                    "the integer value of priority (" + pod.priority()
                            + ") must not be provided in pod spec; priority admission controller computed " + priority
                            + " from the given PriorityClass name");
        spec.priority(priority);
        var given = pod.raw(PodSpec.PREEMPTION_POLICY).string();
        var policy = chosen.hasPreemptionPolicy() ? chosen.preemptionPolicy() : PreemptionPolicy.PREEMPT_LOWER_PRIORITY;
        if (pod.hasPreemptionPolicy() && !given.equals(policy.text()))
            throw refused(
                    call,
                    "the string value of PreemptionPolicy (" + given
                            + ") must not be provided in pod spec; priority admission controller computed " + policy
                            + " from the given PriorityClass name");
        spec.preemptionPolicy(policy);
    }

    /// The class of pods that name none: of several that are marked the one with the lowest value.
    private static PriorityClass globalDefault(Admission.Lookup lookup) {
        var chosen = PriorityClass.ABSENT;
        for (var candidate : lookup.list(Resources.PRIORITY_CLASSES, "")) {
            boolean better = !chosen.exists() || candidate.value() < chosen.value();
            if (candidate.globalDefault() && better) chosen = candidate;
        }
        return chosen;
    }

    private static ApiException refused(Admission.Attributes call, String why) {
        return ApiException.forbidden(call.resource(), "", call.name(), why);
    }
}
