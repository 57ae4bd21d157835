package io.navarch.controllers.namespace;

import io.navarch.client.Client;
import io.navarch.client.Discovery;
import io.navarch.client.Informer;
import io.navarch.client.Informers;
import io.navarch.controllers.Conditions;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.Backoff;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.WorkQueue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Empties a namespace that is being deleted, says in its conditions what remains, and lets it go when nothing does.
///
/// Works on whatever discovery says is there, so custom resources need no mention.
public final class NamespaceController {
    private static final String QUEUE = "namespace";
    private static final int WORKERS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(NamespaceController.class);

    private static final Duration SOON = Duration.ofMillis(300);

    private final Map<String, Integer> remaining = new ConcurrentHashMap<>();
    private final Client client;
    private final Informer<View> namespaces;
    private final InstantSource clock;
    private final WorkQueue<String> queue;

    public NamespaceController(Client client, Informers caches, Metrics metrics, InstantSource clock) {
        queue = new WorkQueue<>(new Backoff(Duration.ofMillis(100), Duration.ofSeconds(15)), QUEUE, metrics);
        this.client = client;
        this.namespaces = caches.of(Resources.NAMESPACES.untyped());
        this.clock = clock;
    }

    public ControllerWiring wiring() {
        return ControllerWiring.of("namespace-controller")
                .queue(QUEUE)
                .reads(Resources.NAMESPACES)
                .may("", "namespaces", "delete")
                .may("", "namespaces/finalize,namespaces/status", "update,patch")
                .may("*", "*", "delete,deletecollection,get,list")
                .build();
    }

    public void start(TaskScope scope) {
        namespaces.onChange((old, now) -> {
            if (now.deleting()) queue.add(now.name());
        });
        for (int i = 0; i < WORKERS; i++)
            scope.start("namespace-controller", () -> {
                while (true) {
                    var name = queue.take();
                    boolean failed = true;
                    try {
                        failed = !empty(name);
                    } catch (ApiException e) {
                        if (e.reason() == ApiException.Reason.NOT_FOUND) failed = false;
                        else LOG.warn("namespace {}: {}", name, e.getMessage());
                    } finally {
                        queue.done(name, failed);
                    }
                }
            });
    }

    /// What a kind has left in a namespace.
    private record Left(int objects, Map<String, Integer> finalizers) {}

    /// True when the namespace is gone.
    private boolean empty(String name) {
        var namespace = client.get(Resources.NAMESPACES.untyped(), new io.navarch.objects.ObjectKey("", name));
        if (!namespace.deleting()) return true;
        var left = new TreeMap<String, Left>();
        // Pods first: what they use must not be taken from under them.
        empty(Resources.PODS.untyped(), name, left);
        if (left.isEmpty())
            for (var type : Discovery.namespaced(client))
                if (!type.equals(Resources.PODS.untyped())) empty(type, name, left);
        if (left.isEmpty()) {
            var body = Trees.copy(namespace.map());
            var finalizers = new ArrayList<>(namespace.spec().get("finalizers").list());
            finalizers.remove("kubernetes");
            Trees.put(body, finalizers, "spec", "finalizers");
            Trees.remove(body, "metadata", "resourceVersion");
            client.update(Resources.NAMESPACES.untyped(), body, "finalize");
            remaining.remove(name);
            return true;
        }
        tell(namespace, left);
        int now = left.values().stream().mapToInt(Left::objects).sum();
        var before = remaining.put(name, now);
        // What goes on is looked at again soon, what stands still ever later.
        if (before != null && before <= now) return false;
        queue.addAfter(name, SOON);
        return true;
    }

    private void empty(ResourceType<View> type, String namespace, Map<String, Left> left) {
        var remaining = client.list(type, namespace, "").get("items").views();
        if (remaining.stream().anyMatch(object -> !object.deleting())) {
            client.call(
                    "DELETE",
                    type.path(namespace, "", ""),
                    "application/json",
                    "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"propagationPolicy\":\"Background\"}"
                            .getBytes(StandardCharsets.US_ASCII));
            remaining = client.list(type, namespace, "").get("items").views();
        }
        if (remaining.isEmpty()) return;
        var finalizers = new TreeMap<String, Integer>();
        for (var object : remaining)
            for (var finalizer : object.metadata().get("finalizers").strings())
                finalizers.merge(finalizer, 1, Integer::sum);
        left.put(type.plural() + "." + type.group(), new Left(remaining.size(), finalizers));
    }

    private void tell(View namespace, Map<String, Left> left) {
        var contents = new ArrayList<String>();
        var finalizers = new TreeMap<String, Integer>();
        left.forEach((resource, rest) -> {
            contents.add(resource + " has " + rest.objects + " resource instances");
            rest.finalizers.forEach((finalizer, count) -> finalizers.merge(finalizer, count, Integer::sum));
        });
        var waits = new ArrayList<String>();
        finalizers.forEach((finalizer, count) -> waits.add(finalizer + " in " + count + " resource instances"));
        var conditions = new ArrayList<Object>();
        conditions.add(condition(
                namespace,
                "NamespaceDeletionDiscoveryFailure",
                false,
                "ResourcesDiscovered",
                "All resources successfully discovered"));
        conditions.add(condition(
                namespace,
                "NamespaceDeletionGroupVersionParsingFailure",
                false,
                "ParsedGroupVersions",
                "All legacy kube types successfully parsed"));
        conditions.add(condition(
                namespace,
                "NamespaceDeletionContentFailure",
                false,
                "ContentDeleted",
                "All content successfully deleted, may be waiting on finalization"));
        conditions.add(condition(
                namespace,
                "NamespaceContentRemaining",
                true,
                "SomeResourcesRemain",
                "Some resources are remaining: " + String.join(", ", contents)));
        conditions.add(
                waits.isEmpty()
                        ? condition(
                                namespace,
                                "NamespaceFinalizersRemaining",
                                false,
                                "ContentHasNoFinalizers",
                                "All content-preserving finalizers finished")
                        : condition(
                                namespace,
                                "NamespaceFinalizersRemaining",
                                true,
                                "SomeFinalizersRemain",
                                "Some content in the namespace has finalizers remaining: " + String.join(", ", waits)));
        if (Trees.semanticEquals(
                conditions, namespace.status().get("conditions").value())) return;
        client.mergePatch(
                Resources.NAMESPACES.untyped(),
                namespace.key(),
                "status",
                Trees.map("status", Trees.map("conditions", conditions)));
    }

    private Map<String, Object> condition(View namespace, String type, boolean status, String reason, String message) {
        return Conditions.of(namespace, type, status ? "True" : "False", reason, message, clock.instant());
    }
}
