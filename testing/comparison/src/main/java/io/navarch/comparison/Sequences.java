package io.navarch.comparison;

import io.navarch.comparison.generate.Sample;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private void fill() {
        boolean workload = random.nextBoolean();
        var collection = workload
                ? "/apis/apps/v1/namespaces/" + Sample.NAMESPACE + "/deployments"
                : "/api/v1/namespaces/" + Sample.NAMESPACE + "/services";
        int length = 6 + random.nextInt(8);
        for (int i = 0; i < length; i++) step(collection, workload, i);
        add("read", "GET", collection + "/" + name, Optional.empty());
        add("list", "GET", collection + "?labelSelector=sequence%3D" + name, Optional.empty());
        var from = VERSION + random.nextInt(length) + "@";
        add(
                "watch",
                "GET",
                collection + "?watch=true&timeoutSeconds=1&labelSelector=sequence%3D" + name + "&resourceVersion="
                        + from,
                Optional.empty());
        add("end", "DELETE", collection + "/" + name, Optional.empty());
    }

    private void step(String collection, boolean workload, int number) {
        var writer = WRITERS.get(random.nextInt(WRITERS.size()));
        var manager = "fieldManager=" + writer;
        var one = collection + "/" + name;
        int kind = number == 0 ? random.nextInt(2) : random.nextInt(10);
        switch (kind) {
            case 0 -> add("apply by " + writer, "PATCH", one + "?" + manager, body(APPLY, object(workload, true)));
            case 1 ->
                add(
                        "create by " + writer,
                        "POST",
                        collection + "?" + manager,
                        body(Call.JSON, object(workload, false)));
            case 2, 3, 4 -> {
                var force = random.nextInt(3) == 0 ? "&force=true" : "";
                add(
                        "apply by " + writer + force,
                        "PATCH",
                        one + "?" + manager + force,
                        body(APPLY, object(workload, true)));
            }
            case 5, 6 -> {
                var object = object(workload, false);
                var version = number > 0 && random.nextBoolean() ? VERSION + random.nextInt(number) + "@" : "";
                if (!version.isEmpty()) metadata(object).put("resourceVersion", version);
                add("update by " + writer, "PUT", one + "?" + manager, body(Call.JSON, object));
            }
            case 7 -> add("merge by " + writer, "PATCH", one + "?" + manager, body(MERGE, part(workload)));
            case 8 -> add("strategic by " + writer, "PATCH", one + "?" + manager, body(STRATEGIC, part(workload)));
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

    private Map<String, Object> object(boolean workload, boolean some) {
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("name", name);
        metadata.put("labels", labels());
        if (random.nextInt(3) == 0)
            metadata.put("annotations", Map.of("a" + random.nextInt(3), "v" + random.nextInt(2)));
        if (random.nextInt(8) == 0) metadata.put("finalizers", List.of("example.com/f" + random.nextInt(2)));
        var object = new LinkedHashMap<String, Object>();
        object.put("apiVersion", workload ? "apps/v1" : "v1");
        object.put("kind", workload ? "Deployment" : "Service");
        object.put("metadata", metadata);
        if (!some || random.nextInt(4) > 0) object.put("spec", workload ? deployment() : service());
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
    private Map<String, Object> part(boolean workload) {
        var change = new LinkedHashMap<>(object(workload, true));
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
