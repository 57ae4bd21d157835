package io.navarch.controllers.podautoscaler.metrics;

import io.navarch.client.Client;
import io.navarch.client.Discovery;
import io.navarch.controllers.podautoscaler.Load;
import io.navarch.objects.ApiException;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Quantity;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Sizes from scale subresources, load from the metrics APIs.
///
/// Source: https://github.com/kubernetes/metrics (the three APIs and their paths)
public final class ClusterLoad implements Load {
    private final Client client;
    private volatile List<ResourceType<View>> known = List.of();

    public ClusterLoad(Client client) {
        this.client = client;
    }

    /// The resource of a reference, `null` when it is not served.
    public ResourceType<View> resource(String namespace, View reference) {
        var found = find(reference);
        if (found == null) {
            // A kind may have come since.
            known = Discovery.all(client);
            found = find(reference);
        }
        return found;
    }

    private static String group(View reference) {
        var version = reference.get("apiVersion").string();
        return version.substring(0, Math.max(0, version.indexOf('/')));
    }

    private ResourceType<View> find(View reference) {
        return known.stream()
                .filter(type -> type.group().equals(group(reference))
                        && type.kind().equals(reference.get("kind").string()))
                .findFirst()
                .orElse(null);
    }

    @Override
    public Size size(String namespace, View reference) {
        var type = resource(namespace, reference);
        if (type == null)
            throw new UnavailableException("no matches for kind \""
                    + reference.get("kind").string() + "\" in group \"" + group(reference) + "\"");
        var scale = read(() ->
                client.call("GET", type.path(namespace, reference.get("name").string(), "scale"), null, null));
        return new Size(
                scale.spec().get("replicas").longOr(0),
                scale.status().get("replicas").longOr(0),
                scale.status().get("selector").string());
    }

    private static View read(Supplier<View> call) {
        try {
            return call.get();
        } catch (ApiException e) {
            throw new UnavailableException(e.getMessage());
        }
    }

    private static long milli(View quantity) {
        return Quantity.parseOr(quantity.value(), Quantity.ZERO).milli();
    }

    @Override
    public List<Sample> resource(String namespace, String selector, String resource) {
        View list;
        try {
            list = client.call(
                    "GET",
                    "/apis/metrics.k8s.io/v1beta1/namespaces/" + namespace + "/pods?labelSelector="
                            + Client.encode(selector),
                    null,
                    null);
        } catch (ApiException e) {
            throw new UnavailableException("unable to get metrics for resource " + resource
                    + ": unable to fetch metrics from resource metrics API: " + e.getMessage()
                    + " (get pods.metrics.k8s.io)");
        }
        var result = new ArrayList<Sample>();
        for (var pod : list.get("items").views())
            for (var container : pod.get("containers").views())
                result.add(new Sample(
                        pod.name(),
                        container.get("name").string(),
                        milli(container.get("usage").get(resource))));
        return result;
    }

    private static String query(View metric) {
        var selector = LabelSelector.ofObject(metric.get("selector")).toString();
        return selector.isEmpty() ? "" : "metricLabelSelector=" + Client.encode(selector);
    }

    @Override
    public List<Sample> pods(String namespace, String selector, View metric) {
        var list = read(() -> client.call(
                "GET",
                "/apis/custom.metrics.k8s.io/v1beta2/namespaces/" + namespace + "/pods/*/"
                        + metric.get("name").string() + "?labelSelector=" + Client.encode(selector) + "&"
                        + query(metric),
                null,
                null));
        var result = new ArrayList<Sample>();
        for (var item : list.get("items").views())
            result.add(new Sample(item.get("describedObject", "name").string(), "", milli(item.get("value"))));
        return result;
    }

    @Override
    public long object(String namespace, View described, View metric) {
        var type = resource(namespace, described);
        var path = type == null || type.namespaced() ? "/namespaces/" + namespace : "";
        var plural = type == null
                ? described.get("kind").string()
                : type.plural() + (type.group().isEmpty() ? "" : "." + type.group());
        var list = read(() -> client.call(
                "GET",
                "/apis/custom.metrics.k8s.io/v1beta2" + path + "/" + plural + "/"
                        + described.get("name").string() + "/"
                        + metric.get("name").string() + "?" + query(metric),
                null,
                null));
        return milli(list.get("items").at(0).get("value"));
    }

    @Override
    public List<Long> external(String namespace, View metric) {
        var selector = LabelSelector.ofObject(metric.get("selector")).toString();
        var list = read(() -> client.call(
                "GET",
                "/apis/external.metrics.k8s.io/v1beta1/namespaces/" + namespace + "/"
                        + metric.get("name").string()
                        + (selector.isEmpty() ? "" : "?labelSelector=" + Client.encode(selector)),
                null,
                null));
        return list.get("items").stream().map(item -> milli(item.get("value"))).toList();
    }
}
