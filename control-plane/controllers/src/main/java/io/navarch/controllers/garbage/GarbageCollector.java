package io.navarch.controllers.garbage;

import io.navarch.client.Client;
import io.navarch.client.Discovery;
import io.navarch.client.Informers;
import io.navarch.controllers.garbage.GarbageDecision.Dependent;
import io.navarch.controllers.garbage.GarbageDecision.Held;
import io.navarch.controllers.garbage.GarbageDecision.Owner;
import io.navarch.controllers.garbage.GarbageDecision.OwnerState;
import io.navarch.controllers.garbage.OwnerGraph.Node;
import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.model.OwnerReference;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.process.Backoff;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import io.navarch.reconcile.ActionExecutor;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.WorkQueue;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes dependents whose owners are gone, and carries out foreground and orphaning deletion, of every kind that is
/// served. This is the shell: it follows what discovery names, and observes objects, their owners and dependents;
/// [GarbageDecision] decides.
public final class GarbageCollector {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageCollector.class);
    private static final String QUEUE = "garbage_collector_attempt_to_delete";
    /// kube-controller-manager's `--concurrent-gc-syncs`.
    private static final int WORKERS = 20;

    /// Nothing owns these and they change all the time: they are only looked up as owners.
    private static final Set<String> VOLATILE = Set.of("events", "leases");

    /// What says of further kinds that they are served.
    private static final Set<String> DECLARING =
            Set.of(Resources.CUSTOM_RESOURCE_DEFINITIONS.plural(), Resources.API_SERVICES.plural());

    /// Discovery is asked at every look after such a change, and else at each so many: it takes a call for each group.
    private static final int LOOKS = 12;

    private static final long LOOK_MILLIS = 5000;

    private static final Metric SYNC_ERRORS = Metric.counter(
            "garbagecollector_controller_resources_sync_error_total",
            "[ALPHA] Failures to learn which resources there are.");

    private final Client client;
    private final Informers caches;
    private final ActionExecutor executor;
    private final Metrics metrics;
    private final WorkQueue<Node> queue;
    private final OwnerGraph graph = new OwnerGraph();
    private final Set<ResourceType<AnyObject>> followed = ConcurrentHashMap.newKeySet();
    /// By group and kind: a reference may be written in any version of its group.
    private volatile Map<String, ResourceType<AnyObject>> byKind = Map.of();
    private final AtomicBoolean declared = new AtomicBoolean();
    private int looks;

    public GarbageCollector(Client client, Informers caches, ActionExecutor executor, Metrics metrics) {
        this.client = client;
        this.caches = caches;
        this.executor = executor;
        this.metrics = metrics;
        queue = new WorkQueue<>(new Backoff(Duration.ofMillis(20), Duration.ofSeconds(30)), QUEUE, metrics);
    }

    public static ControllerWiring wiring() {
        return ControllerWiring.of("generic-garbage-collector")
                .queue(QUEUE)
                .eventSource("garbage-collector-controller")
                .reads(AnyObject.resource("*", "", "*", "*", false))
                .may("*", "*", "delete,get,list,patch,update,watch")
                .metrics(SYNC_ERRORS)
                .build();
    }

    public void start(TaskScope scope) {
        metrics.declare(SYNC_ERRORS);
        discover();
        // Kinds come and go with custom resource definitions.
        scope.every("garbage-discovery", LOOK_MILLIS, this::look);
        for (int i = 0; i < WORKERS; i++)
            scope.start("garbage-collector", () -> queue.process("garbage-collector", this::visit));
    }

    private void look() {
        if (declared.getAndSet(false) || ++looks % LOOKS == 0) discoverAgain();
    }

    private void discoverAgain() {
        try {
            discover();
        } catch (ApiException e) {
            declared.set(true);
            metrics.record(SYNC_ERRORS.once());
            LOG.warn("garbage collector: {}", e.getMessage());
        }
    }

    private void discover() {
        var found = new HashMap<String, ResourceType<AnyObject>>();
        var answered = Discovery.all(client);
        // What cannot be asked now is kept as it was known: it may be an owner, and will be there again.
        var unknown = new HashSet<>(answered.failed());
        byKind.forEach((kind, type) -> {
            if (unknown.contains(type.apiVersion())) found.put(kind, type);
        });
        boolean more = false;
        for (var type : answered.types()) {
            // Should two share a kind, the first one has it: owners must not be looked for among the other's objects.
            found.putIfAbsent(type.group() + "/" + type.kind(), type);
            if (VOLATILE.contains(type.plural()) || !followed.add(type)) continue;
            more = true;
            boolean declaring = DECLARING.contains(type.plural());
            caches.of(type).onChange((old, now) -> {
                if (declaring) declared.set(true);
                if (!same(old, now)) graph.changed(type, old, now).forEach(queue::add);
            });
        }
        boolean first = byKind.isEmpty();
        byKind = Map.copyOf(found);
        // Of an owner of a kind that was not known, nobody could say that it had gone.
        if (more && !first) graph.dependentsOfUnknown().forEach(queue::add);
    }

    /// Whether a change is none for the graph.
    private static boolean same(AnyObject old, AnyObject now) {
        return old.exists()
                && now.exists()
                && old.uid().equals(now.uid())
                && old.deleting() == now.deleting()
                && same(old, now, ObjectMeta.OWNER_REFERENCES)
                && same(old, now, ObjectMeta.FINALIZERS);
    }

    private static boolean same(AnyObject old, AnyObject now, String field) {
        return old.metadata().raw(field).equals(now.metadata().raw(field));
    }

    private boolean visit(Node node) throws InterruptedException {
        var object = caches.of(node.type()).get(node.key());
        if (!object.uid().equals(node.uid())) return true;
        if (!object.deleting()) {
            var seen = observe(node, object);
            executor.execute(node.key(), GarbageDecision.decide(seen));
            if (seen.owners().stream().anyMatch(owner -> unobserved(object, owner)))
                queue.addAfter(node, Duration.ofMillis(LOOK_MILLIS));
            return true;
        }
        var finalization = GarbageDecision.decide(node, object, dependents(node));
        finalization.visits().forEach(queue::add);
        executor.execute(node.key(), finalization.decision());
        return true;
    }

    private Dependent observe(Node node, AnyObject object) {
        var owners = object.metadata().ownerReferences().stream()
                .map(owner -> new Owner(owner, state(object, owner)))
                .toList();
        // An owner of thousands is visited with each of them that goes.
        boolean waited = owners.stream().anyMatch(owner -> owner.state() == OwnerState.WAITING);
        boolean circle = waited
                && graph.dependents(node.uid()).stream()
                        .anyMatch(dependent -> GarbageDecision.waits(
                                caches.of(dependent.type()).get(dependent.key())));
        return new Dependent(node, object, owners, graph.hasDependents(node.uid()), circle);
    }

    /// Whether an owner is there, as the server says, but not in the cache of its kind yet: should it go before it is
    /// listed, nothing would tell.
    private boolean unobserved(AnyObject object, Owner owner) {
        var type = owner.state() == OwnerState.SOLID ? type(owner.reference()) : null;
        if (type == null
                || !followed.contains(type)
                || type.namespaced() && object.namespace().isEmpty()) return false;
        return !caches.of(type)
                .get(key(type, object, owner.reference()))
                .uid()
                .equals(owner.reference().uid());
    }

    private @Nullable ResourceType<AnyObject> type(OwnerReference owner) {
        var version = owner.apiVersion();
        return byKind.get(version.substring(0, Math.max(0, version.indexOf('/'))) + "/" + owner.kind());
    }

    private static ObjectKey key(ResourceType<AnyObject> type, AnyObject object, OwnerReference owner) {
        return new ObjectKey(type.namespaced() ? object.namespace() : "", owner.name());
    }

    private List<Held> dependents(Node node) {
        return graph.dependents(node.uid()).stream()
                .map(dependent ->
                        new Held(dependent, caches.of(dependent.type()).get(dependent.key())))
                .filter(held -> held.object().uid().equals(held.node().uid()))
                .toList();
    }

    private OwnerState state(AnyObject object, OwnerReference owner) {
        var type = type(owner);
        // A kind that is not served now may be served again; what has no namespace cannot look into one.
        if (type == null || type.namespaced() && object.namespace().isEmpty()) return OwnerState.SOLID;
        var key = key(type, object, owner);
        var cached = caches.of(type).get(key);
        // The cache may be behind: only the server says that something is gone.
        var asked = cached.uid().equals(owner.uid()) ? Optional.of(cached) : client.findIfServed(type, key);
        if (asked.isEmpty()) return OwnerState.SOLID;
        var live = asked.get();
        if (live.uid().equals(owner.uid())) return GarbageDecision.waits(live) ? OwnerState.WAITING : OwnerState.SOLID;
        boolean elsewhere = type.namespaced()
                && graph.node(owner.uid())
                        .filter(known -> !known.key().namespace().equals(object.namespace()))
                        .isPresent();
        return elsewhere ? OwnerState.ELSEWHERE : OwnerState.GONE;
    }
}
