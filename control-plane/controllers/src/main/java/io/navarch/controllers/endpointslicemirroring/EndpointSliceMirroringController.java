package io.navarch.controllers.endpointslicemirroring;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.Owners;
import io.navarch.controllers.SliceMetrics;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Mirrors Endpoints of Services without selector to EndpointSlices.
///
/// Source: https://kubernetes.io/docs/concepts/services-networking/service/#endpointslice-mirroring
public final class EndpointSliceMirroringController implements LegacyController<EndpointSliceMirroringController.Seen> {
    private static final SliceMetrics METRICS = new SliceMetrics("endpoint_slice_mirroring_controller");
    private static final Metric SKIPPED = Metric.histogram(
            "endpoint_slice_mirroring_controller_addresses_skipped_per_sync",
            "[ALPHA] Addresses beyond what is mirrored of one subset.",
            Metric.exponential(2, 2, 15));
    private static final Metric TOOK = Metric.histogram(
            "endpoint_slice_mirroring_controller_endpoints_sync_duration",
            "[ALPHA] How long one look took, in seconds.",
            Metric.exponential(0.001, 2, 15));

    private static final String SERVICE_NAME = "kubernetes.io/service-name";
    private static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    private static final String MANAGER = "endpointslicemirroring-controller.k8s.io";
    /// So many addresses of one subset are mirrored.
    private static final int MOST = 1000;

    /// @param mirrored whether the Endpoints are to be mirrored
    /// @param slices the mirrors there are
    public record Seen(View endpoints, boolean mirrored, List<View> slices) {}

    @Override
    public String name() {
        return "endpointslicemirroring-controller";
    }

    @Override
    public String queue() {
        return "endpoint_slice_mirroring";
    }

    @Override
    public List<Metric> metrics() {
        var all = new ArrayList<>(METRICS.all());
        all.addAll(List.of(SKIPPED, TOOK));
        return all;
    }

    @Override
    public List<Metric.Sample> looked(Seen seen, Decision decision, Duration took, ApiException failure) {
        var samples = new ArrayList<Metric.Sample>();
        samples.add(TOOK.of(took.toNanos() / 1e9));
        if (failure != null) return samples;
        samples.addAll(METRICS.looked(seen.slices, decision.actions()));
        int skipped = 0;
        for (var subset : seen.endpoints.get("subsets").views())
            for (var list : List.of("addresses", "notReadyAddresses"))
                skipped += Math.max(0, subset.get(list).list().size() - MOST);
        samples.add(SKIPPED.of(skipped));
        return samples;
    }

    @Override
    public List<Metric.Sample> state(Caches caches) {
        return METRICS.state(caches.of(Resources.ENDPOINT_SLICES.untyped()).all().stream()
                .filter(EndpointSliceMirroringController::ours)
                .toList());
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.ENDPOINTS.untyped(), LegacyController::self),
                new Input(Resources.SERVICES.untyped(), LegacyController::self),
                new Input(
                        Resources.ENDPOINT_SLICES.untyped(),
                        slice -> ours(slice)
                                ? List.of(new ObjectKey(
                                        slice.namespace(), slice.labels().getOrDefault(SERVICE_NAME, "")))
                                : List.of()));
    }

    private static boolean ours(View slice) {
        return slice.labels().getOrDefault(MANAGED_BY, "").equals(MANAGER);
    }

    @Override
    public List<Permission> permissions() {
        return List.of(Permission.of("discovery.k8s.io", "endpointslices", "create,update,delete"));
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var endpoints = caches.of(Resources.ENDPOINTS.untyped()).get(key);
        var service = caches.of(Resources.SERVICES.untyped()).get(key);
        boolean mirrored = endpoints.exists()
                && service.exists()
                && service.spec().get("selector").map().isEmpty()
                && !endpoints
                        .labels()
                        .getOrDefault("endpointslice.kubernetes.io/skip-mirror", "")
                        .equals("true")
                && endpoints
                        .annotation("control-plane.alpha.kubernetes.io/leader")
                        .isEmpty();
        var slices = caches.of(Resources.ENDPOINT_SLICES.untyped()).inNamespace(key.namespace()).stream()
                .filter(slice -> ours(slice)
                        && slice.labels().getOrDefault(SERVICE_NAME, "").equals(key.name()))
                .sorted(Comparator.comparing(View::name))
                .toList();
        return mirrored || !slices.isEmpty() ? new Seen(endpoints, mirrored, slices) : null;
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var actions = new ArrayList<Action>();
        var spare = new ArrayList<>(seen.slices);
        if (seen.mirrored) {
            for (var subset : seen.endpoints.get("subsets").views())
                mirror(subset).forEach((family, body) -> write(seen.endpoints, body, spare, actions));
        }
        for (var slice : spare) actions.add(METRICS.delete(slice));
        return Decision.of(actions);
    }

    /// A subset by address family.
    private static Map<String, Map<String, Object>> mirror(View subset) {
        var result = new LinkedHashMap<String, Map<String, Object>>();
        add(subset, "addresses", true, result);
        add(subset, "notReadyAddresses", false, result);
        for (var body : result.values())
            body.put("ports", Trees.copy(subset.get("ports").list()));
        return result;
    }

    private static void add(View subset, String field, boolean ready, Map<String, Map<String, Object>> bodies) {
        for (var address : subset.get(field).views()) {
            var ip = address.get("ip").string();
            var family = ip.contains(":") ? "IPv6" : "IPv4";
            var body = bodies.computeIfAbsent(family, key -> Trees.map("addressType", key, "endpoints", Trees.list()));
            var endpoints = Trees.childList(body, "endpoints");
            if (endpoints.size() >= MOST) continue;
            endpoints.add(Trees.map(
                    "addresses",
                    List.of(ip),
                    "conditions",
                    Trees.map("ready", ready),
                    "hostname",
                    address.get("hostname").value(),
                    "nodeName",
                    address.get("nodeName").value(),
                    "targetRef",
                    Trees.copy(address.get("targetRef").value())));
        }
    }

    private static void write(View endpoints, Map<String, Object> body, List<View> spare, List<Action> actions) {
        var labels = Trees.map();
        labels.putAll(endpoints.metadata().get("labels").map());
        labels.remove("endpoints.kubernetes.io/managed-by");
        labels.put(SERVICE_NAME, endpoints.name());
        labels.put(MANAGED_BY, MANAGER);
        var type = body.get("addressType");
        var slice = spare.stream()
                .filter(each -> each.get("addressType").value().equals(type))
                .findFirst()
                .orElse(View.of(null));
        spare.removeIf(each -> each.uid().equals(slice.uid()));
        if (!slice.exists()) {
            body.put(
                    "metadata",
                    Trees.map(
                            "generateName",
                            endpoints.name() + "-",
                            "namespace",
                            endpoints.namespace(),
                            "labels",
                            labels,
                            "ownerReferences",
                            Trees.list(Owners.reference(endpoints, Resources.ENDPOINTS.untyped()))));
            actions.add(METRICS.create(body));
            return;
        }
        boolean same = Trees.semanticEquals(
                        body.get("endpoints"), slice.get("endpoints").value())
                && Trees.semanticEquals(body.get("ports"), slice.get("ports").value())
                && labels.equals(slice.metadata().get("labels").map());
        if (same) return;
        var object = Trees.copy(slice.map());
        object.putAll(body);
        Trees.put(object, labels, "metadata", "labels");
        actions.addAll(METRICS.update(object));
    }
}
