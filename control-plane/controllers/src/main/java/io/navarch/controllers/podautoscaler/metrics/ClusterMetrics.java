package io.navarch.controllers.podautoscaler.metrics;

import io.navarch.client.Client;
import io.navarch.client.Discovery;
import io.navarch.controllers.GoSelectorText;
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
import java.util.function.Supplier;

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
        known = Discovery.all(client).types();
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
        var scale = scale(type.path(namespace, reference.name(), "scale"));
        return new ScaleTarget(
                type,
                scale.spec().replicas(),
                scale.status().replicas(),
                scale.status().selector());
    }

    private Scale scale(String uri) {
        try {
            return Scale.of(get(uri));
        } catch (ApiException e) {
            throw new MetricUnavailableException(e.message());
        }
    }

    private View get(String uri) {
        return client.call("GET", uri, null, null);
    }

    private static boolean unregistered(ApiException e) {
        return e.message().contains("404 page not found");
    }

    /// What an API of metrics answers.
    ///
    /// @param unregistered what clients say where there is no such API: the answer is no Status then
    private List<View> items(String api, String uri, String unregistered) {
        List<View> items;
        try {
            items = get(uri).get("items").views();
        } catch (ApiException e) {
            throw new MetricUnavailableException("unable to fetch metrics from " + api + " metrics API: "
                    + (unregistered(e) ? unregistered : e.message()));
        }
        if (items.isEmpty()) throw new MetricUnavailableException("no metrics returned from " + api + " metrics API");
        return items;
    }

    private static String notFound(String resource) {
        return "the server could not find the requested resource (get " + resource + ")";
    }

    private List<View> custom(String uri) {
        return items("custom", uri, "no custom metrics API (custom.metrics.k8s.io) registered");
    }

    private static long milli(View quantity) {
        return Quantity.parseOr(quantity.value(), Quantity.ZERO).milli();
    }

    @Override
    public List<Sample> resource(String namespace, String selector, String resource) {
        var uri = "/apis/metrics.k8s.io/v1beta1/namespaces/" + namespace + "/pods?labelSelector="
                + Client.encode(selector);
        var result = new ArrayList<Sample>();
        for (var pod : told(
                "unable to get metrics for resource " + resource,
                () -> items("resource", uri, notFound("pods.metrics.k8s.io")))) {
            for (var container : pod.get("containers").views())
                result.add(new Sample(
                        pod.name(),
                        container.get("name").string(),
                        milli(container.get("usage").get(resource))));
        }
        return result;
    }

    /// What is read; where it cannot be, it is said what it was for.
    private static <T> T told(String purpose, Supplier<T> read) {
        try {
            return read.get();
        } catch (MetricUnavailableException e) {
            throw new MetricUnavailableException(purpose + ": " + e.why());
        }
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
        var uri = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/" + namespace + "/pods/*/" + metric.name()
                + "?labelSelector=" + Client.encode(selector) + "&" + query(metric);
        return told("unable to get metric " + metric.name(), () -> custom(uri)).stream()
                .map(item -> new Sample(item.get("describedObject", "name").string(), "", milli(item.get("value"))))
                .toList();
    }

    @Override
    public long object(String namespace, CrossVersionObjectReference described, MetricIdentifier metric) {
        var type = resource(described);
        boolean namespaced = type.map(ResourceType::namespaced).orElse(true);
        var uri = "/apis/custom.metrics.k8s.io/v1beta2" + (namespaced ? "/namespaces/" + namespace : "") + "/"
                + type.map(ResourceType::toString).orElse(described.kind()) + "/" + described.name() + "/"
                + metric.name() + "?" + query(metric);
        var purpose = "unable to get metric " + metric.name() + " on " + described.kind() + " " + namespace + "/"
                + described.name();
        return milli(told(purpose, () -> custom(uri)).getFirst().get("value"));
    }

    @Override
    public List<Long> external(String namespace, MetricIdentifier metric) {
        var selector = selector(metric);
        var uri = "/apis/external.metrics.k8s.io/v1beta1/namespaces/" + namespace + "/" + metric.name()
                + (selector.isEmpty() ? "" : "?labelSelector=" + selector);
        var shown = GoSelectorText.of(metric.selector());
        return told(
                        "unable to get external metric " + namespace + "/" + metric.name() + "/" + shown,
                        () -> items("external", uri, notFound(metric.name() + ".external.metrics.k8s.io")))
                .stream()
                .map(item -> milli(item.get("value")))
                .toList();
    }
}
