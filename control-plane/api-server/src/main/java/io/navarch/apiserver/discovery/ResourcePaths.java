package io.navarch.apiserver.discovery;

import io.navarch.objects.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The paths that a kind is served at, as OpenAPI documents tell them: in OpenAPI 3 with all that there is to
/// know of the calls, in OpenAPI 2, which is one document for all kinds, in short.
final class ResourcePaths {
    private ResourcePaths() {}

    /// Adds the paths of a kind, and the schemas that they refer to.
    ///
    /// @return the names of the schemas of its objects and lists
    static List<String> describe(ServedVersion served, SchemaWriter writer, Map<String, Object> paths) {
        var kind = served.kind();
        var identity = Trees.map(
                "group",
                kind.group(),
                "kind",
                kind.kind(),
                "version",
                served.version().name());
        var name = writer.root(served, identity);
        var list = kind.listable() ? writer.list(served, identity, name) : null;
        if (writer.three()) new Operations(served, writer, identity, name).describe(list, paths);
        else describeShortly(served, writer, identity, name, list == null ? "" : list, paths);
        return list == null ? List.of(name) : List.of(name, list);
    }

    private static void describeShortly(
            ServedVersion served,
            SchemaWriter writer,
            Map<String, Object> identity,
            String name,
            String list,
            Map<String, Object> paths) {
        var kind = served.kind();
        var root = "/" + served.root();
        var base = root + (kind.namespaced() ? "/namespaces/{namespace}/" : "/") + kind.plural();
        paths.put(
                base,
                Trees.map(
                        "get",
                        kind.listable() ? operation("list", identity, list, writer) : null,
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
        if (kind.namespaced())
            paths.put(root + "/" + kind.plural(), Trees.map("get", operation("list", identity, list, writer)));
    }

    private static Map<String, Object> operation(
            String action, Map<String, Object> identity, String name, SchemaWriter writer) {
        var parameters = new ArrayList<Object>();
        boolean write = List.of("post", "put", "patch").contains(action);
        if (write)
            for (var parameter : List.of("dryRun", "fieldManager", "fieldValidation"))
                parameters.add(Trees.map("name", parameter, "in", "query", "type", "string"));
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
                Trees.map(
                        "200",
                        Trees.map("description", "OK", "schema", writer.reference(name)),
                        "401",
                        Trees.map("description", "Unauthorized")),
                "x-kubernetes-action",
                action,
                "x-kubernetes-group-version-kind",
                identity);
    }

    /// How a document begins.
    static Map<String, Object> head(String format, String version) {
        return Trees.map(format, version, "info", Trees.map("title", "Kubernetes", "version", "v1.36.0"));
    }
}
