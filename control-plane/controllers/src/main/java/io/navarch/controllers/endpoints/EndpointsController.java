package io.navarch.controllers.endpoints;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.Pods;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.LabelSelector;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A Service's pods as EndpointSlices (for the service proxy and DNS) and as Endpoints (for older clients).
public final class EndpointsController implements LegacyController<EndpointsController.Seen> {
    private static final Metric SYNCS =
            Metric.counter("endpoint_slice_controller_syncs", "[ALPHA] Looks at Services.", "result");
    private static final Metric CHANGED = Metric.histogram(
            "endpoint_slice_controller_endpointslices_changed_per_sync",
            "[ALPHA] Slices that one look has written.",
            Metric.exponential(1, 2, 10),
            "topology",
            "traffic_distribution");
    private static final Metric DISTRIBUTION = Metric.gauge(
            "endpoint_slice_controller_services_count_by_traffic_distribution",
            "[ALPHA] Services that say how their traffic is to be spread.",
            "traffic_distribution");

    private static final String SPREAD = "spread over zones";
    static final String SERVICE_NAME = "kubernetes.io/service-name";
    static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    static final String MANAGER = "endpointslice-controller.k8s.io";

    /// A Service, absent when it has been deleted, its pods, and what there is of its endpoints.
    ///
    /// @param nodes those that the pods are on, by name
    /// @param shares of the processors that zones have, where endpoints are spread by them
    public record Seen(
            ObjectKey key,
            View service,
            List<View> pods,
            List<View> slices,
            View endpoints,
            Map<String, View> nodes,
            Map<String, Double> shares) {}

    @Override
    public String name() {
        return "endpointslice-controller";
    }

    @Override
    public String queue() {
        return "endpoint_slice";
    }

    @Override
    public String eventSource() {
        return "endpoint-slice-controller";
    }

    @Override
    public List<Metric> metrics() {
        var all = new ArrayList<>(ServiceSlices.METRICS.all());
        all.addAll(List.of(SYNCS, CHANGED, DISTRIBUTION));
        return all;
    }

    @Override
    public List<Metric.Sample> looked(Seen seen, Decision decision, Duration took, ApiException failure) {
        if (failure != null) return List.of(SYNCS.once("error"));
        var samples = new ArrayList<>(ServiceSlices.METRICS.looked(seen.slices, decision.actions()));
        samples.add(SYNCS.once("success"));
        samples.add(CHANGED.of(
                decision.actions().stream().filter(EndpointsController::ofSlice).count(),
                ZoneHints.wanted(seen.service) ? "Auto" : "Disabled",
                seen.service.spec().get("trafficDistribution").string()));
        return samples;
    }

    private static boolean ofSlice(Action action) {
        return switch (action) {
            case Action.Create create -> create.type().equals(Resources.ENDPOINT_SLICES.untyped());
            case Action.Update update -> update.type().equals(Resources.ENDPOINT_SLICES.untyped());
            case Action.Delete delete -> delete.type().equals(Resources.ENDPOINT_SLICES.untyped());
            default -> false;
        };
    }

    @Override
    public List<Metric.Sample> state(Caches caches) {
        var slices = caches.of(Resources.ENDPOINT_SLICES.untyped()).all().stream()
                .filter(slice -> slice.labels().getOrDefault(MANAGED_BY, "").equals(MANAGER))
                .toList();
        var samples = new ArrayList<>(ServiceSlices.METRICS.state(slices));
        for (var service : caches.of(Resources.SERVICES.untyped()).all()) {
            var distribution = service.spec().get("trafficDistribution").string();
            if (!distribution.isEmpty()) samples.add(DISTRIBUTION.once(distribution));
        }
        return samples;
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.SERVICES.untyped(), LegacyController::self),
                new Input(Resources.PODS.untyped(), EndpointsController::servicesOf),
                new Input(Resources.ENDPOINT_SLICES.untyped(), slice -> {
                    var name = slice.labels().getOrDefault(SERVICE_NAME, "");
                    return name.isEmpty() ? List.of() : List.of(new ObjectKey(slice.namespace(), name));
                }),
                new Input(Resources.ENDPOINTS.untyped(), LegacyController::self),
                // Where a node is, is known before it has pods; what it has counts where endpoints are spread by it.
                new Input(Resources.NODES.untyped(), (caches, node) -> spread(caches)));
    }

    private static List<ObjectKey> spread(Caches caches) {
        return caches.of(Resources.SERVICES.untyped()).byIndex(SPREAD, "").stream()
                .map(View::key)
                .toList();
    }

    @Override
    public void prepare(Caches caches) {
        caches.of(Resources.SERVICES.untyped())
                .indexedBy(SPREAD, service -> ZoneHints.wanted(service) ? List.of("") : List.of());
    }

    private static List<ObjectKey> servicesOf(Caches caches, View pod) {
        var result = new ArrayList<ObjectKey>();
        for (var service : caches.of(Resources.SERVICES.untyped()).inNamespace(pod.namespace())) {
            var selector = service.spec().get("selector").stringMap();
            if (!selector.isEmpty() && LabelSelector.ofLabels(selector).matches(pod.labels()))
                result.add(service.key());
        }
        return result;
    }

    @Override
    public List<Permission> permissions() {
        return List.of(
                Permission.of("discovery.k8s.io", "endpointslices", "create,update,delete"),
                Permission.of("", "endpoints,endpoints/restricted", "create,update,delete"));
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var service = caches.of(Resources.SERVICES.untyped()).get(key);
        var slices = caches.of(Resources.ENDPOINT_SLICES.untyped()).inNamespace(key.namespace()).stream()
                .filter(slice -> slice.labels().getOrDefault(SERVICE_NAME, "").equals(key.name()))
                .filter(slice -> slice.labels().getOrDefault(MANAGED_BY, "").equals(MANAGER))
                .sorted(Comparator.comparing(View::name))
                .toList();
        var endpoints = caches.of(Resources.ENDPOINTS.untyped()).get(key);
        var selector = service.spec().get("selector").stringMap();
        if (!service.exists()) return new Seen(key, service, List.of(), slices, endpoints, Map.of(), Map.of());
        if (selector.isEmpty()) return null;
        var matcher = LabelSelector.ofLabels(selector);
        var pods = caches.of(Resources.PODS.untyped()).inNamespace(key.namespace()).stream()
                .filter(pod -> matcher.matches(pod.labels()))
                .filter(pod -> !pod.status().get("podIP").string().isEmpty())
                .filter(pod -> !Pods.ended(pod))
                .sorted(Comparator.comparing(View::name))
                .toList();
        var nodes = new HashMap<String, View>();
        for (var pod : pods)
            nodes.computeIfAbsent(
                    Pods.node(pod), name -> caches.of(Resources.NODES.untyped()).get(new ObjectKey("", name)));
        var shares = ZoneHints.wanted(service)
                ? ZoneHints.shares(caches.of(Resources.NODES.untyped()).all())
                : Map.<String, Double>of();
        return new Seen(key, service, pods, slices, endpoints, nodes, shares);
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var actions = new ArrayList<Action>();
        if (!seen.service.exists()) {
            for (var slice : seen.slices) actions.add(ServiceSlices.METRICS.delete(slice));
            boolean ours = seen.endpoints.labels().containsKey("endpoints.kubernetes.io/managed-by");
            if (seen.endpoints.exists() && ours)
                actions.add(new Action.Delete(Resources.ENDPOINTS.untyped(), seen.key, seen.endpoints.uid()));
            return Decision.of(actions);
        }
        if (seen.service.deleting() || seen.service.spec().get("type").string().equals("ExternalName"))
            return Decision.NOTHING;
        new ServiceSlices(seen).decide(actions);
        endpoints(seen, actions);
        return Decision.of(actions);
    }

    /// Pods by the port numbers they listen on: named ports may differ between pods.
    static Map<List<Object>, List<View>> byPorts(Seen seen) {
        var result = new LinkedHashMap<List<Object>, List<View>>();
        for (var pod : seen.pods)
            result.computeIfAbsent(ServiceSlices.ports(seen.service, pod), key -> new ArrayList<>())
                    .add(pod);
        return result;
    }

    private static void endpoints(Seen seen, List<Action> actions) {
        var subsets = new ArrayList<Object>();
        byPorts(seen).forEach((ports, pods) -> {
            var ready = new ArrayList<Object>();
            var waiting = new ArrayList<Object>();
            for (var pod : pods) {
                boolean isReady =
                        seen.service.spec().get("publishNotReadyAddresses").bool()
                                || pod.condition("Ready").equals("True");
                if (pod.deleting()
                        && !seen.service.spec().get("publishNotReadyAddresses").bool()) continue;
                (isReady ? ready : waiting)
                        .add(Trees.map(
                                "ip", pod.status().get("podIP").string(),
                                "nodeName", pod.spec().get("nodeName").string(),
                                "targetRef",
                                        Trees.map(
                                                "kind",
                                                "Pod",
                                                "namespace",
                                                pod.namespace(),
                                                "name",
                                                pod.name(),
                                                "uid",
                                                pod.uid())));
            }
            if (ready.isEmpty() && waiting.isEmpty()) return;
            var named = new ArrayList<Object>();
            for (var port : ports) {
                var copy = Trees.copy(View.of(port).map());
                if ("".equals(copy.get("name"))) copy.remove("name");
                named.add(copy);
            }
            subsets.add(Trees.map(
                    "addresses",
                    ready.isEmpty() ? null : ready,
                    "notReadyAddresses",
                    waiting.isEmpty() ? null : waiting,
                    "ports",
                    named));
        });
        var labels = Trees.map();
        labels.putAll(seen.service.labels());
        labels.put("endpoints.kubernetes.io/managed-by", "endpoint-controller");
        if (!seen.endpoints.exists()) {
            actions.add(new Action.Create(
                    Resources.ENDPOINTS.untyped(),
                    Trees.map(
                            "metadata",
                            Trees.map("name", seen.key.name(), "namespace", seen.key.namespace(), "labels", labels),
                            "subsets",
                            subsets)));
        } else if (!Trees.semanticEquals(subsets, seen.endpoints.get("subsets").value())
                || !labels.equals(seen.endpoints.metadata().get("labels").map())) {
            var object = Trees.copy(seen.endpoints.map());
            object.put("subsets", subsets);
            Trees.put(object, labels, "metadata", "labels");
            actions.add(new Action.Update(Resources.ENDPOINTS.untyped(), object, ""));
        }
    }
}
