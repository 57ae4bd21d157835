package io.navarch.controllers;

import io.navarch.model.Resources;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.EventTemplate;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is counted of EndpointSlices that a controller keeps.
///
/// Source: https://kubernetes.io/docs/reference/instrumentation/metrics/ (`endpoint_slice_controller_*`,
/// `endpoint_slice_mirroring_controller_*`)
public final class SliceMetrics {
    private static final List<Double> SIZES = Metric.exponential(2, 2, 15);
    /// So many endpoints a slice holds.
    private static final int FULL = 100;

    private final Metric changes;
    private final Metric added;
    private final Metric removed;
    private final Metric endpoints;
    private final Metric slices;
    private final Metric desired;

    /// @param prefix such as `endpoint_slice_controller`
    public SliceMetrics(String prefix) {
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

    public List<Metric> all() {
        return List.of(changes, added, removed, endpoints, slices, desired);
    }

    /// The creation of a slice, counted.
    public Action create(Map<String, Object> slice) {
        return new Action.Create(Resources.ENDPOINT_SLICES.untyped(), slice, counted("create"));
    }

    public Action delete(View slice) {
        return new Action.Delete(Resources.ENDPOINT_SLICES.untyped(), slice.key(), slice.uid(), counted("delete"));
    }

    private EventTemplate counted(String operation) {
        return EventTemplate.NONE.counting(List.of(changes.once(operation)), List.of());
    }

    public List<Action> update(Map<String, Object> slice) {
        return List.of(
                new Action.Update(Resources.ENDPOINT_SLICES.untyped(), slice, ""),
                new Action.RecordMetric(changes.once("update")));
    }

    /// What one look has added to and removed from the slices that were there.
    ///
    /// @return samples of endpoints added and of endpoints removed
    public List<Metric.Sample> looked(Collection<View> before, List<Action> actions) {
        var touched = new HashSet<String>();
        var now = new HashSet<String>();
        for (var action : actions) {
            if (action instanceof Action.Create create && create.type().equals(Resources.ENDPOINT_SLICES.untyped()))
                addresses(View.of(create.object()), now);
            if (action instanceof Action.Update update && update.type().equals(Resources.ENDPOINT_SLICES.untyped())) {
                touched.add(View.of(update.object()).uid());
                addresses(View.of(update.object()), now);
            }
            if (action instanceof Action.Delete delete) touched.add(delete.uid());
        }
        var old = new HashSet<String>();
        for (var slice : before) if (touched.contains(slice.uid())) addresses(slice, old);
        return List.of(
                added.of(now.stream().filter(each -> !old.contains(each)).count()),
                removed.of(old.stream().filter(each -> !now.contains(each)).count()));
    }

    private static void addresses(View slice, Set<String> into) {
        for (var endpoint : slice.get("endpoints").views())
            into.add(slice.get("addressType").string()
                    + endpoint.get("addresses").strings());
    }

    /// @param kept all slices that the controller keeps
    public List<Metric.Sample> state(Collection<View> kept) {
        var groups = new HashMap<List<Object>, Integer>();
        int all = 0;
        for (var slice : kept) {
            int size = slice.get("endpoints").list().size();
            all += size;
            var group = List.<Object>of(
                    slice.namespace(),
                    slice.labels().getOrDefault("kubernetes.io/service-name", ""),
                    slice.get("addressType").string(),
                    slice.get("ports").list());
            groups.merge(group, size, Integer::sum);
        }
        int least = 0;
        for (int size : groups.values()) least += Math.max(1, (size + FULL - 1) / FULL);
        return List.of(endpoints.of(all), slices.of(kept.size()), desired.of(least));
    }
}
