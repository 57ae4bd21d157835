package io.navarch.controllers.garbage;

import io.navarch.client.Client;
import io.navarch.client.Discovery;
import io.navarch.client.Informers;
import io.navarch.client.ResourceType;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.Backoff;
import io.navarch.process.TaskScope;
import io.navarch.reconcile.WorkQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes dependents whose owners are gone, and carries out foreground and orphaning deletion.
///
/// Source: https://kubernetes.io/docs/concepts/architecture/garbage-collection/
public final class GarbageCollector {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageCollector.class);

    /// An object in the graph.
    private record Node(ResourceType type, ObjectKey key, String uid) {}

    private final Client client;
    private final Informers caches;
    private final Map<String, Node> nodes = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> dependents = new ConcurrentHashMap<>();
    private final Set<ResourceType> followed = new HashSet<>();
    private final Map<String, ResourceType> byKind = new HashMap<>();
    private final WorkQueue<Node> queue = new WorkQueue<>(new Backoff(Duration.ofMillis(20), Duration.ofSeconds(30)));

    public GarbageCollector(Client client, Informers caches) {
        this.client = client;
        this.caches = caches;
    }

    public void start(TaskScope scope) {
        discover();
        // Kinds come and go with custom resource definitions.
        scope.every("garbage-discovery", 5000, this::discover);
        for (int i = 0; i < 2; i++) scope.start("garbage-collector", this::work);
    }

    private void discover() {
        for (var type : Discovery.all(client)) {
            synchronized (followed) {
                byKind.put(type.apiVersion() + "/" + type.kind(), type);
                boolean volatileKind =
                        type.plural().equals("events") || type.plural().equals("leases");
                if (volatileKind || !followed.add(type)) continue;
            }
            caches.of(type).onChange((old, now) -> changed(type, old, now));
        }
    }

    private static List<View> owners(View object) {
        return object.metadata().get("ownerReferences").views();
    }

    private void changed(ResourceType type, View old, View now) {
        if (!now.exists()) {
            for (var owner : owners(old)) {
                var uid = owner.get("uid").string();
                dependents.computeIfPresent(uid, (key, set) -> {
                    set.remove(old.uid());
                    return set;
                });
                // An owner that waits for its dependents may go now.
                var waiting = nodes.get(uid);
                if (waiting != null) queue.add(waiting);
            }
            nodes.remove(old.uid());
            for (var dependent : dependents.getOrDefault(old.uid(), Set.of())) {
                var node = nodes.get(dependent);
                if (node != null) queue.add(node);
            }
            return;
        }
        var node = new Node(type, now.key(), now.uid());
        nodes.put(now.uid(), node);
        for (var owner : owners(now))
            dependents
                    .computeIfAbsent(owner.get("uid").string(), key -> ConcurrentHashMap.newKeySet())
                    .add(now.uid());
        var finalizers = now.metadata().get("finalizers").strings();
        boolean finalizing =
                now.deleting() && (finalizers.contains("foregroundDeletion") || finalizers.contains("orphan"));
        if (finalizing || !owners(now).isEmpty()) queue.add(node);
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
                    LOG.warn("{} {}: {}", node.type.plural(), node.key, e.getMessage());
            } finally {
                queue.done(node, failed);
            }
        }
    }

    /// False when the node must be looked at again.
    private boolean process(Node node) {
        var object = caches.of(node.type).get(node.key);
        if (!object.exists() || !object.uid().equals(node.uid)) return true;
        if (object.deleting()) return finalizeDeletion(node, object);
        var solid = new ArrayList<View>();
        var gone = new ArrayList<View>();
        boolean ownerWaits = false;
        for (var owner : owners(object)) {
            var state = ownerState(object, owner);
            if (state == OwnerState.GONE) gone.add(owner);
            else if (state == OwnerState.WAITING) {
                ownerWaits |= owner.get("blockOwnerDeletion").bool();
                gone.add(owner);
            } else {
                solid.add(owner);
            }
        }
        if (gone.isEmpty()) return true;
        if (!solid.isEmpty()) {
            var keep = new ArrayList<Object>();
            for (var owner : solid) keep.add(owner.value());
            client.mergePatch(
                    node.type,
                    node.key,
                    "",
                    Trees.map(
                            "metadata",
                            Trees.map(
                                    "uid",
                                    node.uid,
                                    "resourceVersion",
                                    object.resourceVersion(),
                                    "ownerReferences",
                                    keep)));
            return true;
        }
        boolean hasDependents = !dependents.getOrDefault(node.uid, Set.of()).isEmpty();
        var finalizers = object.metadata().get("finalizers").strings();
        var propagation =
                finalizers.contains("orphan") ? "Orphan" : ownerWaits && hasDependents ? "Foreground" : "Background";
        client.delete(node.type, node.key, node.uid, null, propagation);
        return true;
    }

    private enum OwnerState {
        SOLID,
        WAITING,
        GONE
    }

    private OwnerState ownerState(View object, View owner) {
        ResourceType type;
        synchronized (followed) {
            type = byKind.get(
                    owner.get("apiVersion").string() + "/" + owner.get("kind").string());
        }
        if (type == null) return OwnerState.SOLID;
        var key = new ObjectKey(
                type.namespaced() ? object.namespace() : "", owner.get("name").string());
        var cached = caches.of(type).get(key);
        // The cache may be behind: only the server says that something is gone.
        var live = cached.uid().equals(owner.get("uid").string()) ? cached : client.find(type, key);
        if (!live.uid().equals(owner.get("uid").string())) return OwnerState.GONE;
        boolean waiting =
                live.deleting() && live.metadata().get("finalizers").strings().contains("foregroundDeletion");
        return waiting ? OwnerState.WAITING : OwnerState.SOLID;
    }

    private boolean finalizeDeletion(Node node, View object) {
        var finalizers = object.metadata().get("finalizers").strings();
        if (finalizers.contains("orphan")) {
            for (var dependent : dependentsOf(node)) {
                var keep = new ArrayList<Object>();
                for (var owner : owners(dependent))
                    if (!owner.get("uid").string().equals(node.uid)) keep.add(owner.value());
                var type = nodes.get(dependent.uid()).type;
                client.mergePatch(
                        type,
                        dependent.key(),
                        "",
                        Trees.map("metadata", Trees.map("uid", dependent.uid(), "ownerReferences", keep)));
            }
            removeFinalizer(node, object, "orphan");
            return true;
        }
        if (!finalizers.contains("foregroundDeletion")) return true;
        boolean blocked = false;
        for (var dependent : dependentsOf(node)) {
            boolean blocks = owners(dependent).stream()
                    .anyMatch(owner -> owner.get("uid").string().equals(node.uid)
                            && owner.get("blockOwnerDeletion").bool());
            blocked |= blocks;
            if (!dependent.deleting()) queue.add(nodes.get(dependent.uid()));
        }
        if (blocked) return false;
        removeFinalizer(node, object, "foregroundDeletion");
        return true;
    }

    private List<View> dependentsOf(Node node) {
        var result = new ArrayList<View>();
        for (var uid : dependents.getOrDefault(node.uid, Set.of())) {
            var dependent = nodes.get(uid);
            if (dependent == null) continue;
            var object = caches.of(dependent.type).get(dependent.key);
            if (object.uid().equals(uid)) result.add(object);
        }
        return result;
    }

    private void removeFinalizer(Node node, View object, String finalizer) {
        var rest = new ArrayList<>(object.metadata().get("finalizers").strings());
        rest.remove(finalizer);
        client.mergePatch(
                node.type,
                node.key,
                "",
                Trees.map(
                        "metadata",
                        Trees.map("uid", node.uid, "resourceVersion", object.resourceVersion(), "finalizers", rest)));
    }
}
