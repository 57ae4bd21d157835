package io.navarch.kinds.priorityclass;

import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.List;
import java.util.Map;

/// Writes a pod's priority from its class.
public final class PriorityAdmission implements Admission.Mutating {
    @Override
    public boolean handles(Admission.Attributes call) {
        return call.is("", "pods")
                && call.subresource().isEmpty()
                && (call.operation().equals("CREATE") || call.operation().equals("UPDATE"));
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> pod, View old, Admission.Lookup lookup) {
        var spec = Trees.child(pod, "spec");
        if (old.exists()) {
            // What a class once gave stays with the pod, also when a client leaves it out.
            for (var field : List.of("priority", "preemptionPolicy"))
                if (old.spec().get(field).exists())
                    Trees.putIfAbsent(spec, old.spec().get(field).value(), field);
            return;
        }
        var name = View.of(spec).get("priorityClassName").string();
        var chosen = View.of(null);
        if (name.isEmpty()) {
            for (var candidate : lookup.list("scheduling.k8s.io", "priorityclasses", "")) {
                boolean better = !chosen.exists()
                        || candidate.get("value").longOr(0)
                                < chosen.get("value").longOr(0);
                if (candidate.get("globalDefault").bool() && better) chosen = candidate;
            }
            if (chosen.exists()) spec.put("priorityClassName", chosen.name());
        } else {
            chosen = lookup.get("scheduling.k8s.io", "priorityclasses", "", name);
            if (!chosen.exists()) {
                throw ApiException.forbidden(
                        "pods", "", call.name(), "no PriorityClass with name " + name + " was found");
            }
        }
        long priority = chosen.get("value").longOr(0);
        if (View.of(spec).get("priority").exists()
                && View.of(spec).get("priority").longOr(0) != priority) {
            throw ApiException.forbidden(
                    "pods",
                    "",
                    call.name(),
                    "the integer value of priority ("
                            + View.of(spec).get("priority").longOr(0)
                            + ") must not be provided in pod spec; priority admission controller computed "
                            + priority + " from the given PriorityClass name");
        }
        spec.put("priority", priority);
        Trees.putIfAbsent(spec, chosen.get("preemptionPolicy").stringOr("PreemptLowerPriority"), "preemptionPolicy");
    }
}
