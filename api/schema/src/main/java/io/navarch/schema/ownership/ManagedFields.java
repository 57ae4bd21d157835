package io.navarch.schema.ownership;

import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.types.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Who owns which field of an object: server-side apply, and the tracking of every other write.
///
/// One instance serves one write. Sets of other versions than the written one are compared in their own version.
///
/// Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/ (KEP-555)
public final class ManagedFields {
    /// So many managers that update are kept apart; the oldest beyond that become one.
    private static final int MAX_UPDATERS = 10;

    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    /// What nobody owns, because the server sets it.
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

    /// The versions that an object can be seen in.
    public interface Versions {
        /// The schema of a version, `null` when it is not served.
        Schema schema(String apiVersion);

        /// Whether the kind comes from a CustomResourceDefinition; such objects have nothing that nobody has set.
        boolean custom();

        /// The object in another version; may return its argument.
        Map<String, Object> convert(Map<String, Object> object, String from, String to);

        /// A kind with one version.
        static Versions single(String version, Schema schema, boolean custom) {
            return new Versions() {
                @Override
                public Schema schema(String apiVersion) {
                    return apiVersion.equals(version) ? schema : null;
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

    /// Who writes: the manager's name, `Apply` or `Update`, the version it writes in, the subresource.
    public record Manager(String name, String operation, String apiVersion, String subresource) {
        boolean applies() {
            return operation.equals("Apply");
        }

        /// Who applies is the same whatever the version.
        private Id id() {
            return new Id(name, operation, applies() ? "" : apiVersion, subresource);
        }
    }

    private record Id(String name, String operation, String apiVersion, String subresource) {
        String shown() {
            var who =
                    Json.writeString(name) + (subresource.isEmpty() ? "" : " with subresource \"" + subresource + "\"");
            return operation.equals("Update") ? who + " using " + apiVersion : who;
        }
    }

    private record Owned(FieldSet fields, String apiVersion, String time) {
        Owned with(FieldSet others) {
            return new Owned(others, apiVersion, time);
        }
    }

    private final Versions versions;
    private final String version;
    private final Schema schema;
    private final FieldSet ignored;

    /// @param version the version that is written, in which objects are given and answered
    /// @param ignored what the endpoint that is written to does not take from the client
    public ManagedFields(Versions versions, String version, FieldSet ignored) {
        this.versions = versions;
        this.version = version;
        this.schema = versions.schema(version);
        this.ignored = ignored;
    }

    /// Notes who changed what, after a create, update or patch; the object may bring managed fields of its own, an
    /// empty list resets them.
    ///
    /// @param old the object before, absent on create
    /// @param ownFields whether managed fields that the object brings count
    public void track(Map<String, Object> object, View old, Manager manager, boolean ownFields, Instant now) {
        var sent = View.of(object).metadata().get("managedFields");
        boolean reset = ownFields && isReset(sent);
        var owners = ownFields ? orNone(read(sent)) : new LinkedHashMap<Id, Owned>();
        if (owners.isEmpty() && !reset) owners = orNone(read(old.metadata().get("managedFields")));
        Trees.remove(object, "metadata", "managedFields");
        // Without managed fields an object stays so until somebody applies.
        if (owners.isEmpty() && old.exists()) return;
        var before = old.exists() ? bare(old.map()) : empty();
        update(before, object, manager, owners, now);
        write(object, capped(owners));
    }

    private Map<String, Object> empty() {
        return versions.custom() ? Map.of() : schema.zero();
    }

    /// A custom resource comes through a form that has no empty lists.
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
            Manager manager,
            Map<Id, Owned> owners,
            Instant now) {
        var id = manager.id();
        var former = owners.get(id);
        var comparison = settle(before, after, null, owners, true);
        var mine = comparison.changed().difference(comparison.removed()).difference(SERVER_OWNED);
        if (mine.isEmpty()) return;
        var left = owners.get(id);
        var all = left == null ? mine : left.fields.union(mine);
        boolean same = former != null && former.fields.equals(all);
        owners.put(id, new Owned(all, version, same ? former.time : Timestamps.seconds(now)));
    }

    /// Takes from the owners what has been changed or removed.
    ///
    /// @param self whose fields are left alone, or `null`
    /// @throws ApiException 409 when another one's fields change and that is not `forced`
    private TypedTree.Comparison settle(
            Map<String, Object> before, Map<String, Object> after, Id self, Map<Id, Owned> owners, boolean forced) {
        var here = TypedTree.compare(before, after, schema).without(ignored);
        var comparisons = new HashMap<String, TypedTree.Comparison>();
        comparisons.put(version, here);
        var result = new LinkedHashMap<Id, Owned>();
        var conflicts = new LinkedHashMap<Id, FieldSet>();
        owners.forEach((id, owned) -> {
            if (id.equals(self)) {
                result.put(id, owned);
                return;
            }
            var there = versions.schema(owned.apiVersion);
            // A version that is gone takes its owners along.
            if (there == null) return;
            var comparison = comparisons.computeIfAbsent(
                    owned.apiVersion,
                    other -> TypedTree.compare(
                                    versions.convert(Trees.copy(before), version, other),
                                    versions.convert(Trees.copy(after), version, other),
                                    there)
                            .without(ignored));
            var taken = owned.fields.intersection(comparison.changed());
            if (!taken.isEmpty()) conflicts.put(id, taken);
            var left = owned.fields.difference(taken).difference(comparison.removed());
            if (!left.isEmpty()) result.put(id, owned.with(left));
        });
        if (!forced && !conflicts.isEmpty()) throw new Conflicts(conflicts);
        owners.clear();
        owners.putAll(result);
        return here;
    }

    /// Server-side apply: the new object, with its managed fields.
    ///
    /// @param live the object there is, absent when it is to be created
    /// @param applied what was sent, as it was sent
    /// @throws ApiException 409 with a cause per field when another manager owns what would change
    public Map<String, Object> apply(
            View live, Map<String, Object> applied, Manager manager, boolean force, Instant now) {
        try {
            return merged(live, applied, manager, force, now);
        } catch (Conflicts conflicts) {
            var others = conflicts.fields;
            if (manager.name.equals("kubectl")) {
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
            View live, Map<String, Object> applied, Manager manager, boolean force, Instant now) {
        var owners = orNone(read(live.metadata().get("managedFields")));
        var before = live.exists() ? bare(live.map()) : empty();
        if (owners.isEmpty() && live.exists()) {
            update(empty(), before, new Manager("before-first-apply", "Update", version, ""), owners, now);
        }
        var id = manager.id();
        var previous = owners.get(id);
        var former = Map.copyOf(owners);
        var config = TypedTree.fields(applied, schema).recursiveDifference(ignored);
        owners.put(id, new Owned(config, version, previous == null ? "" : previous.time));
        var result = tree(TypedTree.merge(before, applied, schema));
        if (previous != null && !previous.fields.within(config)) result = prune(result, owners, previous);
        var comparison = settle(before, result, id, owners, force);
        var mine = config.difference(SERVER_OWNED);
        if (mine.isEmpty()) owners.remove(id);
        else owners.put(id, new Owned(mine, version, previous == null ? "" : previous.time));
        if (!comparison.same() || !owners.equals(former)) {
            owners.computeIfPresent(id, (key, owned) -> new Owned(owned.fields, version, Timestamps.seconds(now)));
        }
        // What came from the live object is shared with it up to here.
        result = Trees.copy(result);
        if (manager.name.equals("kubectl")) refreshLastApplied(result, applied);
        write(result, owners);
        return result;
    }

    /// Takes out what the manager applied last time, and nobody owns now.
    private Map<String, Object> prune(Map<String, Object> object, Map<Id, Owned> owners, Owned previous) {
        var there = versions.schema(previous.apiVersion);
        if (there == null) return object;
        var last = TypedTree.withStructures(previous.fields, there);
        var merged = converted(object, version, previous.apiVersion);
        var pruned = TypedTree.without(merged, last, there);
        var at = previous.apiVersion;
        var managed = new LinkedHashMap<String, FieldSet>();
        for (var owned : owners.values()) managed.merge(owned.apiVersion, owned.fields, FieldSet::union);
        for (var entry : managed.entrySet()) {
            var kept = versions.schema(entry.getKey());
            if (kept == null) continue;
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
        merged = converted(merged, at, previous.apiVersion);
        pruned = converted(tree(pruned), at, previous.apiVersion);
        var gone =
                structured(merged, there).difference(structured(pruned, there)).intersection(last);
        return converted(tree(TypedTree.without(merged, gone, there)), previous.apiVersion, version);
    }

    private static FieldSet structured(Object tree, Schema schema) {
        return TypedTree.withStructures(TypedTree.fields(tree, schema), schema);
    }

    private Map<String, Object> converted(Map<String, Object> object, String from, String to) {
        return from.equals(to) ? object : versions.convert(Trees.copy(object), from, to);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> tree(Object tree) {
        return tree == null ? new LinkedHashMap<>() : (Map<String, Object>) tree;
    }

    /// What kubectl's client-side apply has set and nobody changed since: kubectl may take it over without a conflict.
    private FieldSet lastApplied(View live) {
        var text = live.metadata().get("annotations", LAST_APPLIED).string();
        try {
            var sent = text.isEmpty() ? View.of(null) : View.of(Json.parse(text));
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
        private final transient Map<Id, FieldSet> fields;

        Conflicts(Map<Id, FieldSet> fields) {
            super("", null, false, false);
            this.fields = fields;
        }
    }

    private static ApiException refusal(Map<Id, FieldSet> conflicts) {
        var causes = new ArrayList<Object>();
        var texts = new ArrayList<String>();
        conflicts.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().shown()))
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

    private static Map<Id, Owned> orNone(Map<Id, Owned> owners) {
        return owners == null ? new LinkedHashMap<>() : owners;
    }

    /// What stands in the metadata; `null` when it makes no sense.
    private Map<Id, Owned> read(View managed) {
        var result = new LinkedHashMap<Id, Owned>();
        for (var entry : managed.views()) {
            if (!entry.get("fieldsType").string().equals("FieldsV1")) return null;
            var manager = new Manager(
                    entry.get("manager").string(),
                    entry.get("operation").string(),
                    entry.get("apiVersion").string(),
                    entry.get("subresource").string());
            var fields =
                    TypedTree.underSchema(FieldSet.parse(entry.get("fieldsV1")), versions.schema(manager.apiVersion));
            result.put(
                    manager.id(),
                    new Owned(fields, manager.apiVersion, entry.get("time").string()));
        }
        return result;
    }

    /// Apply entries come first, then by time.
    private static void write(Map<String, Object> object, Map<Id, Owned> owners) {
        var order = Comparator.<Map.Entry<Id, Owned>, String>comparing(entry -> entry.getKey().operation)
                .thenComparing(entry -> entry.getValue().time)
                .thenComparing(entry -> entry.getKey().name)
                .thenComparing(entry -> entry.getValue().apiVersion);
        var list = new ArrayList<Object>();
        for (var entry : owners.entrySet().stream().sorted(order).toList()) {
            var id = entry.getKey();
            list.add(Trees.map(
                    "manager",
                    id.name,
                    "operation",
                    id.operation,
                    "apiVersion",
                    entry.getValue().apiVersion,
                    "time",
                    entry.getValue().time.isEmpty() ? null : entry.getValue().time,
                    "fieldsType",
                    "FieldsV1",
                    "fieldsV1",
                    entry.getValue().fields.toFieldsV1(),
                    "subresource",
                    id.subresource.isEmpty() ? null : id.subresource));
        }
        if (list.isEmpty()) Trees.remove(object, "metadata", "managedFields");
        else Trees.put(object, list, "metadata", "managedFields");
    }

    /// The oldest updates become one entry for each version when there are too many.
    private static Map<Id, Owned> capped(Map<Id, Owned> owners) {
        var updaters = owners.keySet().stream()
                .filter(id -> !id.operation.equals("Apply"))
                .sorted(Comparator.<Id, String>comparing(id -> owners.get(id).time)
                        .thenComparing(Id::name)
                        .thenComparing(Id::apiVersion))
                .toList();
        int count = updaters.size();
        var firsts = new HashMap<String, Id>();
        for (var id : updaters) {
            if (count <= MAX_UPDATERS) break;
            var owned = owners.get(id);
            var first = firsts.putIfAbsent(owned.apiVersion, id);
            if (first == null) continue;
            var bucket = new Id("ancient-changes", "Update", owned.apiVersion, "");
            if (!owners.containsKey(bucket)) owners.put(bucket, owners.remove(first));
            owners.remove(id);
            owners.put(bucket, new Owned(owners.get(bucket).fields.union(owned.fields), owned.apiVersion, owned.time));
            count--;
        }
        return owners;
    }
}
