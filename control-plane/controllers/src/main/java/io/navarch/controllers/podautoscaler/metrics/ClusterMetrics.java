package io.navarch.controllers.podautoscaler.metrics;

import io.navarch.client.Client;
import io.navarch.client.Discovery;
import io.navarch.controllers.podautoscaler.Measurement.Sample;
import io.navarch.controllers.podautoscaler.MetricUnavailableException;
import io.navarch.controllers.podautoscaler.ScaleTarget;
import io.navarch.model.AnyObject;
import io.navarch.model.CrossVersionObjectReference;
import io.navarch.model.MetricIdentifier;
import io.navarch.model.Scale;
import io.navarch.objects.ApiException;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Quantity;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Sizes from scale subresources, load from the metrics APIs.
///
/// Source: https://github.com/kubernetes/metrics (the three APIs and their paths)
public final class ClusterMetrics implements MetricsSource {
    private final Client client;
    /// The resources of all kinds as they were when one was last looked for in vain.
    private volatile List<ResourceType<AnyObject>> known = List.of();

    public ClusterMetrics(Client client) {
        this.client = client;
    }

    /// The resource of a reference, empty when it is not served.
    private Optional<ResourceType<AnyObject>> resource(CrossVersionObjectReference reference) {
        var found = find(reference);
        if (found.isPresent()) return found;
        // A kind may have come since.
        known = Discovery.all(client);
        return find(reference);
    }

    private static String group(CrossVersionObjectReference reference) {
        var version = reference.apiVersion();
        return version.substring(0, Math.max(0, version.indexOf('/')));
    }

    private Optional<ResourceType<AnyObject>> find(CrossVersionObjectReference reference) {
        return known.stream()
                .filter(type ->
                        type.group().equals(group(reference)) && type.kind().equals(reference.kind()))
                .findFirst();
    }

    @Override
    public ScaleTarget target(String namespace, CrossVersionObjectReference reference) {
        var type = resource(reference)
                .orElseThrow(() -> new MetricUnavailableException(
                        "no matches for kind \"" + reference.kind() + "\" in group \"" + group(reference) + "\""));
        var scale = Scale.of(read(type.path(namespace, reference.name(), "scale")));
        return new ScaleTarget(
                type,
                scale.spec().replicas(),
                scale.status().replicas(),
                scale.status().selector());
    }

    private View get(String uri) {
        return client.call("GET", uri, null, null);
    }

    private View read(String uri) {
        try {
            return get(uri);
        } catch (ApiException e) {
            throw new MetricUnavailableException(e.message());
        }
    }

    /// Where no API is registered the answer is no Status, and clients have words of their own for it.
    private static String why(ApiException e) {
        return e.message().contains("404 page not found")
                ? "the server could not find the requested resource"
                : e.message();
    }

    private static long milli(View quantity) {
        return Quantity.parseOr(quantity.value(), Quantity.ZERO).milli();
    }

    private static List<View> items(View list) {
        return list.get("items").views();
    }

    @Override
    public List<Sample> resource(String namespace, String selector, String resource) {
        View list;
        try {
            list = get("/apis/metrics.k8s.io/v1beta1/namespaces/" + namespace + "/pods?labelSelector="
                    + Client.encode(selector));
        } catch (ApiException e) {
            throw new MetricUnavailableException("unable to get metrics for resource " + resource
                    + ": unable to fetch metrics from resource metrics API: " + why(e)
                    + " (get pods.metrics.k8s.io)");
        }
        var result = new ArrayList<Sample>();
        for (var pod : items(list)) {
            for (var container : pod.get("containers").views())
                result.add(new Sample(
                        pod.name(),
                        container.get("name").string(),
                        milli(container.get("usage").get(resource))));
        }
        return result;
    }

    private static String selector(MetricIdentifier metric) {
        return Client.encode(LabelSelector.ofObject(metric.selector()).toString());
    }

    private static String query(MetricIdentifier metric) {
        var selector = selector(metric);
        return selector.isEmpty() ? "" : "metricLabelSelector=" + selector;
    }

    @Override
    public List<Sample> pods(String namespace, String selector, MetricIdentifier metric) {
        var list = read("/apis/custom.metrics.k8s.io/v1beta2/namespaces/" + namespace + "/pods/*/" + metric.name()
                + "?labelSelector=" + Client.encode(selector) + "&" + query(metric));
        return items(list).stream()
                .map(item -> new Sample(item.get("describedObject", "name").string(), "", milli(item.get("value"))))
                .toList();
    }

    @Override
    public long object(String namespace, CrossVersionObjectReference described, MetricIdentifier metric) {
        var type = resource(described);
        boolean namespaced = type.map(ResourceType::namespaced).orElse(true);
        var list = read("/apis/custom.metrics.k8s.io/v1beta2" + (namespaced ? "/namespaces/" + namespace : "") + "/"
                + type.map(ResourceType::toString).orElse(described.kind()) + "/" + described.name() + "/"
                + metric.name() + "?" + query(metric));
        return items(list).stream()
                .findFirst()
                .map(item -> milli(item.get("value")))
                .orElse(0L);
    }

    @Override
    public List<Long> external(String namespace, MetricIdentifier metric) {
        var selector = selector(metric);
        var list = read("/apis/external.metrics.k8s.io/v1beta1/namespaces/" + namespace + "/" + metric.name()
                + (selector.isEmpty() ? "" : "?labelSelector=" + selector));
        return items(list).stream().map(item -> milli(item.get("value"))).toList();
    }
}
