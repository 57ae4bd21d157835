package io.navarch.controllers.devicetainteviction;

import io.navarch.client.Caches;
import io.navarch.controllers.TaintEviction;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.DeviceRequestAllocationResult;
import io.navarch.model.DeviceTaint;
import io.navarch.model.DeviceTaintEffect;
import io.navarch.model.DeviceToleration;
import io.navarch.model.DeviceTolerationOperator;
import io.navarch.model.Pod;
import io.navarch.model.ResourceClaim;
import io.navarch.model.ResourceSlice;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Deletes pods whose claims hold a device with a `NoExecute` taint that they do not tolerate, or have tolerated long
/// enough.
///
/// Source:
/// https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/#device-taints-and-tolerations
public final class DeviceTaintEvictionController implements Controller<DeviceTaintEvictionController.Seen> {
    private static final TaintEviction EVICTION = new TaintEviction(
            "device_taint_eviction_controller",
            "DeletionByDeviceTaintManager",
            "Device Taint manager: deleting due to NoExecute taint",
            "DeviceTaintManagerEviction");

    private static final String BY_DEVICE = "device";

    /// A taint of a device, and the tolerations of the claim that holds it.
    public record Held(DeviceTaint taint, List<DeviceToleration> tolerations) {}

    public record Seen(Pod pod, List<Held> taints) {}

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("device-taint-eviction-controller")
                .watches(Resources.RESOURCE_CLAIMS, DeviceTaintEvictionController::podsOfClaim)
                .watches(Resources.RESOURCE_SLICES, DeviceTaintEvictionController::podsOfSlice)
                .watches(Resources.PODS, pod -> pod.spec().hasResourceClaims() ? List.of(pod.key()) : List.of())
                .may("", "pods", "delete")
                .may("", "pods/status", "patch")
                .metrics(EVICTION.metrics())
                .build();
    }

    private static List<ObjectKey> podsOfClaim(ResourceClaim claim) {
        return claim.status().reservedFor().stream()
                .filter(user -> user.resource().equals(Resources.PODS.plural()))
                .map(user -> new ObjectKey(claim.namespace(), user.name()))
                .toList();
    }

    private static List<ObjectKey> podsOfSlice(Caches caches, ResourceSlice slice) {
        return devices(slice).stream()
                .flatMap(device -> caches.of(Resources.RESOURCE_CLAIMS).byIndex(BY_DEVICE, device).stream())
                .flatMap(claim -> podsOfClaim(claim).stream())
                .distinct()
                .toList();
    }

    private static String device(String driver, String pool, String name) {
        return driver + "/" + pool + "/" + name;
    }

    private static String device(DeviceRequestAllocationResult result) {
        return device(result.driver(), result.pool(), result.device());
    }

    private static List<String> devices(ResourceSlice slice) {
        var spec = slice.spec();
        return spec.devices().stream()
                .map(each -> device(spec.driver(), spec.pool().name(), each.name()))
                .toList();
    }

    private static List<DeviceRequestAllocationResult> results(ResourceClaim claim) {
        return claim.status().allocation().devices().results();
    }

    @Override
    public void prepare(Caches caches) {
        caches.of(Resources.RESOURCE_CLAIMS)
                .indexedBy(
                        BY_DEVICE,
                        claim -> results(claim).stream()
                                .map(DeviceTaintEvictionController::device)
                                .distinct()
                                .toList());
        caches.of(Resources.RESOURCE_SLICES).indexedBy(BY_DEVICE, DeviceTaintEvictionController::devices);
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var pod = caches.of(Resources.PODS).get(key);
        if (!pod.exists() || !Pods.active(pod)) return Optional.empty();
        var taints = new ArrayList<Held>();
        for (var claim : caches.of(Resources.RESOURCE_CLAIMS).inNamespace(key.namespace())) {
            boolean reserved = claim.status().reservedFor().stream()
                    .anyMatch(user -> user.uid().equals(pod.uid()));
            if (!reserved) continue;
            for (var result : results(claim)) taints.addAll(held(caches, result));
        }
        return taints.isEmpty() ? Optional.empty() : Optional.of(new Seen(pod, taints));
    }

    private static List<Held> held(Caches caches, DeviceRequestAllocationResult result) {
        return caches.of(Resources.RESOURCE_SLICES).byIndex(BY_DEVICE, device(result)).stream()
                .flatMap(slice -> slice.spec().devices().stream())
                .filter(device -> device.name().equals(result.device()))
                .flatMap(device -> device.taints().stream())
                .filter(taint -> taint.effect() == DeviceTaintEffect.NO_EXECUTE)
                .map(taint -> new Held(taint, result.tolerations()))
                .toList();
    }

    /// The pod must go when the first of its claims' tolerations has run out.
    @Override
    public Decision decide(Seen seen, Instant now) {
        var end = seen.taints.stream().flatMap(held -> end(held, now).stream()).min(Comparator.naturalOrder());
        return EVICTION.decide(seen.pod, end, now);
    }

    /// When the pod must go because of one taint; empty when it may stay.
    private static Optional<Instant> end(Held held, Instant now) {
        var tolerations = held.tolerations.stream()
                .filter(toleration -> tolerates(toleration, held.taint))
                .toList();
        if (tolerations.isEmpty()) return Optional.of(now);
        var since = held.taint.timeAdded().orElse(now);
        return tolerations.stream()
                .filter(DeviceToleration::hasTolerationSeconds)
                .map(toleration -> since.plusSeconds(Math.max(0, toleration.tolerationSeconds())))
                .min(Comparator.naturalOrder());
    }

    private static boolean tolerates(DeviceToleration toleration, DeviceTaint taint) {
        boolean effect = toleration.effect() == DeviceTaintEffect.UNSET || toleration.effect() == taint.effect();
        boolean key = toleration.key().isEmpty() || toleration.key().equals(taint.key());
        return effect
                && key
                && (toleration.operator() == DeviceTolerationOperator.EXISTS
                        || toleration.value().equals(taint.value()));
    }
}
