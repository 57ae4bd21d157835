package io.navarch.specs;

import static io.navarch.specs.Calls.JSON_PATCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Small requests that would cost much: each is answered, soon, and shortly.
@Timeout(120)
class HostileInputTest {
    private static final String JSON = "application/json";
    private static final String YAML = "application/yaml";
    private static final String REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private final Calls calls = new Calls(plane);

    private String metrics() {
        return new String(plane.http("GET", "/metrics", null).body(), StandardCharsets.UTF_8);
    }

    @Test
    void clientsChooseNoLabelsOfMetrics() {
        for (int i = 0; i < 50; i++) {
            plane.http("GET", "/apis/a/b/nothing-" + i, null);
            plane.http("NAUGHTY" + i, "/api/v1/nodes", null);
            plane.http("GET", MAPS + "/x/part-" + i, null);
            plane.http("GET", "/api/v1/nodes?dryRun=dry-" + i, null);
        }
        calls.tryPost(MAPS + "?dryRun=All", "{metadata: {name: counted}}").expect(201);
        var counted = "apiserver_request_total{verb=\"POST\",dry_run=\"All\",group=\"\",version=\"v1\",resource="
                + "\"configmaps\",subresource=\"\",scope=\"resource\",component=\"apiserver\",code=\"201\"} 1\n";
        // A call is counted when it has been answered.
        var text = PlaneUnderTest.eventually(
                        () -> View.of(metrics()), told -> told.string().contains(counted))
                .string();
        assertThat(text).doesNotContainIgnoringCase("naughty").doesNotContain("nothing-", "part-", "dry-4");
        assertThat(text)
                .contains(
                        "apiserver_request_total{verb=\"LIST\",dry_run=\"invalid\",group=\"\",version=\"v1\",resource="
                                + "\"nodes\",subresource=\"\",scope=\"cluster\",component=\"apiserver\",code=\"200\"}");
    }

    @Test
    void namesInYamlAreNotExpandedWithoutEnd() {
        var bomb = new StringBuilder("x0: &x0 [a,a,a]\n");
        for (int i = 1; i <= 16; i++) {
            var before = "*x" + (i - 1);
            bomb.append("x%d: &x%d [%s,%s,%s]\n".formatted(i, i, before, before, before));
        }
        var refused = calls.send("POST", REVIEWS, YAML, bomb.toString());
        refused.expect(400);
        assertThat(refused.message()).contains("yaml: document contains excessive aliasing");
        calls.send("POST", REVIEWS, YAML, "&a [*a]").expect(400);
        calls.send("PATCH", MAPS + "/bomb?fieldManager=me", Calls.APPLY, bomb.toString())
                .expect(400);
        calls.send("POST", REVIEWS, YAML, "a: !!binary '$$$'").expect(400);
    }

    private static String unknown(int count, String end) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"a" + i + "\":1,")
                .collect(Collectors.joining(
                        "", "{", "\"spec\":{\"nonResourceAttributes\":{\"path\":\"/\"}}" + end + "}"));
    }

    @Test
    void manyUnknownFieldsAreToldInShort() {
        var warned = calls.send("POST", REVIEWS, JSON, unknown(250_000, ""));
        warned.expect(201);
        assertThat(warned.warnings()).startsWith("299 - \"unknown field").hasSizeLessThan(16_000);
        var doubled = ",\"b\":1".repeat(50_000);
        calls.send("POST", REVIEWS, JSON, unknown(100_000, doubled)).expect(201);
        var strict = calls.send("POST", REVIEWS + "?fieldValidation=Strict", JSON, unknown(250_000, ""));
        strict.expect(400);
        assertThat(strict.message().split("unknown field", -1)).hasSize(101);
        var below = "{\"" + "k".repeat(1_000_000) + "\":{" + "\"a\":1,".repeat(200_000) + "\"a\":1}}";
        calls.send("POST", REVIEWS, JSON, below).expect(422);
    }

    @Test
    void longAmountsAreRefusedAtOnce() {
        var pod =
                "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"resources\":"
                        + "{\"requests\":{\"cpu\":\"" + "1".repeat(1_000_000) + "x\"}}}]}}";
        calls.send("POST", "/api/v1/namespaces/default/pods", JSON, pod).expect(400);
    }

    @Test
    void copiesOfCopiesAreLimited() {
        calls.post(MAPS, "{metadata: {name: copied}, data: {a: b}}");
        var doubling = IntStream.range(0, 40)
                .mapToObj(i -> "{op: copy, from: /data, path: /data/k" + i + "}")
                .collect(Collectors.joining(",", "[", "]"));
        var refused = calls.tryPatch(MAPS + "/copied", JSON_PATCH, doubling);
        refused.expect(422);
        assertThat(refused.message()).isEqualTo("the server rejected our request due to an error in our request");
    }

    private static String pod(String name, String spec) {
        return "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{" + spec + "}}";
    }

    private static String container(String more) {
        return "\"containers\":[{\"name\":\"c\",\"image\":\"i\"" + more + "}]";
    }

    /// A pattern that repeats a group needs stack for each repetition, and one that can match in several ways tries
    /// all.
    @Test
    void textsOfAnyLengthNeedNeitherStackNorTime() {
        var dotted = "a.".repeat(300_000) + "a";
        var pods = "/api/v1/namespaces/default/pods";
        calls.send("POST", pods, JSON, pod(dotted, container(""))).expect(422);
        calls.send("POST", pods, JSON, pod("p", container("") + ",\"nodeSelector\":{\"" + dotted + "/x\":\"y\"}"))
                .expect(422);
        var field = ",\"env\":[{\"name\":\"A\",\"valueFrom\":{\"fieldRef\":{\"fieldPath\":\"" + "a['".repeat(300_000)
                + "\"}}}]";
        calls.send("POST", pods, JSON, pod("p", container(field))).expect(422);
        var windows = ",\"securityContext\":{\"windowsOptions\":{\"runAsUserName\":\"" + dotted + "\\\\u\"}}";
        calls.send("POST", pods, JSON, pod("p", container(windows))).expect(422);
        var slashes = "/".repeat(500_000) + "x";
        var volume = ",\"volumes\":[{\"name\":\"v\",\"configMap\":{\"name\":\"m\",\"items\":[{\"key\":\"a\",\"path\":\""
                + slashes + "\"}]}}]";
        calls.send("POST", pods, JSON, pod("p", container("") + volume)).expect(422);
        var often = "{\"metadata\":{\"name\":\"c\"},\"spec\":{\"schedule\":\"@every " + "1s".repeat(300_000)
                + "\",\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":{\"restartPolicy\":\"Never\"," + container("")
                + "}}}}}}";
        calls.send("POST", "/apis/batch/v1/namespaces/default/cronjobs?dryRun=All", JSON, often)
                .expect(201);
        assertThat(calls.tryGet("/apis" + "/".repeat(30_000) + "x").code()).isEqualTo(404);
    }

    @Test
    void manyFilesOfAVolumeAreNotAllComparedWithEachOther() {
        var items = IntStream.range(0, 50_000)
                .mapToObj(i -> "{\"key\":\"k\",\"path\":\"f" + i + "\"}")
                .collect(Collectors.joining(","));
        var volume = ",\"volumes\":[{\"name\":\"v\",\"configMap\":{\"name\":\"m\",\"items\":[" + items + "]}}]";
        calls.send("POST", "/api/v1/namespaces/default/pods?dryRun=All", JSON, pod("many", container("") + volume))
                .expect(201);
    }

    @Test
    void wrongValuesOfMillionsAreToldInShort() {
        calls.post(
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                "{metadata: {name: longs.a.example.com}, spec: {group: a.example.com, scope: Cluster, names: {plural: longs, kind: Long}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, additionalProperties: {type: array, items: {type: string}}}}}}}]}}");
        calls.until("/apis/a.example.com/v1/longs", list -> list.get("items").exists());
        var wrong = "{\"apiVersion\":\"a.example.com/v1\",\"kind\":\"Long\",\"metadata\":{\"name\":\"l\"},\"spec\":{\""
                + "k".repeat(1_000_000) + "\":[" + "1,".repeat(200_000) + "1]}}";
        var refused = calls.send("POST", "/apis/a.example.com/v1/longs", JSON, wrong);
        refused.expect(422);
        assertThat(refused.message()).hasSizeLessThan(4 << 20);
    }
}
