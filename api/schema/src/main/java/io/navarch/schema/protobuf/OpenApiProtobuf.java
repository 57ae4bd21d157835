package io.navarch.schema.protobuf;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.util.List;
import java.util.Map;

/// An OpenAPI 2 document as protobuf, which clients before v1.27 of kubectl read instead of JSON.
///
/// Source: the field numbers of gnostic's `openapi.v2` messages.
public final class OpenApiProtobuf {
    private final ProtobufWriter out = new ProtobufWriter();

    private OpenApiProtobuf() {}

    public static byte[] encode(Map<String, Object> document) {
        var writer = new OpenApiProtobuf();
        writer.document(View.of(document));
        return writer.out.result();
    }

    // Everything is written backwards: the field with the highest number first.

    private void document(View document) {
        named(9, 1, document.get("definitions"), this::schema);
        named(8, 2, document.get("paths"), this::path);
        int before = out.size();
        string(2, document.get("info", "version"));
        string(1, document.get("info", "title"));
        out.part(2, before);
        string(1, document.get("swagger"));
    }

    private interface Body {
        void write(View value);
    }

    private void part(int field, View value, Body body) {
        if (!value.exists()) return;
        int before = out.size();
        body.write(value);
        out.part(field, before);
    }

    /// A message of named entries, all in one field.
    private void named(int field, int entry, View map, Body body) {
        if (!map.isMap()) return;
        int before = out.size();
        for (var each : List.copyOf(map.map().entrySet()).reversed()) entry(entry, each, body);
        out.part(field, before);
    }

    private void entry(int field, Map.Entry<String, Object> each, Body body) {
        int before = out.size();
        part(2, View.of(each.getValue()), body);
        out.string(1, each.getKey());
        out.part(field, before);
    }

    private void string(int field, View value) {
        if (value.value() instanceof String text && !text.isEmpty()) out.string(field, text);
    }

    private void strings(int field, View list) {
        for (var text : list.strings().reversed()) out.string(field, text);
    }

    private void flag(int field, View value) {
        if (value.bool()) out.number(field, 1);
    }

    private void number(int field, View value) {
        if (value.value() instanceof Number number) out.fixed64(field, number.doubleValue());
    }

    private void count(int field, View value) {
        if (value.value() instanceof Number number) out.number(field, number.longValue());
    }

    private void any(View value) {
        out.string(2, Json.writeString(value.value()) + "\n");
    }

    /// `x-…` fields, as YAML text.
    private void extensions(int field, View object) {
        for (var each : List.copyOf(object.map().entrySet()).reversed()) {
            if (each.getKey().startsWith("x-")) entry(field, each, this::any);
        }
    }

    private void schema(View schema) {
        extensions(31, schema);
        named(25, 1, schema.get("properties"), this::schema);
        for (var each : schema.get("allOf").views().reversed()) part(24, each, this::schema);
        part(23, schema.get("items"), items -> part(1, items, this::schema));
        part(22, schema.get("type"), type -> string(1, type));
        part(21, schema.get("additionalProperties"), more -> {
            if (more.isMap()) part(1, more, this::schema);
            else flag(2, more);
        });
        for (var each : schema.get("enum").views().reversed()) part(20, each, this::any);
        strings(19, schema.get("required"));
        count(18, schema.get("minProperties"));
        count(17, schema.get("maxProperties"));
        flag(16, schema.get("uniqueItems"));
        count(15, schema.get("minItems"));
        count(14, schema.get("maxItems"));
        string(13, schema.get("pattern"));
        count(12, schema.get("minLength"));
        count(11, schema.get("maxLength"));
        flag(10, schema.get("exclusiveMinimum"));
        number(9, schema.get("minimum"));
        flag(8, schema.get("exclusiveMaximum"));
        number(7, schema.get("maximum"));
        number(6, schema.get("multipleOf"));
        part(5, schema.get("default"), this::any);
        string(4, schema.get("description"));
        string(3, schema.get("title"));
        string(2, schema.get("format"));
        string(1, schema.get("$ref"));
    }

    private void path(View path) {
        part(8, path.get("patch"), this::operation);
        part(5, path.get("delete"), this::operation);
        part(4, path.get("post"), this::operation);
        part(3, path.get("put"), this::operation);
        part(2, path.get("get"), this::operation);
    }

    private void operation(View operation) {
        extensions(13, operation);
        int before = out.size();
        for (var each : List.copyOf(operation.get("responses").map().entrySet()).reversed()) {
            entry(1, each, value -> part(1, value, this::response));
        }
        out.part(9, before);
        for (var parameter : operation.get("parameters").views().reversed()) parameter(parameter);
        string(5, operation.get("operationId"));
        string(3, operation.get("description"));
    }

    private void response(View response) {
        part(2, response.get("schema"), schema -> part(1, schema, this::schema));
        string(1, response.get("description"));
    }

    /// All parameters are query parameters.
    private void parameter(View parameter) {
        part(
                8,
                parameter,
                item -> part(
                        1,
                        item,
                        some -> part(
                                2,
                                some,
                                plain -> part(3, plain, query -> {
                                    string(6, query.get("type"));
                                    string(4, query.get("name"));
                                    string(3, query.get("description"));
                                    string(2, query.get("in"));
                                }))));
    }
}
