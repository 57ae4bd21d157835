package io.navarch.apiserver.discovery;

import io.navarch.model.AnyObject;
import io.navarch.objects.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The calls for a kind as OpenAPI 3 tells them: parameters, media types, bodies and answers. What is said of a
/// parameter in words is left out: every call would repeat it, and documents would be three times as large.
///
/// Source: https://kubernetes.io/docs/reference/using-api/api-concepts/
final class Operations {
    private static final List<String> LIST = List.of(
            "allowWatchBookmarks",
            "continue",
            "fieldSelector",
            "labelSelector",
            "limit",
            "resourceVersion",
            "resourceVersionMatch",
            "sendInitialEvents",
            "shardSelector",
            "timeoutSeconds",
            "watch");
    private static final List<String> WRITE = List.of("dryRun", "fieldManager", "fieldValidation");
    private static final List<String> PATCH = List.of("dryRun", "fieldManager", "fieldValidation", "force");
    private static final List<String> DELETE = List.of(
            "dryRun",
            "gracePeriodSeconds",
            "ignoreStoreReadErrorWithClusterBreakingPotential",
            "orphanDependents",
            "propagationPolicy");
    private static final List<String> DELETE_COLLECTION = List.of(
            "continue",
            "dryRun",
            "fieldSelector",
            "gracePeriodSeconds",
            "ignoreStoreReadErrorWithClusterBreakingPotential",
            "labelSelector",
            "limit",
            "orphanDependents",
            "propagationPolicy",
            "resourceVersion",
            "resourceVersionMatch",
            "sendInitialEvents",
            "shardSelector",
            "timeoutSeconds");
    private static final Set<String> FLAGS = Set.of(
            "allowWatchBookmarks",
            "force",
            "ignoreStoreReadErrorWithClusterBreakingPotential",
            "orphanDependents",
            "sendInitialEvents",
            "watch");
    private static final Set<String> NUMBERS = Set.of("gracePeriodSeconds", "limit", "timeoutSeconds");
    private static final String PRETTY = "pretty";

    private static final String JSON = "application/json";
    private static final String YAML = "application/yaml";
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final String WATCH = ";stream=watch";
    private static final List<String> ANY = List.of("*/*");

    private static final String STATUS = "V1Status";
    private static final String DELETE_OPTIONS = "V1DeleteOptions";
    private static final String SCALE = "V1Scale";

    private final ServedVersion served;
    private final SchemaWriter writer;
    private final Map<String, Object> identity;
    private final String name;
    private final boolean custom;
    private final boolean namespaced;
    private final List<String> verbs;

    /// @param identity the kind, as operations name it
    /// @param name of the schema of its objects
    Operations(ServedVersion served, SchemaWriter writer, Map<String, Object> identity, String name) {
        this.served = served;
        this.writer = writer;
        this.identity = identity;
        this.name = name;
        custom = served.kind().custom();
        namespaced = served.kind().namespaced();
        verbs = served.kind().verbs();
    }

    /// Adds the paths of a kind.
    ///
    /// @param list the name of the schema of its lists, null where it has none
    void describe(@Nullable String list, Map<String, Object> paths) {
        var kind = served.kind();
        var root = "/" + served.root();
        var base = root + (namespaced ? "/namespaces/{namespace}/" : "/") + kind.plural();
        var collection = new LinkedHashMap<String, Object>();
        if (list != null) collection.put("get", list(list, true));
        if (verbs.contains("create")) collection.put("post", create());
        if (verbs.contains("deletecollection")) collection.put("delete", deleteCollection());
        var above = namespaced ? List.of("namespace") : List.<String>of();
        if (list == null) {
            // What can only be sent has its parameters where all operations of a path have theirs.
            var all = new ArrayList<>(WRITE);
            all.add(PRETTY);
            paths.put(base, with(collection, above, all));
            return;
        }
        paths.put(base, with(collection, above, List.of(PRETTY)));
        var named = namespaced ? List.of("name", "namespace") : List.of("name");
        var object = base + "/{name}";
        var whole = changes("", name, identity);
        if (verbs.contains("delete")) whole.put("delete", delete());
        paths.put(object, with(whole, named, List.of(PRETTY)));
        if (kind.serves("status"))
            paths.put(object + "/status", with(changes("Status", name, identity), named, List.of(PRETTY)));
        if (kind.serves("scale")) {
            var scale = Trees.map("group", "autoscaling", "version", "v1", AnyObject.KIND, "Scale");
            paths.put(
                    object + "/scale",
                    with(changes("Scale", writer.named(SCALE), custom ? identity : scale), named, List.of(PRETTY)));
        }
        if (!namespaced) return;
        var everywhere = new ArrayList<>(LIST);
        everywhere.add(LIST.indexOf("resourceVersion"), PRETTY);
        var all = new LinkedHashMap<String, Object>();
        all.put("get", list(list, false));
        paths.put(root + "/" + kind.plural(), with(all, List.of(), everywhere));
    }

    /// The operations of a path, with the parameters that all of them have.
    private static Map<String, Object> with(Map<String, Object> operations, List<String> inPath, List<String> inQuery) {
        var parameters = new ArrayList<Object>();
        for (var each : inPath)
            parameters.add(Trees.map("name", each, "in", "path", "required", true, "schema", type(each)));
        parameters.addAll(parameters(inQuery));
        operations.put("parameters", parameters);
        return operations;
    }

    private static List<Object> parameters(List<String> names) {
        var result = new ArrayList<Object>();
        for (var each : names) result.add(Trees.map("name", each, "in", "query", "schema", type(each)));
        return result;
    }

    private static Map<String, Object> type(String parameter) {
        var type = FLAGS.contains(parameter) ? "boolean" : NUMBERS.contains(parameter) ? "integer" : "string";
        return Trees.map("type", type, "uniqueItems", true);
    }

    private Map<String, Object> list(String list, boolean inNamespace) {
        var answers = answers(custom ? types() : watched(), Map.of(200, list));
        var about = (custom ? "list objects of kind " : "list or watch objects of kind ") + kind();
        var id = inNamespace ? id("list", "", "") : id("list", false, "", "ForAllNamespaces");
        return operation("list", about, id, identity, inNamespace ? LIST : List.of(), null, answers);
    }

    private List<String> watched() {
        return List.of(JSON, JSON + WATCH, PROTOBUF, PROTOBUF + WATCH, YAML);
    }

    private List<String> types() {
        return custom ? List.of(JSON, YAML) : List.of(JSON, PROTOBUF, YAML);
    }

    private Map<String, Object> create() {
        return operation(
                "post",
                "create " + article() + kind(),
                id("create", "", ""),
                identity,
                served.kind().listable() ? WRITE : List.of(),
                body(name, true),
                answers(types(), Map.of(200, name, 201, name, 202, name)));
    }

    private String article() {
        if (kind().endsWith("s") && !kind().endsWith("ss")) return "";
        return "AEIOU".indexOf(kind().charAt(0)) >= 0 ? "an " : "a ";
    }

    private Map<String, Object> deleteCollection() {
        return operation(
                "deletecollection",
                "delete collection of " + kind(),
                id("delete", "Collection", ""),
                identity,
                custom ? LIST : DELETE_COLLECTION,
                custom ? null : body(deleteOptions(), false),
                answers(types(), Map.of(200, status())));
    }

    private Map<String, Object> delete() {
        var answer = served.kind().showsDeleted() ? name : status();
        return operation(
                "delete",
                "delete " + article() + kind(),
                id("delete", "", ""),
                identity,
                DELETE,
                body(deleteOptions(), false),
                answers(types(), Map.of(200, answer, 202, answer)));
    }

    /// How an object, or a part of it, is read and changed.
    ///
    /// @param part as names of operations have it, `""` for the whole
    private Map<String, Object> changes(String part, String schema, Map<String, Object> about) {
        var of = (part.isEmpty() ? "" : part.toLowerCase(Locale.ROOT) + " of ") + "the specified " + kind();
        var result = new LinkedHashMap<String, Object>();
        result.put(
                "get",
                operation(
                        "get",
                        "read " + of,
                        id("read", "", part),
                        about,
                        custom ? List.of("resourceVersion") : List.of(),
                        null,
                        answers(types(), Map.of(200, schema))));
        if (verbs.contains("update"))
            result.put(
                    "put",
                    operation(
                            "put",
                            "replace " + of,
                            id("replace", "", part),
                            about,
                            WRITE,
                            body(schema, true),
                            answers(types(), Map.of(200, schema, 201, schema))));
        if (verbs.contains("patch"))
            result.put(
                    "patch",
                    operation(
                            "patch",
                            "partially update " + of,
                            id("patch", "", part),
                            about,
                            PATCH,
                            patch(),
                            answers(types(), custom ? Map.of(200, schema) : Map.of(200, schema, 201, schema))));
        return result;
    }

    private Map<String, Object> patch() {
        var types = new ArrayList<>(
                List.of("application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json"));
        if (!custom) types.add("application/strategic-merge-patch+json");
        return Trees.map("content", content(types, writer.named(BasicType.PATCH)), "required", true);
    }

    private Map<String, Object> body(String schema, boolean required) {
        var body = Trees.map("content", content(custom ? types() : ANY, schema));
        if (required) body.put("required", true);
        return body;
    }

    private Map<String, Object> content(List<String> types, String schema) {
        var content = new LinkedHashMap<String, Object>();
        for (var type : types) content.put(type, Trees.map("schema", writer.reference(schema)));
        return content;
    }

    private Map<String, Object> answers(List<String> types, Map<Integer, String> schemas) {
        var answers = new LinkedHashMap<String, Object>();
        schemas.keySet().stream()
                .sorted()
                .forEach(code -> answers.put(
                        String.valueOf(code),
                        Trees.map(
                                "description",
                                words(code),
                                "content",
                                content(types, schemas.getOrDefault(code, "")))));
        answers.put("401", Trees.map("description", "Unauthorized"));
        return answers;
    }

    private static String words(int code) {
        return switch (code) {
            case 201 -> "Created";
            case 202 -> "Accepted";
            default -> "OK";
        };
    }

    private static Map<String, Object> operation(
            String action,
            String about,
            String id,
            Map<String, Object> identity,
            List<String> parameters,
            @Nullable Map<String, Object> body,
            Map<String, Object> answers) {
        var operation = Trees.map("description", about, "operationId", id);
        if (!parameters.isEmpty()) operation.put("parameters", parameters(parameters));
        if (body != null) operation.put("requestBody", body);
        operation.put("responses", answers);
        operation.put("x-kubernetes-action", action);
        operation.put("x-kubernetes-group-version-kind", identity);
        return operation;
    }

    private String status() {
        return writer.named(STATUS, Trees.map("group", "", AnyObject.KIND, "Status", "version", "v1"));
    }

    private String deleteOptions() {
        return writer.named(DELETE_OPTIONS, Trees.map("group", "", AnyObject.KIND, "DeleteOptions", "version", "v1"));
    }

    private String kind() {
        return served.kind().kind();
    }

    private String id(String verb, String scope, String part) {
        return id(verb, namespaced, scope, part);
    }

    /// Such as `listAppsV1NamespacedDeployment`.
    private String id(String verb, boolean inNamespace, String scope, String end) {
        return verb
                + group()
                + capital(served.version().name())
                + scope
                + (inNamespace ? "Namespaced" : "")
                + kind()
                + end;
    }

    private String group() {
        var group = served.kind().group();
        if (group.isEmpty()) return "Core";
        var result = new StringBuilder();
        for (var part : group.replaceFirst("\\.k8s\\.io$", "").split("\\.")) result.append(capital(part));
        return result.toString();
    }

    private static String capital(String text) {
        return text.isEmpty() ? "" : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
