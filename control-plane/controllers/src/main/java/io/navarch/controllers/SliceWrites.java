package io.navarch.controllers;

import io.navarch.model.AddressType;
import io.navarch.model.ApiObject;
import io.navarch.model.DiscoveryEndpointPort;
import io.navarch.model.Endpoint;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Resources;
import io.navarch.objects.Lens;
import io.navarch.objects.ResourceType;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.EventTemplate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Writes of EndpointSlices, counted, for the controllers that keep some.
///
/// Source: https://kubernetes.io/docs/reference/instrumentation/metrics/ (`endpoint_slice_controller_*`,
/// `endpoint_slice_mirroring_controller_*`)
public final class SliceWrites {
    private static final ResourceType<EndpointSlice> SLICES = Resources.ENDPOINT_SLICES;
    private static final List<Double> SIZES = Metric.exponential(2, 2, 15);
    /// How many endpoints fill a slice.
    private static final int FULL = 100;

    private final String manager;
    private final Metric changes;
    private final Metric added;
    private final Metric removed;
    private final Metric endpoints;
    private final Metric slices;
    private final Metric desired;

    /// @param prefix of the metrics, such as `endpoint_slice_controller`
    /// @param manager as the label of the slices names the controller
    public SliceWrites(String prefix, String manager) {
        this.manager = manager;
        changes = Metric.counter(prefix + "_changes", "[ALPHA] Slices that were written.", "operation");
        added = Metric.histogram(
                prefix + "_endpoints_added_per_sync", "[ALPHA] Endpoints that one look has added.", SIZES);
        removed = Metric.histogram(
                prefix + "_endpoints_removed_per_sync", "[ALPHA] Endpoints that one look has removed.", SIZES);
        endpoints = Metric.gauge(prefix + "_endpoints_desired", "[ALPHA] Endpoints of all Services.");
        slices = Metric.gauge(prefix + "_num_endpoint_slices", "[ALPHA] Slices there are.");
        desired = Metric.gauge(
                prefix + "_desired_endpoint_slices", "[ALPHA] Slices that would do if all were filled up.");
    }

    public List<Metric> metrics() {
        return List.of(changes, added, removed, endpoints, slices, desired);
    }

    /// Whether this controller keeps the slice.
    public boolean manages(EndpointSlice slice) {
        return manager.equals(slice.labels().get(SliceLabels.MANAGED_BY));
    }

    /// The labels of a Service's slices, besides those that they take over.
    public Map<String, String> labels(Map<String, String> takenOver, String service) {
        var labels = new HashMap<>(takenOver);
        labels.put(SliceLabels.SERVICE_NAME, service);
        labels.put(SliceLabels.MANAGED_BY, manager);
        return labels;
    }

    /// What a slice holds.
    public record Content(
            AddressType family,
            List<Endpoint> endpoints,
            List<DiscoveryEndpointPort> ports,
            Map<String, String> labels) {
        private boolean isIn(EndpointSlice slice) {
            return semanticEquals(endpoints, slice.endpoints())
                    && semanticEquals(ports, slice.ports())
                    && labels.equals(slice.labels());
        }
    }

    public static boolean semanticEquals(List<? extends Lens> some, List<? extends Lens> others) {
        if (some.size() != others.size()) return false;
        for (int i = 0; i < some.size(); i++) {
            if (!some.get(i).semanticEquals(others.get(i))) return false;
        }
        return true;
    }

    public Action create(ApiObject owner, ResourceType<?> ownerType, Content content) {
        var slice = EndpointSlice.builder()
                .metadata(metadata -> metadata.generateName(owner.name() + "-")
                        .namespace(owner.namespace())
                        .labels(content.labels)
                        .addOwnerReferences(OwnerReferences.of(owner, ownerType)))
                .addressType(content.family)
                .endpoints(content.endpoints)
                .ports(content.ports);
        return new Action.Create(SLICES, slice.build(), counted("create"));
    }

    public Action delete(EndpointSlice slice) {
        return new Action.Delete(SLICES, slice.key(), slice.uid(), counted("delete"));
    }

    private EventTemplate counted(String operation) {
        return EventTemplate.NONE.counting(List.of(changes.once(operation)), List.of());
    }

    /// Nothing when the slice holds this already.
    public List<Action> update(EndpointSlice slice, Content content) {
        if (content.isIn(slice)) return List.of();
        var object = slice.toBuilder()
                .endpoints(content.endpoints)
                .ports(content.ports)
                .metadata(metadata -> metadata.labels(content.labels));
        return List.of(new Action.Update(SLICES, object.build(), ""), new Action.RecordMetric(changes.once("update")));
    }

    /// How many endpoints a pass has added to and removed from the slices that were there.
    public List<Metric.Sample> synced(Collection<EndpointSlice> before, List<Action> actions) {
        var touched = new HashSet<String>();
        var now = new HashSet<String>();
        for (var action : actions) {
            switch (action) {
                case Action.Create create when create.type().equals(SLICES) -> addresses(slice(create.object()), now);
                case Action.Update update
                when update.type().equals(SLICES) -> {
                    touched.add(slice(update.object()).uid());
                    addresses(slice(update.object()), now);
                }
                case Action.Delete delete -> touched.add(delete.uid());
                default -> {}
            }
        }
        var old = new HashSet<String>();
        for (var slice : before) {
            if (touched.contains(slice.uid())) addresses(slice, old);
        }
        return List.of(
                added.of(now.stream().filter(each -> !old.contains(each)).count()),
                removed.of(old.stream().filter(each -> !now.contains(each)).count()));
    }

    private static EndpointSlice slice(Map<String, Object> object) {
        return new EndpointSlice(object);
    }

    private static void addresses(EndpointSlice slice, Set<String> into) {
        for (var endpoint : slice.endpoints()) into.add(slice.addressType().text() + endpoint.addresses());
    }

    /// @param all slices, whoever keeps them
    public List<Metric.Sample> gauges(Collection<EndpointSlice> all) {
        var kept = all.stream().filter(this::manages).toList();
        var groups = new HashMap<List<Object>, Integer>();
        int endpointCount = 0;
        for (var slice : kept) {
            int size = slice.endpoints().size();
            endpointCount += size;
            var group = new ArrayList<Object>(slice.ports());
            group.add(slice.namespace());
            group.add(slice.labels().getOrDefault(SliceLabels.SERVICE_NAME, ""));
            group.add(slice.addressType());
            groups.merge(group, size, Integer::sum);
        }
        int least = 0;
        for (int size : groups.values()) least += Math.max(1, (size + FULL - 1) / FULL);
        return List.of(endpoints.of(endpointCount), slices.of(kept.size()), desired.of(least));
    }
}
