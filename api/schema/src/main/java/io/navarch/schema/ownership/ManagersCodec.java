package io.navarch.schema.ownership;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.types.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// Reads and writes `metadata.managedFields`.
final class ManagersCodec {
    /// The number of updating managers that are kept apart; beyond it the oldest are merged.
    private static final int MAX_UPDATERS = 10;

    private static final String MERGED_UPDATERS = "ancient-changes";
    private static final String FIELDS_V1 = "FieldsV1";

    private final Function<String, Schema> schemas;

    /// @param schemas the schema of a version, [Schema#NONE] when it is not served
    ManagersCodec(Function<String, Schema> schemas) {
        this.schemas = schemas;
    }

    /// Who owns what; empty if the metadata is malformed. The caller may change the map.
    Map<FieldOwnerId, OwnedFields> read(View managed) {
        var result = new LinkedHashMap<FieldOwnerId, OwnedFields>();
        for (var entry : managed.views()) {
            if (!entry.get("fieldsType").string().equals(FIELDS_V1)) return new LinkedHashMap<>();
            var manager = new FieldOwner(
                    entry.get("manager").string(),
                    entry.get("operation").string(),
                    entry.get("apiVersion").string(),
                    entry.get("subresource").string());
            var written = FieldSet.parse(entry.get("fieldsV1"));
            var fields = TypedTree.underSchema(written, schemas.apply(manager.apiVersion()));
            var time = entry.get("time").string();
            result.put(manager.id(), new OwnedFields(fields, manager.apiVersion(), time));
        }
        return result;
    }

    /// Applying managers come first, then by time.
    static void write(Map<String, Object> object, Map<FieldOwnerId, OwnedFields> owners) {
        if (owners.isEmpty()) {
            Trees.remove(object, "metadata", "managedFields");
            return;
        }
        var order = Comparator.<Map.Entry<FieldOwnerId, OwnedFields>, String>comparing(
                        entry -> entry.getKey().operation())
                .thenComparing(entry -> entry.getValue().time())
                .thenComparing(entry -> entry.getKey().name())
                .thenComparing(entry -> entry.getValue().apiVersion())
                .thenComparing(entry -> entry.getKey().subresource());
        var list = new ArrayList<Object>();
        owners.entrySet().stream().sorted(order).forEach(entry -> list.add(entry(entry.getKey(), entry.getValue())));
        Trees.put(object, list, "metadata", "managedFields");
    }

    private static Map<String, Object> entry(FieldOwnerId id, OwnedFields owned) {
        var entry = new LinkedHashMap<String, Object>();
        entry.put("manager", id.name());
        entry.put("operation", id.operation());
        entry.put("apiVersion", owned.apiVersion());
        if (!owned.time().isEmpty()) entry.put("time", owned.time());
        entry.put("fieldsType", FIELDS_V1);
        entry.put("fieldsV1", owned.fields().toFieldsV1());
        if (!id.subresource().isEmpty()) entry.put("subresource", id.subresource());
        return entry;
    }

    /// Merges the oldest updating managers of each version when there are too many.
    static void cap(Map<FieldOwnerId, OwnedFields> owners) {
        var updaters = owners.entrySet().stream()
                .filter(entry -> !entry.getKey().applies())
                .map(Map.Entry::copyOf)
                .sorted(Comparator.comparing((Map.Entry<FieldOwnerId, OwnedFields> entry) ->
                                entry.getValue().time())
                        .thenComparing(entry -> entry.getKey().name())
                        .thenComparing(entry -> entry.getKey().apiVersion()))
                .toList();
        int count = updaters.size();
        var firsts = new HashMap<String, Map.Entry<FieldOwnerId, OwnedFields>>();
        for (var updater : updaters) {
            if (count <= MAX_UPDATERS) return;
            var owned = updater.getValue();
            var first = firsts.putIfAbsent(owned.apiVersion(), updater);
            if (first == null) continue;
            var merged = new FieldOwnerId(MERGED_UPDATERS, FieldOwner.UPDATE, owned.apiVersion(), "");
            if (!owners.containsKey(merged)) {
                owners.remove(first.getKey());
                owners.put(merged, first.getValue());
            }
            owners.remove(updater.getKey());
            owners.merge(
                    merged, owned, (older, newer) -> newer.with(older.fields().union(newer.fields())));
            count--;
        }
    }
}
