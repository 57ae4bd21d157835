package io.navarch.specs;

import static io.navarch.specs.PlaneUnderTest.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What is written down of calls, with the fields that kube-apiserver v1.36 writes.
class AuditSpecsTest {
    @TempDir
    static Path directory;

    @RegisterExtension
    @Order(1)
    static final EventsUnderTest webhook = new EventsUnderTest();

    @RegisterExtension
    @Order(2)
    static final PlaneUnderTest plane = new PlaneUnderTest(() -> {
        var policy = directory.resolve("policy.yaml");
        Files.writeString(policy, """
                apiVersion: audit.k8s.io/v1
                kind: Policy
                rules:
                - {level: None, users: ["system:apiserver", "system:kube-controller-manager", "system:kube-scheduler"]}
                - {level: None, userGroups: ["system:serviceaccounts"]}
                - {level: RequestResponse, resources: [{group: "", resources: [configmaps]}], omitManagedFields: true}
                - {level: Request, resources: [{group: "", resources: [podtemplates]}], omitStages: [RequestReceived]}
                - {level: Metadata}
                """);
        return new String[] {
            "--audit-policy-file",
            policy.toString(),
            "--audit-log-path",
            directory.resolve("audit.log").toString(),
            "--audit-webhook-config-file",
            Files.writeString(directory.resolve("webhook"), webhook.kubeconfig())
                    .toString(),
            "--audit-webhook-batch-max-wait",
            "50ms"
        };
    });

    private final Calls calls = new Calls(plane);

    private static List<View> all() {
        try {
            return Files.readAllLines(directory.resolve("audit.log")).stream()
                    .map(line -> View.of(Json.parse(line)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The events of the call that was sent with an ID; the last is written when the answer is on its way.
    private static List<View> events(String id) {
        return eventually(
                        () -> View.of(all().stream()
                                .filter(event -> event.get("auditID").string().equals(id))
                                .map(View::map)
                                .toList()),
                        events -> events.find("stage", "ResponseComplete").exists())
                .views();
    }

    private static View last(String id, String stage) {
        var event = events(id).getLast();
        assertThat(event.get("stage").string()).isEqualTo(stage);
        return event;
    }

    private static String json(View view) {
        return Json.writeString(view.tree());
    }

    @Test
    void aWriteIsWrittenDownWithWhatWasSentAndAnswered() {
        var answer = plane.http(
                "POST",
                "/api/v1/namespaces/default/configmaps?fieldManager=me",
                "{\"metadata\":{\"name\":\"one\"},\"data\":{\"a\":\"b\"}}".getBytes(),
                "Audit-ID",
                "create-one",
                "Content-Type",
                "application/json",
                "User-Agent",
                "spec/1",
                "X-Forwarded-For",
                "10.1.1.1, nonsense, 10.2.2.2");
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Audit-ID")).hasValue("create-one");
        var events = events("create-one");
        assertThat(events)
                .extracting(each -> each.get("stage").string())
                .containsExactly("RequestReceived", "ResponseComplete");
        assertThat(json(events.getFirst().get("objectRef")))
                .isEqualTo("{\"resource\":\"configmaps\",\"namespace\":\"default\",\"apiVersion\":\"v1\"}");
        var done = events.getLast();
        assertThat(done.map().keySet())
                .containsExactly(
                        "kind",
                        "apiVersion",
                        "level",
                        "auditID",
                        "stage",
                        "requestURI",
                        "verb",
                        "user",
                        "sourceIPs",
                        "userAgent",
                        "objectRef",
                        "responseStatus",
                        "requestObject",
                        "responseObject",
                        "requestReceivedTimestamp",
                        "stageTimestamp",
                        "annotations");
        assertThat(done.get("level").string()).isEqualTo("RequestResponse");
        assertThat(done.get("requestURI").string()).isEqualTo("/api/v1/namespaces/default/configmaps?fieldManager=me");
        assertThat(json(done.get("sourceIPs"))).isEqualTo("[\"10.1.1.1\",\"10.2.2.2\",\"127.0.0.1\"]");
        assertThat(done.get("objectRef", "name").string()).isEqualTo("one");
        assertThat(json(done.get("responseStatus"))).isEqualTo("{\"metadata\":{},\"code\":201}");
        assertThat(done.get("requestObject", "data", "a").string()).isEqualTo("b");
        assertThat(done.get("responseObject", "metadata", "uid").string()).isNotEmpty();
        assertThat(done.get("responseObject", "metadata", "managedFields").exists())
                .isFalse();
        assertThat(done.get("annotations", "authorization.k8s.io/decision").string())
                .isEqualTo("allow");
        assertThat(done.get("requestReceivedTimestamp").string()).matches("20..-..-..T..:..:..\\.[0-9]{6}Z");
    }

    @Test
    void metadataAloneKeepsSecretsOut() {
        calls.send(
                        "POST",
                        "/api/v1/namespaces/default/secrets",
                        "application/yaml",
                        "{metadata: {name: hidden}, stringData: {a: swordfish}}",
                        "Audit-ID",
                        "hidden")
                .expect(201);
        var done = last("hidden", "ResponseComplete");
        assertThat(done.get("objectRef", "name").string()).isEqualTo("hidden");
        assertThat(json(done)).doesNotContain("swordfish").doesNotContain("requestObject");
    }

    @Test
    void patchesAndDeletionsTellWhatWasSent() {
        var path = "/api/v1/namespaces/default/podtemplates";
        calls.post(path, "{metadata: {name: t}, template: {spec: {containers: [{name: c, image: i}]}}}");
        calls.send(
                        "PATCH",
                        path + "/t",
                        Calls.MERGE,
                        "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}",
                        "Audit-ID",
                        "patch-t")
                .expect(200);
        assertThat(events("patch-t")).hasSize(1);
        assertThat(json(last("patch-t", "ResponseComplete").get("requestObject")))
                .isEqualTo("{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
        calls.send("DELETE", path + "/t", "", null, "Audit-ID", "delete-t").expect(200);
        var gone = last("delete-t", "ResponseComplete");
        assertThat(gone.get("verb").string()).isEqualTo("delete");
        assertThat(gone.get("responseObject").exists()).isFalse();
    }

    @Test
    void refusalsTellWhy() {
        calls.send("GET", "/api/v1/namespaces/default/configmaps/none", "", null, "Audit-ID", "none")
                .expect(404);
        var none = last("none", "ResponseComplete").get("responseStatus");
        assertThat(none.get("reason").string()).isEqualTo("NotFound");
        assertThat(none.get("status").string()).isEqualTo("Failure");
        assertThat(none.get("code").longOr(0)).isEqualTo(404);
        calls.send("GET", "/api/v1/nodes", "", null, "Audit-ID", "eva", "Impersonate-User", "eva")
                .expect(403);
        var eva = last("eva", "ResponseComplete");
        assertThat(eva.get("user", "username").string()).isEqualTo("kubernetes-admin");
        assertThat(eva.get("impersonatedUser", "username").string()).isEqualTo("eva");
        assertThat(eva.get("annotations", "authorization.k8s.io/decision").string())
                .isEqualTo("forbid");
        assertThat(plane.http("wrong", "GET", "/api/v1/nodes", null).statusCode())
                .isEqualTo(401);
        var unknown = all().stream()
                .filter(each -> each.get("responseStatus", "code").longOr(0) == 401)
                .findFirst()
                .orElseThrow();
        assertThat(unknown.get("stage").string()).isEqualTo("ResponseStarted");
        assertThat(json(unknown.get("user"))).isEqualTo("{}");
    }

    @Test
    void aWatchIsWrittenDownWhenItBegins() {
        calls.send(
                "GET",
                "/api/v1/namespaces/default/podtemplates?watch=true&timeoutSeconds=1",
                "",
                null,
                "Audit-ID",
                "watch");
        assertThat(events("watch"))
                .extracting(each -> each.get("stage").string())
                .containsExactly("ResponseStarted", "ResponseComplete");
    }

    @Test
    void otherwiseEveryAnswerHasAnIdOfItsOwn() {
        assertThat(plane.http("GET", "/version", null)
                        .headers()
                        .firstValue("Audit-ID")
                        .orElseThrow())
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    }

    @Test
    void aServiceIsToldTheSame() {
        calls.send("GET", "/api/v1/namespaces/default/configmaps/none", "", null, "Audit-ID", "told")
                .expect(404);
        var line = last("told", "ResponseComplete");
        var told = eventually(
                () -> View.of(webhook.events().stream()
                        .filter(event -> event.get("auditID").string().equals("told"))
                        .map(View::map)
                        .toList()),
                events -> events.find("stage", "ResponseComplete").exists());
        var expected = new LinkedHashMap<>(line.map());
        expected.keySet().removeAll(List.of("kind", "apiVersion"));
        assertThat(json(told.views().getLast())).isEqualTo(Json.writeString(expected));
        assertThat(json(webhook.lists().getFirst().get("metadata"))).isEqualTo("{}");
        assertThat(webhook.lists().getFirst().get("kind").string()).isEqualTo("EventList");
    }

    @Test
    void aServiceThatDoesNotAnswerHoldsUpNobody() {
        try (var held = webhook.hold()) {
            for (int i = 0; i < 50; i++)
                calls.send("GET", "/version", "", null, "Audit-ID", "held-" + i).expect(200);
            assertThat(last("held-49", "ResponseComplete")
                            .get("responseStatus", "code")
                            .longOr(0))
                    .isEqualTo(200);
        }
        eventually(
                () -> View.of(webhook.events().stream().map(View::map).toList()),
                events -> events.find("auditID", "held-49").exists());
    }
}
