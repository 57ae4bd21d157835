package io.navarch.resourcemetrics;

import io.navarch.apiserver.registry.Endpoint;
import io.navarch.model.AnyObject;
import io.navarch.model.Resources;
import io.navarch.objects.GoDuration;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Quantity;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.types.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The objects of `metrics.k8s.io/v1beta1`, and what discovery says of them.
final class MetricsObjects {
    static final String GROUP = "metrics.k8s.io";
    static final String VERSION = "v1beta1";
    static final String GROUP_VERSION = GROUP + "/" + VERSION;
    static final String ROOT = "/apis/" + GROUP_VERSION;

    private static final String CPU = "cpu";
    private static final String MEMORY = "memory";
    private static final String USAGE = "usage";
    private static final String WINDOW = "window";
    private static final String CONTAINERS = "containers";
    private static final List<String> VERBS = List.of("get", "list");

    /// What can be asked for.
    ///
    /// @param kind of an answer
    /// @param measured what messages call it
    /// @param of whose usage it is
    /// @param endpoint how it is shown as a table
    record Resource(String plural, String kind, String measured, ResourceType<? extends Lens> of, Endpoint endpoint) {
        boolean namespaced() {
            return of.namespaced();
        }
    }

    private static final Resource NODES = resource("NodeMetrics", "nodemetrics", Resources.NODES);
    private static final Resource PODS = resource("PodMetrics", "podmetrics", Resources.PODS);

    private MetricsObjects() {}

    private static Resource resource(String kind, String measured, ResourceType<? extends Lens> of) {
        var type = ResourceType.untyped(GROUP, VERSION, of.plural(), kind, of.namespaced());
        var shown = KindBuilder.of(type)
                .version(
                        Schema.NONE,
                        columns -> columns.name()
                                .text(CPU, object -> sum(object, CPU))
                                .text(MEMORY, object -> sum(object, MEMORY))
                                .text("Window", object -> object.get(WINDOW).string()))
                .asComputed()
                .build();
        return new Resource(
                of.plural(),
                kind,
                measured,
                of,
                new Endpoint(shown, shown.storage(), Optional.empty(), Optional.empty()));
    }

    private static String sum(View object, String resource) {
        if (object.get(USAGE).exists()) return object.get(USAGE, resource).string();
        return object.get(CONTAINERS).views().stream()
                .map(container -> Quantity.parse(container.get(USAGE, resource).string()))
                .reduce(Quantity.ZERO, Quantity::plus)
                .toString();
    }

    /// Whether a path is that of the list of what is served. Paths come from outside: each character is looked at once.
    static boolean isRoot(String path) {
        return path.startsWith(ROOT) && path.chars().skip(ROOT.length()).allMatch(each -> each == '/');
    }

    static Optional<Resource> resource(String plural) {
        return List.of(NODES, PODS).stream()
                .filter(each -> each.plural.equals(plural))
                .findFirst();
    }

    static Map<String, Object> node(String name, Map<String, String> labels, Usage usage, Instant now) {
        var object = object(NODES, metadata(new ObjectKey("", name), labels, now), usage);
        object.put(USAGE, taken(usage));
        return object;
    }

    static Map<String, Object> pod(
            ObjectKey key, Map<String, String> labels, UsageHistory.PodUsage usage, Instant now) {
        var object = object(PODS, metadata(key, labels, now), usage.earliest());
        var containers = new ArrayList<Object>();
        usage.containers().forEach((name, each) -> containers.add(Trees.map("name", name, USAGE, taken(each))));
        object.put(CONTAINERS, containers);
        return object;
    }

    private static Map<String, Object> object(Resource resource, Map<String, Object> metadata, Usage usage) {
        return Trees.map(
                AnyObject.KIND,
                resource.kind,
                AnyObject.API_VERSION,
                GROUP_VERSION,
                AnyObject.METADATA,
                metadata,
                "timestamp",
                Timestamps.seconds(usage.time()),
                WINDOW,
                GoDuration.text(usage.window()));
    }

    private static Map<String, Object> metadata(ObjectKey key, Map<String, String> labels, Instant now) {
        return Trees.map(
                "name",
                key.name(),
                "namespace",
                key.namespace().isEmpty() ? null : key.namespace(),
                "creationTimestamp",
                Timestamps.seconds(now),
                "labels",
                labels.isEmpty() ? null : labels);
    }

    private static Map<String, Object> taken(Usage usage) {
        return Trees.map(CPU, usage.cores().toString(), MEMORY, usage.bytes().toString());
    }

    /// The elements of a list do not say what they are.
    static Map<String, Object> list(Resource resource, List<Map<String, Object>> objects) {
        for (var each : objects) each.keySet().removeAll(List.of(AnyObject.KIND, AnyObject.API_VERSION));
        return Trees.map(
                AnyObject.KIND,
                resource.kind + "List",
                AnyObject.API_VERSION,
                GROUP_VERSION,
                AnyObject.METADATA,
                Trees.map(),
                AnyObject.ITEMS,
                objects);
    }

    /// How messages name what is not there.
    static String said(ObjectKey key) {
        return key.namespace().isEmpty() ? key.name() : key.namespace() + "/" + key.name();
    }

    /// What is served, as the list of this version says it.
    static Map<String, Object> resourceList() {
        var list = new ArrayList<Object>();
        for (var each : List.of(NODES, PODS))
            list.add(Trees.map(
                    "name",
                    each.plural,
                    "singularName",
                    "",
                    "namespaced",
                    each.namespaced(),
                    "kind",
                    each.kind,
                    "verbs",
                    VERBS));
        return Trees.map(
                AnyObject.KIND,
                "APIResourceList",
                AnyObject.API_VERSION,
                "v1",
                "groupVersion",
                GROUP_VERSION,
                "resources",
                list);
    }

    /// What is served, as aggregated discovery says it.
    static List<Map<String, Object>> discovered() {
        var list = new ArrayList<Map<String, Object>>();
        for (var each : List.of(NODES, PODS))
            list.add(Trees.map(
                    "resource",
                    each.plural,
                    "responseKind",
                    Trees.map("group", GROUP, "version", VERSION, "kind", each.kind),
                    "scope",
                    each.namespaced() ? "Namespaced" : "Cluster",
                    "singularResource",
                    "",
                    "verbs",
                    VERBS));
        return list;
    }
}
