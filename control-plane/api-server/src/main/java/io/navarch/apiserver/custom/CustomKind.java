package io.navarch.apiserver.custom;

import io.navarch.objects.Durations;
import io.navarch.objects.Json;
import io.navarch.objects.Names;
import io.navarch.objects.Timestamps;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.types.CustomSchema;
import io.navarch.schema.types.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads a CustomResourceDefinition as the definition of a kind. Pure: the same definition makes the same kind.
final class CustomKind {
    private CustomKind() {}

    /// The definition that a CustomResourceDefinition describes.
    static KindDefinition define(View definition, Schema metadata) {
        var spec = definition.spec();
        var names = spec.get("names");
        var group = spec.get("group").string();
        var kind = KindDefinition.of(
                        group, names.get("kind").string(), names.get("plural").string())
                .names(names.get("singular").string(), names.get("listKind").string())
                .shortNames(names.get("shortNames").strings().toArray(String[]::new))
                .categories(names.get("categories").strings().toArray(String[]::new))
                .storedUnder("/registry/" + group + "/" + names.get("plural").string() + "/")
                .named(Names::dnsSubdomain)
                .withGeneration()
                .asCustom();
        if (spec.get("scope").string().equals("Cluster")) kind.clusterScoped();
        var versions = new ArrayList<>(spec.get("versions").views());
        versions.sort((a, b) ->
                Boolean.compare(b.get("storage").bool(), a.get("storage").bool()));
        for (var version : versions) {
            var name = version.get("name").string();
            kind.version(new KindDefinition.Version(
                    name,
                    CustomSchema.ofObjects(version.get("schema", "openAPIV3Schema"), metadata),
                    version.get("served").bool(),
                    version.get("deprecated").bool()
                            ? version.get("deprecationWarning")
                                    .stringOr(group + "/" + name + " "
                                            + names.get("kind").string() + " is deprecated")
                            : "",
                    object -> versioned(
                            object, group, versions.getFirst().get("name").string()),
                    object -> versioned(object, group, name),
                    columns(version.get("additionalPrinterColumns"))));
            var subresources = version.get("subresources");
            if (subresources.get("status").exists()) kind.withStatus();
            var scale = subresources.get("scale");
            if (scale.exists()) {
                kind.withScale(new KindDefinition.Scale(
                        scale.get("specReplicasPath").string().substring(1),
                        scale.get("statusReplicasPath").string().substring(1),
                        scale.get("labelSelectorPath").string().isEmpty()
                                ? null
                                : scale.get("labelSelectorPath").string().substring(1)));
            }
            for (var field : version.get("selectableFields").views()) {
                var path = field.get("jsonPath").string().substring(1);
                kind.field(
                        path,
                        object -> JsonPath.read(object, "." + path).stream()
                                .map(String::valueOf)
                                .findFirst()
                                .orElse(""));
            }
        }
        return kind;
    }

    private static Map<String, Object> versioned(Map<String, Object> object, String group, String version) {
        object.put("apiVersion", group + "/" + version);
        return object;
    }

    private static List<KindDefinition.Column> columns(View declared) {
        var columns = new ArrayList<KindDefinition.Column>();
        columns.add(new KindDefinition.Column(
                "Name", "name", 0, "Name must be unique within a namespace.", (object, now) -> object.name()));
        for (var column : declared.views()) {
            var type = column.get("type").string();
            var path = column.get("jsonPath").string();
            columns.add(new KindDefinition.Column(
                    column.get("name").string(),
                    type,
                    column.get("priority").intOr(0),
                    column.get("description").string(),
                    (object, now) -> cell(object, path, type, now)));
        }
        if (declared.list().isEmpty()) {
            columns.add(new KindDefinition.Column(
                    "Age",
                    "date",
                    0,
                    "CreationTimestamp is the time of creation.",
                    (object, now) -> cell(object, ".metadata.creationTimestamp", "date", now)));
        }
        return columns;
    }

    private static @Nullable Object cell(View object, String path, String type, Instant now) {
        var found = JsonPath.read(object, path);
        if (found.isEmpty()) return null;
        var value = found.getFirst();
        if (type.equals("date")) {
            var then = Timestamps.parse(String.valueOf(value));
            return then == null ? "<unknown>" : Durations.human(Duration.between(then, now));
        }
        if (type.equals("string"))
            return found.size() == 1 && !(value instanceof Map) && !(value instanceof List)
                    ? String.valueOf(value)
                    : Json.writeString(found.size() == 1 ? value : found);
        return value;
    }
}
