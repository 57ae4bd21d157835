package io.navarch.kinds.pod;

import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import java.util.List;

/// The quality-of-service class that a pod's requests and limits give it.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
public final class Qos {
    private Qos() {}

    public static String of(View spec) {
        boolean anything = false;
        boolean guaranteed = true;
        for (var field : List.of("initContainers", "containers")) {
            for (var container : spec.get(field).views()) {
                for (var resource : List.of("cpu", "memory")) {
                    var limit = Quantity.parseOr(
                            container.get("resources", "limits", resource).value(), Quantity.ZERO);
                    var request = Quantity.parseOr(
                            container.get("resources", "requests", resource).value(), limit);
                    if (limit.value().signum() != 0 || request.value().signum() != 0) anything = true;
                    if (limit.value().signum() == 0 || request.compareTo(limit) != 0) guaranteed = false;
                }
            }
        }
        return !anything ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }
}
