package io.navarch.apiserver.discovery;

import io.navarch.objects.Trees;
import io.navarch.schema.types.Schema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The types of the published API that are no structures. Documents name them once and refer to them.
enum BasicType {
    TIME("apimachinery.pkg.apis.meta.v1.Time", "A time as RFC 3339 has it, in seconds.", "string", "date-time"),
    MICRO_TIME(
            "apimachinery.pkg.apis.meta.v1.MicroTime",
            "A time as RFC 3339 has it, in microseconds.",
            "string",
            "date-time"),
    QUANTITY(
            "apimachinery.pkg.api.resource.Quantity",
            "A number with a suffix for its unit, such as `100m`, `1.5`, `2Ki` or `3e6`.",
            "string",
            ""),
    INT_OR_STRING("apimachinery.pkg.util.intstr.IntOrString", "A whole number or a string.", "string", "int-or-string"),
    FIELDS_V1(
            "apimachinery.pkg.apis.meta.v1.FieldsV1",
            "A set of fields: `f:` and a name, `k:` and the keys of an element, `v:` and a value, `.` for the whole.",
            "object",
            ""),
    RAW_EXTENSION(
            "apimachinery.pkg.runtime.RawExtension",
            "An object of any kind, which the server keeps as it is.",
            "object",
            ""),
    PATCH(
            "apimachinery.pkg.apis.meta.v1.Patch",
            "A change of an object, in the form that its content type names.",
            "object",
            ""),
    SUBRESOURCE_STATUS(
            "apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus",
            "Objects have a status that is written by itself.",
            "object",
            ""),
    JSON("apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON", "Any JSON value.", "", ""),
    SCHEMA_OR_ARRAY(
            "apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray",
            "A schema or a list of schemas.",
            "",
            ""),
    SCHEMA_OR_BOOL(
            "apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool",
            "A schema or a boolean.",
            "",
            ""),
    SCHEMA_OR_STRINGS(
            "apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray",
            "A schema or a list of strings.",
            "",
            "");

    private final String path;
    private final String about;
    private final String type;
    private final String format;

    BasicType(String path, String about, String type, String format) {
        this.path = path;
        this.about = about;
        this.type = type;
        this.format = format;
    }

    String published() {
        return "io.k8s." + path;
    }

    /// The type with this name, without its package.
    static Optional<BasicType> named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.path.endsWith("." + name))
                .findFirst();
    }

    /// The type of values that a schema describes, if it is one of these.
    ///
    /// @param free the type where the schema leaves it open
    static Optional<BasicType> of(Schema schema, Optional<BasicType> free) {
        if (schema.intOrString()) return Optional.of(INT_OR_STRING);
        return switch (schema.type()) {
            case STRING ->
                switch (schema.format()) {
                    case "date-time" -> Optional.of(schema.microTime() ? MICRO_TIME : TIME);
                    case "quantity" -> Optional.of(QUANTITY);
                    default -> Optional.empty();
                };
            case ANY -> free;
            default -> Optional.empty();
        };
    }

    /// @param three whether for OpenAPI 3, which can say that a value has one of two types
    Map<String, Object> write(boolean three) {
        var schema = Trees.map("description", about);
        if (!format.isEmpty()) schema.put("format", format);
        boolean either = three && (this == QUANTITY || this == INT_OR_STRING);
        if (either) schema.put("oneOf", this == QUANTITY ? types("string", "number") : types("integer", "string"));
        else if (!type.isEmpty()) schema.put("type", type);
        return schema;
    }

    private static List<Object> types(String one, String other) {
        return List.of(Trees.map("type", one), Trees.map("type", other));
    }
}
