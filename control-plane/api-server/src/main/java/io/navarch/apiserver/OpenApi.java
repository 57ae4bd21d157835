package io.navarch.apiserver;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.schema.Schema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;

/// `/openapi/v2` and `/openapi/v3`: made when first asked for, kept until the set of kinds changes.
final class OpenApi {
    private final Resources resources;
    private final BinaryOperator<String> descriptions;
    private final Map<String, byte[]> documents = new ConcurrentHashMap<>();
    private volatile long generation = -1;

    /// @param descriptions the text for a type's name and a field (`""`: the type itself)
    OpenApi(Resources resources, BinaryOperator<String> descriptions) {
        this.resources = resources;
        this.descriptions = descriptions;
    }

    boolean serve(RequestContext context) throws IOException {
        var path = context.info.path().replaceAll("/+$", "");
        if (generation != resources.generation()) {
            documents.clear();
            generation = resources.generation();
        }
        if (path.equals("/openapi/v2")) {
            context.respondBytes(
                    200, "application/json", documents.computeIfAbsent(path, key -> Json.write(version2())));
            return true;
        }
        if (path.equals("/openapi/v3")) {
            var paths = new TreeMap<String, Object>();
            for (var root : roots().keySet()) {
                paths.put(root, Trees.map("serverRelativeURL", "/openapi/v3/" + root + "?hash=" + generation));
            }
            context.respond(200, Trees.map("paths", paths));
            return true;
        }
        if (!path.startsWith("/openapi/v3/")) return false;
        var root = path.substring("/openapi/v3/".length());
        var kinds = roots().get(root);
        if (kinds == null) return false;
        context.respondBytes(
                200, "application/json", documents.computeIfAbsent(root, key -> Json.write(version3(root, kinds))));
        return true;
    }

    private Map<String, List<Resources.Endpoint>> roots() {
        var result = new TreeMap<String, List<Resources.Endpoint>>();
        for (var kind : resources.all()) {
            for (var version : kind.versions()) {
                if (!version.served()) continue;
                var root = kind.group().isEmpty()
                        ? "api/" + version.name()
                        : "apis/" + kind.group() + "/" + version.name();
                result.computeIfAbsent(root, key -> new ArrayList<>()).add(new Resources.Endpoint(kind, version, null));
            }
        }
        return result;
    }

    private Map<String, Object> version3(String root, List<Resources.Endpoint> endpoints) {
        var writer = new Writer("#/components/schemas/");
        var paths = new TreeMap<String, Object>();
        for (var endpoint : endpoints) describe(endpoint, "/" + root, writer, paths);
        return Trees.map(
                "openapi",
                "3.0.0",
                "info",
                Trees.map("title", "Kubernetes", "version", "v1.36.0"),
                "paths",
                paths,
                "components",
                Trees.map("schemas", writer.schemas));
    }

    private Map<String, Object> version2() {
        var writer = new Writer("#/definitions/");
        var paths = new TreeMap<String, Object>();
        roots().forEach((root, endpoints) ->
                endpoints.forEach(endpoint -> describe(endpoint, "/" + root, writer, paths)));
        return Trees.map(
                "swagger",
                "2.0",
                "info",
                Trees.map("title", "Kubernetes", "version", "v1.36.0"),
                "paths",
                paths,
                "definitions",
                writer.schemas);
    }

    private void describe(Resources.Endpoint endpoint, String root, Writer writer, Map<String, Object> paths) {
        var kind = endpoint.kind();
        var identity = Trees.map(
                "group",
                kind.group(),
                "kind",
                kind.kind(),
                "version",
                endpoint.version().name());
        var name = writer.root(endpoint, identity);
        var base = root + (kind.namespaced() ? "/namespaces/{namespace}/" : "/") + kind.plural();
        paths.put(
                base,
                Trees.map(
                        "get",
                        kind.listable() ? operation("list", identity, name, writer) : null,
                        "post",
                        operation("post", identity, name, writer)));
        if (!kind.listable()) return;
        paths.put(
                base + "/{name}",
                Trees.map(
                        "get", operation("get", identity, name, writer),
                        "put", operation("put", identity, name, writer),
                        "patch", operation("patch", identity, name, writer),
                        "delete", operation("delete", identity, name, writer)));
        if (kind.namespaced()) {
            paths.put(root + "/" + kind.plural(), Trees.map("get", operation("list", identity, name, writer)));
        }
    }

    private static Map<String, Object> operation(
            String action, Map<String, Object> identity, String name, Writer writer) {
        var parameters = new ArrayList<Object>();
        boolean write = List.of("post", "put", "patch").contains(action);
        if (write) {
            for (var parameter : List.of("dryRun", "fieldManager", "fieldValidation")) {
                parameters.add(writer.parameter(parameter));
            }
        }
        return Trees.map(
                "description",
                action + " " + identity.get("kind"),
                "operationId",
                action
                        + identity.get("version")
                        + identity.get("kind")
                        + identity.get("group").hashCode(),
                "parameters",
                parameters,
                "responses",
                Trees.map("200", writer.response(name)),
                "x-kubernetes-action",
                action,
                "x-kubernetes-group-version-kind",
                identity);
    }

    /// Writes schemas by name, each once.
    private final class Writer {
        private final String prefix;
        private final Map<String, Object> schemas = new TreeMap<>();

        Writer(String prefix) {
            this.prefix = prefix;
        }

        private boolean three() {
            return prefix.startsWith("#/components");
        }

        Map<String, Object> parameter(String name) {
            return three()
                    ? Trees.map("name", name, "in", "query", "schema", Trees.map("type", "string"))
                    : Trees.map("name", name, "in", "query", "type", "string");
        }

        Map<String, Object> response(String name) {
            var reference = Trees.map("$ref", prefix + name);
            return three()
                    ? Trees.map(
                            "description",
                            "OK",
                            "content",
                            Trees.map("application/json", Trees.map("schema", reference)))
                    : Trees.map("description", "OK", "schema", reference);
        }

        String root(Resources.Endpoint endpoint, Map<String, Object> identity) {
            var kind = endpoint.kind();
            var name = kind.custom()
                    ? reversed(kind.group()) + "." + endpoint.version().name() + "." + kind.kind()
                    : "io.k8s.api."
                            + (kind.group().isEmpty() ? "core" : kind.group().split("\\.")[0]) + "."
                            + endpoint.version().name() + "." + kind.kind();
            var schema = write(endpoint.version().schema(), typeOf(endpoint));
            schema.put("x-kubernetes-group-version-kind", List.of(identity));
            var properties = new LinkedHashMap<String, Object>();
            properties.put(
                    "apiVersion",
                    Trees.map(
                            "type",
                            "string",
                            "description",
                            "APIVersion defines the versioned schema of this representation of an object."));
            properties.put(
                    "kind",
                    Trees.map("type", "string", "description", "Kind is the REST resource this object represents."));
            if (schema.get("properties") instanceof Map<?, ?> own)
                own.forEach((key, value) -> properties.putIfAbsent((String) key, value));
            schema.put("properties", properties);
            schemas.put(name, schema);
            return name;
        }

        private String typeOf(Resources.Endpoint endpoint) {
            var kind = endpoint.kind();
            if (kind.custom()) return "";
            var version = Character.toUpperCase(endpoint.version().name().charAt(0))
                    + endpoint.version().name().substring(1);
            var plain = version + kind.kind();
            return descriptions.apply(plain, "").isEmpty() && kind.kind().equals("Event")
                    ? (kind.group().isEmpty() ? "Core" : "Events") + plain
                    : plain;
        }

        private Map<String, Object> write(Schema schema, String type) {
            var result = new LinkedHashMap<String, Object>();
            if (schema == null) return result;
            if (!schema.typeName().isEmpty()) return reference(schema);
            switch (schema.type()) {
                case OBJECT -> {
                    result.put("type", "object");
                    if (!schema.properties().isEmpty()) result.put("properties", properties(schema, type));
                    if (schema.additional() != null) result.put("additionalProperties", write(schema.additional(), ""));
                    if (!schema.required().isEmpty()) result.put("required", List.copyOf(schema.required()));
                }
                case ARRAY -> {
                    result.put("type", "array");
                    result.put("items", write(schema.items(), ""));
                }
                case STRING -> {
                    result.put("type", "string");
                    if (!schema.format().isEmpty() && !schema.format().equals("quantity"))
                        result.put("format", schema.format());
                }
                case INTEGER, NUMBER, BOOLEAN -> {
                    result.put("type", schema.type().name().toLowerCase(java.util.Locale.ROOT));
                    if (!schema.format().isEmpty()) result.put("format", schema.format());
                }
                case ANY -> {}
            }
            var text = !schema.description().isEmpty()
                    ? schema.description()
                    : type.isEmpty() ? "" : descriptions.apply(type, "");
            if (!text.isEmpty()) result.put("description", text);
            extensions(schema, result);
            return result;
        }

        private Map<String, Object> properties(Schema schema, String type) {
            var result = new LinkedHashMap<String, Object>();
            schema.properties().forEach((name, property) -> {
                var written = write(property, "");
                var text = type.isEmpty() ? "" : descriptions.apply(type, name);
                if (!text.isEmpty()) written.put("description", text);
                result.put(name, written);
            });
            return result;
        }

        private Map<String, Object> reference(Schema schema) {
            var name = "io.k8s." + schema.typeName();
            if (!schemas.containsKey(name)) {
                schemas.put(name, Trees.map());
                schemas.put(name, write(schema.resolved(), schema.typeName()));
            }
            var result = new LinkedHashMap<String, Object>();
            // A reference with texts or extensions beside it must be wrapped in OpenAPI 3.
            var target = Trees.map("$ref", prefix + name);
            if (three()) result.put("allOf", List.of(target));
            else result.putAll(target);
            extensions(schema, result);
            return result;
        }

        private void extensions(Schema schema, Map<String, Object> into) {
            switch (schema.listType()) {
                case MAP -> {
                    into.put("x-kubernetes-list-type", "map");
                    into.put("x-kubernetes-list-map-keys", schema.listKeys());
                }
                case SET -> into.put("x-kubernetes-list-type", "set");
                default -> {
                    if (schema.typeName().isEmpty() && schema.type() == Schema.Type.ARRAY)
                        into.put("x-kubernetes-list-type", "atomic");
                }
            }
            if (!schema.mergeKey().isEmpty()) into.put("x-kubernetes-patch-merge-key", schema.mergeKey());
            if (!schema.patchStrategies().isEmpty())
                into.put("x-kubernetes-patch-strategy", String.join(",", schema.patchStrategies()));
            if (schema.typeName().isEmpty() && schema.atomicMap()) into.put("x-kubernetes-map-type", "atomic");
            if (schema.typeName().isEmpty() && schema.type() == Schema.Type.OBJECT && schema.preserveUnknown())
                into.put("x-kubernetes-preserve-unknown-fields", true);
        }
    }

    private static String reversed(String group) {
        var parts = new ArrayList<>(List.of(group.split("\\.")));
        java.util.Collections.reverse(parts);
        return String.join(".", parts);
    }
}
