package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.pki.Pki;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Webhooks that are asked whether somebody may do something, and the file that lists them.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuthorizationWebhookTest {
    @TempDir
    static Path directory;

    private static WebhookUnderTest webhook;
    private static Path configuration;

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest(() -> {
        webhook = new WebhookUnderTest(directory.resolve("webhook-pki"));
        var stranger = new Pki(directory.resolve("stranger-pki"), InstantSource.system());
        var here = "https://127.0.0.1:" + webhook.port() + "/authorize";
        file("good", here, webhook.authority());
        file("closed", "https://127.0.0.1:1/authorize", webhook.authority());
        file("stranger", here, stranger.authorityPem());
        file("misnamed", "https://localhost:" + webhook.port() + "/authorize", webhook.authority());
        configuration = directory.resolve("authorization.yaml");
        Files.writeString(configuration, all());
        return new String[] {"--authorization-config", configuration.toString()};
    });

    private static void file(String name, String server, String authority) throws IOException {
        Files.writeString(directory.resolve(name), WebhookUnderTest.kubeconfig(server, authority));
    }

    private static String all() {
        return listed(
                asked("first", "v1", "Deny", "good", "request.user.startsWith('first-')"),
                "{type: Node, name: node}",
                "{type: RBAC, name: rbac}",
                asked("last", "v1beta1", "NoOpinion", "good", "request.user.startsWith('last-')"),
                asked("open", "v1", "NoOpinion", "closed", "request.user.startsWith('open-')"),
                asked(
                        "closed",
                        "v1",
                        "Deny",
                        "closed",
                        "request.user.startsWith('closed-') || request.user.startsWith('open-and-closed-')"),
                asked("stranger", "v1", "NoOpinion", "stranger", "request.user.startsWith('stranger-')"),
                asked("misnamed", "v1", "NoOpinion", "misnamed", "request.user.startsWith('misnamed-')"),
                asked(
                        "conditions",
                        "v1",
                        "NoOpinion",
                        "good",
                        "request.user.startsWith('conditions-')",
                        "request.resourceAttributes.namespace == 'blue'",
                        "!has(request.resourceAttributes.labelSelector) ||"
                                + " request.resourceAttributes.labelSelector.requirements.exists(r, r.key == 'team' &&"
                                + " r.operator == 'In' && 'a' in r.values)",
                        "!has(request.resourceAttributes.fieldSelector) ||"
                                + " request.resourceAttributes.fieldSelector.requirements.all(r, r.key =="
                                + " 'metadata.name')",
                        "'watchers' in request.groups || request.resourceAttributes.verb != 'watch'",
                        "!('tenant' in request.extra) || request.extra['tenant'] == ['t1']"),
                asked(
                        "failing",
                        "v1",
                        "Deny",
                        "good",
                        "request.user.startsWith('failing-')",
                        "request.groups[0] == 'nobody-has-this'",
                        "request.extra['x'][0] == 'y'",
                        "request.nonResourceAttributes.path == '/failing'"));
    }

    private static String listed(String... authorizers) {
        return "{apiVersion: apiserver.config.k8s.io/v1, kind: AuthorizationConfiguration, authorizers: ["
                + String.join(", ", authorizers) + "]}";
    }

    private static String asked(
            String name, String version, String failurePolicy, String kubeconfig, String... conditions) {
        var webhook = Trees.map(
                "timeout",
                "1s",
                "subjectAccessReviewVersion",
                version,
                "matchConditionSubjectAccessReviewVersion",
                "v1",
                "failurePolicy",
                failurePolicy,
                "connectionInfo",
                Trees.map(
                        "type",
                        "KubeConfigFile",
                        "kubeConfigFile",
                        directory.resolve(kubeconfig).toString()),
                "matchConditions",
                List.of(conditions).stream()
                        .map(each -> Trees.map("expression", each))
                        .toList());
        return Json.writeString(Trees.map("type", "Webhook", "name", name, "webhook", webhook));
    }

    @AfterAll
    static void stop() {
        webhook.close();
    }

    @TestFactory
    @Order(1)
    List<DynamicTest> answersAreTheOriginals() throws IOException {
        var script = new AuthorizationScript(plane);
        var tests = new ArrayList<DynamicTest>();
        for (var step : AuthorizationScript.read("webhook.txt"))
            tests.add(DynamicTest.dynamicTest(
                    step.title(),
                    () -> assertThat(script.run(step)
                                    .replace("127.0.0.1:" + webhook.port(), "127.0.0.1:$PORT")
                                    .replace("localhost:" + webhook.port(), "localhost:$PORT"))
                            .isEqualTo(step.wanted())));
        return tests;
    }

    private static View review(String user) {
        var answer = plane.http(
                "POST",
                "/apis/authorization.k8s.io/v1/subjectaccessreviews",
                ("{\"spec\": {\"user\": \"" + user + "\", \"resourceAttributes\": {\"verb\": \"get\", \"resource\":"
                                + " \"pods\", \"namespace\": \"green\"}}}")
                        .getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/json");
        return View.of(Json.parse(answer.body())).status();
    }

    private static long asked(String user) {
        return webhook.asked.stream().filter(call -> call.user().equals(user)).count();
    }

    @Test
    @Order(2)
    void theQuestionIsTheOriginals() {
        review("first-q-allow");
        review("last-q-allow");
        assertThat(webhook.asked.stream().filter(call -> call.user().endsWith("q-allow")))
                .allMatch(call -> call.uri().equals("/authorize?timeout=1s"))
                .allMatch(call -> call.authorization().equals("Bearer secret-of-server"))
                .extracting(call -> call.review().value())
                .containsExactly(question("v1", "first-q-allow"), question("v1beta1", "last-q-allow"));
    }

    private static Object question(String version, String user) {
        return Json.parse("{\"kind\":\"SubjectAccessReview\",\"apiVersion\":\"authorization.k8s.io/" + version
                + "\",\"metadata\":{},\"spec\":{\"resourceAttributes\":{\"namespace\":\"green\",\"verb\":\"get\","
                + "\"version\":\"*\",\"resource\":\"pods\"},\"user\":\"" + user
                + "\"},\"status\":{\"allowed\":false}}");
    }

    @Test
    @Order(3)
    void answersAreKeptAndFailuresAreNot() {
        for (int i = 0; i < 3; i++) {
            assertThat(review("first-kept-allow").get("allowed").bool()).isTrue();
            assertThat(review("first-kept-deny").get("denied").bool()).isTrue();
            assertThat(review("first-kept-404").get("evaluationError").exists()).isTrue();
        }
        assertThat(asked("first-kept-allow")).isEqualTo(1);
        assertThat(asked("first-kept-deny")).isEqualTo(1);
        assertThat(asked("first-kept-404")).isEqualTo(3);
    }

    @Test
    @Order(4)
    void whatMayPassIsTriedAgainAndLateAnswersAreNot() {
        review("first-again-500");
        review("first-again-503");
        review("first-again-slow");
        assertThat(asked("first-again-500")).isEqualTo(5);
        assertThat(asked("first-again-503")).isEqualTo(1);
        assertThat(asked("first-again-slow")).isEqualTo(1);
    }

    @Test
    @Order(5)
    void anotherHostIsNotBelieved() {
        assertThat(review("misnamed-a").get("evaluationError").string())
                .startsWith("Post \"https://localhost:" + webhook.port() + "/authorize?timeout=1s\": tls: failed to"
                        + " verify certificate: x509: No name matching localhost found");
    }

    @Test
    @Order(5)
    void answersAreBounded() {
        assertThat(review("first-huge").get("evaluationError").string()).contains("more than 1048576 bytes");
    }

    @Test
    @Order(6)
    void oneThatHangsHoldsUpNobodyElse() throws InterruptedException {
        var waiting = IntStream.range(0, 40)
                .mapToObj(i -> Thread.ofVirtual().start(() -> review("first-hanging" + i + "-slow")))
                .toList();
        PlaneUnderTest.eventually(
                () -> View.of(Map.of("asked", asked("first-hanging39-slow"))),
                seen -> seen.get("asked").longOr(0) == 1);
        assertThat(review("someone").get("allowed").bool()).isFalse();
        assertThat(review("last-meanwhile-allow").get("allowed").bool()).isTrue();
        for (var each : waiting) each.join();
    }

    private static String metrics() {
        return new String(plane.http("GET", "/metrics", null).body(), StandardCharsets.UTF_8);
    }

    private static void eventuallyCounted(String line) {
        PlaneUnderTest.eventually(
                () -> View.of(Map.of("text", metrics())),
                seen -> seen.get("text").string().contains(line));
    }

    @Test
    @Order(7)
    void isCountedUnderTheOriginalsNames() {
        review("open-counted");
        review("failing-counted");
        assertThat(metrics())
                .contains(
                        "apiserver_authorization_decisions_total{type=\"Webhook\",name=\"first\",decision=\"denied\"}")
                .contains("apiserver_authorization_decisions_total{type=\"RBAC\",name=\"rbac\",decision=\"allowed\"}")
                .contains("apiserver_authorization_webhook_evaluations_total{name=\"first\",result=\"timeout\"}")
                .contains("apiserver_authorization_webhook_evaluations_total{name=\"first\",result=\"success\"}")
                .contains("apiserver_authorization_webhook_evaluations_fail_open_total{name=\"open\",result=\"error\"}")
                .contains("apiserver_authorization_webhook_duration_seconds_count{name=\"open\",result=\"error\"}")
                .contains("apiserver_authorization_match_condition_exclusions_total{type=\"Webhook\",name=\"open\"}")
                .contains(
                        "apiserver_authorization_match_condition_evaluation_errors_total{type=\"Webhook\",name=\"failing\"}")
                .contains(
                        "apiserver_authorization_match_condition_evaluation_seconds_count{type=\"Webhook\",name=\"open\"}")
                .containsPattern("apiserver_authorization_config_controller_last_config_info\\{apiserver_id_hash="
                        + "\"sha256:[0-9a-f]{64}\",hash=\"sha256:[0-9a-f]{64}\"} 1");
    }

    @Test
    @Order(8)
    void theFileIsReadAgainAndABrokenOneIsNot() throws IOException {
        var reload = "apiserver_authorization_config_controller_automatic_reloads_total{status=";
        Files.writeString(configuration, listed("{type: Node, name: node}", "{type: RBAC, name: rbac}"));
        PlaneUnderTest.eventually(
                () -> review("first-reload-allow"),
                status -> !status.get("allowed").bool());
        eventuallyCounted(reload + "\"success\"");
        for (var broken : List.of(
                "nonsense",
                listed("{type: Node, name: node}"),
                listed("{type: Node, name: node}", "{type: RBAC, name: rbac}", "{type: Webhook, name: w}"),
                all().replace(directory.resolve("good").toString(), "/no/such/file"))) {
            Files.writeString(configuration, listed("{type: Node, name: node}", "{type: RBAC, name: rbac}"));
            Files.writeString(configuration, broken);
            assertThat(review("first-reload-allow").get("allowed").bool()).isFalse();
        }
        eventuallyCounted(reload + "\"failure\"");
        Files.writeString(configuration, all());
        PlaneUnderTest.eventually(
                () -> review("first-reload-again-allow"),
                status -> status.get("allowed").bool());
    }
}
