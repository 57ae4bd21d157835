package io.navarch.apiserver.custom;

import io.navarch.apiserver.cache.Cursor;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.Resources;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.TaskScope;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.ownership.FieldOwner;
import io.navarch.schema.ownership.FieldSet;
import io.navarch.schema.ownership.ManagedFields;
import io.navarch.schema.types.Schema;
import io.navarch.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows CustomResourceDefinitions and serves what they define, by the same pipeline as everything else.
public final class CustomResources {
    private static final Logger LOG = LoggerFactory.getLogger(CustomResources.class);
    private static final String GROUP = "apiextensions.k8s.io";
    private static final String ESTABLISHED = "Established";
    private static final FieldOwner OWNER =
            new FieldOwner("kube-apiserver", FieldOwner.UPDATE, GROUP + "/v1", "status");
    private static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

    private final Resources resources;
    private final Schema metadata;
    private final InstantSource clock;
    /// By the name of the definition. Used before the follower starts, then by it alone.
    private final Map<String, KindDefinition> served = new HashMap<>();

    /// @param metadata the schema of `ObjectMeta`
    public CustomResources(Resources resources, Schema metadata, InstantSource clock) {
        this.resources = resources;
        this.metadata = metadata;
        this.clock = clock;
    }

    public void start(TaskScope scope) {
        var kind = definitions();
        if (kind.isEmpty()) return;
        var cache = resources.storage().cache(kind.get());
        var known = cache.snapshot();
        var cursor = cache.cursor(known.revision());
        for (var stored : known.below(kind.get().storagePrefix())) reconcile(stored);
        scope.start("custom-resources", () -> follow(cursor));
    }

    private void follow(Cursor cursor) throws InterruptedException {
        while (true) {
            var batch = cursor.poll(60_000);
            if (batch.ended()) return;
            for (var change : batch.changes()) {
                try {
                    if (change.deletion()) forget(change.latest().name());
                    else reconcile(change.latest());
                } catch (RuntimeException e) {
                    LOG.warn("{}: {}", change.latest().name(), e.toString());
                }
            }
        }
    }

    private void forget(String name) {
        var kind = served.remove(name);
        if (kind != null) resources.remove(kind);
    }

    private void reconcile(StoredObject stored) {
        var definition = stored.view();
        if (definition.deleting()) {
            if (definition.metadata().get("finalizers").strings().contains(CLEANUP)) cleanUp(stored);
            return;
        }
        var kind = CustomKind.define(definition, metadata);
        var known = served.put(stored.name(), kind);
        if (known != null) {
            if (known.storage().name().equals(kind.storage().name()))
                resources.storage().redefine(kind);
            else resources.storage().drop(known);
        }
        resources.add(kind);
        establish(stored);
    }

    /// Nothing of a kind outlives its definition.
    private void cleanUp(StoredObject stored) {
        var kind = served.get(stored.name());
        if (kind != null) {
            var store = resources.storage().store();
            for (var entry : store.range(kind.storagePrefix(), Store.prefixEnd(kind.storagePrefix()), 0, 0)
                    .entries()) {
                store.delete(entry.key(), Store.ANY);
            }
        }
        var tree = stored.tree();
        Trees.childList(Trees.child(tree, "metadata"), "finalizers").remove(CLEANUP);
        if (View.of(tree).metadata().get("finalizers").list().isEmpty()) {
            resources.storage().store().delete(stored.key(), stored.revision());
        } else {
            resources.storage().store().put(stored.key(), StoredObject.encode(tree), stored.revision(), Duration.ZERO);
        }
    }

    /// Writes what clients wait for: the accepted names and the condition `Established`.
    private void establish(StoredObject stored) {
        var definition = stored.view();
        if (definition.condition(ESTABLISHED).equals("True")
                && Trees.semanticEquals(
                        definition.status().get("acceptedNames").value(),
                        definition.spec().get("names").value())) return;
        var tree = stored.tree();
        var now = Timestamps.seconds(clock.instant());
        tree.put(
                "status",
                Trees.map(
                        "conditions",
                                List.of(
                                        condition("NamesAccepted", now, "NoConflicts", "no conflicts found"),
                                        condition(
                                                ESTABLISHED,
                                                now,
                                                "InitialNamesAccepted",
                                                "the initial names have been accepted")),
                        "acceptedNames",
                                Trees.copy(definition.spec().get("names").map()),
                        "storedVersions",
                                definition.status().get("storedVersions").list()));
        ownership().track(tree, definition, OWNER, false, clock.instant());
        resources.storage().store().put(stored.key(), StoredObject.encode(tree), stored.revision(), Duration.ZERO);
    }

    private ManagedFields ownership() {
        return new ManagedFields(resources.versions(definitions().orElseThrow()), OWNER.apiVersion(), new FieldSet());
    }

    private Optional<KindDefinition> definitions() {
        return resources.kind(GROUP, "customresourcedefinitions");
    }

    private static Map<String, Object> condition(String type, String now, String reason, String message) {
        return Trees.map(
                "type", type, "status", "True", "lastTransitionTime", now, "reason", reason, "message", message);
    }
}
