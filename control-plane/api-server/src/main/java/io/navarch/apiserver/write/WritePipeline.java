package io.navarch.apiserver.write;

import io.navarch.apiserver.cache.Storage;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.RequestContext;
import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.ownership.FieldSet;
import io.navarch.schema.ownership.ManagedFields;
import io.navarch.schema.ownership.Manager;
import io.navarch.store.Store;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/// What every write goes through once its object is known: default → mutating admission → prepare → validate →
/// validating admission → store. Create, update, patch and apply differ only in how they come to the object.
public final class WritePipeline {
    /// Which part of an object a write may change.
    public enum Part {
        MAIN,
        STATUS,
        /// What the kind says of the subresource that was called.
        SUBRESOURCE,
        /// Whatever the caller built: bindings, finalisation, scale.
        WHOLE
    }

    private static final FieldSet NOTHING = FieldSet.of();
    private static final FieldSet STATUS = FieldSet.of("status");
    private static final FieldSet SPEC = FieldSet.of("spec");
    private static final FieldSet METADATA_AND_SPEC = FieldSet.of("metadata", "spec");

    private final Storage storage;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Resources resources;
    private final List<Admission.Mutating> mutating;
    private final List<Admission.Validating> validating;
    private final ReentrantLock exclusive = new ReentrantLock();

    public WritePipeline(
            Resources resources,
            InstantSource clock,
            RandomGenerator random,
            List<Admission.Mutating> mutating,
            List<Admission.Validating> validating) {
        this.storage = resources.storage();
        this.resources = resources;
        this.clock = clock;
        this.random = random;
        this.mutating = mutating;
        this.validating = validating;
    }

    /// Stores a new object given in the endpoint's version.
    public StoredObject create(RequestContext context, Map<String, Object> sent, Manager manager, boolean tracked) {
        var endpoint = context.endpoint;
        var kind = endpoint.kind();
        var metadata = Trees.child(sent, "metadata");
        var view = View.of(metadata);
        var namespace = namespace(context, sent);
        if (view.get("name").string().isEmpty()
                && !view.get("generateName").string().isEmpty()) {
            metadata.put("name", Names.generate(view.get("generateName").string(), random));
        }
        var name = View.of(metadata).get("name").string();
        if (view.get("resourceVersion").exists()
                && !view.get("resourceVersion").string().isEmpty()) {
            throw ApiException.badRequest("resourceVersion should not be set on objects to be created");
        }
        if (kind.namespaced()) metadata.put("namespace", namespace);
        else metadata.remove("namespace");
        metadata.remove("deletionTimestamp");
        metadata.remove("deletionGracePeriodSeconds");
        metadata.remove("selfLink");
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", Timestamps.seconds(clock.instant()));
        if (kind.hasStatus()) sent.remove("status");
        if (kind.hasGeneration()) metadata.put("generation", 1L);
        var stored = toStorage(endpoint, sent);
        complete(endpoint, stored);
        if (!tracked) track(context, stored, View.of(null), manager, Part.MAIN);
        awaitNeeded(context.attributes("CREATE", name), View.of(stored));
        boolean locked = lockFor(context.attributes("CREATE", name));
        try {
            admit(context, "CREATE", stored, View.of(null), name);
            kind.prepare(stored, View.of(null));
            complete(endpoint, stored);
            check(context, kind, stored, View.of(null), Part.MAIN);
            validate(context, "CREATE", stored, View.of(null), name);
            var key = endpoint.key(namespace, View.of(stored).name());
            var bytes = StoredObject.encode(stored);
            if (context.dryRun()) {
                if (storage.store().get(key) != null) throw exists(context, kind, View.of(stored));
                return StoredObject.of(key, bytes, 0, endpoint.cache().kind(), View.of(stored));
            }
            var outcome = storage.store().put(key, bytes, Store.ABSENT, kind.timeToLive(View.of(stored)));
            if (!outcome.written()) throw exists(context, kind, View.of(stored));
            return StoredObject.of(
                    key, bytes, outcome.revision(), endpoint.cache().kind(), View.of(stored));
        } finally {
            if (locked) exclusive.unlock();
        }
    }

    private ApiException exists(RequestContext context, KindDefinition kind, View object) {
        var error = ApiException.alreadyExists(kind.plural(), kind.group(), object.name());
        var there = context.endpoint.cache().get(context.endpoint.key(object.namespace(), object.name()));
        return there != null && there.view().deleting()
                ? error.reworded("object is being deleted: " + error.getMessage())
                : error;
    }

    private static String namespace(RequestContext context, Map<String, Object> sent) {
        var asked = context.info.namespace();
        var own = View.of(sent).namespace();
        if (!own.isEmpty() && !own.equals(asked) && context.endpoint.kind().namespaced()) {
            throw ApiException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        return asked;
    }

    /// Replaces an object.
    ///
    /// @param sent the new object in the stored version
    /// @param tracked whether managed fields were already worked out (server-side apply)
    public StoredObject update(
            RequestContext context,
            StoredObject current,
            Map<String, Object> sent,
            Part part,
            Manager manager,
            boolean tracked) {
        var endpoint = context.endpoint;
        var kind = endpoint.kind();
        var old = current.view();
        var object = merge(context, kind, sent, old, part);
        keepServerOwned(object, old);
        complete(endpoint, object);
        // What the client changed is its own; what admission changes after this is nobody's.
        if (!tracked && part != Part.WHOLE) track(context, object, old, manager, part);
        else if (!tracked) keepManaged(object, old);
        var name = current.name();
        boolean locked = lockFor(context.attributes("UPDATE", name));
        try {
            admit(context, "UPDATE", object, old, name);
            if (part == Part.MAIN) kind.prepare(object, old);
            complete(endpoint, object);
            generation(kind, object, old);
            check(context, kind, object, old, part);
            validate(context, "UPDATE", object, old, name);
            return write(context, current, old, object);
        } finally {
            if (locked) exclusive.unlock();
        }
    }

    private static void keepManaged(Map<String, Object> object, View old) {
        var before = old.metadata().get("managedFields");
        if (before.exists()) Trees.put(object, before.value(), "metadata", "managedFields");
    }

    private StoredObject write(RequestContext context, StoredObject current, View old, Map<String, Object> object) {
        var endpoint = context.endpoint;
        var view = View.of(object);
        boolean finished = view.deleting()
                && !endpoint.kind().held(view)
                && view.metadata().get("deletionGracePeriodSeconds").longOr(0) == 0;
        if (finished) return context.dryRun() ? current : remove(endpoint, current, object);
        if (unchanged(View.of(object), old)) return current;
        var bytes = StoredObject.encode(object);
        if (context.dryRun())
            return StoredObject.of(
                    current.key(), bytes, current.revision(), endpoint.cache().kind(), view);
        var outcome = storage.store()
                .put(current.key(), bytes, current.revision(), endpoint.kind().timeToLive(view));
        if (!outcome.written()) throw conflict(endpoint.kind(), current.name());
        return StoredObject.of(
                current.key(), bytes, outcome.revision(), endpoint.cache().kind(), view);
    }

    /// Writing the same again is no write; a new time in the managed fields alone does not count.
    private static boolean unchanged(View object, View old) {
        return sameBut(object, old, "metadata")
                && sameBut(object.metadata(), old.metadata(), "managedFields", "resourceVersion")
                && sameManagers(
                        object.metadata().get("managedFields").views(),
                        old.metadata().get("managedFields").views());
    }

    private static boolean sameManagers(List<View> entries, List<View> old) {
        if (entries.size() != old.size()) return false;
        for (int i = 0; i < old.size(); i++) if (!sameBut(entries.get(i), old.get(i), "time")) return false;
        return true;
    }

    private static boolean sameBut(View object, View old, String... left) {
        var leave = List.of(left);
        return held(object, old, leave) && held(old, object, leave);
    }

    private static boolean held(View object, View other, List<String> leave) {
        for (var entry : object.map().entrySet())
            if (!leave.contains(entry.getKey())
                    && !(other.map().containsKey(entry.getKey())
                            && Trees.same(entry.getValue(), other.map().get(entry.getKey())))) return false;
        return true;
    }

    /// The last act of a deletion: the object goes, whatever remains of it is the answer.
    public StoredObject remove(Resources.Endpoint endpoint, StoredObject current, Map<String, Object> last) {
        var outcome = storage.store().delete(current.key(), current.revision());
        if (!outcome.written()) throw conflict(endpoint.kind(), current.name());
        return StoredObject.of(
                current.key(),
                StoredObject.encode(last),
                outcome.revision(),
                endpoint.cache().kind());
    }

    static ApiException conflict(KindDefinition kind, String name) {
        return ApiException.conflict(
                kind.plural(),
                kind.group(),
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    /// What of the sent object counts: its status only through the status endpoint, everything else only elsewhere.
    private static Map<String, Object> merge(
            RequestContext context, KindDefinition kind, Map<String, Object> sent, View old, Part part) {
        if (part == Part.SUBRESOURCE)
            return kind.parts().get(context.info.subresource()).merge().apply(sent, old);
        if (part == Part.WHOLE || !kind.hasStatus()) return sent;
        if (part == Part.STATUS) {
            var object = Trees.copy(old.map());
            if (sent.containsKey("status")) object.put("status", sent.get("status"));
            else object.remove("status");
            var metadata = View.of(sent).metadata();
            for (var field : List.of("labels", "annotations", "finalizers", "managedFields", "ownerReferences")) {
                if (kind.custom() && !field.equals("managedFields")) continue;
                if (metadata.get(field).exists())
                    Trees.put(object, metadata.get(field).value(), "metadata", field);
                else if (!field.equals("ownerReferences")) Trees.remove(object, "metadata", field);
            }
            return object;
        }
        var status = old.status();
        if (status.exists()) sent.put("status", Trees.copy(status.value()));
        else sent.remove("status");
        return sent;
    }

    /// What the client cannot change is as it was; what it may not change is checked later ([MetadataRules]).
    private static void keepServerOwned(Map<String, Object> object, View old) {
        for (var field : List.of("creationTimestamp", "generation")) keep(object, old, field);
        for (var field : List.of("name", "namespace", "uid")) {
            if (View.of(object).metadata().get(field).string().isEmpty()) keep(object, old, field);
        }
        if (old.deleting()) {
            keep(object, old, "deletionTimestamp");
            keep(object, old, "deletionGracePeriodSeconds");
        }
        Trees.remove(object, "metadata", "selfLink");
    }

    private static void keep(Map<String, Object> object, View old, String field) {
        var value = old.metadata().get(field);
        if (value.exists()) Trees.put(object, value.value(), "metadata", field);
        else Trees.remove(object, "metadata", field);
    }

    private static void generation(KindDefinition kind, Map<String, Object> object, View old) {
        if (!kind.hasGeneration()) return;
        long generation = old.metadata().get("generation").longOr(0);
        var before = Trees.copy(old.map());
        var after = Trees.copy(object);
        for (var tree : List.of(before, after)) {
            tree.remove("metadata");
            if (kind.hasStatus()) tree.remove("status");
        }
        if (!Trees.same(before, after)) generation++;
        Trees.put(object, generation, "metadata", "generation");
    }

    private static Map<String, Object> toStorage(Resources.Endpoint endpoint, Map<String, Object> object) {
        return endpoint.converts() ? endpoint.version().toStorage().apply(object) : object;
    }

    private void complete(Resources.Endpoint endpoint, Map<String, Object> object) {
        endpoint.cache().kind().applyDefaults(object);
    }

    /// Before anything is locked: whoever makes what is waited for writes too.
    private void awaitNeeded(Admission.Attributes call, View object) {
        for (var plugin : mutating)
            if (plugin.handles(call)) plugin.awaited(call, object, resources).ifPresent(resources::awaitNeeded);
    }

    private boolean lockFor(Admission.Attributes call) {
        boolean needed = mutating.stream().anyMatch(plugin -> plugin.handles(call) && plugin.exclusive(call, resources))
                || validating.stream().anyMatch(plugin -> plugin.handles(call) && plugin.exclusive(call, resources));
        if (needed) exclusive.lock();
        return needed;
    }

    private void admit(RequestContext context, String operation, Map<String, Object> object, View old, String name) {
        var call = context.attributes(operation, name);
        for (var plugin : mutating) if (plugin.handles(call)) plugin.admit(call, object, old, resources);
    }

    void validate(RequestContext context, String operation, Map<String, Object> object, View old, String name) {
        var call = context.attributes(operation, name);
        for (var plugin : validating) if (plugin.handles(call)) plugin.validate(call, View.of(object), old, resources);
    }

    void validateDelete(RequestContext context, View old, String name) {
        var call = context.attributes("DELETE", name);
        for (var plugin : validating) if (plugin.handles(call)) plugin.validate(call, View.of(null), old, resources);
    }

    /// Managed fields for a write to an endpoint, in the endpoint's version.
    ManagedFields managedFields(Resources.Endpoint endpoint, Part part) {
        var kind = endpoint.kind();
        var ignored = NOTHING;
        if (kind.hasStatus() && part == Part.MAIN) ignored = STATUS;
        if (part == Part.STATUS) ignored = kind.custom() ? METADATA_AND_SPEC : SPEC;
        return new ManagedFields(resources.versions(kind), endpoint.apiVersion(), ignored);
    }

    private void track(RequestContext context, Map<String, Object> object, View old, Manager manager, Part part) {
        var endpoint = context.endpoint;
        var fields = managedFields(endpoint, part);
        boolean own = part == Part.MAIN;
        if (!endpoint.converts()) {
            fields.track(object, old, manager, own, clock.instant());
            return;
        }
        var from = endpoint.version().fromStorage();
        var shown = from.apply(Trees.copy(object));
        var before = old.exists() ? View.of(from.apply(Trees.copy(old.map()))) : old;
        fields.track(shown, before, manager, own, clock.instant());
        var managed = View.of(shown).metadata().get("managedFields");
        if (managed.exists()) Trees.put(object, managed.value(), "metadata", "managedFields");
        else Trees.remove(object, "metadata", "managedFields");
    }

    private void check(RequestContext context, KindDefinition kind, Map<String, Object> object, View old, Part part) {
        var view = View.of(object);
        var errors = new ArrayList<FieldError>();
        MetadataRules.check(view, old, kind, errors);
        // An object is checked as it is stored, whatever version it came in.
        var stored = context.endpoint.cache().kind();
        if (part == Part.MAIN) errors.addAll(stored.checkFor(kind, view, old));
        if (part == Part.STATUS) errors.addAll(stored.checkStatus(view, old));
        if (part == Part.SUBRESOURCE) {
            errors.addAll(kind.parts().get(context.info.subresource()).rules().check(view, old));
        }
        if (!errors.isEmpty()) throw ApiException.invalid(kind.group(), kind.kind(), view.name(), errors);
    }
}
