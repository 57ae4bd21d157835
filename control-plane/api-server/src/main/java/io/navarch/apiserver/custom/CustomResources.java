package io.navarch.apiserver.custom;

import io.navarch.apiserver.cache.Cursor;
import io.navarch.apiserver.cache.ExpiredException;
import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.apiserver.cache.Snapshot;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.custom.DefinitionStatus.Deletion;
import io.navarch.apiserver.registry.Resources;
import io.navarch.model.AnyObject;
import io.navarch.model.CustomResourceDefinition;
import io.navarch.model.CustomResourceDefinitionConditionType;
import io.navarch.model.CustomResourceDefinitionNames;
import io.navarch.model.CustomResourceDefinitionStatus;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.ObjectRules;
import io.navarch.schema.ownership.FieldOwner;
import io.navarch.schema.ownership.FieldSet;
import io.navarch.schema.ownership.ManagedFields;
import io.navarch.schema.types.Schema;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows CustomResourceDefinitions and serves what they define, by the same pipeline as everything else.
///
/// A definition that cannot be made sense of is left alone: it stops neither the others nor the server, not even
/// at its start.
public final class CustomResources {
    private static final Logger LOG = LoggerFactory.getLogger(CustomResources.class);
    private static final String GROUP = "apiextensions.k8s.io";
    private static final FieldOwner OWNER =
            new FieldOwner("kube-apiserver", FieldOwner.UPDATE, GROUP + "/v1", "status");
    private static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";
    private static final long IDLE_MILLIS = 60_000;

    /// What is left of a kind that goes: nothing, objects whose deletion was begun just now among others, or only such
    /// that finalizers hold.
    public enum Left {
        NONE,
        GOING,
        HELD
    }

    /// Deletes the objects of a kind as a client would, finalizers and all.
    public interface Instances {
        /// Begins with those that are not being deleted yet, or some of them.
        Left deleteAll(KindDefinition kind) throws InterruptedException;
    }

    /// What a kind was made of, so that it is only made anew when that changes.
    ///
    /// @param generation of the definition, which counts the changes of what it specifies
    private record Served(KindDefinition kind, String uid, long generation, CustomResourceDefinitionNames names) {
        boolean isOf(CustomResourceDefinition definition, CustomResourceDefinitionNames given, boolean ending) {
            return kind.ending() == ending
                    && uid.equals(definition.uid())
                    && generation == definition.metadata().generation()
                    && names.semanticEquals(given);
        }
    }

    private final Resources resources;
    private final Schema metadata;
    private final Function<Supplier<Map<String, Object>>, ObjectRules> rules;
    private final InstantSource clock;
    private final Instances instances;
    private final ConversionCalls calls;
    private final ConversionMetrics metrics;
    // All by the name of the definition. Used before the follower starts, then by it alone.
    private final Map<String, Served> served = new HashMap<>();
    private final NameClaims claims = new NameClaims();
    private final Endings ending = new Endings();

    /// @param metadata the schema of `ObjectMeta`
    /// @param rules makes the rules that a schema has with it
    /// @param calls webhooks that convert
    public CustomResources(
            Resources resources,
            Schema metadata,
            Function<Supplier<Map<String, Object>>, ObjectRules> rules,
            InstantSource clock,
            Instances instances,
            ConversionCalls calls,
            Metrics metrics) {
        this.resources = resources;
        this.metadata = metadata;
        this.rules = rules;
        this.clock = clock;
        this.instances = instances;
        this.calls = calls;
        this.metrics = new ConversionMetrics(metrics);
    }

    public void start(TaskScope scope) {
        var kind = definitions();
        if (kind.isEmpty()) return;
        var cache = resources.storage().cache(kind.get());
        var known = cache.snapshot();
        var cursor = cache.cursor(known.revision());
        for (var stored : known.below(kind.get().storagePrefix())) safely(stored.name(), () -> claim(stored));
        for (var stored : known.below(kind.get().storagePrefix())) safely(stored.name(), () -> reconcile(stored));
        scope.start("custom-resources", () -> follow(cursor, cache));
    }

    /// Names that were given out before the start stay where they are.
    private void claim(StoredObject stored) {
        var definition = CustomResourceDefinition.of(stored.view());
        claims.note(
                stored.name(), definition.spec().group(), definition.status().acceptedNames());
    }

    private void follow(Cursor first, ObjectCache cache) throws InterruptedException {
        var cursor = first;
        while (true) {
            try {
                var batch = cursor.poll(ending.isEmpty() ? IDLE_MILLIS : Endings.OFTEN.toMillis());
                if (batch.ended()) return;
                for (var change : batch.changes()) {
                    var latest = change.latest();
                    safely(latest.name(), () -> {
                        if (change.deletion()) forget(latest.name(), group(latest));
                        else if (reconcile(latest)) reconsider(group(latest));
                    });
                }
            } catch (ExpiredException e) {
                // Definitions have changed faster than they could be followed.
                cursor.close();
                var known = cache.snapshot();
                cursor = cache.cursor(known.revision());
                lookAnew(known);
            }
            for (var name : ending.due(steady())) end(name, cache);
        }
    }

    /// Takes definitions as they are now, whatever they were.
    private void lookAnew(Snapshot known) {
        var present = new HashSet<String>();
        var prefix = definitions().orElseThrow().storagePrefix();
        for (var stored : known.below(prefix)) present.add(stored.name());
        for (var each : Map.copyOf(served).entrySet())
            if (!present.contains(each.getKey()))
                safely(
                        each.getKey(),
                        () -> forget(each.getKey(), each.getValue().kind.group()));
        for (var stored : known.below(prefix))
            safely(stored.name(), () -> {
                if (reconcile(stored)) reconsider(group(stored));
            });
    }

    /// Whatever is wrong with one definition stays with it.
    private static void safely(String name, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | StackOverflowError e) {
            LOG.warn("{}: {}", name, e.toString());
        }
    }

    private static String group(StoredObject stored) {
        return CustomResourceDefinition.of(stored.view()).spec().group();
    }

    private void forget(String name, String group) {
        ending.remove(name);
        claims.release(name);
        var gone = served.remove(name);
        if (gone != null) resources.remove(gone.kind);
        reconsider(group);
    }

    /// Names have become free: whoever of the group was waiting for them has another chance.
    private void reconsider(String group) {
        var kind = definitions().orElseThrow();
        boolean freed = true;
        while (freed) {
            freed = false;
            for (var stored : resources.storage().cache(kind).snapshot().below(kind.storagePrefix())) {
                var definition = CustomResourceDefinition.of(stored.view());
                if (definition.spec().group().equals(group)
                        && !DefinitionStatus.is(definition, CustomResourceDefinitionConditionType.NAMES_ACCEPTED))
                    freed |= reconcile(stored);
            }
        }
    }

    /// Serves what is defined as far as its names are its own, and says so.
    ///
    /// @return whether it has given up names
    private boolean reconcile(StoredObject stored) {
        var definition = CustomResourceDefinition.of(stored.view());
        var verdict = claims.judge(definition);
        boolean freed = claims.note(stored.name(), definition.spec().group(), verdict.accepted());
        boolean established = DefinitionStatus.is(definition, CustomResourceDefinitionConditionType.ESTABLISHED);
        boolean deleting = definition.metadata().deletionTimestamp().isPresent();
        if (verdict.conflict().isEmpty() || established) serve(stored, definition, verdict.accepted(), deleting);
        if (deleting && definition.metadata().finalizers().contains(CLEANUP)) {
            if (!DefinitionStatus.deletes(definition))
                write(stored, definition, deleted(definition, Deletion.PENDING), false);
            ending.add(stored.name());
        } else {
            write(stored, definition, DefinitionStatus.named(definition, verdict, clock.instant()), false);
        }
        return freed;
    }

    private void serve(
            StoredObject stored,
            CustomResourceDefinition definition,
            CustomResourceDefinitionNames names,
            boolean deleting) {
        var known = served.get(stored.name());
        if (known != null && known.isOf(definition, names, deleting)) return;
        var group = definition.spec().group();
        var kind = CustomKind.define(
                definition.view(),
                names.view(),
                metadata,
                version -> resources.builtIn(group, version),
                rules,
                deleting,
                webhook -> new WebhookConverter(stored.name(), webhook, calls, metrics, System::nanoTime));
        if (resources.reserved(kind)) return;
        // Not the names themselves, which are a part of the whole definition.
        var kept = CustomResourceDefinitionNames.of(
                View.of(Trees.copy(View.over(names).map())));
        var generation = definition.metadata().generation();
        served.put(stored.name(), new Served(kind, definition.uid(), generation, kept));
        if (known != null) {
            if (renewed(known.kind, kind)) resources.storage().renew(kind);
            else resources.storage().redefine(kind);
        }
        resources.add(kind);
    }

    /// Whether whoever watches has to begin anew: what is stored has another version, or is converted by somebody else.
    private static boolean renewed(KindDefinition before, KindDefinition now) {
        return !before.storage().name().equals(now.storage().name())
                || before.converter().isPresent()
                || now.converter().isPresent();
    }

    /// Nothing of a kind outlives its definition, and the definition waits until the last is gone.
    private void end(String name, ObjectCache cache) throws InterruptedException {
        var found = cache.get(definitions().orElseThrow().storagePrefix() + name);
        if (found.isEmpty()) {
            ending.remove(name);
            return;
        }
        var definition = CustomResourceDefinition.of(found.get().view());
        // First everybody is told, so that nobody begins something new.
        if (!DefinitionStatus.deletes(definition)) return;
        try {
            var known = served.get(name);
            if (known == null) finish(found.get(), definition, deleted(definition, without(definition)));
            else delete(found.get(), definition, known.kind);
        } catch (RuntimeException e) {
            LOG.warn("{}: its objects cannot be deleted yet: {}", name, e.toString());
        }
    }

    private void delete(StoredObject stored, CustomResourceDefinition definition, KindDefinition kind)
            throws InterruptedException {
        var from = steady();
        switch (instances.deleteAll(kind)) {
            case NONE -> finish(stored, definition, deleted(definition, Deletion.COMPLETED));
            case HELD -> ending.held(stored.name(), from, steady());
            case GOING -> {}
        }
    }

    /// A time that nobody can set: what is looked at every few seconds would wait for as long as the clock is set back.
    private static Instant steady() {
        return Instant.EPOCH.plusNanos(System.nanoTime());
    }

    private static Deletion without(CustomResourceDefinition definition) {
        return DefinitionStatus.is(definition, CustomResourceDefinitionConditionType.ESTABLISHED)
                ? Deletion.OVERLAPPING
                : Deletion.NEVER_ESTABLISHED;
    }

    private CustomResourceDefinitionStatus deleted(CustomResourceDefinition definition, Deletion how) {
        return DefinitionStatus.deleted(definition, how, clock.instant());
    }

    private void finish(
            StoredObject stored, CustomResourceDefinition definition, CustomResourceDefinitionStatus status) {
        ending.remove(stored.name());
        write(stored, definition, status, true);
    }

    /// Writes the status, unless it says so already or somebody else was faster; then there is another change to
    /// look at.
    ///
    /// @param definition as it is stored: reading a large one anew takes as long as all that is done with it here
    private void write(
            StoredObject stored,
            CustomResourceDefinition definition,
            CustomResourceDefinitionStatus status,
            boolean cleaned) {
        if (!cleaned && status.semanticEquals(definition.status())) return;
        var before = definition.view();
        // What is not changed stays the very same.
        var tree = new LinkedHashMap<>(before.map());
        tree.put(AnyObject.METADATA, Trees.copy(before.metadata().map()));
        tree.put(CustomResourceDefinition.STATUS, Trees.copy(status.view().map()));
        if (cleaned)
            Trees.childList(Trees.child(tree, "metadata"), "finalizers").remove(CLEANUP);
        ownership().track(tree, before, OWNER, false, clock.instant());
        var store = resources.storage().store();
        if (cleaned && View.of(tree).metadata().get("finalizers").list().isEmpty())
            store.delete(stored.key(), stored.revision());
        else store.put(stored.key(), StoredObject.encode(tree), stored.revision(), Duration.ZERO);
    }

    private ManagedFields ownership() {
        return new ManagedFields(resources.versions(definitions().orElseThrow()), OWNER.apiVersion(), new FieldSet());
    }

    private Optional<KindDefinition> definitions() {
        return resources.kind(GROUP, "customresourcedefinitions");
    }
}
