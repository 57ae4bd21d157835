package io.navarch.specs;

import static io.navarch.specs.Calls.APPLY;
import static io.navarch.specs.Calls.MERGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Rules of custom resources, on create, update, patch, apply and of the status: `custom-rules.yaml` has
/// schemas, what was done with objects of them, and what kube-apiserver 1.36.3 answered; and schemas that it
/// did not take.
class CustomRulesTest {
    private static final String CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String OBJECTS = "/apis/rules.example.org/v1/";

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private static View script;

    @BeforeAll
    static void define() throws IOException {
        try (var stream = CustomRulesTest.class.getResourceAsStream("custom-rules.yaml")) {
            script = View.of(Yaml.parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8)));
        }
        for (var schema : script.get("schemas").map().entrySet())
            assertThat(post(CRDS, definition(schema.getKey(), schema.getValue()))
                            .get("code"))
                    .as(schema.getKey())
                    .isEqualTo(201);
        for (var kind : script.get("schemas").map().keySet())
            PlaneUnderTest.eventually(
                    () -> View.of(call("GET", OBJECTS + plural(kind), null)),
                    answer -> answer.get("code").intOr(0) == 200);
    }

    private static String plural(String kind) {
        return kind.endsWith("s") ? kind : kind + "s";
    }

    private static String kind(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    private static Map<String, Object> definition(String kind, Object schema) {
        var version = new LinkedHashMap<String, Object>();
        version.put("name", "v1");
        version.put("served", true);
        version.put("storage", true);
        version.put("subresources", kind.equals("plain") ? Map.of("status", Map.of()) : Map.of());
        version.put("schema", Map.of("openAPIV3Schema", schema));
        return Map.of(
                "apiVersion",
                "apiextensions.k8s.io/v1",
                "kind",
                "CustomResourceDefinition",
                "metadata",
                Map.of("name", plural(kind) + ".rules.example.org"),
                "spec",
                Map.of(
                        "group",
                        "rules.example.org",
                        "scope",
                        "Cluster",
                        "names",
                        Map.of("plural", plural(kind), "kind", kind(kind), "singular", kind),
                        "versions",
                        List.of(version)));
    }

    private static Map<String, Object> post(String path, Object body) {
        return call("POST", path, body);
    }

    /// What is answered, as the script has it.
    private static Map<String, Object> call(String method, String path, Object body, String... headers) {
        var bytes = body == null ? null : Json.write(body);
        var all = headers.length == 0 ? new String[] {"Content-Type", "application/json"} : headers;
        var response = plane.http(method, path, bytes, all);
        var answer = new LinkedHashMap<String, Object>();
        answer.put("code", response.statusCode());
        if (response.statusCode() >= 400)
            answer.put(
                    "message",
                    View.of(Json.parse(response.body())).get("message").string());
        var warnings = response.headers().allValues("Warning").stream()
                .flatMap(joined -> Arrays.stream(joined.split(", (?=299 - )")))
                .map(warning -> warning.substring(warning.indexOf('"') + 1, warning.length() - 1)
                        .replace("\\\"", "\""))
                .toList();
        if (!warnings.isEmpty()) answer.put("warnings", warnings);
        return answer;
    }

    @Test
    void objectsAreAnsweredAsTheOriginalAnswersThem() {
        var found = new ArrayList<String>();
        var wanted = new ArrayList<String>();
        for (var step : script.get("steps").views()) {
            if (step.get("redefine").exists()) {
                redefine(step.get("kind").string(), step.get("redefine").map());
                continue;
            }
            var told = step.map().entrySet().stream()
                    .filter(entry -> !entry.getKey().equals("answer"))
                    .toList()
                    .toString();
            wanted.add(told + " → " + shown(step.get("answer").map()));
            found.add(told + " → " + shown(done(step)));
        }
        assertThat(wanted).hasSizeGreaterThan(70);
        assertThat(String.join("\n", found)).isEqualTo(String.join("\n", wanted));
    }

    /// Errors stand in the order of the fields, which is by chance in the original.
    private static String shown(Map<String, Object> answer) {
        var message = String.valueOf(answer.getOrDefault("message", ""));
        int list = message.indexOf(": [");
        if (list >= 0) {
            var errors = new ArrayList<>(
                    List.of(message.substring(list + 3, message.length() - 1).split(", (?=[a-z<][^ ]*: )")));
            errors.sort(null);
            message = message.substring(0, list) + ": " + errors;
        }
        var warnings =
                View.of(answer.get("warnings")).strings().stream().sorted().toList();
        return answer.get("code") + " " + message + " " + warnings;
    }

    private static Map<String, Object> done(View step) {
        var name = step.get("kind").string();
        for (var verb : List.of("create", "merge", "status", "apply")) {
            if (!step.get(verb).exists()) continue;
            var body = expanded(step.get(verb).map());
            body.put("apiVersion", "rules.example.org/v1");
            body.put("kind", kind(name));
            var path = OBJECTS + plural(name);
            var object = path + "/" + View.of(body).name();
            return switch (verb) {
                case "create" -> post(path, body);
                case "merge" -> call("PATCH", object, body, "Content-Type", MERGE);
                case "status" -> call("PATCH", object + "/status", body, "Content-Type", MERGE);
                default -> call("PATCH", object + "?fieldManager=me&force=true", body, "Content-Type", APPLY);
            };
        }
        throw new AssertionError(step);
    }

    /// `{repeat: w, times: 3}` stands for three words.
    private static Map<String, Object> expanded(Map<String, Object> tree) {
        var result = new LinkedHashMap<String, Object>();
        tree.forEach((key, value) -> {
            var part = View.of(value);
            if (part.get("repeat").exists())
                result.put(
                        key,
                        IntStream.range(0, part.get("times").intOr(0))
                                .mapToObj(i -> part.get("repeat").string() + i)
                                .toList());
            else result.put(key, part.isMap() ? expanded(part.map()) : value);
        });
        return result;
    }

    private static void redefine(String kind, Map<String, Object> schema) {
        var path = CRDS + "/" + plural(kind) + ".rules.example.org";
        var version =
                Map.of("name", "v1", "served", true, "storage", true, "schema", Map.of("openAPIV3Schema", schema));
        assertThat(call("PATCH", path, Map.of("spec", Map.of("versions", List.of(version))), "Content-Type", MERGE))
                .containsEntry("code", 200);
        // The first object that the new rules are about.
        var probe = Map.of(
                "apiVersion", "rules.example.org/v1",
                "kind", kind(kind),
                "metadata", Map.of("name", "probe"),
                "spec", Map.of("a", "bad"));
        PlaneUnderTest.eventually(
                () -> View.of(post(OBJECTS + plural(kind) + "?dryRun=All", probe)),
                answer -> answer.get("code").intOr(0) == 422);
    }

    @Test
    void schemasAreRefusedAsTheOriginalRefusesThem() {
        var found = new ArrayList<String>();
        var wanted = new ArrayList<String>();
        for (var refused : script.get("refused").views()) {
            var schema = refused.get("schema").map();
            wanted.add(schema + " → " + shown(refused.get("answer").map()));
            found.add(schema + " → " + shown(post(CRDS + "?dryRun=All", definition("refused", schema))));
        }
        assertThat(String.join("\n", found)).isEqualTo(String.join("\n", wanted));
    }
}
