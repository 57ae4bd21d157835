package io.navarch.kinds.customresource;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.model.CustomResourceColumnDefinition;
import io.navarch.model.CustomResourceDefinitionSpec;
import io.navarch.model.CustomResourceDefinitionVersion;
import io.navarch.model.CustomResourceSubresourceScale;
import io.navarch.model.SelectableField;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What the versions of a resource must be. What is the same in all of them is spoken of as one thing of the
/// whole definition, under the name that it had there in `v1beta1`.
final class VersionRules {
    private static final Set<String> COLUMN_TYPES =
            new TreeSet<>(Set.of("integer", "number", "string", "boolean", "date"));
    private static final Set<String> COLUMN_FORMATS =
            new TreeSet<>(Set.of("int32", "int64", "float", "double", "byte", "date", "date-time", "password"));
    private static final int SELECTABLE = 8;

    private static final String SCHEMA = "schema";
    private static final String SUBRESOURCES = "subresources";
    private static final String COLUMNS = "additionalPrinterColumns";
    private static final String SELECTABLE_FIELDS = "selectableFields";

    private final CustomResourceDefinitionSpec spec;
    private final CustomResourceDefinitionSpec old;
    private final List<CustomResourceDefinitionVersion> versions;
    private final ExpressionRules expressions;
    private final Check check;

    /// @param old the definition's spec before
    VersionRules(CustomResourceDefinitionSpec spec, CustomResourceDefinitionSpec old, ExpressionRules expressions) {
        this.spec = spec;
        this.old = old;
        this.versions = spec.versions();
        this.expressions = expressions;
        this.check = expressions.errors();
    }

    void check() {
        Check.each(versions, "spec.versions", (version, at) -> {
            if (!version.schema().openAPIV3Schema().exists()) check.missing(at + ".schema.openAPIV3Schema", "");
        });
        Check.each(versions, "spec.versions", this::version);
        if (versions.stream()
                        .map(CustomResourceDefinitionVersion::name)
                        .distinct()
                        .count()
                < versions.size()) check.invalid("spec.versions", shown(), "must contain unique version names");
        if (versions.stream().filter(CustomResourceDefinitionVersion::storage).count() != 1)
            check.invalid("spec.versions", shown(), "must have exactly one version marked as storage version");
        if (!versions.isEmpty() && !versions.getFirst().name().isEmpty())
            name(versions.getFirst().name(), "spec.version");
        DefinitionNameRules.needed(spec.names(), "spec.names.", check);
        DefinitionNameRules.names(spec.names(), "spec.names.", check);
        if (!versions.isEmpty()) common(versions.getFirst());
    }

    private boolean shared(String field) {
        var first = versions.getFirst().raw(field).value();
        return versions.stream()
                .allMatch(version -> Trees.semanticEquals(version.raw(field).value(), first));
    }

    private void name(String name, String at) {
        DefinitionNameRules.joined(name, at, Names.dns1035Label(name), "", check);
    }

    private void version(CustomResourceDefinitionVersion version, String at) {
        name(version.name(), at + ".name");
        if (version.hasDeprecationWarning()) warning(version, at + ".deprecationWarning");
        if (!shared(SCHEMA)) schema(version, version.subresources().hasStatus(), at + ".schema");
        if (!shared(SUBRESOURCES)) subresources(version, at + ".subresources");
        if (!shared(COLUMNS)) columns(version, at + "." + COLUMNS);
        if (shared(SELECTABLE_FIELDS)) return;
        // The words are the original's.
        if (!version.selectableFields().isEmpty()
                && !version.schema().openAPIV3Schema().exists())
            check.invalid(
                    at + "." + SELECTABLE_FIELDS,
                    "",
                    "may only be set when `version.schema.openAPIV3Schema` is not included");
        else selectable(version, at + "." + SELECTABLE_FIELDS);
    }

    private void common(CustomResourceDefinitionVersion first) {
        boolean status =
                versions.stream().anyMatch(version -> version.subresources().hasStatus());
        if (shared(SCHEMA)) schema(first, status, "spec.validation");
        if (shared(SUBRESOURCES)) subresources(first, "spec.subresources");
        if (shared(COLUMNS)) columns(first, "spec." + COLUMNS);
        if (!shared(SELECTABLE_FIELDS)) return;
        var path = "spec." + SELECTABLE_FIELDS;
        if (first.selectableFields().isEmpty() || shared(SCHEMA) && first.hasSchema()) selectable(first, path);
        else check.invalid(path, "", "may only be set when validations.schema is included");
    }

    private void schema(CustomResourceDefinitionVersion version, boolean status, String at) {
        var schema = version.schema().openAPIV3Schema();
        if (schema.exists())
            CustomSchemaRules.check(schema.view(), at + ".openAPIV3Schema", status, unchanged(version), expressions);
    }

    private boolean unchanged(CustomResourceDefinitionVersion version) {
        var schema = version.schema().openAPIV3Schema().view().value();
        return old.versions().stream()
                .filter(before -> before.name().equals(version.name()))
                .anyMatch(before -> Trees.semanticEquals(
                        before.schema().openAPIV3Schema().view().value(), schema));
    }

    private void subresources(CustomResourceDefinitionVersion version, String at) {
        var scale = version.subresources().scale();
        if (scale.exists()) scale(scale, at + ".scale");
    }

    private void columns(CustomResourceDefinitionVersion version, String at) {
        Check.each(version.additionalPrinterColumns(), at, this::column);
    }

    private void warning(CustomResourceDefinitionVersion version, String path) {
        var warning = version.deprecationWarning();
        if (!version.deprecated()) {
            check.invalid(path, warning, "can only be set for deprecated versions");
            return;
        }
        if (warning.getBytes(StandardCharsets.UTF_8).length > 256)
            check.invalid(path, warning, "must be <= 256 characters long");
        if (warning.isEmpty()) check.invalid(path, "", "must not be an empty string");
        for (int i = 0; i < warning.length(); i++) {
            char c = warning.charAt(i);
            if (!Character.isISOControl(c) && (c == ' ' || !Character.isWhitespace(c))) continue;
            int index = warning.substring(0, i).getBytes(StandardCharsets.UTF_8).length;
            check.invalid(
                    path,
                    warning,
                    "must only contain printable UTF-8 characters; non-printable character found at index " + index);
            return;
        }
    }

    private void scale(CustomResourceSubresourceScale scale, String path) {
        replicas(scale.specReplicasPath(), path + ".specReplicasPath", ".spec");
        replicas(scale.statusReplicasPath(), path + ".statusReplicasPath", ".status");
        var selector = scale.labelSelectorPath();
        if (selector.isEmpty() || !simplePath(selector, path + ".labelSelectorPath")) return;
        if (!selector.startsWith(".spec.") && !selector.startsWith(".status."))
            check.invalid(path + ".labelSelectorPath", selector, "should be a json path under either .spec or .status");
    }

    private void replicas(String value, String path, String root) {
        if (!check.required(value, path) || !simplePath(value, path)) return;
        if (!value.startsWith(root + ".")) check.invalid(path, value, "should be a json path under " + root);
    }

    private boolean simplePath(String value, String path) {
        if (value.startsWith(".")) return true;
        check.invalid(path, value, "must be a simple json path starting with .");
        return false;
    }

    private void column(CustomResourceColumnDefinition column, String at) {
        check.required(column.name(), at + ".name");
        var types = "must be one of " + String.join(",", COLUMN_TYPES);
        if (column.type().isEmpty()) check.missing(at + ".type", types);
        else if (!COLUMN_TYPES.contains(column.type())) check.invalid(at + ".type", column.type(), types);
        var format = column.format();
        if (!format.isEmpty() && !COLUMN_FORMATS.contains(format))
            check.invalid(at + ".format", format, "must be one of " + String.join(",", COLUMN_FORMATS));
        if (check.required(column.jsonPath(), at + ".JSONPath")) simplePath(column.jsonPath(), at + ".JSONPath");
    }

    private void selectable(CustomResourceDefinitionVersion version, String path) {
        var schema = version.schema().openAPIV3Schema().view();
        var seen = new HashSet<List<String>>();
        Check.each(version.selectableFields(), path, (field, at) -> selectable(field, schema, seen, at + ".jsonPath"));
        if (seen.size() > SELECTABLE)
            check.add(FieldError.tooMany(path, seen.size(), "must have at most " + SELECTABLE + " items"));
    }

    private void selectable(SelectableField field, View schema, Set<List<String>> seen, String at) {
        var path = field.jsonPath();
        if (!check.required(path, at)) return;
        var found = SchemaPath.find(path, schema, false);
        if (found.wrong() != null) {
            check.invalid(at, path, "is an invalid path: " + found.wrong());
            return;
        }
        if (found.steps().getFirst().equals("metadata"))
            check.invalid(at, path, "must not point to fields in metadata");
        if (!Set.of("string", "boolean", "integer")
                .contains(found.schema().get("type").string()))
            check.invalid(
                    at,
                    path,
                    "must point to a field of type string, boolean or integer. Enum string fields and strings with"
                            + " formats are allowed.");
        if (!seen.add(found.steps())) check.duplicate(at, path);
    }

    /// The versions as errors show them.
    private @Nullable Object shown() {
        if (versions.isEmpty())
            return spec.raw(CustomResourceDefinitionSpec.VERSIONS).value();
        return versions.stream().map(this::shown).toList();
    }

    private Map<String, @Nullable Object> shown(CustomResourceDefinitionVersion version) {
        var shown = new LinkedHashMap<String, @Nullable Object>();
        shown.put("Name", version.name());
        shown.put("Served", version.served());
        shown.put("Storage", version.storage());
        shown.put("Deprecated", version.deprecated());
        shown.put("DeprecationWarning", version.hasDeprecationWarning() ? version.deprecationWarning() : null);
        for (var field : List.of(SCHEMA, SUBRESOURCES, COLUMNS, SELECTABLE_FIELDS)) {
            var name = Character.toUpperCase(field.charAt(0)) + field.substring(1);
            shown.put(name, shared(field) ? null : version.raw(field).value());
        }
        return shown;
    }
}
