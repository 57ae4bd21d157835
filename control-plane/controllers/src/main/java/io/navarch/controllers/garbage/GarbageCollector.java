package io.navarch.controllers.garbage;

import io.navarch.client.Client;
import io.navarch.client.Discovery;
import io.navarch.client.EventRecorder;
import io.navarch.client.Informers;
import io.navarch.controllers.garbage.GarbageDecision.OwnerState;
import io.navarch.controllers.garbage.GarbageDecision.Verdict;
import io.navarch.controllers.garbage.OwnerGraph.Node;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.process.Backoff;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.WorkQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes dependents whose owners are gone, and carries out foreground and orphaning deletion, of every kind that is
/// served.
public final class GarbageCollector {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageCollector.class);
    /// As many as the original's `--concurrent-gc-syncs`.
    private static final String QUEUE = "garbage_collector_attempt_to_delete";
    private static final int WORKERS = 20;

    private static final Metric SYNC_ERRORS = Metric.counter(
            "garbagecollector_controller_resources_sync_error_total",
            "[ALPHA] Failures to learn which resources there are.");

    private final Client client;
    private final EventRecorder events;
    private final Informers caches;
    private final OwnerGraph graph = new OwnerGraph();
    private final Set<ResourceType<View>> followed = new HashSet<>();
    private final Map<String, ResourceType<View>> byKind = new HashMap<>();
    private final Metrics metrics;
    private final WorkQueue<Node> queue;

    public GarbageCollector(Client client, EventRecorder events, Informers caches, Metrics metrics) {
        this.metrics = metrics;
        queue = new WorkQueue<>(new Backoff(Duration.ofMillis(20), Duration.ofSeconds(30)), QUEUE, metrics);
        this.client = client;
        this.events = events;
        this.caches = caches;
    }

    public ControllerWiring wiring() {
        return ControllerWiring.of("generic-garbage-collector")
                .queue(QUEUE)
                .eventSource("garbage-collector-controller")
                .reads(ResourceType.untyped("*", "", "*", "*", false))
                .may("*", "*", "delete,get,list,patch,update,watch")
                .metrics(SYNC_ERRORS)
                .build();
    }

    public void start(TaskScope scope) {
        metrics.declare(SYNC_ERRORS);
        discover();
        // Kinds come and go with custom resource definitions.
        scope.every("garbage-discovery", 5000, this::discoverAgain);
        for (int i = 0; i < WORKERS; i++) scope.start("garbage-collector", this::work);
    }

    private void discoverAgain() {
        try {
            discover();
        } catch (ApiException e) {
            metrics.tell(SYNC_ERRORS.once());
            LOG.warn("garbage collector: {}", e.getMessage());
        }
    }

    private void discover() {
        for (var type : Discovery.all(client)) {
            synchronized (followed) {
                byKind.put(type.group() + "/" + type.kind(), type);
                // What nothing owns and what changes all the time is only looked at.
                boolean volatileKind =
                        type.plural().equals("events") || type.plural().equals("leases");
                if (volatileKind || !followed.add(type)) continue;
            }
            caches.of(type).onChange((old, now) -> {
                boolean same = old.exists()
                        && now.exists()
                        && old.uid().equals(now.uid())
                        && old.deleting() == now.deleting()
                        && old.metadata()
                                .get("ownerReferences")
                                .equals(now.metadata().get("ownerReferences"))
                        && old.metadata()
                                .get("finalizers")
                                .equals(now.metadata().get("finalizers"));
                if (!same) graph.changed(type, old, now).forEach(queue::add);
            });
        }
    }

    private void work() throws InterruptedException {
        while (true) {
            var node = queue.take();
            boolean failed = true;
            try {
                failed = !process(node);
            } catch (ApiException e) {
                if (e.reason() == ApiException.Reason.NOT_FOUND) failed = false;
                else if (e.reason() != ApiException.Reason.CONFLICT)
                    LOG.warn("{} {}: {}", node.type().plural(), node.key(), e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("{} {}", node.type().plural(), node.key(), e);
            } finally {
                queue.done(node, failed);
            }
        }
    }

    /// False when the node must be looked at again.
    private boolean process(Node node) {
        var object = caches.of(node.type()).get(node.key());
        if (!object.uid().equals(node.uid())) return true;
        if (object.deleting()) return finalizeDeletion(node, object);
        var states = new ArrayList<OwnerState>();
        for (var owner : object.metadata().get("ownerReferences").views()) states.add(state(object, owner));
        boolean circle = graph.dependents(node.uid()).stream()
                .anyMatch(dependent -> waits(caches.of(dependent.type()).get(dependent.key())));
        carryOut(node, GarbageDecision.dependent(object, states, graph.hasDependents(node.uid()), circle));
        return true;
    }

    private void carryOut(Node node, Verdict verdict) {
        switch (verdict) {
            case Verdict.Keep keep -> {}
            case Verdict.Delete delete ->
                client.delete(node.type(), node.key(), node.uid(), null, delete.propagation());
            case Verdict.Patch patch -> client.mergePatch(node.type(), node.key(), "", patch.body());
        }
    }

    private static boolean waits(View object) {
        return object.deleting()
                && object.metadata().get("finalizers").strings().contains("foregroundDeletion");
    }

    private OwnerState state(View object, View owner) {
        ResourceType<View> type;
        synchronized (followed) {
            // Whichever version of its group the reference was written in.
            var version = owner.get("apiVersion").string();
            var group = version.substring(0, Math.max(0, version.indexOf('/')));
            type = byKind.get(group + "/" + owner.get("kind").string());
        }
        // A kind that is not served now may be served again; what has no namespace cannot look into one.
        if (type == null || type.namespaced() && object.namespace().isEmpty()) return OwnerState.SOLID;
        var key = new ObjectKey(
                type.namespaced() ? object.namespace() : "", owner.get("name").string());
        var uid = owner.get("uid").string();
        var cached = caches.of(type).get(key);
        // The cache may be behind: only the server says that something is gone.
        var live = cached.uid().equals(uid) ? cached : client.find(type, key);
        if (live.uid().equals(uid)) return waits(live) ? OwnerState.WAITING : OwnerState.SOLID;
        tellOfAnotherNamespace(object, owner, type);
        return OwnerState.GONE;
    }

    /// An owner that is in another namespace counts as gone; whoever meant it should know why.
    private void tellOfAnotherNamespace(View object, View owner, ResourceType<View> type) {
        if (!type.namespaced()) return;
        var uid = owner.get("uid").string();
        var known = graph.node(uid);
        if (known == null || known.key().namespace().equals(object.namespace())) return;
        events.warning(
                object,
                "OwnerRefInvalidNamespace",
                "ownerRef [" + owner.get("apiVersion").string() + "/"
                        + owner.get("kind").string() + ", namespace: "
                        + object.namespace() + ", name: " + owner.get("name").string() + ", uid: " + uid
                        + "] does not exist in namespace \"" + object.namespace() + "\"");
    }

    private boolean finalizeDeletion(Node node, View object) {
        var finalizers = object.metadata().get("finalizers").strings();
        if (finalizers.contains("orphan")) {
            for (var dependent : graph.dependents(node.uid())) {
                var orphan = caches.of(dependent.type()).get(dependent.key());
                if (orphan.uid().equals(dependent.uid()))
                    carryOut(dependent, GarbageDecision.orphaned(orphan, node.uid()));
            }
            carryOut(node, GarbageDecision.without(object, "orphan"));
            return true;
        }
        if (!finalizers.contains("foregroundDeletion")) return true;
        boolean blocked = false;
        for (var dependent : graph.dependents(node.uid())) {
            var view = caches.of(dependent.type()).get(dependent.key());
            if (!view.uid().equals(dependent.uid())) continue;
            blocked |= GarbageDecision.blocks(view, node.uid());
            if (!view.deleting()) queue.add(dependent);
        }
        // Each of them brings this one back when it goes.
        if (!blocked) carryOut(node, GarbageDecision.without(object, "foregroundDeletion"));
        return true;
    }
}
