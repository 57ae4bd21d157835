package io.navarch.specs;

import static io.navarch.specs.AdmissionHookUnderTest.patch;
import static io.navarch.specs.PlaneUnderTest.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.View;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Webhooks that are dead, slow or no good, or asked about themselves; and where they are found.
class AdmissionWebhookAttacksTest {
    @TempDir
    static Path directory;

    private static AdmissionHookUnderTest hook;

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest(() -> {
        hook = new AdmissionHookUnderTest(directory, "127.0.0.1", "hook.hooks.svc");
        return new String[0];
    });

    @RegisterExtension
    static final AskedCalls calls = new AskedCalls(plane);

    @AfterAll
    static void stop() {
        hook.close();
    }

    private static String url(String path) {
        return "{url: 'https://127.0.0.1:" + hook.port() + path + "', caBundle: " + hook.authority() + "}";
    }

    @Test
    void whatAWebhookMakesIsCheckedLikeAnythingElse() {
        hook.on(
                "/invalid",
                request ->
                        patch("[{\"op\": \"add\", \"path\": \"/metadata/labels\", \"value\": {\"a\": \"b" + " c\"}}]"));
        hook.on("/mistyped", request -> patch("[{\"op\": \"add\", \"path\": \"/data\", \"value\": 7}]"));
        hook.on("/missing", request -> patch("[{\"op\": \"remove\", \"path\": \"/nothing/there\"}]"));
        hook.on("/scalar", request -> patch("{\"a\": 1}"));
        var expected = Map.of(
                "/invalid", "metadata.labels: Invalid value: \"b c\"",
                "/mistyped",
                        "json: cannot unmarshal number into Go struct field ConfigMap.data of type map[string]string",
                "/missing", "Internal error occurred: ",
                "/scalar", "received undecodable patch in webhook response");
        expected.forEach((path, words) -> {
            calls.configure("Mutating", path.substring(1), calls.webhook("m", url(path), AskedCalls.CONFIG_MAPS, ""));
            var answer = calls.configMap("m");
            assertThat(answer.code()).isGreaterThan(400);
            assertThat(answer.message()).contains(words);
            calls.forget();
        });
    }

    @TestFactory
    List<DynamicTest> liesAndNonsenseAreNotBelieved() {
        var bad = Map.ofEntries(
                Map.entry("/garbage", "failed to call webhook: couldn't get version/kind; json parse error"),
                Map.entry("/empty", "failed to call webhook: 0-length response with status code: 200"),
                Map.entry("/braces", "received invalid webhook response: webhook response was absent"),
                Map.entry("/huge", "the webhook answered with more than 8388608 bytes"),
                Map.entry(
                        "/500",
                        "failed to call webhook: an error on the server (\"no such luck\") has prevented the"
                                + " request from succeeding"),
                Map.entry("/redirect", "the server responded with the status code 307 but did not return more"),
                Map.entry("/hangup", ": EOF"),
                Map.entry("/uid", "received invalid webhook response: expected response.uid="),
                Map.entry("/kind", "no kind \"TokenReview\" is registered for version \"admission.k8s.io/v1\""),
                Map.entry(
                        "/nokind",
                        "expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got /," + " Kind="),
                Map.entry("/type", "json: cannot unmarshal string into Go struct field"),
                Map.entry("/nowhere", "failed to call webhook: the server could not find the requested resource"),
                Map.entry("/patching", "validating webhook may not return response.patch"));
        hook.on("/patching", request -> patch("[]"));
        return bad.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> lies(each.getKey(), each.getValue())))
                .toList();
    }

    private void lies(String path, String words) {
        var name = "lies" + path.replace('/', '-');
        calls.configure(
                "Validating", name, calls.webhook("lies", url(path), AskedCalls.CONFIG_MAPS, ", failurePolicy: Fail"));
        var answer = calls.configMap(name);
        assertThat(answer.code()).isEqualTo(500);
        assertThat(answer.message())
                .startsWith("Internal error occurred: failed calling webhook \"lies.example.com\": ")
                .contains(words);
        calls.forget();
        calls.configure(
                "Validating",
                name,
                calls.webhook("lies", url(path), AskedCalls.CONFIG_MAPS, ", failurePolicy: Ignore"));
        assertThat(calls.configMap(name).code()).isEqualTo(201);
        calls.forget();
    }

    @Test
    void aDeadOrSlowWebhookIsNamedWithHowLongItWasWaitedFor() {
        calls.configure(
                "Validating",
                "dead",
                calls.webhook(
                        "dead",
                        "{url: 'https://127.0.0.1:1/', caBundle: " + hook.authority() + "}",
                        AskedCalls.CONFIG_MAPS,
                        ""));
        assertThat(calls.configMap("c").message())
                .isEqualTo("Internal error occurred: failed calling webhook \"dead.example.com\": failed to call"
                        + " webhook: Post \"https://127.0.0.1:1/?timeout=10s\": dial tcp 127.0.0.1:1: connect:"
                        + " connection refused");
        calls.forget();
        calls.configure(
                "Validating",
                "slow",
                calls.webhook("slow", url("/slow"), AskedCalls.CONFIG_MAPS, "")
                        .replace("timeoutSeconds: 10", "timeoutSeconds: 1"));
        assertThat(calls.configMap("c").message())
                .startsWith("Internal error occurred: failed calling webhook \"slow.example.com\": failed to call"
                        + " webhook: Post \"https://127.0.0.1:" + hook.port() + "/slow?timeout=1s\": context deadline"
                        + " exceeded (waited for 1");
    }

    @Test
    void aSlowWebhookHoldsUpNobodyElse() throws InterruptedException {
        calls.send(
                "POST",
                calls.at("resourcequotas"),
                AskedCalls.json("{metadata: {name: q}, spec: {hard: {services: 10}}}"));
        calls.configure(
                "Validating",
                "slow",
                calls.webhook(
                                "slow",
                                url("/slow"),
                                "{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [services]}",
                                ", objectSelector: {matchLabels: {slow: 'yes'}}")
                        .replace("timeoutSeconds: 10", "timeoutSeconds: 5"));
        var before = hook.asked("/slow").size();
        var waiting = Thread.ofVirtual()
                .start(() -> calls.send(
                        "POST",
                        calls.at("services"),
                        AskedCalls.json(
                                "{metadata: {name: slow, labels: {slow: 'yes'}}, spec: {ports: [{port: 80}]}}")));
        eventually(
                () -> View.of(Map.of("asked", (long) hook.asked("/slow").size())),
                seen -> seen.get("asked").longOr(0) > before);
        long began = System.nanoTime();
        assertThat(calls.send(
                                "POST",
                                calls.at("services"),
                                AskedCalls.json("{metadata: {name: quick}, spec: {ports: [{port: 80}]}}"))
                        .code())
                .isEqualTo(201);
        assertThat(waiting.isAlive()).isTrue();
        assertThat(System.nanoTime() - began).isLessThan(4_000_000_000L);
        waiting.join();
    }

    @Test
    void itIsFoundAsAService() throws SocketException {
        calls.send("POST", "/api/v1/namespaces", AskedCalls.json("{metadata: {name: hooks}}"));
        var client = "{service: {namespace: hooks, name: hook, path: /deny, port: 8443}, caBundle: " + hook.authority()
                + "}";
        calls.configure("Validating", "service", calls.webhook("service", client, AskedCalls.CONFIG_MAPS, ""));
        var failed = "Internal error occurred: failed calling webhook \"service.example.com\": failed to call webhook:"
                + " Post \"https://hook.hooks.svc:8443/deny?timeout=10s\": ";
        assertThat(calls.configMap("c").message()).isEqualTo(failed + "service \"hook\" not found");
        calls.send(
                "POST",
                "/api/v1/namespaces/hooks/services",
                AskedCalls.json("{metadata: {name: hook}, spec: {ports: [{name: h, port: 8443, targetPort: 1}]}}"));
        assertThat(calls.configMap("c").message()).isEqualTo(failed + "no endpoints available for service \"hook\"");
        slice("loop", "127.0.0.1");
        var loop = calls.configMap("c");
        assertThat(loop.message()).isEqualTo(failed + "no endpoints available for service \"hook\"");
        slice("real", ownAddress());
        assertThat(calls.configMap("c").message())
                .isEqualTo("admission webhook \"service.example.com\" denied the request: this webhook denies all"
                        + " requests");
    }

    private static void slice(String name, String address) {
        calls.send(
                "POST",
                "/apis/discovery.k8s.io/v1/namespaces/hooks/endpointslices",
                AskedCalls.json("{metadata: {name: " + name
                        + ", labels: {kubernetes.io/service-name: hook}}, addressType: IPv4,"
                        + " ports: [{name: h, port: " + hook.port() + "}], endpoints: [{addresses: ['" + address
                        + "']}]}"));
    }

    private static String ownAddress() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst()
                .orElseThrow()
                .getHostAddress();
    }

    @Test
    void configurationsThemselvesAreNotAskedAbout() {
        hook.on(
                "/own",
                request ->
                        patch("[{\"op\": \"add\", \"path\": \"/metadata/labels\", \"value\": {\"x\":" + " \"y\"}}]"));
        var everything = "{operations: ['*'], apiGroups: [admissionregistration.k8s.io], apiVersions: ['*'],"
                + " resources: ['*']}";
        var all = calls.webhook("all", url("/deny"), everything, "")
                .replaceAll(" namespaceSelector: \\{.*?\\}\\}", " matchPolicy: Exact");
        calls.configure("Validating", "own", all);
        calls.configure("Mutating", "own", all.replace("/deny", "/own"));
        var path = calls.last();
        assertThat(plane.client.get(path).metadata().get("labels").exists()).isFalse();
        assertThat(calls.send("PATCH", path, AskedCalls.json("{metadata: {labels: {a: b}}}"))
                        .code())
                .isEqualTo(200);
        assertThat(calls.send("DELETE", path, "").code()).isEqualTo(200);
        assertThat(hook.asked("/own")).isEmpty();
    }
}
