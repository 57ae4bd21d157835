package io.navarch.schema.ownership;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Translates managed fields between an object and its Scale: whoever owns the replicas of one owns those of the other.
public final class ScaleFields {
    public static final String API_VERSION = "autoscaling/v1";

    private static final FieldSet REPLICAS = FieldSet.of("spec.replicas");

    private final FieldSet replicas;
    private final String apiVersion;

    /// @param replicas the path of the number of replicas in the object, such as `spec.replicas`
    /// @param apiVersion the version of the object
    public ScaleFields(String replicas, String apiVersion) {
        this.replicas = FieldSet.of(replicas);
        this.apiVersion = apiVersion;
    }

    /// The managed fields of the Scale, from those of the object.
    public List<Object> ofScale(View managed) {
        var result = new ArrayList<Object>();
        for (var entry : managed.views()) {
            if (owns(entry)) result.add(with(entry, API_VERSION, REPLICAS));
        }
        return result;
    }

    /// The managed fields of the object, after a write of its Scale.
    ///
    /// @param managed those of the object before the write
    /// @param scale those of the Scale after the write
    public List<Object> ofObject(View managed, View scale) {
        var result = new ArrayList<Object>();
        var left = new ArrayList<>(scale.views());
        for (var entry : managed.views()) {
            var twin = left.stream().filter(other -> sameManager(entry, other)).findFirst();
            var fields = FieldSet.parse(entry.get("fieldsV1"));
            if (twin.isPresent()) {
                left.remove(twin.get());
                result.add(owns(entry) ? entry.value() : with(twin.get(), apiVersion, fields.union(replicas)));
                continue;
            }
            var rest = fields.difference(replicas);
            if (!rest.isEmpty()) result.add(with(entry, entry.get("apiVersion").string(), rest));
        }
        for (var entry : left) result.add(with(entry, apiVersion, replicas));
        return result;
    }

    private boolean owns(View entry) {
        return replicas.within(FieldSet.parse(entry.get("fieldsV1")));
    }

    private static boolean sameManager(View one, View other) {
        for (var field : List.of("manager", "operation", "subresource"))
            if (!one.get(field).string().equals(other.get(field).string())) return false;
        return true;
    }

    private static Map<String, Object> with(View entry, String apiVersion, FieldSet fields) {
        var result = Trees.copy(entry.map());
        result.put("apiVersion", apiVersion);
        result.put("fieldsV1", fields.toFieldsV1());
        return result;
    }
}
