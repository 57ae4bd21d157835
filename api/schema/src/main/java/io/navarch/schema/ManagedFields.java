package io.navarch.schema;

import io.navarch.objects.ApiException;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Who owns which field: server-side apply, and the tracking of every other write.
///
/// Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/ (KEP-555)
public final class ManagedFields {
    /// Who writes: the manager's name, `Apply` or `Update`, the version it writes in, the subresource.
    public record Manager(String name, String operation, String apiVersion, String subresource) {}

    private record Owned(FieldSet fields, String time) {}

    private final Schema schema;
    private final boolean hasStatus;

    public ManagedFields(Schema schema, boolean hasStatus) {
        this.schema = schema;
        this.hasStatus = hasStatus;
    }

    private static Map<Manager, Owned> read(View object) {
        var result = new LinkedHashMap<Manager, Owned>();
        for (var entry : object.metadata().get("managedFields").views()) {
            var manager = new Manager(
                    entry.get("manager").string(),
                    entry.get("operation").string(),
                    entry.get("apiVersion").string(),
                    entry.get("subresource").string());
            result.put(
                    manager,
                    new Owned(
                            FieldSet.parse(entry.get("fieldsV1")),
                            entry.get("time").string()));
        }
        return result;
    }

    private static void write(Map<String, Object> object, Map<Manager, Owned> owners) {
        var list = new ArrayList<Object>();
        // Apply entries come first, then by time, as kube-apiserver sorts them.
        var sorted = new ArrayList<>(owners.entrySet());
        sorted.sort((a, b) -> {
            int byOperation = a.getKey().operation.compareTo(b.getKey().operation);
            if (byOperation != 0) return byOperation;
            int byTime = a.getValue().time.compareTo(b.getValue().time);
            return byTime != 0 ? byTime : a.getKey().name.compareTo(b.getKey().name);
        });
        for (var entry : sorted) {
            if (entry.getValue().fields.isEmpty()) continue;
            var manager = entry.getKey();
            list.add(Trees.map(
                    "manager", manager.name,
                    "operation", manager.operation,
                    "apiVersion", manager.apiVersion,
                    "time", entry.getValue().time,
                    "fieldsType", "FieldsV1",
                    "fieldsV1", entry.getValue().fields.toFieldsV1(),
                    "subresource", manager.subresource.isEmpty() ? null : manager.subresource));
        }
        if (list.isEmpty()) Trees.remove(object, "metadata", "managedFields");
        else Trees.put(object, list, "metadata", "managedFields");
    }

    /// Fields nobody owns because the server sets them, and those the endpoint cannot write.
    private FieldSet owned(FieldSet fields, String subresource) {
        var result = fields.without("apiVersion").without("kind");
        for (var name : List.of(
                "name",
                "namespace",
                "creationTimestamp",
                "selfLink",
                "uid",
                "clusterName",
                "generation",
                "managedFields",
                "resourceVersion",
                "deletionTimestamp",
                "deletionGracePeriodSeconds")) {
            result = result.without("metadata", name);
        }
        result = memberless(result);
        if (!hasStatus) return result;
        return subresource.equals("status") ? result.without("spec") : result.without("status");
    }

    /// An object without labels or annotations still has metadata; nobody owns that.
    private static FieldSet memberless(FieldSet fields) {
        var mask = new FieldSet();
        mask.childOrNew("f:metadata").add();
        return fields.difference(mask);
    }

    /// Notes who changed what, after a create, update or patch.
    ///
    /// @param old the object before, absent on create
    /// @param requested the managed fields that the client sent (`null`: none); an empty list resets them
    public void track(Map<String, Object> object, View old, Manager manager, Instant now) {
        var owners = read(old.exists() ? old : View.of(object));
        var requested = View.of(object).metadata().get("managedFields");
        boolean reset = old.exists() && requested.exists() && isReset(requested);
        if (reset) {
            Trees.remove(object, "metadata", "managedFields");
            return;
        }
        var comparison = old.exists() ? TypedTree.compare(bare(old.map()), bare(object), schema) : null;
        FieldSet changed = comparison == null ? TypedTree.fields(bare(object), schema) : comparison.changed();
        var removed = comparison == null ? new FieldSet() : comparison.removed;
        changed = owned(changed, manager.subresource);
        if (changed.isEmpty() && removed.isEmpty()) {
            write(object, owners);
            return;
        }
        var result = new LinkedHashMap<Manager, Owned>();
        for (var entry : owners.entrySet()) {
            var fields = entry.getValue().fields.difference(removed);
            if (!entry.getKey().equals(manager)) fields = fields.difference(changed);
            result.put(entry.getKey(), new Owned(fields, entry.getValue().time));
        }
        var before = result.get(manager);
        var mine = before == null ? changed : before.fields.union(changed);
        boolean same = before != null && owners.get(manager).fields.equals(mine);
        result.put(manager, new Owned(mine, same ? before.time : Timestamps.seconds(now)));
        write(object, result);
    }

    private static boolean isReset(View requested) {
        return requested.list().isEmpty()
                || requested.list().size() == 1 && requested.at(0).map().isEmpty();
    }

    private static Map<String, Object> bare(Map<String, Object> object) {
        var copy = new LinkedHashMap<>(object);
        var metadata = new LinkedHashMap<>(View.of(object).metadata().map());
        metadata.remove("managedFields");
        copy.put("metadata", metadata);
        return copy;
    }

    /// Server-side apply: the new object, with its managed fields.
    ///
    /// @param live the object there is, absent when it is to be created
    /// @throws ApiException 409 with a cause per field when another manager owns what would change
    @SuppressWarnings("unchecked")
    public Map<String, Object> apply(
            View live, Map<String, Object> applied, Manager manager, boolean force, Instant now) {
        if (View.of(applied).metadata().get("managedFields").list().size() > 0) {
            throw ApiException.badRequest("metadata.managedFields must be nil");
        }
        var owners = read(live);
        var before = live.exists() ? bare(live.map()) : Trees.map();
        var config = owned(TypedTree.fields(applied, schema), manager.subresource);
        var merged = (Map<String, Object>) TypedTree.merge(Trees.copy(before), applied, schema);
        var previous = owners.get(manager);
        if (previous != null) {
            var dropped = previous.fields.difference(config);
            for (var entry : owners.entrySet()) {
                if (!entry.getKey().equals(manager)) dropped = dropped.difference(entry.getValue().fields);
            }
            TypedTree.remove(merged, dropped, schema);
        }
        var comparison = TypedTree.compare(before, merged, schema);
        var changed = comparison.changed();
        var conflicts = new LinkedHashMap<Manager, FieldSet>();
        var result = new LinkedHashMap<Manager, Owned>();
        for (var entry : owners.entrySet()) {
            if (entry.getKey().equals(manager)) continue;
            var fields = entry.getValue().fields.difference(comparison.removed);
            var conflict = fields.intersection(changed);
            if (!conflict.isEmpty()) conflicts.put(entry.getKey(), conflict);
            result.put(entry.getKey(), new Owned(fields.difference(conflict), entry.getValue().time));
        }
        if (!conflicts.isEmpty() && !force) throw conflict(conflicts);
        boolean same = previous != null && previous.fields.equals(config) && changed.isEmpty();
        result.put(manager, new Owned(config, same ? previous.time : Timestamps.seconds(now)));
        write(merged, result);
        return merged;
    }

    private static ApiException conflict(Map<Manager, FieldSet> conflicts) {
        var causes = new ArrayList<Object>();
        var texts = new ArrayList<String>();
        int[] count = {0};
        conflicts.forEach((manager, fields) -> {
            var using = manager.name.isEmpty() ? "\"unknown\"" : "\"" + manager.name + "\"";
            var who = using
                    + (manager.subresource.isEmpty() ? "" : " with subresource \"" + manager.subresource + "\"")
                    + " using " + manager.apiVersion;
            var paths = new ArrayList<String>();
            fields.forEachPath((path, ignored) -> {
                paths.add(path);
                count[0]++;
                causes.add(
                        Trees.map("reason", "FieldManagerConflict", "message", "conflict with " + who, "field", path));
            });
            texts.add(
                    paths.size() == 1
                            ? "conflict with " + who + ": " + paths.getFirst()
                            : "conflicts with " + who + ":\n- " + String.join("\n- ", paths));
        });
        return new ApiException(
                ApiException.Reason.CONFLICT,
                "Apply failed with " + count[0] + (count[0] == 1 ? " conflict: " : " conflicts: ")
                        + String.join("\n", texts),
                Trees.map("causes", causes));
    }
}
