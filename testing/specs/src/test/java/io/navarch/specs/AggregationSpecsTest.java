package io.navarch.specs;

import static io.navarch.specs.ExtensionUnderTest.GROUP;
import static io.navarch.specs.ExtensionUnderTest.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apps.Host;
import io.navarch.model.AnyObject;
import io.navarch.objects.Json;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.pki.Pki;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A part of the API that another server answers, as if it were this one's.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AggregationSpecsTest {
    private static final String SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";
    private static final String TOYS = ROOT + "/namespaces/default/toys";
    private static final String NAMESPACE = "/api/v1/namespaces/default";

    @RegisterExtension
    static final PlaneUnderTest PLANE = new PlaneUnderTest();

    private static final Calls CALLS = new Calls(PLANE);

    @TempDir
    static Path directory;

    private static ExtensionUnderTest extension;

    @BeforeAll
    static void register() throws IOException {
        var proxies = new Pki(PLANE.directory().resolve("pki"), InstantSource.system())
                .frontProxy()
                .authorityPem();
        extension = new ExtensionUnderTest(directory, "toys.default", proxies);
        registerAgain();
        says("ServiceNotFound", "service/toys in \"default\" is not present");
        CALLS.post(NAMESPACE + "/services", "{metadata: {name: toys}, spec: {ports: [{name: api, port: 443}]}}");
        says("ServicePortError", "service/toys in \"default\" is not listening on port 8443");
        CALLS.patch(NAMESPACE + "/services/toys", Calls.MERGE, "{spec: {ports: [{name: api, port: 8443}]}}");
        says("EndpointsNotFound", "cannot find endpointslices for service/toys in \"default\"");
        CALLS.post(
                "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
                "{metadata: {name: toys-1, labels: {kubernetes.io/service-name: toys}}, addressType: IPv4,"
                        + " ports: [{name: other, port: " + extension.port() + "}], endpoints: [{addresses: ["
                        + Host.local().address() + "]}]}");
        says(
                "MissingEndpoints",
                "endpointslices for service/toys in \"default\" have no addresses with port name \"api\"");
        // Another server was asked for before, and is not any more.
        assertThat(CALLS.tryGet(TOYS).code()).isEqualTo(503);
        CALLS.patch(
                "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/toys-1",
                Calls.MERGE,
                "{ports: [{name: api, port: " + extension.port() + "}]}");
        says("Passed", "all checks passed");
    }

    private static void registerAgain() {
        CALLS.post(
                SERVICES,
                "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1." + GROUP
                        + "}, spec: {group: " + GROUP + ", version: v1, groupPriorityMinimum: 2000,"
                        + " versionPriority: 10, caBundle: " + extension.caBundle()
                        + ", service: {namespace: default, name: toys, port: 8443}}}");
    }

    @AfterAll
    static void stop() {
        extension.close();
    }

    private static View says(String reason, String message) {
        var service = CALLS.until(
                SERVICES + "/v1." + GROUP,
                each -> condition(each).get("reason").string().equals(reason));
        assertThat(condition(service).get("message").string()).isEqualTo(message);
        assertThat(condition(service).get("status").string()).isEqualTo(reason.equals("Passed") ? "True" : "False");
        return service;
    }

    private static View condition(View service) {
        return service.get("status", "conditions").find("type", "Available");
    }

    private static View toy(String name) {
        return CALLS.post(TOYS, "{apiVersion: " + GROUP + "/v1, kind: Toy, metadata: {name: " + name + "}}");
    }

    @Test
    @Order(1)
    void objectsAreMadeReadAndDeleted() {
        assertThat(toy("bear").get("metadata", "annotations", "made-by").string())
                .isEqualTo("kubernetes-admin");
        assertThat(CALLS.get(TOYS + "/bear").name()).isEqualTo("bear");
        assertThat(CALLS.get(ROOT + "/toys").get("items").list()).isNotEmpty();
        CALLS.delete(TOYS + "/bear").expect(200);
        assertThat(CALLS.tryGet(TOYS + "/bear").code()).isEqualTo(404);
    }

    /// The other server hears from us who calls, and nothing of that from the caller.
    @Test
    @Order(1)
    void theServerHearsWhoCalls() {
        PLANE.http(
                "GET",
                TOYS + "?limit=5&labelSelector=a%3Db",
                null,
                "X-Remote-User",
                "eve",
                "X-Remote-Group",
                "system:masters",
                "X-Remote-Extra-Some",
                "thing",
                "Impersonate-User",
                "zoë",
                "Impersonate-Group",
                "system:masters",
                "Impersonate-Extra-some%2fScope",
                "one");
        var last = extension.last(TOYS + "?limit=5&labelSelector=a%3Db");
        var name = last.values("X-Remote-User").getFirst();
        assertThat(last.values("X-Remote-User")).hasSize(1);
        assertThat(new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .doesNotContain("eve");
        assertThat(last.values("X-Remote-Group")).contains("system:masters", "system:authenticated");
        assertThat(last.values("X-Remote-Extra-Some")).isEmpty();
        assertThat(last.values("X-Remote-Extra-some%2fscope"))
                .as("%s", last.headers())
                .containsExactly("one");
        assertThat(last.values("Authorization")).isEmpty();
        assertThat(last.values("Impersonate-User")).isEmpty();
        assertThat(last.values("X-Forwarded-For")).containsExactly("127.0.0.1");
    }

    @Test
    @Order(1)
    void whoMayNotIsRefusedHere() {
        var nobody = PLANE.http("no-such-token", "GET", TOYS, null);
        assertThat(nobody.statusCode()).isEqualTo(401);
        var refused = PLANE.http("GET", TOYS, null, "Impersonate-User", "zoe");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(new String(refused.body(), StandardCharsets.UTF_8))
                .contains("toys." + GROUP + " is forbidden: User \\\"zoe\\\" cannot list resource \\\"toys\\\"");
        assertThat(extension.received)
                .noneMatch(each -> each.values("X-Remote-User").contains("zoe"));
    }

    @Test
    @Order(1)
    void eventsComeAsTheyHappen() throws IOException {
        try (var socket = PlaneUnderTest.trusting(PLANE.authority())
                .getSocketFactory()
                .createSocket("127.0.0.1", PLANE.plane.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(head("GET " + TOYS + "?watch=true"));
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(in.readLine()).isEqualTo("HTTP/1.1 200 OK");
            toy("train");
            assertThat(in.lines()
                            .filter(line -> line.contains("ADDED"))
                            .findFirst()
                            .orElseThrow())
                    .contains("train");
            CALLS.delete(TOYS + "/train");
            assertThat(in.lines()
                            .filter(line -> line.contains("DELETED"))
                            .findFirst()
                            .orElseThrow())
                    .contains("train");
        }
    }

    private static byte[] head(String call, String... headers) {
        return (call + " HTTP/1.1\r\nHost: cluster.example\r\nAuthorization: Bearer " + PlaneUnderTest.TOKEN + "\r\n"
                        + String.join(
                                "",
                                Arrays.stream(headers)
                                        .map(each -> each + "\r\n")
                                        .toList()) + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    @Order(1)
    void connectionsAreUpgraded() throws IOException {
        try (var socket = PlaneUnderTest.trusting(PLANE.authority())
                .getSocketFactory()
                .createSocket("127.0.0.1", PLANE.plane.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(head("GET " + TOYS + "/bear/echo", "Connection: Upgrade", "Upgrade: echo"));
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(in.readLine()).startsWith("HTTP/1.1 101 ");
            while (!in.readLine().isEmpty()) {}
            socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(in.readLine()).isEqualTo("hello");
            assertThat(extension.last(TOYS + "/bear/echo").values("X-Remote-User"))
                    .containsExactly("kubernetes-admin");
        }
    }

    @Test
    @Order(1)
    void webSocketsReachTheServer() throws Exception {
        var received = new CompletableFuture<ByteBuffer>();
        try (var http = HttpClient.newBuilder()
                .sslContext(PlaneUnderTest.trusting(PLANE.authority()))
                .build()) {
            var socket = http.newWebSocketBuilder()
                    .header("Authorization", "Bearer " + PlaneUnderTest.TOKEN)
                    .subprotocols("v5.channel.k8s.io")
                    .buildAsync(
                            URI.create(PLANE.url().replace("https", "wss") + TOYS + "/bear/exec?command=ls"),
                            new WebSocket.Listener() {
                                @Override
                                public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
                                    received.complete(data);
                                    return null;
                                }
                            })
                    .get(20, TimeUnit.SECONDS);
            assertThat(socket.getSubprotocol()).isEqualTo("v5.channel.k8s.io");
            socket.sendBinary(ByteBuffer.wrap(new byte[] {0, 'h', 'i'}), true);
            assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(ByteBuffer.wrap(new byte[] {0, 'h', 'i'}));
            socket.abort();
        }
        assertThat(extension.last(TOYS + "/bear/exec?command=ls").values("X-Remote-User"))
                .containsExactly("kubernetes-admin");
    }

    @Test
    @Order(1)
    void answersComeBackAsTheyAre() {
        var teapot = PLANE.http("GET", TOYS + "/bear/teapot", null);
        assertThat(teapot.statusCode()).isEqualTo(418);
        assertThat(new String(teapot.body(), StandardCharsets.US_ASCII)).isEqualTo("short and stout");
        var away = PLANE.http("GET", TOYS + "/bear/away", null);
        assertThat(away.statusCode()).isEqualTo(502);
        assertThat(new String(away.body(), StandardCharsets.US_ASCII))
                .isEqualTo("the backend attempted to redirect this request, which is not permitted\n");
        var bytes = new byte[2 << 20];
        Arrays.fill(bytes, (byte) 0xfe);
        var type = "application/vnd.kubernetes.protobuf";
        var mirror = PLANE.http("POST", TOYS + "/bear/mirror", bytes, "Content-Type", type);
        assertThat(mirror.headers().firstValue("Content-Type")).hasValue(type);
        assertThat(mirror.body()).isEqualTo(bytes);
        assertThat(PLANE.http("POST", TOYS + "/bear/mirror", new byte[(3 << 20) + 1])
                        .statusCode())
                .isEqualTo(413);
    }

    private static View group(String accept) {
        var all = View.of(
                Json.parse(PLANE.http("GET", "/apis", null, "Accept", accept).body()));
        return all.get("items").stream()
                .filter(each -> each.metadata().get("name").string().equals(GROUP))
                .findFirst()
                .orElse(View.ABSENT);
    }

    private static final String ALL = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    @Test
    @Order(1)
    void discoveryNamesItAmongAllOthers() {
        var version = PlaneUnderTest.eventually(
                () -> group(ALL).get("versions").find("version", "v1"),
                each -> each.get("freshness").string().equals("Current"));
        assertThat(version.get("resources").views())
                .extracting(each -> each.get("resource").string())
                .containsExactly("toys");
        var groups = CALLS.get("/apis").get("groups").views().stream()
                .map(each -> each.get("name").string())
                .toList();
        assertThat(groups).contains(GROUP, "apps", "coordination.k8s.io");
        assertThat(groups.getFirst()).isEqualTo("apiregistration.k8s.io");
        assertThat(groups.indexOf(GROUP)).isGreaterThan(groups.indexOf("coordination.k8s.io"));
        assertThat(CALLS.get("/apis/" + GROUP)
                        .get("preferredVersion", "version")
                        .string())
                .isEqualTo("v1");
        assertThat(CALLS.get(ROOT).get("resources").views())
                .extracting(each -> each.get("name").string())
                .containsExactly("toys", "toys/echo");
    }

    @Test
    @Order(1)
    void schemasAreMerged() {
        var whole = CALLS.until(
                "/openapi/v2",
                each -> each.get("definitions", "com.example.toys.v1.Toy").exists());
        var paths = whole.get("paths");
        assertThat(paths.get(ROOT + "/namespaces/{namespace}/toys", "get").exists())
                .isTrue();
        assertThat(paths.get("/apis/stolen/v1/").exists()).isFalse();
        var definitions = whole.get("definitions");
        assertThat(definitions.get("com.example.unused").exists()).isFalse();
        var meta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
        assertThat(definitions.get(meta, "properties", "labels").exists()).isTrue();
        assertThat(definitions.get(meta + "_v2", "description").string()).isEqualTo("toys' own");
        assertThat(definitions
                        .get("com.example.toys.v1.Toy", "properties", "metadata")
                        .get("$ref")
                        .string())
                .isEqualTo("#/definitions/" + meta + "_v2");
        var roots = CALLS.get("/openapi/v3").get("paths");
        assertThat(roots.get(ROOT.substring(1), "serverRelativeURL").string())
                .isEqualTo("/openapi/v3" + ROOT + "?hash=ABC");
        assertThat(roots.get("api/v1", "serverRelativeURL").string()).doesNotContain("STOLEN");
        assertThat(CALLS.get("/openapi/v3" + ROOT)
                        .get("components", "schemas", "com.example.toys.v1.Toy")
                        .exists())
                .isTrue();
    }

    /// Components of this process call it like all else.
    @Test
    @Order(1)
    void ownComponentsCallItToo() throws IOException {
        var toys = AnyObject.resource(GROUP, "v1", "toys", "Toy", true);
        try (var events = PLANE.client.watch(TOYS + "?watch=true")) {
            toy("kite");
            var event = events.next().orElseThrow();
            assertThat(event.type()).isEqualTo("ADDED");
            assertThat(View.of(Json.parse(event.object().json())).name()).isEqualTo("kite");
        }
        assertThat(PLANE.client.items(toys, "default", "")).isNotEmpty();
        PLANE.client.delete(toys, new ObjectKey("default", "kite"), "", null, "");
        assertThat(PLANE.client.find(toys, new ObjectKey("default", "kite")).exists())
                .isFalse();
    }

    /// A server that only knows the oldest form of discovery is as good as any.
    @Test
    @Order(2)
    void anOldServerIsDiscoveredToo() {
        extension.old = true;
        CALLS.patch(SERVICES + "/v1." + GROUP, Calls.MERGE, "{spec: {versionPriority: 11}}");
        var version = PlaneUnderTest.eventually(
                () -> group(ALL).get("versions").find("version", "v1"),
                each -> each.get("resources")
                        .find("resource", "toys")
                        .get("subresources")
                        .exists());
        assertThat(version.get("freshness").string()).isEqualTo("Current");
        // It says nothing in OpenAPI 3: what it says in OpenAPI 2 is converted.
        var url = CALLS.until("/openapi/v3", each -> !url(each).endsWith("?hash=ABC"));
        var document = CALLS.get(url(url));
        assertThat(document.get("components", "schemas")
                        .get("com.example.toys.v1.Toy")
                        .get("properties", "metadata")
                        .get("$ref")
                        .string())
                .isEqualTo("#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
        assertThat(document.get("paths")
                        .get(ROOT + "/namespaces/{namespace}/toys")
                        .get("get")
                        .get("responses")
                        .exists())
                .isTrue();
    }

    private static String url(View index) {
        return index.get("paths", ROOT.substring(1), "serverRelativeURL").string();
    }

    /// What is gone, is gone alone.
    @Test
    @Order(3)
    void aServerThatIsGoneKeepsNobodyElseBack() {
        CALLS.post("/api/v1/namespaces", "{metadata: {name: leaving}}");
        CALLS.post("/api/v1/namespaces/leaving/configmaps", "{metadata: {name: some}}");
        extension.broken = true;
        CALLS.patch(SERVICES + "/v1." + GROUP, Calls.MERGE, "{spec: {versionPriority: 12}}");
        var service = CALLS.until(
                SERVICES + "/v1." + GROUP,
                each -> condition(each).get("reason").string().equals("FailedDiscoveryCheck"));
        var url = "https://" + Host.local().address() + ":" + extension.port() + ROOT;
        assertThat(condition(service).get("message").string())
                .isEqualTo("failing or missing response from " + url + ": bad status from " + url + ": 500");
        var refused = PLANE.http("GET", TOYS, null);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(new String(refused.body(), StandardCharsets.US_ASCII)).isEqualTo("service unavailable\n");
        var version = PlaneUnderTest.eventually(
                () -> group(ALL).get("versions").find("version", "v1"),
                each -> each.get("freshness").string().equals("Stale"));
        assertThat(version.get("resources").exists()).isFalse();
        assertThat(CALLS.get("/apis/apps/v1").get("resources").list()).isNotEmpty();

        CALLS.delete("/api/v1/namespaces/leaving");
        var left = CALLS.until(
                "/api/v1/namespaces/leaving",
                each -> each.get("status", "conditions")
                        .find("type", "NamespaceDeletionDiscoveryFailure")
                        .get("status")
                        .string()
                        .equals("True"));
        var failure = left.get("status", "conditions").find("type", "NamespaceDeletionDiscoveryFailure");
        assertThat(failure.get("reason").string()).isEqualTo("DiscoveryFailed");
        assertThat(failure.get("message").string())
                .isEqualTo("Discovery failed for some groups, 1 failing: unable to retrieve the complete list of"
                        + " server APIs: " + GROUP + "/v1: stale GroupVersion discovery: " + GROUP + "/v1");
        PlaneUnderTest.eventually(
                () -> View.of(CALLS.tryGet("/api/v1/namespaces/leaving/configmaps/some")
                        .code()),
                code -> code.longOr(0) == 404);
        ownedObjectsGoOn();

        CALLS.delete(SERVICES + "/v1." + GROUP);
        PlaneUnderTest.eventually(
                () -> View.of(CALLS.tryGet("/api/v1/namespaces/leaving").code()), code -> code.longOr(0) == 404);
        assertThat(CALLS.tryGet(TOYS).code()).isEqualTo(404);
        assertThat(group(ALL).exists()).isFalse();
    }

    private static void ownedObjectsGoOn() {
        var owner = CALLS.post(NAMESPACE + "/configmaps", "{metadata: {name: owner}}");
        CALLS.post(
                NAMESPACE + "/configmaps",
                "{metadata: {name: owned, ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: owner, uid: "
                        + owner.metadata().get("uid").string() + "}]}}");
        CALLS.delete(NAMESPACE + "/configmaps/owner");
        PlaneUnderTest.eventually(
                () -> View.of(CALLS.tryGet(NAMESPACE + "/configmaps/owned").code()), code -> code.longOr(0) == 404);
    }

    /// The parts of it that need no container.
    @Test
    @Order(4)
    @DisplayName("[sig-api-machinery] Aggregator Should be able to support the 1.17 Sample API Server using the current"
            + " Aggregator")
    void anApiServiceIsAnObjectLikeOthers() {
        extension.broken = false;
        registerAgain();
        says("Passed", "all checks passed");
        var own = SERVICES + "/v1." + GROUP;
        toy("last");
        assertThat(CALLS.get(TOYS).get("items").views()).extracting(View::name).contains("last");
        CALLS.delete(TOYS + "/last").expect(200);
        assertThat(CALLS.get(own + "/status")
                        .get("status", "conditions")
                        .at(0)
                        .get("message")
                        .string())
                .isEqualTo("all checks passed");
        assertThat(CALLS.patch(own, Calls.STRATEGIC, "{spec: {versionPriority: 400}, metadata: {labels: {e2e: toys}}}")
                        .get("spec", "versionPriority")
                        .longOr(0))
                .isEqualTo(400);
        assertThat(CALLS.get(SERVICES + "?labelSelector=e2e%3Dtoys")
                        .get("items")
                        .list())
                .hasSize(1);
        CALLS.replace(
                own + "/status",
                object -> Trees.childList(Trees.child(object, "status"), "conditions")
                        .add(PlaneUnderTest.yaml(
                                "{type: StatusUpdated, status: 'True', reason: E2E, message: Set from a test}")));
        CALLS.patch(
                own + "/status",
                Calls.STRATEGIC,
                "{status: {conditions: [{type: StatusPatched, status: 'True', reason: E2E, message: patched}]}}");
        // What others say stands beside what the controller says.
        CALLS.patch(own, Calls.MERGE, "{spec: {service: {port: 9}}}");
        var told = says("ServicePortError", "service/toys in \"default\" is not listening on port 9");
        assertThat(told.get("status", "conditions").views())
                .extracting(each -> each.get("type").string())
                .containsExactlyInAnyOrder("Available", "StatusUpdated", "StatusPatched");
        CALLS.delete(SERVICES + "?labelSelector=e2e%3Dtoys").expect(200);
        assertThat(CALLS.tryGet(own).code()).isEqualTo(404);
        assertThat(CALLS.tryGet(TOYS).code()).isEqualTo(404);
    }
}
