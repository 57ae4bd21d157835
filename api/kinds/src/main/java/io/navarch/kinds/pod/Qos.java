package io.navarch.kinds.pod;

import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.PodQosClass;
import io.navarch.model.PodSpec;
import io.navarch.model.ResourceRequirements;
import io.navarch.objects.Quantity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The quality-of-service class that a pod's requests and limits give it.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
public final class Qos {
    private static final List<String> COUNTED = List.of(ResourceNames.CPU, ResourceNames.MEMORY);

    private Qos() {}

    public static PodQosClass of(PodSpec spec) {
        var sum = new Sum();
        // What is asked for the pod as a whole counts instead of what its containers ask for.
        if (spec.hasResources())
            sum.add(spec.resources(), !spec.resources().limits().isEmpty());
        else for (var container : Pods.containers(spec)) sum.add(container.resources(), true);
        return sum.quality();
    }

    /// Amounts of what counts, added up.
    private static final class Sum {
        private final Map<String, Quantity> requests = new HashMap<>();
        private final Map<String, Quantity> limits = new HashMap<>();
        private boolean limited = true;

        /// @param must whether limits of everything are needed here for a guarantee
        void add(ResourceRequirements resources, boolean must) {
            for (var name : COUNTED) {
                add(requests, name, resources.requests());
                add(limits, name, resources.limits());
                if (must && !positive(resources.limits().getOrDefault(name, Quantity.ZERO))) limited = false;
            }
        }

        private static void add(Map<String, Quantity> total, String name, Map<String, Quantity> amounts) {
            var amount = amounts.getOrDefault(name, Quantity.ZERO);
            if (positive(amount)) total.merge(name, amount, Quantity::plus);
        }

        private static boolean positive(Quantity amount) {
            return amount.value().signum() > 0;
        }

        PodQosClass quality() {
            if (requests.isEmpty() && limits.isEmpty()) return PodQosClass.BEST_EFFORT;
            boolean equal = requests.keySet().equals(limits.keySet())
                    && requests.entrySet().stream()
                            .allMatch(each ->
                                    each.getValue().compareTo(limits.getOrDefault(each.getKey(), Quantity.ZERO)) == 0);
            return limited && equal ? PodQosClass.GUARANTEED : PodQosClass.BURSTABLE;
        }
    }
}
