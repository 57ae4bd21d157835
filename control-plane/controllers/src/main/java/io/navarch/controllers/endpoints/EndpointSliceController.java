package io.navarch.controllers.endpoints;

import io.navarch.client.Caches;
import io.navarch.controllers.LabelIndex;
import io.navarch.controllers.SliceLabels;
import io.navarch.controllers.SliceWrites;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.model.ServiceType;
import io.navarch.model.TrafficDistribution;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A Service's pods as EndpointSlices (for the service proxy and DNS) and as Endpoints (for older clients).
public final class EndpointSliceController implements Controller<ServiceBackends> {
    private static final SliceWrites SLICES =
            new SliceWrites("endpoint_slice_controller", "endpointslice-controller.k8s.io");
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

    /// The index of Services whose endpoints are spread over zones by their processors.
    private static final String SPREAD = "spread over zones";

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("endpointslice-controller")
                .queue("endpoint_slice")
                .eventSource("endpoint-slice-controller")
                .watches(Resources.SERVICES, Controller::self)
                .watches(Resources.PODS, EndpointSliceController::servicesOf)
                .watches(Resources.ENDPOINT_SLICES, SliceLabels::serviceOf)
                .watches(Resources.ENDPOINTS, Controller::self)
                // The zone of a node is known before it has pods; its processors count where endpoints are spread by
                // them.
                .watchesChanges(
                        Resources.NODES,
                        (caches, old, now) -> ZoneHints.sameShare(old, now) ? List.of() : spread(caches))
                .may("discovery.k8s.io", "endpointslices", "create,update,delete")
                .may("", "endpoints,endpoints/restricted", "create,update,delete")
                .metrics(SLICES.metrics())
                .metrics(SYNCS, CHANGED, DISTRIBUTION)
                .build();
    }

    @Override
    public List<Metric.Sample> syncMetrics(ServiceBackends seen, Decision decision, Duration took, boolean failed) {
        if (failed) return List.of(SYNCS.once("error"));
        var samples = new ArrayList<>(SLICES.synced(seen.slices(), decision.actions()));
        samples.add(SYNCS.once("success"));
        samples.add(CHANGED.of(
                decision.actions().stream()
                        .filter(EndpointSliceController::ofSlice)
                        .count(),
                ZoneHints.wanted(seen.service()) ? "Auto" : "Disabled",
                seen.service().spec().trafficDistribution().text()));
        return samples;
    }

    private static boolean ofSlice(Action action) {
        return switch (action) {
            case Action.Create create -> create.type().equals(Resources.ENDPOINT_SLICES);
            case Action.Update update -> update.type().equals(Resources.ENDPOINT_SLICES);
            case Action.Delete delete -> delete.type().equals(Resources.ENDPOINT_SLICES);
            default -> false;
        };
    }

    @Override
    public List<Metric.Sample> gauges(Caches caches) {
        var samples = new ArrayList<>(
                SLICES.gauges(caches.of(Resources.ENDPOINT_SLICES).all()));
        caches.of(Resources.SERVICES).all().stream()
                .map(service -> service.spec().trafficDistribution())
                .filter(distribution -> distribution != TrafficDistribution.UNSET)
                .forEach(distribution -> samples.add(DISTRIBUTION.once(distribution.text())));
        return samples;
    }

    private static List<ObjectKey> spread(Caches caches) {
        return caches.of(Resources.SERVICES).byIndex(SPREAD, "").stream()
                .map(Service::key)
                .toList();
    }

    @Override
    public void prepare(Caches caches) {
        SliceLabels.index(caches);
        LabelIndex.ofLabels(caches.of(Resources.PODS));
        var services = caches.of(Resources.SERVICES);
        services.indexedBy(SPREAD, service -> ZoneHints.wanted(service) ? List.of("") : List.of());
        LabelIndex.ofSelectors(
                services, service -> Optional.of(selector(service)).filter(each -> !each.isEmpty()));
    }

    private static List<ObjectKey> servicesOf(Caches caches, Pod pod) {
        var labels = pod.labels();
        return LabelIndex.picking(caches.of(Resources.SERVICES), pod.namespace(), labels)
                .filter(service -> selector(service).matches(labels))
                .map(Service::key)
                .toList();
    }

    private static LabelSelector selector(Service service) {
        return LabelSelector.ofLabels(service.spec().selector());
    }

    @Override
    public Optional<ServiceBackends> observe(Caches caches, ObjectKey key) {
        var service = caches.of(Resources.SERVICES).get(key);
        var slices =
                SliceLabels.of(caches, key).stream().filter(SLICES::manages).toList();
        var endpoints = caches.of(Resources.ENDPOINTS).get(key);
        if (!service.exists())
            return Optional.of(new ServiceBackends(key, service, List.of(), slices, endpoints, Map.of(), Map.of()));
        if (service.spec().selector().isEmpty()) return Optional.empty();
        var pods = LabelIndex.picked(caches.of(Resources.PODS), key.namespace(), selector(service))
                .filter(pod -> !pod.status().podIP().isEmpty() && !Pods.ended(pod))
                .sorted(Comparator.comparing(Pod::name))
                .toList();
        var nodes = new HashMap<String, Node>();
        for (var pod : pods)
            nodes.computeIfAbsent(
                    pod.spec().nodeName(), name -> caches.of(Resources.NODES).get(new ObjectKey("", name)));
        var shares = ZoneHints.wanted(service)
                ? ZoneHints.shares(caches.of(Resources.NODES).all())
                : Map.<String, Double>of();
        return Optional.of(new ServiceBackends(key, service, pods, slices, endpoints, nodes, shares));
    }

    @Override
    public Decision decide(ServiceBackends seen, Instant now) {
        var service = seen.service();
        if (!service.exists())
            return Decision.builder()
                    .changes(seen.slices().stream().map(SLICES::delete).toList())
                    .change(ServiceEndpoints.delete(seen))
                    .build();
        if (service.deleting() || service.spec().type() == ServiceType.EXTERNAL_NAME) return Decision.NOTHING;
        var slices = new ServiceSlices(SLICES, seen);
        return Decision.builder()
                .changes(slices.changes())
                .change(ServiceEndpoints.write(seen))
                .events(slices.events())
                .build();
    }
}
