package io.navarch.apiserver.custom;

import io.navarch.model.ObjectMeta;
import io.navarch.objects.Durations;
import io.navarch.objects.Finalizers;
import io.navarch.objects.GoText;
import io.navarch.objects.Json;
import io.navarch.objects.Names;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.schema.ColumnList;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.ObjectConverter;
import io.navarch.schema.ObjectRules;
import io.navarch.schema.VersionOrder;
import io.navarch.schema.types.CustomSchema;
import io.navarch.schema.types.Lazy;
import io.navarch.schema.types.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads a CustomResourceDefinition as the definition of a kind. Pure: the same definition makes the same kind.
final class CustomKind {
    /// In the order that discovery has them in.
    private static final String[] VERBS = {
        "delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"
    };

    private CustomKind() {}

    /// The definition that a CustomResourceDefinition describes.
    ///
    /// @param names those that it has been given
    /// @param builtIn versions of the group whose paths are answered by built-in kinds alone
    /// @param rules makes the rules that a schema has with it
    /// @param ending whether it is being deleted, so that nothing new is taken
    /// @param webhooks make a converter of what a definition says of its webhook
    static KindDefinition define(
            View definition,
            View names,
            Schema metadata,
            Predicate<String> builtIn,
            Function<Supplier<Map<String, Object>>, ObjectRules> rules,
            boolean ending,
            Function<View, ObjectConverter> webhooks) {
        var spec = definition.spec();
        var group = spec.get("group").string();
        var versions = new ArrayList<>(spec.get("versions").views());
        versions.sort((a, b) ->
                Boolean.compare(b.get("storage").bool(), a.get("storage").bool()));
        var stored = versions.getFirst().get("name").string();
        var type = ResourceType.untyped(
                group,
                stored,
                names.get("plural").string(),
                names.get("kind").string(),
                !spec.get("scope").string().equals("Cluster"));
        var kind = KindBuilder.of(type)
                .names(names.get("singular").string(), names.get("listKind").string())
                .shortNames(names.get("shortNames").strings().toArray(String[]::new))
                .categories(names.get("categories").strings().toArray(String[]::new))
                .storedUnder("/registry/" + group + "/" + type.plural() + "/")
                .withGeneration()
                .verbs(VERBS)
                .warning(CustomKind::warnings)
                .asCustom();
        if (ending) kind.ending();
        var conversion = spec.get("conversion");
        // Where there is one version only, nothing is ever converted.
        if (conversion.get("strategy").string().equals("Webhook") && versions.size() > 1)
            kind.convertedBy(webhooks.apply(conversion.get("webhook")));
        for (var version : versions) {
            var name = version.get("name").string();
            var declared = version.get("schema", "openAPIV3Schema");
            var source = new PackedTree(declared.map());
            var schema = new Lazy<>(() -> CustomSchema.ofObjects(View.of(source.get()), metadata));
            kind.version(name, schema, columns -> columns(version.get("additionalPrinterColumns"), columns))
                    .declaredAs(source)
                    .keeping(rules.apply(source))
                    .deprecated(deprecation(version, spec))
                    .converted(object -> versioned(object, group, stored), object -> versioned(object, group, name));
            if (!version.get("served").bool() || builtIn.test(name)) kind.unserved();
            subresources(version.get("subresources"), kind);
            for (var field : version.get("selectableFields").views()) select(field, kind);
        }
        return kind.build();
    }

    /// Anybody may think of a finalizer; one with a path belongs to somebody.
    private static List<String> warnings(View object, View old) {
        var added = new TreeSet<>(object.metadata().get(ObjectMeta.FINALIZERS).strings());
        old.metadata().get(ObjectMeta.FINALIZERS).strings().forEach(added::remove);
        var warnings = new ArrayList<String>();
        for (var finalizer : added) {
            var named = "metadata.finalizers: " + GoText.quoted(finalizer) + ": ";
            for (var wrong : Names.qualifiedName(finalizer)) warnings.add(named + wrong);
            if (Finalizers.owned(finalizer)) continue;
            var path = finalizer.contains(".") ? " including a path (/)" : "";
            warnings.add(named + "prefer a domain-qualified finalizer name" + path
                    + " to avoid accidental conflicts with other finalizer writers");
        }
        return warnings;
    }

    private static String deprecation(View version, View spec) {
        if (!version.get("deprecated").bool()) return "";
        var own = version.get("deprecationWarning").string();
        if (!own.isEmpty()) return own;
        var name = version.get("name").string();
        var kind = " " + spec.get("names", "kind").string();
        var group = spec.get("group").string() + "/";
        return spec.get("versions").views().stream()
                .filter(other ->
                        other.get("served").bool() && !other.get("deprecated").bool())
                .map(other -> other.get("name").string())
                .filter(other -> VersionOrder.NEWEST_FIRST.compare(other, name) < 0)
                .min(VersionOrder.NEWEST_FIRST)
                .map(newest -> group + name + kind + " is deprecated; use " + group + newest + kind)
                .orElse(group + name + kind + " is deprecated");
    }

    private static void subresources(View declared, KindBuilder<View> kind) {
        if (declared.get("status").exists()) kind.withStatus();
        var scale = declared.get("scale");
        if (!scale.exists()) return;
        var selector = scale.get("labelSelectorPath").string();
        kind.withScale(new KindDefinition.Scale(
                scale.get("specReplicasPath").string().substring(1),
                scale.get("statusReplicasPath").string().substring(1),
                selector.isEmpty() ? "" : selector.substring(1)));
    }

    private static void select(View field, KindBuilder<View> kind) {
        var path = field.get("jsonPath").string().substring(1);
        kind.selecting(
                path,
                object -> JsonPath.read(object, "." + path).stream()
                        .map(String::valueOf)
                        .findFirst()
                        .orElse(""));
    }

    private static Map<String, Object> versioned(Map<String, Object> object, String group, String version) {
        object.put("apiVersion", group + "/" + version);
        return object;
    }

    private static void columns(View declared, ColumnList<View> columns) {
        columns.name();
        for (var column : declared.views()) {
            var type = column.get("type").string();
            var path = column.get("jsonPath").string();
            columns.add(
                    column.get("name").string(),
                    type,
                    column.get("priority").intOr(0),
                    column.get("description").string(),
                    (object, now) -> cell(object, path, type, now));
        }
        if (!declared.list().isEmpty()) return;
        var age = ColumnList.AGE;
        columns.add("Age", "date", 0, age, (object, now) -> cell(object, ".metadata.creationTimestamp", "date", now));
    }

    private static @Nullable Object cell(View object, String path, String type, Instant now) {
        var found = JsonPath.read(object, path);
        if (found.isEmpty()) return null;
        // A cell shows the first of several, as it always has.
        var value = found.getFirst();
        return switch (type) {
            case "string" ->
                value instanceof Map || value instanceof List ? Json.writeString(value) : String.valueOf(value);
            case "date" -> value instanceof String time ? Durations.since(time, now) : null;
            case "integer" -> value instanceof Number number ? number.longValue() : null;
            case "number" -> value instanceof Number ? value : null;
            case "boolean" -> value instanceof Boolean ? value : null;
            default -> null;
        };
    }
}
