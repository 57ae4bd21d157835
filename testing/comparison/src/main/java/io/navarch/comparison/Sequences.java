package io.navarch.comparison;

import io.navarch.comparison.generate.Sample;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Calls in a row on the same objects: writers that apply, update and patch in random order, readers at any version
/// that there was. Each sequence has objects of its own, so that many can run side by side.
final class Sequences {
    private static final String APPLY = "application/apply-patch+yaml";
    private static final String MERGE = "application/merge-patch+json";
    private static final String STRATEGIC = "application/strategic-merge-patch+json";
    private static final List<String> WRITERS = List.of("one", "two", "three");
    /// Stands for the version that a server gave an object with the answer of this number.
    private static final String VERSION = "@version-";

    private final Random random;
    private final String name;
    private final List<Call> steps = new ArrayList<>();

    private Sequences(long seed) {
        random = new Random(seed);
        name = "s" + seed;
    }

    /// The same for the same seed.
    static List<Call> of(long seed) {
        var sequence = new Sequences(seed);
        sequence.fill();
        return sequence.steps;
    }

    /// The call as one server gets it, with the versions that this server gave.
    ///
    /// @param answers what it answered to the steps before
    static Call resolve(Call call, List<Answer> answers) {
        var uri = resolve(call.uri(), answers);
        var body = call.body()
                .map(sent -> new Call.Body(
                        sent.type(),
                        resolve(new String(sent.bytes(), StandardCharsets.UTF_8), answers)
                                .getBytes(StandardCharsets.UTF_8)));
        return new Call(call.name(), call.method(), uri, call.accept(), body);
    }

    private static String resolve(String text, List<Answer> answers) {
        if (!text.contains(VERSION)) return text;
        var result = text;
        for (int i = answers.size() - 1; i >= 0; i--)
            result = result.replace(
                    VERSION + i + "@",
                    answers.get(i).object().metadata().get("resourceVersion").string());
        return result.replaceAll(VERSION + "\\d+@", "");
    }

    /// What a sequence is about.
    private enum Subject {
        DEPLOYMENT("apps/v1", "Deployment", "/apis/apps/v1", "deployments"),
        STATEFUL_SET("apps/v1", "StatefulSet", "/apis/apps/v1", "statefulsets"),
        JOB("batch/v1", "Job", "/apis/batch/v1", "jobs"),
        SERVICE("v1", "Service", "/api/v1", "services"),
        CONFIG_MAP("v1", "ConfigMap", "/api/v1", "configmaps"),
        CUSTOM("sequences.example.com/v1", "Boat", "/apis/sequences.example.com/v1", "boats");

        private final String apiVersion;
        private final String kind;
        private final String collection;

        Subject(String apiVersion, String kind, String path, String plural) {
            this.apiVersion = apiVersion;
            this.kind = kind;
            collection = path + "/namespaces/" + Sample.NAMESPACE + "/" + plural;
        }
    }

    /// The definition of the custom resources that sequences are about.
    static Call definition() {
        var part = Yaml.parse(
                "{type: object, required: [name], properties: {name: {type: string}, size: {type: integer, default: 1}}}");
        var spec = Trees.map(
                "type",
                "object",
                "properties",
                Trees.map(
                        "color",
                        Map.of("type", "string"),
                        "crew",
                        Map.of("type", "integer", "default", 2),
                        "flags",
                        Map.of("type", "array", "x-kubernetes-list-type", "set", "items", Map.of("type", "string")),
                        "any",
                        Map.of("type", "object", "x-kubernetes-preserve-unknown-fields", true),
                        "parts",
                        Map.of(
                                "type",
                                "array",
                                "x-kubernetes-list-type",
                                "map",
                                "x-kubernetes-list-map-keys",
                                List.of("name"),
                                "items",
                                Objects.requireNonNull(part))));
        var status = Map.of("type", "object", "properties", Map.of("observedGeneration", Map.of("type", "integer")));
        var schema = Map.of("type", "object", "properties", Map.of("spec", spec, "status", status));
        var version = Map.of(
                "name",
                "v1",
                "served",
                true,
                "storage",
                true,
                "subresources",
                Map.of("status", Map.of()),
                "schema",
                Map.of("openAPIV3Schema", schema));
        var names = Map.of("plural", "boats", "singular", "boat", "kind", "Boat", "listKind", "BoatList");
        return Call.of(
                "definition",
                "POST",
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                Map.of(
                        "metadata",
                        Map.of("name", "boats.sequences.example.com"),
                        "spec",
                        Map.of(
                                "group",
                                "sequences.example.com",
                                "scope",
                                "Namespaced",
                                "names",
                                names,
                                "versions",
                                List.of(version))));
    }

    private void fill() {
        var subject = Subject.values()[random.nextInt(Subject.values().length)];
        var collection = subject.collection;
        int length = 6 + random.nextInt(8);
        for (int i = 0; i < length; i++) {
            if (i > 0 && random.nextInt(6) == 0) look(collection);
            step(collection, subject, i);
        }
        add("read", "GET", collection + "/" + name, Optional.empty());
        add("list", "GET", collection + "?labelSelector=sequence%3D" + name, Optional.empty());
        look(collection);
        watch(collection, "&resourceVersion=" + some());
        add("end", "DELETE", collection + "/" + name, Optional.empty());
        if (random.nextInt(3) == 0) watch(collection, "&resourceVersion=" + some());
        if (random.nextInt(3) == 0) list(collection, "&resourceVersionMatch=Exact&resourceVersion=" + some());
    }

    /// The version of some step; none if that was refused.
    private String some() {
        return VERSION + random.nextInt(steps.size()) + "@";
    }

    private void list(String collection, String more) {
        add("list" + more, "GET", collection + "?labelSelector=sequence%3D" + name + more, Optional.empty());
    }

    private void watch(String collection, String more) {
        add(
                "watch" + more,
                "GET",
                collection + "?watch=true&timeoutSeconds=1&labelSelector=sequence%3D" + name + more,
                Optional.empty());
    }

    /// Reads from every kind of version. At none or 0 a server may answer from a cache that is behind, unless it must
    /// be as new as the last write.
    private void look(String collection) {
        switch (random.nextInt(8)) {
            case 0 -> list(collection, "&resourceVersionMatch=Exact&resourceVersion=" + some());
            case 1 -> list(collection, "&resourceVersionMatch=Exact&limit=1&resourceVersion=" + some());
            case 2 -> list(collection, "&resourceVersionMatch=NotOlderThan&resourceVersion=" + some());
            case 3 -> list(collection, "&limit=1");
            case 4 -> list(collection, "&resourceVersionMatch=Exact&resourceVersion=0");
            case 5 -> watch(collection, "&allowWatchBookmarks=true&resourceVersion=" + some());
            case 6 ->
                watch(
                        collection,
                        "&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan"
                                + (random.nextBoolean() ? "" : "&resourceVersion=" + some()));
            default -> watch(collection, random.nextBoolean() ? "" : "&sendInitialEvents=false");
        }
    }

    private void step(String collection, Subject subject, int number) {
        var writer = WRITERS.get(random.nextInt(WRITERS.size()));
        var manager = "fieldManager=" + writer;
        var one = collection + "/" + name;
        int kind = number == 0 ? random.nextInt(2) : random.nextInt(10);
        switch (kind) {
            case 0 -> add("apply by " + writer, "PATCH", one + "?" + manager, body(APPLY, object(subject, true)));
            case 1 ->
                add("create by " + writer, "POST", collection + "?" + manager, body(Call.JSON, object(subject, false)));
            case 2, 3, 4 -> {
                var force = random.nextInt(3) == 0 ? "&force=true" : "";
                add(
                        "apply by " + writer + force,
                        "PATCH",
                        one + "?" + manager + force,
                        body(APPLY, object(subject, true)));
            }
            case 5, 6 -> {
                var object = object(subject, false);
                var version = number > 0 && random.nextBoolean() ? VERSION + random.nextInt(number) + "@" : "";
                if (!version.isEmpty()) metadata(object).put("resourceVersion", version);
                add("update by " + writer, "PUT", one + "?" + manager, body(Call.JSON, object));
            }
            case 7 -> add("merge by " + writer, "PATCH", one + "?" + manager, body(MERGE, part(subject)));
            case 8 -> add("strategic by " + writer, "PATCH", one + "?" + manager, body(STRATEGIC, part(subject)));
            default ->
                add(
                        "status by " + writer,
                        "PATCH",
                        one + "/status?" + manager,
                        body(MERGE, Map.of("status", Map.of("observedGeneration", random.nextInt(5)))));
        }
    }

    private void add(String what, String method, String uri, Optional<Call.Body> body) {
        steps.add(new Call(name + " " + steps.size() + " " + what, method, uri, Call.JSON, body));
    }

    private static Optional<Call.Body> body(String type, Object tree) {
        return Optional.of(new Call.Body(type, Json.write(tree)));
    }

    private static Map<String, Object> metadata(Map<String, Object> object) {
        return Trees.child(object, "metadata");
    }

    private Map<String, Object> object(Subject subject, boolean some) {
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("name", name);
        metadata.put("labels", labels());
        if (random.nextInt(3) == 0)
            metadata.put("annotations", Map.of("a" + random.nextInt(3), "v" + random.nextInt(2)));
        if (random.nextInt(8) == 0) metadata.put("finalizers", List.of("example.com/f" + random.nextInt(2)));
        var object = new LinkedHashMap<String, Object>();
        object.put("apiVersion", subject.apiVersion);
        object.put("kind", subject.kind);
        object.put("metadata", metadata);
        boolean whole = !some || random.nextInt(4) > 0;
        if (whole && subject == Subject.CONFIG_MAP) {
            object.put("data", data());
            if (random.nextInt(4) == 0) object.put("binaryData", Map.of("b" + random.nextInt(2), "AAE="));
            if (random.nextInt(12) == 0) object.put("immutable", random.nextBoolean());
        } else if (whole)
            object.put(
                    "spec",
                    switch (subject) {
                        case DEPLOYMENT -> deployment();
                        case STATEFUL_SET -> statefulSet();
                        case JOB -> job();
                        case CUSTOM -> boat();
                        default -> service();
                    });
        return object;
    }

    private Map<String, Object> labels() {
        var labels = new LinkedHashMap<String, Object>();
        labels.put("sequence", name);
        for (int i = 0; i < 3; i++) if (random.nextBoolean()) labels.put("l" + i, "v" + random.nextInt(2));
        return labels;
    }

    private Map<String, Object> deployment() {
        var spec = new LinkedHashMap<String, Object>();
        if (random.nextBoolean()) spec.put("replicas", random.nextInt(3));
        spec.put("selector", Map.of("matchLabels", Map.of("app", "a")));
        var pod = new LinkedHashMap<String, Object>();
        pod.put(
                "containers",
                IntStream.range(0, 1 + random.nextInt(3))
                        .mapToObj(this::container)
                        .toList());
        if (random.nextInt(3) == 0)
            pod.put("tolerations", List.of(Map.of("key", "k" + random.nextInt(2), "operator", "Exists")));
        if (random.nextInt(3) == 0)
            pod.put("volumes", List.of(Map.of("name", "v" + random.nextInt(2), "emptyDir", Map.of())));
        if (random.nextInt(4) == 0) pod.put("nodeSelector", Map.of("n" + random.nextInt(2), "v"));
        spec.put("template", Map.of("metadata", Map.of("labels", Map.of("app", "a")), "spec", pod));
        return spec;
    }

    private Map<String, Object> data() {
        var data = new LinkedHashMap<String, Object>();
        for (int i = 0; i < 3; i++) if (random.nextBoolean()) data.put("k" + i, "v" + random.nextInt(2));
        return data;
    }

    private Map<String, Object> statefulSet() {
        var spec = deployment();
        spec.put("serviceName", "s");
        if (random.nextInt(3) == 0) spec.put("minReadySeconds", random.nextInt(3));
        if (random.nextInt(3) == 0)
            spec.put("updateStrategy", Map.of("type", random.nextBoolean() ? "OnDelete" : "RollingUpdate"));
        return spec;
    }

    private Map<String, Object> job() {
        var spec = new LinkedHashMap<String, Object>();
        if (random.nextBoolean()) spec.put("parallelism", random.nextInt(3));
        if (random.nextInt(3) == 0) spec.put("suspend", random.nextBoolean());
        if (random.nextInt(3) == 0) spec.put("backoffLimit", random.nextInt(3));
        if (random.nextInt(4) == 0) spec.put("ttlSecondsAfterFinished", random.nextInt(3));
        var pod = Map.of("restartPolicy", "Never", "containers", List.of(Map.of("name", "c", "image", "i")));
        spec.put("template", Map.of("spec", pod));
        return spec;
    }

    private Map<String, Object> boat() {
        var spec = new LinkedHashMap<String, Object>();
        if (random.nextBoolean()) spec.put("color", "c" + random.nextInt(2));
        if (random.nextInt(3) == 0) spec.put("crew", random.nextInt(3));
        if (random.nextInt(3) == 0) spec.put("any", data());
        if (random.nextInt(3) == 0) spec.put("unknown", "u");
        if (random.nextBoolean()) spec.put("flags", random.nextBoolean() ? List.of("a") : List.of("b", "a"));
        if (random.nextBoolean())
            spec.put("parts", list(2, i -> {
                var part = new LinkedHashMap<String, Object>(Map.of("name", "p" + random.nextInt(3)));
                if (random.nextBoolean()) part.put("size", random.nextInt(3));
                return part;
            }));
        return spec;
    }

    private Map<String, Object> container(int number) {
        var container = new LinkedHashMap<String, Object>();
        container.put("name", "c" + (random.nextInt(4) == 0 ? random.nextInt(3) : number));
        container.put("image", "i" + random.nextInt(2));
        if (random.nextInt(3) == 0) container.put("args", List.of("x" + random.nextInt(2)));
        if (random.nextBoolean())
            container.put(
                    "env", list(3, i -> Map.of("name", "E" + random.nextInt(3), "value", "v" + random.nextInt(2))));
        if (random.nextInt(3) == 0)
            container.put("ports", list(2, i -> {
                var port = new LinkedHashMap<String, Object>(Map.of("containerPort", 80 + random.nextInt(2)));
                if (random.nextBoolean()) port.put("protocol", random.nextBoolean() ? "UDP" : "TCP");
                return port;
            }));
        if (random.nextInt(4) == 0) container.put("resources", Map.of("limits", Map.of("cpu", random.nextInt(1, 3))));
        return container;
    }

    private Map<String, Object> service() {
        var spec = new LinkedHashMap<String, Object>();
        spec.put("ports", list(3, i -> {
            var port = new LinkedHashMap<String, Object>(Map.of("port", 80 + random.nextInt(3), "name", "p" + i));
            if (random.nextInt(3) == 0) port.put("targetPort", random.nextBoolean() ? 8080 : "web");
            if (random.nextInt(3) == 0) port.put("protocol", random.nextBoolean() ? "UDP" : "TCP");
            return port;
        }));
        if (random.nextBoolean()) spec.put("selector", Map.of("app", "a" + random.nextInt(2)));
        if (random.nextInt(5) == 0) spec.put("type", random.nextBoolean() ? "ExternalName" : "NodePort");
        if (random.nextInt(6) == 0) spec.put("externalName", "example.com");
        if (random.nextInt(5) == 0) spec.put("sessionAffinity", "ClientIP");
        return spec;
    }

    private List<Object> list(int most, java.util.function.IntFunction<Map<String, Object>> element) {
        return IntStream.range(0, 1 + random.nextInt(most)).mapToObj(element).collect(Collectors.toList());
    }

    /// Something to merge: new values, nulls, parts of lists.
    private Map<String, Object> part(Subject subject) {
        var change = new LinkedHashMap<>(object(subject, true));
        change.remove("apiVersion");
        change.remove("kind");
        metadata(change).remove("name");
        if (random.nextInt(3) == 0) {
            var labels = new LinkedHashMap<String, Object>(
                    View.of(change).metadata().get("labels").map());
            labels.put("l" + random.nextInt(3), null);
            metadata(change).put("labels", labels);
        }
        return change;
    }
}
