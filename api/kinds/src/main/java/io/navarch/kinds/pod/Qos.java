package io.navarch.kinds.pod;

import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.PodQosClass;
import io.navarch.model.PodSpec;
import io.navarch.objects.Quantity;
import java.util.List;

/// The quality-of-service class that a pod's requests and limits give it.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
public final class Qos {
    private Qos() {}

    public static PodQosClass of(PodSpec spec) {
        boolean anything = false;
        boolean guaranteed = true;
        for (var container : Pods.containers(spec)) {
            for (var resource : List.of(ResourceNames.CPU, ResourceNames.MEMORY)) {
                var limit = container.resources().limits().getOrDefault(resource, Quantity.ZERO);
                var request = container.resources().requests().getOrDefault(resource, limit);
                boolean limited = limit.value().signum() != 0;
                anything |= limited || request.value().signum() != 0;
                guaranteed &= limited && request.compareTo(limit) == 0;
            }
        }
        if (!anything) return PodQosClass.BEST_EFFORT;
        return guaranteed ? PodQosClass.GUARANTEED : PodQosClass.BURSTABLE;
    }
}
