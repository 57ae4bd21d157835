package io.navarch.apiserver.discovery;

import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.MediaType;
import io.navarch.apiserver.request.RequestContext;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.schema.protobuf.OpenApiProtobuf;
import io.navarch.schema.types.Schema;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// `/openapi/v2` and `/openapi/v3`: made when first asked for, kept until the set of kinds changes.
public final class OpenApi {
    private static final List<String> PROTOBUF = List.of(
            "application/com.github.proto-openapi.spec.v2@v1.0+protobuf",
            "application/com.github.proto-openapi.spec.v2.v1.0+protobuf");

    private final Resources resources;
    private final TypeNames names;
    private Documents documents = new Documents(-1, new HashMap<>());

    public OpenApi(Resources resources, TypeNames names) {
        this.resources = resources;
        this.names = names;
    }

    public boolean serve(RequestContext context) throws IOException {
        var path = context.info.path().replaceAll("/+$", "");
        if (!path.startsWith("/openapi/v")) return false;
        var kept = documents();
        if (path.equals("/openapi/v2")) {
            var wanted = protobuf(context.call().header("Accept"));
            respond(context, kept.of(wanted == null ? path : path + ".pb", key -> two(wanted != null)), wanted);
            return true;
        }
        if (path.equals("/openapi/v3")) {
            respond(context, kept.of(path, key -> new Document(Json.write(index(kept)))), null);
            return true;
        }
        var root = path.startsWith("/openapi/v3/") ? path.substring("/openapi/v3/".length()) : "";
        var kinds = roots().get(root);
        if (kinds == null) return false;
        respond(context, kept.of(root, key -> new Document(Json.write(version3(root, kinds)))), null);
        return true;
    }

    /// The media type of the protobuf form that a client prefers, or `null` for JSON. Newer clients avoid the `@`.
    private static String protobuf(String accept) {
        for (var entry : MediaType.entries(accept)) {
            // Clients that ask with an `@` cannot parse it in an answer.
            if (PROTOBUF.contains(entry.type())) return PROTOBUF.getLast();
            if (entry.type().equals("application/json")) return null;
        }
        return null;
    }

    private Document two(boolean protobuf) {
        var tree = version2();
        return new Document(protobuf ? OpenApiProtobuf.encode(tree) : Json.write(tree));
    }

    private Map<String, Object> index(Documents kept) {
        var paths = new TreeMap<String, Object>();
        roots().forEach((root, kinds) -> {
            var document = kept.of(root, key -> new Document(Json.write(version3(root, kinds))));
            paths.put(root, Trees.map("serverRelativeURL", "/openapi/v3/" + root + "?hash=" + document.hash));
        });
        return Trees.map("paths", paths);
    }

    private static void respond(RequestContext context, Document document, String type) throws IOException {
        var headers = context.headers(type == null ? "application/json" : type);
        var tag = "\"" + document.hash + "\"";
        headers.put("Etag", tag);
        headers.put("Vary", "Accept");
        // A document that is asked for by its hash never changes.
        if (context.call().query("hash").equals(document.hash)) headers.put("Cache-Control", "public, immutable");
        context.done = true;
        boolean known = context.call().header("If-None-Match").equals(tag);
        context.call().respond(known ? 304 : 200, headers, known ? new byte[0] : document.bytes);
    }

    /// A document and the hash of it that clients compare.
    private record Document(byte[] bytes, String hash) {
        public Document(byte[] bytes) {
            this(bytes, hash(bytes));
        }

        private static String hash(byte[] bytes) {
            try {
                return HexFormat.of()
                        .withUpperCase()
                        .formatHex(MessageDigest.getInstance("SHA-512").digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// What was made from one set of kinds.
    private record Documents(long generation, Map<String, Document> byName) {
        /// Made once, however many ask at the same time.
        public Document of(String name, Function<String, Document> maker) {
            synchronized (byName) {
                var known = byName.get(name);
                if (known != null) return known;
                var made = maker.apply(name);
                byName.put(name, made);
                return made;
            }
        }
    }

    private synchronized Documents documents() {
        if (documents.generation != resources.generation())
            documents = new Documents(resources.generation(), new HashMap<>());
        return documents;
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

        public Map<String, Object> parameter(String name) {
            return three()
                    ? Trees.map("name", name, "in", "query", "schema", Trees.map("type", "string"))
                    : Trees.map("name", name, "in", "query", "type", "string");
        }

        public Map<String, Object> response(String name) {
            var reference = Trees.map("$ref", prefix + name);
            return three()
                    ? Trees.map(
                            "description",
                            "OK",
                            "content",
                            Trees.map("application/json", Trees.map("schema", reference)))
                    : Trees.map("description", "OK", "schema", reference);
        }

        public String root(Resources.Endpoint endpoint, Map<String, Object> identity) {
            var kind = endpoint.kind();
            var name = kind.custom()
                    ? reversed(kind.group()) + "." + endpoint.version().name() + "." + kind.kind()
                    : typeOf(endpoint).isEmpty()
                            ? "io.k8s.api." + kind.group().split("\\.")[0] + "."
                                    + endpoint.version().name() + "." + kind.kind()
                            : names.published(typeOf(endpoint));
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
            return kind.custom() ? "" : names.of(endpoint.apiVersion(), kind.kind());
        }

        private Map<String, Object> write(Schema schema, String type) {
            var result = new LinkedHashMap<String, Object>();
            if (!schema.exists()) return result;
            if (!schema.typeName().isEmpty()) return reference(schema);
            switch (schema.type()) {
                case OBJECT -> {
                    result.put("type", "object");
                    if (!schema.properties().isEmpty()) result.put("properties", properties(schema, type));
                    if (schema.additional().exists())
                        result.put("additionalProperties", write(schema.additional(), ""));
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
                    : type.isEmpty() ? "" : names.description(type, "");
            if (!text.isEmpty()) result.put("description", text);
            extensions(schema, result);
            return result;
        }

        private Map<String, Object> properties(Schema schema, String type) {
            var result = new LinkedHashMap<String, Object>();
            schema.properties().forEach((name, property) -> {
                var written = write(property, "");
                var text = type.isEmpty() ? "" : names.description(type, name);
                if (!text.isEmpty()) written.put("description", text);
                result.put(name, written);
            });
            return result;
        }

        private Map<String, Object> reference(Schema schema) {
            var name = names.published(schema.typeName());
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
