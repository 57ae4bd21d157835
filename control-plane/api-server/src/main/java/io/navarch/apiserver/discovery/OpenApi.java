package io.navarch.apiserver.discovery;

import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.ContentTypes;
import io.navarch.apiserver.request.MediaType;
import io.navarch.http.HeaderNames;
import io.navarch.objects.Json;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.schema.protobuf.OpenApiProtobuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// `/openapi/v2` and `/openapi/v3`: made when first asked for, kept until the set of kinds changes.
public final class OpenApi implements Document {
    private static final List<String> PROTOBUF = List.of(
            "application/com.github.proto-openapi.spec.v2@v1.0+protobuf",
            "application/com.github.proto-openapi.spec.v2.v1.0+protobuf");

    private static final String TWO = "/openapi/v2";
    private static final String THREE = "/openapi/v3";

    private final Resources resources;
    private final TypeNames names;
    private KeptDocuments documents = new KeptDocuments(-1);

    public OpenApi(Resources resources, TypeNames names) {
        this.resources = resources;
        this.names = names;
    }

    @Override
    public boolean serve(ApiRequest request) throws IOException {
        var path = Names.withoutSlashes(request.info().path());
        if (!path.startsWith("/openapi/v")) return false;
        var kept = documents();
        if (path.equals(TWO)) {
            version2(request, kept);
            return true;
        }
        if (path.equals(THREE)) {
            kept.of(path, key -> Json.write(index(kept))).respond(request, ContentTypes.JSON);
            return true;
        }
        var root = path.startsWith(THREE + "/") ? path.substring(THREE.length() + 1) : "";
        var kinds = roots().get(root);
        if (kinds == null) return false;
        kept.of(root, key -> Json.write(version3(root, kinds))).respond(request, ContentTypes.JSON);
        return true;
    }

    private void version2(ApiRequest request, KeptDocuments kept) throws IOException {
        var wanted = protobuf(request.call().header(HeaderNames.ACCEPT));
        if (wanted.isEmpty()) {
            kept.of(TWO, key -> Json.write(version2())).respond(request, ContentTypes.JSON);
        } else {
            kept.of(TWO + ".pb", key -> OpenApiProtobuf.encode(version2())).respond(request, wanted.get());
        }
    }

    /// The media type of the protobuf form, when a client prefers that to JSON. Newer clients avoid the `@`.
    private static Optional<String> protobuf(String accept) {
        for (var entry : MediaType.entries(accept)) {
            // Clients that ask with an `@` cannot parse it in an answer.
            if (PROTOBUF.contains(entry.type())) return Optional.of(PROTOBUF.getLast());
            if (entry.type().equals(ContentTypes.JSON)) break;
        }
        return Optional.empty();
    }

    private Map<String, Object> index(KeptDocuments kept) {
        var paths = new TreeMap<String, Object>();
        roots().forEach((root, kinds) -> {
            var document = kept.of(root, key -> Json.write(version3(root, kinds)));
            paths.put(root, Trees.map("serverRelativeURL", THREE + "/" + root + "?hash=" + document.hash()));
        });
        return Trees.map("paths", paths);
    }

    private synchronized KeptDocuments documents() {
        if (documents.generation() != resources.generation()) documents = new KeptDocuments(resources.generation());
        return documents;
    }

    private Map<String, List<ServedVersion>> roots() {
        var result = new TreeMap<String, List<ServedVersion>>();
        for (var kind : resources.all()) {
            for (var version : kind.versions()) {
                if (!version.served()) continue;
                var root = kind.group().isEmpty()
                        ? "api/" + version.name()
                        : "apis/" + kind.group() + "/" + version.name();
                result.computeIfAbsent(root, key -> new ArrayList<>()).add(new ServedVersion(kind, version));
            }
        }
        return result;
    }

    private Map<String, Object> version3(String root, List<ServedVersion> endpoints) {
        var writer = new SchemaWriter(names, "#/components/schemas/");
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
                Trees.map("schemas", writer.schemas()));
    }

    private Map<String, Object> version2() {
        var writer = new SchemaWriter(names, "#/definitions/");
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
                writer.schemas());
    }

    private void describe(ServedVersion served, String root, SchemaWriter writer, Map<String, Object> paths) {
        var kind = served.kind();
        var identity = Trees.map(
                "group",
                kind.group(),
                "kind",
                kind.kind(),
                "version",
                served.version().name());
        var name = writer.root(served, identity);
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
            String action, Map<String, Object> identity, String name, SchemaWriter writer) {
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
                        + String.valueOf(identity.get("group")).hashCode(),
                "parameters",
                parameters,
                "responses",
                Trees.map("200", writer.response(name)),
                "x-kubernetes-action",
                action,
                "x-kubernetes-group-version-kind",
                identity);
    }
}
