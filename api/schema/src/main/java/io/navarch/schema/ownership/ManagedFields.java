package io.navarch.schema.ownership;

import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.types.Schema;
import io.navarch.schema.walk.Defaulting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Who owns which field of an object: server-side apply, and the tracking of every other write.
///
/// One instance serves one write. Fields owned in another version are compared in that version.
///
/// Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/ (KEP-555)
public final class ManagedFields {
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    /// Fields that nobody owns, because the server sets them.
    private static final FieldSet SERVER_OWNED = FieldSet.of(
            "apiVersion",
            "kind",
            "metadata",
            "metadata.name",
            "metadata.namespace",
            "metadata.creationTimestamp",
            "metadata.selfLink",
            "metadata.uid",
            "metadata.clusterName",
            "metadata.generation",
            "metadata.managedFields",
            "metadata.resourceVersion");

    /// The versions in which an object is served.
    public interface Versions {
        /// The schema of a version, [Schema#NONE] when it is not served.
        Schema schema(String apiVersion);

        /// Whether the kind is a custom one, whose objects have no fields by default.
        boolean custom();

        /// The object in another version; may return its argument.
        Map<String, Object> convert(Map<String, Object> object, String from, String to);

        /// A kind with one version.
        static Versions single(String version, Schema schema, boolean custom) {
            return new Versions() {
                @Override
                public Schema schema(String apiVersion) {
                    return apiVersion.equals(version) ? schema : Schema.NONE;
                }

                @Override
                public boolean custom() {
                    return custom;
                }

                @Override
                public Map<String, Object> convert(Map<String, Object> object, String from, String to) {
                    return object;
                }
            };
        }
    }

    private final Versions versions;
    private final String version;
    private final Schema schema;
    private final FieldSet ignored;
    private final ManagersCodec codec;

    /// @param version the version that is written, in which objects are given and answered
    /// @param ignored the fields that the endpoint does not accept from clients
    public ManagedFields(Versions versions, String version, FieldSet ignored) {
        this.versions = versions;
        this.version = version;
        this.schema = versions.schema(version);
        this.ignored = ignored;
        codec = new ManagersCodec(versions::schema);
    }

    /// Records who changed what in a create, an update or a patch. The object may come with managed fields of
    /// its own; an empty list resets ownership.
    ///
    /// @param old the object before, absent on create
    /// @param ownFields whether managed fields in the object are honoured
    public void track(Map<String, Object> object, View old, FieldOwner manager, boolean ownFields, Instant now) {
        var sent = View.of(object).metadata().get("managedFields");
        boolean reset = ownFields && isReset(sent);
        var owners = codec.read(ownFields ? sent : View.ABSENT);
        if (owners.isEmpty() && !reset) owners = codec.read(old.metadata().get("managedFields"));
        Trees.remove(object, "metadata", "managedFields");
        // What cannot be told apart has no owners: as in Kubernetes, the object loses all of them.
        if (!TypedTree.keyed(object, schema)) return;
        // An object without managed fields stays so until somebody applies.
        if (owners.isEmpty() && old.exists()) return;
        var before = old.exists() ? bare(old.map()) : empty();
        update(before, object, manager, owners, now);
        ManagersCodec.cap(owners);
        ManagersCodec.write(object, owners);
    }

    private Map<String, Object> empty() {
        return versions.custom() ? Map.of() : Defaulting.zero(schema);
    }

    /// Custom resources pass through a form without empty lists.
    private boolean isReset(View managed) {
        if (!managed.exists()) return false;
        var list = managed.list();
        return list.isEmpty()
                ? !versions.custom()
                : list.size() == 1 && managed.at(0).map().isEmpty();
    }

    private void update(
            Map<String, Object> before,
            Map<String, Object> after,
            FieldOwner manager,
            Map<FieldOwnerId, OwnedFields> owners,
            Instant now) {
        var id = manager.id();
        var comparison = settle(before, after, owners, other -> false, true);
        // An element that has become one of several of a key is removed as the one and added as the several.
        var mine = comparison.changed().difference(SERVER_OWNED);
        if (mine.isEmpty()) return;
        var left = owners.get(id);
        var all = left == null ? mine : left.fields().union(mine);
        owners.put(id, new OwnedFields(all, version, Timestamps.seconds(now)));
    }

    /// Removes changed and deleted fields from their owners.
    ///
    /// @param spared the managers whose fields are left alone
    /// @throws Conflicts when fields of another manager change, unless `forced`
    private TypedTree.Comparison settle(
            Map<String, Object> before,
            Map<String, Object> after,
            Map<FieldOwnerId, OwnedFields> owners,
            Predicate<FieldOwnerId> spared,
            boolean forced) {
        var here = TypedTree.compare(before, after, schema).without(ignored);
        var comparisons = new HashMap<String, TypedTree.Comparison>();
        comparisons.put(version, here);
        var result = new LinkedHashMap<FieldOwnerId, OwnedFields>();
        var conflicts = new LinkedHashMap<FieldOwnerId, FieldSet>();
        owners.forEach((id, owned) -> {
            if (spared.test(id)) {
                result.put(id, owned);
                return;
            }
            var there = versions.schema(owned.apiVersion());
            // Ownership in a version that no longer exists is dropped.
            if (!there.exists()) return;
            var comparison = comparisons.computeIfAbsent(
                    owned.apiVersion(),
                    other -> TypedTree.compare(
                                    versions.convert(Trees.copy(before), version, other),
                                    versions.convert(Trees.copy(after), version, other),
                                    there)
                            .without(ignored));
            var taken = owned.fields().intersection(comparison.changed());
            if (!taken.isEmpty()) conflicts.put(id, taken);
            var left = owned.fields().difference(taken).difference(comparison.removed());
            if (!left.isEmpty()) result.put(id, owned.with(left));
        });
        if (!forced && !conflicts.isEmpty()) throw new Conflicts(conflicts);
        owners.clear();
        owners.putAll(result);
        return here;
    }

    /// Server-side apply: the new object, with its managed fields.
    ///
    /// @param live the stored object, absent on create
    /// @param applied the configuration as it was sent
    /// @throws ApiException 409 with a cause per field when another manager owns what would change
    public Map<String, Object> apply(
            View live, Map<String, Object> applied, FieldOwner manager, boolean force, Instant now) {
        try {
            return merged(live, applied, manager, force, now);
        } catch (Conflicts conflicts) {
            var others = conflicts.fields;
            if (manager.name().equals("kubectl")) {
                others = new LinkedHashMap<>();
                var agreed = lastApplied(live);
                for (var conflict : conflicts.fields.entrySet()) {
                    var left = conflict.getValue().difference(agreed);
                    if (!left.isEmpty()) others.put(conflict.getKey(), left);
                }
                if (others.isEmpty()) return merged(live, applied, manager, true, now);
            }
            throw refusal(others);
        }
    }

    private Map<String, Object> merged(
            View live, Map<String, Object> applied, FieldOwner manager, boolean force, Instant now) {
        var owners = codec.read(live.metadata().get("managedFields"));
        var before = live.exists() ? bare(live.map()) : empty();
        if (owners.isEmpty() && live.exists()) {
            update(empty(), before, new FieldOwner("before-first-apply", FieldOwner.UPDATE, version, ""), owners, now);
        }
        var id = manager.id();
        var previous = owners.get(id);
        var since = previous == null ? "" : previous.time();
        var config = TypedTree.fields(applied, schema).recursiveDifference(ignored);
        owners.put(id, new OwnedFields(config, version, since));
        var result = tree(TypedTree.merge(before, applied, schema));
        if (previous != null && !previous.fields().within(config)) result = prune(result, owners, previous);
        settle(before, result, owners, id::equals, force);
        var mine = config.difference(SERVER_OWNED);
        if (mine.isEmpty()) owners.remove(id);
        else owners.put(id, new OwnedFields(mine, version, since));
        // Who only comes to share fields that are there already changes nothing at any time.
        if (!live.exists() || !Trees.same(before, result)) {
            owners.computeIfPresent(
                    id, (key, owned) -> new OwnedFields(owned.fields(), version, Timestamps.seconds(now)));
        }
        // Up to here the result shares parts with the live object.
        result = Trees.copy(result);
        if (manager.name().equals("kubectl")) refreshLastApplied(result, applied);
        ManagersCodec.write(result, owners);
        return result;
    }

    /// Removes what the manager applied last time and nobody owns any more.
    private Map<String, Object> prune(
            Map<String, Object> object, Map<FieldOwnerId, OwnedFields> owners, OwnedFields previous) {
        var there = versions.schema(previous.apiVersion());
        if (!there.exists()) return object;
        var last = TypedTree.withStructures(previous.fields(), there);
        var merged = converted(object, version, previous.apiVersion());
        var pruned = TypedTree.without(merged, last, there);
        var at = previous.apiVersion();
        var managed = new LinkedHashMap<String, FieldSet>();
        for (var owned : owners.values()) managed.merge(owned.apiVersion(), owned.fields(), FieldSet::union);
        for (var entry : managed.entrySet()) {
            var kept = versions.schema(entry.getKey());
            if (!kept.exists()) continue;
            merged = converted(merged, at, entry.getKey());
            pruned = converted(tree(pruned), at, entry.getKey());
            at = entry.getKey();
            pruned = TypedTree.without(
                    merged,
                    structured(merged, kept)
                            .difference(
                                    structured(pruned, kept).union(TypedTree.withStructures(entry.getValue(), kept))),
                    kept);
        }
        merged = converted(merged, at, previous.apiVersion());
        pruned = converted(tree(pruned), at, previous.apiVersion());
        var gone =
                structured(merged, there).difference(structured(pruned, there)).intersection(last);
        return converted(tree(TypedTree.without(merged, gone, there)), previous.apiVersion(), version);
    }

    private static FieldSet structured(Object tree, Schema schema) {
        return TypedTree.withStructures(TypedTree.fields(tree, schema), schema);
    }

    private Map<String, Object> converted(Map<String, Object> object, String from, String to) {
        return from.equals(to) ? object : versions.convert(Trees.copy(object), from, to);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> tree(@Nullable Object tree) {
        return tree == null ? new LinkedHashMap<>() : (Map<String, Object>) tree;
    }

    /// What kubectl's client-side apply set and nobody has changed since: kubectl takes it over without a conflict.
    private FieldSet lastApplied(View live) {
        var text = live.metadata().get("annotations", LAST_APPLIED).string();
        try {
            var sent = text.isEmpty() ? View.ABSENT : View.of(Json.parse(text));
            if (!sent.get("apiVersion").string().equals(version)) return new FieldSet();
            var fields = TypedTree.fields(sent.map(), schema);
            var comparison = TypedTree.compare(sent.map(), bare(live.map()), schema);
            return fields.difference(comparison.changed()).difference(comparison.removed());
        } catch (Json.MalformedException e) {
            return new FieldSet();
        }
    }

    private static void refreshLastApplied(Map<String, Object> object, Map<String, Object> applied) {
        if (!View.of(object).metadata().get("annotations", LAST_APPLIED).exists()) return;
        var copy = Trees.copy(applied);
        Trees.remove(copy, "metadata", "annotations", LAST_APPLIED);
        Trees.put(object, Json.writeString(copy) + "\n", "metadata", "annotations", LAST_APPLIED);
    }

    private static Map<String, Object> bare(Map<String, Object> object) {
        var copy = new LinkedHashMap<>(object);
        var metadata = new LinkedHashMap<>(View.of(object).metadata().map());
        metadata.remove("managedFields");
        copy.put("metadata", metadata);
        return copy;
    }

    private static final class Conflicts extends RuntimeException {
        private final transient Map<FieldOwnerId, FieldSet> fields;

        Conflicts(Map<FieldOwnerId, FieldSet> fields) {
            super("", null, false, false);
            this.fields = fields;
        }
    }

    private static ApiException refusal(Map<FieldOwnerId, FieldSet> conflicts) {
        var causes = new ArrayList<Object>();
        var texts = new ArrayList<String>();
        conflicts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(FieldOwnerId.AS_TOLD))
                .forEach(entry -> {
                    var with = "conflict with " + entry.getKey().shown();
                    texts.add("conflicts with " + entry.getKey().shown() + ":");
                    for (var path : entry.getValue().paths()) {
                        causes.add(Trees.map("reason", "FieldManagerConflict", "message", with, "field", path));
                        texts.add("- " + path);
                    }
                });
        var first = View.of(causes.getFirst());
        var text = causes.size() == 1
                ? "1 conflict: " + first.get("message").string() + ": "
                        + first.get("field").string()
                : causes.size() + " conflicts: " + String.join("\n", texts);
        return new ApiException(ApiException.Reason.CONFLICT, "Apply failed with " + text, Trees.map("causes", causes));
    }
}
