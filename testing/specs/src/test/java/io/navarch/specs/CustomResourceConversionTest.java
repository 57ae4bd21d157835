package io.navarch.specs;

import static io.navarch.specs.Calls.JSON_PATCH;
import static io.navarch.specs.Calls.MERGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Custom resources whose versions a webhook converts: every read and write in every version, what it may not do,
/// and what goes on without it.
class CustomResourceConversionTest {
    private static final String CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String GROUP = "conversion.example.org";

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    @TempDir
    static Path directory;

    private static ConverterUnderTest converter;
    private final Calls calls = new Calls(plane);

    @BeforeAll
    static void start() throws Exception {
        converter = new ConverterUnderTest(directory);
    }

    @AfterAll
    static void stop() {
        converter.close();
    }

    @AfterEach
    void truth() {
        converter.lie = UnaryOperator.identity();
    }

    private static String version(String name, boolean storage, String fields, String selectable) {
        return "{name: " + name + ", served: true, storage: " + storage
                + ", subresources: {status: {}}, selectableFields: [" + selectable
                + "], schema: {openAPIV3Schema: {type: object, properties: {" + fields + "}}}}";
    }

    private static String versions(String stored) {
        var v1 = version("v1", stored.equals("v1"), "hostPort: {type: string}", "{jsonPath: .hostPort}");
        var v2 = version(
                "v2",
                stored.equals("v2"),
                "host: {type: string}, port: {type: string}",
                "{jsonPath: .host}, {jsonPath: .port}");
        return "[" + v1 + ", " + v2 + "]";
    }

    private void define(String plural) {
        var definition = "metadata: {name: " + plural + "." + GROUP + "}\nspec:\n  group: " + GROUP
                + "\n  scope: Namespaced\n  names: {plural: " + plural + ", kind: K" + plural + "}\n  conversion: "
                + converter.config() + "\n  versions: " + versions("v1");
        calls.post(CRDS, definition);
        calls.until(
                CRDS + "/" + plural + "." + GROUP,
                read -> read.condition("Established").equals("True"));
    }

    private static String path(String plural, String version) {
        return "/apis/" + GROUP + "/" + version + "/namespaces/default/" + plural;
    }

    private static String object(String plural, String version, String name, String fields) {
        return "{apiVersion: " + GROUP + "/" + version + ", kind: K" + plural + ", metadata: {name: " + name + "}, "
                + fields + "}";
    }

    private Calls.Answer create(String plural, String version, String name, String fields) {
        return calls.tryPost(path(plural, version), object(plural, version, name, fields));
    }

    private static String fields(View object) {
        var shown = Trees.copy(object.map());
        shown.keySet().removeAll(List.of("kind", "metadata"));
        shown.put("apiVersion", object.get("apiVersion").string().substring(GROUP.length() + 1));
        return Json.writeString(shown).replace("\"", "");
    }

    private List<String> names(String path) {
        return calls.get(path).get("items").views().stream().map(View::name).toList();
    }

    @Test
    void everyVersionIsReadAndWritten() {
        define("both");
        assertThat(fields(create("both", "v1", "one", "hostPort: 'a:1'").expect(201)))
                .isEqualTo("{apiVersion:v1,hostPort:a:1}");
        assertThat(fields(create("both", "v2", "two", "host: b, port: '2'").expect(201)))
                .isEqualTo("{apiVersion:v2,host:b,port:2}");
        assertThat(fields(calls.get(path("both", "v2") + "/one"))).isEqualTo("{apiVersion:v2,host:a,port:1}");
        assertThat(fields(calls.get(path("both", "v1") + "/two"))).isEqualTo("{apiVersion:v1,hostPort:b:2}");
        assertThat(fields(calls.patch(path("both", "v2") + "/one", MERGE, "{port: '3', metadata: {labels: {a: b}}}")))
                .isEqualTo("{apiVersion:v2,host:a,port:3}");
        var changed = calls.get(path("both", "v1") + "/one");
        assertThat(fields(changed)).isEqualTo("{apiVersion:v1,hostPort:a:3}");
        assertThat(changed.labels()).containsEntry("a", "b");
        assertThat(changed.metadata().get("generation").longOr(0)).isEqualTo(2);
        assertThat(create("both", "v2", "wrong", "host: 1")
                        .expect(422)
                        .get("message")
                        .string())
                .as("What is written is checked as what it came as.")
                .contains("host in body must be of type string");
        var table = calls.send(
                        "GET", path("both", "v2"), "", null, "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                .expect(200);
        assertThat(table.get("rows").list()).hasSize(2);
        calls.delete(path("both", "v2") + "/one").expect(200);
    }

    @Test
    void appliedFieldsBelongToTheirManagersInEveryVersion() {
        define("owned");
        var path = path("owned", "v1") + "/x?fieldManager=one";
        calls.tryPatch(path, Calls.APPLY, object("owned", "v1", "x", "hostPort: 'a:1'"))
                .expect(201);
        var other = path("owned", "v2") + "/x?fieldManager=two";
        var refused = calls.tryPatch(other, Calls.APPLY, object("owned", "v2", "x", "host: b"))
                .expect(409);
        assertThat(refused.get("message").string()).contains("conflict");
        calls.tryPatch(other + "&force=true", Calls.APPLY, object("owned", "v2", "x", "host: b"))
                .expect(200);
        assertThat(fields(calls.get(path("owned", "v1") + "/x"))).startsWith("{apiVersion:v1,hostPort:b");
    }

    /// Conformance: CustomResourceConversionWebhook, a list of what is stored in several versions; and how it comes
    /// to one again.
    @Test
    void whatIsStoredInSeveralVersionsIsReadInEach() {
        define("mixed");
        create("mixed", "v1", "old", "hostPort: 'a:1'").expect(201);
        var definition = CRDS + "/mixed." + GROUP;
        calls.patch(definition, JSON_PATCH, """
                [{op: replace, path: /spec/versions/0/storage, value: false},
                 {op: replace, path: /spec/versions/1/storage, value: true}]""");
        assertThat(calls.get(definition).status().get("storedVersions").strings())
                .containsExactly("v1", "v2");
        PlaneUnderTest.eventually(
                () -> create("mixed", "v1", "new-" + System.nanoTime(), "hostPort: 'b:2'")
                        .expect(201),
                made -> stored("mixed", made.name()).contains("/v2\""));
        assertThat(stored("mixed", "old")).contains("/v1\"");
        for (var version : List.of("v1", "v2"))
            assertThat(calls.get(path("mixed", version)).get("items").views())
                    .hasSizeGreaterThan(1)
                    .allMatch(item -> item.get("apiVersion").string().equals(GROUP + "/" + version));
        assertThat(fields(calls.get(path("mixed", "v2") + "/old"))).isEqualTo("{apiVersion:v2,host:a,port:1}");
        calls.replace(path("mixed", "v2") + "/old", same -> {});
        assertThat(stored("mixed", "old"))
                .as("What is written anew is stored in the new version, although nothing else changes.")
                .contains("/v2\"");
        converter.asked.clear();
        assertThat(fields(calls.get(path("mixed", "v2") + "/old"))).isEqualTo("{apiVersion:v2,host:a,port:1}");
        assertThat(converter.asked).isEmpty();
    }

    /// The bytes in the store.
    private static String stored(String plural, String name) {
        var key = "/registry/" + GROUP + "/" + plural + "/default/" + name;
        return new String(plane.plane.stored(key).orElseThrow(), StandardCharsets.UTF_8);
    }

    /// Conformance: CustomResourceFieldSelectors.
    @Test
    void eachVersionIsSelectedByItsOwnFields() throws Exception {
        define("chosen");
        var seen = new TreeSet<String>();
        try (var watch = new WatchUnderTest(plane, path("chosen", "v2") + "?watch=1&fieldSelector=host%3Dhost1");
                var other = new WatchUnderTest(
                        plane, path("chosen", "v1") + "?watch=1&fieldSelector=hostPort%3Dhost1:80")) {
            create("chosen", "v2", "a", "host: host1, port: '80'").expect(201);
            create("chosen", "v2", "b", "host: host1, port: '8080'").expect(201);
            create("chosen", "v2", "c", "host: host2").expect(201);
            assertThat(names(path("chosen", "v2") + "?fieldSelector=host%3Dhost1"))
                    .containsExactly("a", "b");
            assertThat(names(path("chosen", "v2") + "?fieldSelector=host%3Dhost1,port%3D80"))
                    .containsExactly("a");
            assertThat(names(path("chosen", "v1") + "?fieldSelector=hostPort%3Dhost1:80"))
                    .containsExactly("a");
            assertThat(names(path("chosen", "v1") + "?fieldSelector=hostPort%3Dhost1:8080&limit=1"))
                    .containsExactly("b");
            assertThat(calls.tryGet(path("chosen", "v1") + "?fieldSelector=host%3Dx")
                            .expect(400)
                            .get("message")
                            .string())
                    .isEqualTo("field label not supported: host");
            calls.delete(path("chosen", "v2") + "?fieldSelector=host%3Dhost1,port%3D80")
                    .expect(200);
            calls.replace(path("chosen", "v2") + "/b", object -> object.put("host", "host2"));
            assertThat(names(path("chosen", "v2") + "?fieldSelector=host%3Dhost1"))
                    .isEmpty();
            for (int i = 0; i < 4; i++) seen.add(watch.next());
            assertThat(seen).containsExactly("ADDED a v2", "ADDED b v2", "DELETED a v2", "DELETED b v2");
            assertThat(List.of(other.next(), other.next())).containsExactly("ADDED a v1", "DELETED a v1");
        }
    }

    @Test
    void manyAreConvertedWithOneCallAndNoneTwice() {
        define("many");
        IntStream.range(0, 40)
                .forEach(i ->
                        create("many", "v1", "n" + i, "hostPort: 'h:" + i + "'").expect(201));
        converter.asked.clear();
        assertThat(calls.count(path("many", "v2"))).isEqualTo(40);
        assertThat(converter.asked).hasSize(1);
        assertThat(converter.objects()).isEqualTo(40);
        calls.patch(path("many", "v1") + "/n7", MERGE, "{hostPort: 'x:1'}");
        assertThat(calls.count(path("many", "v2"))).isEqualTo(40);
        assertThat(converter.objects()).isEqualTo(41);
        assertThat(names(path("many", "v2") + "?fieldSelector=host%3Dx")).containsExactly("n7");
        assertThat(converter.objects()).isEqualTo(41);
    }

    @Test
    void onlyLabelsAndAnnotationsOfMetadataChange() {
        define("kept");
        create("kept", "v1", "x", "hostPort: 'a:1'").expect(201);
        converter.lie = each(object -> {
            Trees.put(object, Map.of("label", "new"), "metadata", "labels");
            Trees.put(object, List.of("example.org/f"), "metadata", "finalizers");
            Trees.remove(object, "metadata", "creationTimestamp");
            Trees.put(object, 77L, "metadata", "generation");
        });
        var shown = calls.get(path("kept", "v2") + "/x").metadata();
        assertThat(shown.get("labels").stringMap()).containsEntry("label", "new");
        assertThat(shown.get("finalizers").exists()).isFalse();
        assertThat(shown.get("creationTimestamp").string()).isNotEmpty();
        assertThat(shown.get("generation").longOr(0)).isEqualTo(1);
    }

    /// Does something to each object that the webhook answers.
    private static UnaryOperator<Object> each(Consumer<Map<String, Object>> change) {
        return answer -> {
            for (var object :
                    View.of(answer).get("response", "convertedObjects").views()) change.accept(object.map());
            return answer;
        };
    }

    private static UnaryOperator<Object> response(String field, Object value) {
        return answer -> {
            View.of(answer).get("response").map().put(field, value);
            return answer;
        };
    }

    private static final Map<String, UnaryOperator<Object>> LIES = Map.ofEntries(
            Map.entry("uid", response("uid", "other")),
            Map.entry("none", response("convertedObjects", List.of())),
            Map.entry("failed", response("result", Map.of("status", "Failure", "message", "no such luck"))),
            Map.entry("silent", response("result", Map.of())),
            Map.entry("null", response("convertedObjects", Collections.singletonList(null))),
            Map.entry("text", response("convertedObjects", List.of("x"))),
            Map.entry("garbage", answer -> "<html>"),
            Map.entry("empty", answer -> "{}"),
            Map.entry("nothing", answer -> ""),
            Map.entry("huge", answer -> " ".repeat(9 << 20)),
            Map.entry("version", each(object -> object.put("apiVersion", GROUP + "/v1"))),
            Map.entry("kind", each(object -> object.put("kind", "Other"))),
            Map.entry("name", each(object -> Trees.put(object, "other", "metadata", "name"))),
            Map.entry("lost", each(object -> Trees.remove(object, "metadata", "name"))),
            Map.entry("namespace", each(object -> Trees.put(object, "other", "metadata", "namespace"))),
            Map.entry("id", each(object -> Trees.put(object, "1", "metadata", "uid"))),
            Map.entry("metadata", each(object -> object.remove("metadata"))),
            Map.entry("labels", each(object -> Trees.put(object, List.of(), "metadata", "labels"))),
            Map.entry("label", each(object -> Trees.put(object, Map.of("a", 1L), "metadata", "labels"))),
            Map.entry("badlabel", each(object -> Trees.put(object, Map.of("a b", "c"), "metadata", "labels"))));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "uid;failed: expected response.uid=\"",
                "none;returned 0 objects, expected 1",
                "failed;failed: no such luck",
                "silent;failed: response.result.status was '', not 'Success'",
                "null;returned invalid object at index 0: ",
                "text;returned invalid object at index 0: ",
                "garbage;failed: ",
                "empty;failed: expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got /, Kind=",
                "nothing;failed: 0-length response",
                "huge;failed: the webhook answered with more than ",
                "version;returned invalid object at index 0: invalid groupVersion (expected conversion.example.org/v2,"
                        + " received conversion.example.org/v1)",
                "kind;returned invalid object at index 0: invalid kind (expected Kliars, received Other)",
                "name;returned invalid object: must have the same name: x != other",
                "lost;returned invalid object: must have the same name: x != ",
                "namespace;returned invalid object: must have the same namespace: default != other",
                "id;returned invalid object: must have the same UID: ",
                "metadata;returned invalid object: must have the same name: x != ",
                "labels;returned invalid metadata: invalid metadata.labels of type []interface",
                "label;returned invalid metadata: metadata.labels[a] must be a string, but is int64 in converted object",
                "badlabel;returned invalid metadata: metadata.labels: Invalid value: \"a b\": "
            })
    void liesAreNotBelieved(String lie) {
        if (calls.tryGet(CRDS + "/liars." + GROUP).code() == 404) {
            define("liars");
            create("liars", "v1", "x", "hostPort: 'a:1'").expect(201);
        }
        var parts = lie.split(";");
        converter.lie = LIES.get(parts[0]);
        var prefix = "conversion webhook for " + GROUP + "/v1, Kind=Kliars ";
        for (var path : List.of(path("liars", "v2") + "/x", path("liars", "v2"))) {
            var refused = calls.tryGet(path);
            assertThat(refused.code()).isEqualTo(500);
            assertThat(refused.message()).startsWith(prefix + parts[1]);
        }
        assertThat(fields(calls.get(path("liars", "v1") + "/x"))).isEqualTo("{apiVersion:v1,hostPort:a:1}");
    }

    @Test
    void withoutItWhatIsStoredIsReadAndEverythingIsDeleted() throws Exception {
        define("alone");
        create("alone", "v1", "x", "hostPort: 'a:1'").expect(201);
        var definition = CRDS + "/alone." + GROUP;
        calls.patch(
                definition, MERGE, "{spec: {conversion: {webhook: {clientConfig: {url: 'https://127.0.0.1:1/'}}}}}");
        PlaneUnderTest.eventually(
                () -> View.of(calls.tryGet(path("alone", "v2") + "/x").message()),
                message -> message.string()
                        .startsWith("conversion webhook for " + GROUP
                                + "/v1, Kind=Kalone failed: Post \"https://127.0.0.1:1/?timeout=30s\": "));
        try (var watch = new WatchUnderTest(plane, path("alone", "v2") + "?watch=1&resourceVersion=" + revision())) {
            calls.patch(path("alone", "v1") + "/x", MERGE, "{hostPort: 'b:1'}");
            assertThat(watch.next()).startsWith("ERROR conversion webhook for ");
        }
        assertThat(calls.count(path("alone", "v1"))).isEqualTo(1);
        var partial = calls.send(
                "GET",
                path("alone", "v2"),
                "",
                null,
                "Accept",
                "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io");
        assertThat(partial.expect(200).get("items").list()).hasSize(1);
        calls.delete(definition).expect(200);
        PlaneUnderTest.eventually(() -> View.of((long) calls.tryGet(definition).code()), code -> code.longOr(0) == 404);
    }

    private String revision() {
        return calls.get(path("alone", "v1")).metadata().get("resourceVersion").string();
    }

    /// Nobody else waits for a quota, or for anything else that is given out one at a time, while it thinks.
    @Test
    @Timeout(60)
    void whileItConvertsOthersWrite() throws Exception {
        define("slow");
        calls.post("/api/v1/namespaces/default/resourcequotas", "{metadata: {name: many}, spec: {hard: {pods: '9'}}}");
        var asked = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        converter.lie = answer -> {
            asked.countDown();
            await(go);
            return answer;
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var made = threads.submit(() -> create("slow", "v2", "x", "host: a, port: '1'"));
            try {
                await(asked);
                calls.post("/api/v1/namespaces/default/configmaps", "{metadata: {name: beside}}");
                calls.post(
                        "/api/v1/namespaces/default/services",
                        "{metadata: {name: beside}, spec: {ports: [{port: 1}]}}");
                assertThat(made.isDone()).isFalse();
            } finally {
                go.countDown();
            }
            assertThat(fields(made.get().expect(201))).isEqualTo("{apiVersion:v2,host:a,port:1}");
        }
        calls.delete("/api/v1/namespaces/default/resourcequotas/many").expect(200);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void conversionsAreCounted() {
        define("counted");
        create("counted", "v1", "x", "hostPort: 'a:1'").expect(201);
        calls.get(path("counted", "v2") + "/x");
        var text = new String(plane.http("GET", "/metrics", null).body(), StandardCharsets.UTF_8);
        assertThat(text)
                .contains("apiserver_crd_conversion_webhook_duration_seconds_count{crd_name=\"counted." + GROUP
                        + "\",from_version=\"v1\",to_version=\"v2\",succeeded=\"true\"}")
                .contains("apiserver_conversion_webhook_request_total{");
    }
}
