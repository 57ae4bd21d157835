package io.navarch.controllers.devicetainteviction;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.Pods;
import io.navarch.controllers.TaintEviction;
import io.navarch.kinds.node.Taints;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Timestamps;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Deletes pods whose claims hold a device with a `NoExecute` taint that they do not tolerate, or have tolerated long
/// enough.
///
/// Source:
/// https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/#device-taints-and-tolerations
public final class DeviceTaintEvictionController implements LegacyController<DeviceTaintEvictionController.Seen> {
    private static final TaintEviction EVICTION = new TaintEviction(
            "device_taint_eviction_controller",
            "DeletionByDeviceTaintManager",
            "Device Taint manager: deleting due to NoExecute taint",
            "DeviceTaintManagerEviction");

    private static final String BY_DEVICE = "device";
    private static final String BY_POOL = "pool";

    /// A taint of a device, and the tolerations of the claim that holds it.
    public record Held(View taint, List<View> tolerations) {}

    public record Seen(View pod, List<Held> taints) {}

    @Override
    public String name() {
        return "device-taint-eviction-controller";
    }

    @Override
    public List<Metric> metrics() {
        return EVICTION.metrics();
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.RESOURCE_CLAIMS.untyped(), DeviceTaintEvictionController::podsOf),
                new Input(
                        Resources.RESOURCE_SLICES.untyped(),
                        (caches, slice) -> devices(slice).stream()
                                .flatMap(device ->
                                        caches
                                                .of(Resources.RESOURCE_CLAIMS.untyped())
                                                .byIndex(BY_DEVICE, device)
                                                .stream())
                                .flatMap(claim -> podsOf(claim).stream())
                                .distinct()
                                .toList()),
                new Input(
                        Resources.PODS.untyped(),
                        pod -> pod.spec().get("resourceClaims").exists() ? List.of(pod.key()) : List.of()));
    }

    private static List<ObjectKey> podsOf(View claim) {
        return claim.status().get("reservedFor").stream()
                .filter(user -> user.get("resource").string().equals("pods"))
                .map(user -> new ObjectKey(claim.namespace(), user.get("name").string()))
                .toList();
    }

    private static String device(String driver, String pool, String name) {
        return driver + "/" + pool + "/" + name;
    }

    private static List<String> devices(View slice) {
        return slice.spec().get("devices").stream()
                .map(each -> device(
                        slice.spec().get("driver").string(),
                        slice.spec().get("pool", "name").string(),
                        each.get("name").string()))
                .toList();
    }

    private static List<View> results(View claim) {
        return claim.status().get("allocation", "devices", "results").views();
    }

    private static String device(View result) {
        return device(
                result.get("driver").string(),
                result.get("pool").string(),
                result.get("device").string());
    }

    @Override
    public List<Permission> permissions() {
        return List.of(Permission.of("", "pods", "delete"), Permission.of("", "pods/status", "patch"));
    }

    @Override
    public void prepare(Caches caches) {
        caches.of(Resources.RESOURCE_CLAIMS.untyped())
                .indexedBy(
                        BY_DEVICE,
                        claim -> results(claim).stream()
                                .map(DeviceTaintEvictionController::device)
                                .distinct()
                                .toList());
        caches.of(Resources.RESOURCE_SLICES.untyped()).indexedBy(BY_POOL, DeviceTaintEvictionController::devices);
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var pod = caches.of(Resources.PODS.untyped()).get(key);
        if (!pod.exists() || pod.deleting() || Pods.ended(pod)) return null;
        var taints = new ArrayList<Held>();
        for (var claim : caches.of(Resources.RESOURCE_CLAIMS.untyped()).inNamespace(key.namespace())) {
            if (!claim.status().get("reservedFor").find("uid", pod.uid()).exists()) continue;
            for (var result : results(claim))
                for (var slice : caches.of(Resources.RESOURCE_SLICES.untyped()).byIndex(BY_POOL, device(result)))
                    for (var taint : slice.spec()
                            .get("devices")
                            .find("name", result.get("device").string())
                            .get("taints")
                            .views())
                        if (taint.get("effect").string().equals("NoExecute"))
                            taints.add(new Held(taint, result.get("tolerations").views()));
        }
        return taints.isEmpty() ? null : new Seen(pod, taints);
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        Instant end = null;
        for (var held : seen.taints) {
            var own = end(held, now);
            if (own != null && (end == null || own.isBefore(end))) end = own;
        }
        return EVICTION.decide(seen.pod, end, now);
    }

    /// When the pod must go because of one taint; `null` when it need not.
    private static Instant end(Held held, Instant now) {
        var tolerations = held.tolerations.stream()
                .filter(toleration -> Taints.tolerates(toleration, held.taint))
                .toList();
        if (tolerations.isEmpty()) return now;
        var added = Timestamps.parse(held.taint.get("timeAdded").string());
        var since = added == null ? now : added;
        return tolerations.stream()
                .filter(toleration -> toleration.get("tolerationSeconds").exists())
                .map(toleration -> since.plusSeconds(
                        Math.max(0, toleration.get("tolerationSeconds").longOr(0))))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }
}
