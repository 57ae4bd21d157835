package io.navarch.specs;

import static io.navarch.specs.PlaneUnderTest.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Resources;
import io.navarch.objects.View;
import io.navarch.process.TaskScope;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Calls belong to flows, flows to levels, and a level's seats are shared.
class PriorityAndFairnessSpecsTest {
    private static final String SCHEMA = "X-Kubernetes-Pf-Flowschema-Uid";
    private static final String LEVEL = "X-Kubernetes-Pf-Prioritylevel-Uid";

    /// Waits for three seconds, and has a seat all the while.
    private static final String SLOW = "/api/v1/namespaces/default/configmaps?resourceVersion=999999999";

    private static Path tokens;

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest(() -> {
        tokens = Files.createTempFile("navarch-tokens", ".csv");
        Files.writeString(tokens, """
                alice-token,alice,1,"readers"
                bob-token,bob,2,"readers"
                carol-token,carol,3,"writers"
                """);
        return new String[] {
            "--token-auth-file",
            tokens.toString(),
            "--max-requests-inflight",
            "20",
            "--max-mutating-requests-inflight",
            "10"
        };
    });

    @AfterAll
    static void clean() throws Exception {
        Files.deleteIfExists(tokens);
    }

    @BeforeAll
    static void rights() {
        plane.client.create(Resources.CLUSTER_ROLE_BINDINGS.untyped(), View.of(yaml("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: everybody}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
                subjects:
                - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: readers}
                - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: writers}
                """)));
    }

    private static View level(String name, String response) {
        return plane.client.create(
                Resources.PRIORITY_LEVEL_CONFIGURATIONS.untyped(),
                View.of(yaml("""
                apiVersion: flowcontrol.apiserver.k8s.io/v1
                kind: PriorityLevelConfiguration
                metadata: {name: NAME}
                spec:
                  type: Limited
                  limited:
                    nominalConcurrencyShares: 1
                    lendablePercent: 0
                    borrowingLimitPercent: 0
                    limitResponse: RESPONSE
                """.replace("NAME", name).replace("RESPONSE", response))));
    }

    private static View schema(String name, String level, int precedence, String subject) {
        return plane.client.create(Resources.FLOW_SCHEMAS.untyped(), View.of(yaml("""
                apiVersion: flowcontrol.apiserver.k8s.io/v1
                kind: FlowSchema
                metadata: {name: NAME}
                spec:
                  matchingPrecedence: PRECEDENCE
                  priorityLevelConfiguration: {name: LEVEL}
                  distinguisherMethod: {type: ByUser}
                  rules:
                  - subjects: [SUBJECT]
                    resourceRules:
                    - {verbs: ["*"], apiGroups: ["*"], resources: [configmaps], namespaces: ["*"], clusterScope: true}
                """.replace("NAME", name)
                .replace("LEVEL", level)
                .replace("PRECEDENCE", String.valueOf(precedence))
                .replace("SUBJECT", subject))));
    }

    private static void delete(View... objects) {
        for (var object : objects) {
            boolean flow = object.get("kind").string().equals("FlowSchema");
            plane.http(
                    "DELETE",
                    "/apis/flowcontrol.apiserver.k8s.io/v1/" + (flow ? "flowschemas/" : "prioritylevelconfigurations/")
                            + object.name(),
                    null);
        }
    }

    private static HttpResponse<byte[]> get(String user, String path) {
        return plane.http(user + "-token", "GET", path, null);
    }

    private static CompletableFuture<HttpResponse<byte[]>> later(String user, String path) {
        var answer = new CompletableFuture<HttpResponse<byte[]>>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(get(user, path));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    private static double metric(String begin) {
        var text = new String(plane.http("GET", "/metrics", null).body(), StandardCharsets.UTF_8);
        return text.lines()
                .filter(line -> line.startsWith(begin))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static void await(BooleanSupplier reached) throws InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!reached.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            TaskScope.pause(10);
        }
    }

    private static Optional<String> schemaOf(String user, String path) {
        return get(user, path).headers().firstValue(SCHEMA);
    }

    /// The server takes a while to notice.
    private static void awaitSchema(String user, View schema) throws InterruptedException {
        var uid = Optional.of(schema.metadata().get("uid").string());
        await(() -> schemaOf(user, "/api/v1/configmaps").equals(uid));
    }

    @Test
    void answersNameTheirFlow() throws Exception {
        var level = level("named", "{type: Reject}");
        var schema = schema("named", "named", 1000, "{kind: User, user: {name: alice}}");
        awaitSchema("alice", schema);
        var alice = get("alice", "/api/v1/configmaps").headers();
        assertThat(alice.firstValue(LEVEL)).contains(level.metadata().get("uid").string());
        var bob = get("bob", "/api/v1/configmaps").headers();
        assertThat(bob.firstValue(SCHEMA)).isNotEmpty().isNotEqualTo(alice.firstValue(SCHEMA));
        assertThat(bob.firstValue(LEVEL)).isNotEmpty().isNotEqualTo(alice.firstValue(LEVEL));
        // Another resource is another flow's, a refusal names it as well, and so does what is not found.
        assertThat(schemaOf("alice", "/api/v1/secrets")).isEqualTo(bob.firstValue(SCHEMA));
        assertThat(schemaOf("alice", "/api/v1/nothing")).isEqualTo(bob.firstValue(SCHEMA));
        delete(schema, level);
        await(() -> schemaOf("alice", "/api/v1/configmaps").equals(bob.firstValue(SCHEMA)));
    }

    @Test
    void theFirstByPrecedenceAndNameCounts() throws Exception {
        var level = level("ordered", "{type: Reject}");
        var last = schema("c-last", "ordered", 1200, "{kind: Group, group: {name: writers}}");
        var second = schema("b-second", "ordered", 1100, "{kind: Group, group: {name: writers}}");
        var first = schema("a-first", "ordered", 1100, "{kind: Group, group: {name: '*'}}");
        awaitSchema("carol", first);
        delete(first);
        awaitSchema("carol", second);
        delete(second, last, level);
    }

    @Test
    void whoeverFindsNoSeatIsTold() throws Exception {
        var level = level("small", "{type: Reject}");
        var schema = schema("small", "small", 1000, "{kind: User, user: {name: alice}}");
        awaitSchema("alice", schema);
        var slow = later("alice", SLOW);
        var executing = "apiserver_flowcontrol_current_executing_requests{priority_level=\"small\"";
        await(() -> metric(executing) == 1);
        var refused = get("alice", "/api/v1/namespaces/default/configmaps");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(
                        metric(
                                "apiserver_request_terminations_total{verb=\"LIST\",group=\"\",version=\"v1\",resource=\"configmaps\""))
                .isPositive();
        assertThat(refused.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(new String(refused.body(), StandardCharsets.UTF_8))
                .isEqualTo("Too many requests, please try again later.\n");
        assertThat(refused.headers().firstValue(LEVEL))
                .contains(level.metadata().get("uid").string());
        assertThat(metric("apiserver_flowcontrol_rejected_requests_total{priority_level=\"small\""))
                .isEqualTo(1);
        // Others, and other resources, have seats of their own.
        assertThat(get("bob", "/api/v1/namespaces/default/configmaps").statusCode())
                .isEqualTo(200);
        assertThat(get("alice", "/api/v1/namespaces/default/secrets").statusCode())
                .isEqualTo(200);
        assertThat(slow.join().statusCode()).isEqualTo(504);
        assertThat(get("alice", "/api/v1/namespaces/default/configmaps").statusCode())
                .isEqualTo(200);
        delete(schema, level);
    }

    @Test
    void whoeverFloodsWaitsForHimself() throws Exception {
        var level = level("shared", "{type: Queue, queuing: {queues: 16, handSize: 2, queueLengthLimit: 2}}");
        var schema = schema("shared", "shared", 1000, "{kind: Group, group: {name: readers}}");
        awaitSchema("alice", schema);
        var flood = new ArrayList<CompletableFuture<HttpResponse<byte[]>>>();
        for (int i = 0; i < 12; i++) flood.add(later("alice", SLOW));
        // Two queues of two, and those that have a seat: the rest is refused.
        await(() -> metric("apiserver_flowcontrol_rejected_requests_total{priority_level=\"shared\"") >= 5);
        assertThat(get("bob", "/api/v1/namespaces/default/configmaps").statusCode())
                .isEqualTo(200);
        // Bob was served although some of what came before him still waits, or has just been served.
        var codes = flood.stream().map(each -> each.join().statusCode()).toList();
        assertThat(codes).containsOnly(504, 429).contains(429);
        delete(schema, level);
    }

    @Test
    void watchesHaveTheirSeatOnlyUntilTheyHaveBegun() throws Exception {
        var level = level("watching", "{type: Reject}");
        var schema = schema("watching", "watching", 1000, "{kind: User, user: {name: alice}}");
        awaitSchema("alice", schema);
        try (var scope = new TaskScope()) {
            for (int i = 0; i < 5; i++) {
                int wanted = i + 1;
                scope.start(
                        "watch",
                        () -> get("alice", "/api/v1/namespaces/default/configmaps?watch=true&timeoutSeconds=2"));
                await(() -> metric("apiserver_flowcontrol_request_execution_seconds_count{"
                                + "priority_level=\"watching\",flow_schema=\"watching\",type=\"watch\"")
                        >= wanted);
            }
            assertThat(get("alice", "/api/v1/namespaces/default/configmaps").statusCode())
                    .isEqualTo(200);
        }
        delete(schema, level);
    }

    @Test
    void whoeverSendsSlowlyHoldsNoSeat() throws Exception {
        var level = level("slow", "{type: Reject}");
        var schema = schema("slow", "slow", 1000, "{kind: User, user: {name: carol}}");
        awaitSchema("carol", schema);
        var sockets = new ArrayList<javax.net.ssl.SSLSocket>();
        try {
            var factory = PlaneUnderTest.trusting(plane.authority()).getSocketFactory();
            var executed = "apiserver_flowcontrol_request_execution_seconds_count{priority_level=\"slow\"";
            double before = metric(executed);
            for (int i = 0; i < 8; i++) {
                var socket = (javax.net.ssl.SSLSocket) factory.createSocket("127.0.0.1", plane.plane.port());
                sockets.add(socket);
                send(socket.getOutputStream());
            }
            var rejected = "apiserver_flowcontrol_rejected_requests_total{priority_level=\"slow\"";
            await(() -> metric(executed) + metric(rejected) >= before + 8);
            var body = "{\"metadata\":{\"name\":\"quick\"}}".getBytes(StandardCharsets.UTF_8);
            var answer = plane.http(
                    "carol-token",
                    "POST",
                    "/api/v1/namespaces/default/configmaps",
                    body,
                    "Content-Type",
                    "application/json");
            assertThat(answer.statusCode()).isEqualTo(201);
        } finally {
            for (var socket : sockets) socket.close();
        }
        delete(schema, level);
    }

    private static void send(OutputStream out) throws java.io.IOException {
        out.write(String.join(
                        "\r\n",
                        List.of(
                                "POST /api/v1/namespaces/default/configmaps HTTP/1.1",
                                "Host: localhost",
                                "Authorization: Bearer carol-token",
                                "Content-Type: application/json",
                                "Content-Length: 1000",
                                "",
                                "{"))
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
