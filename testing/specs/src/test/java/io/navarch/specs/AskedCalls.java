package io.navarch.specs;

import static io.navarch.specs.PlaneUnderTest.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Resources;
import io.navarch.objects.Json;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A namespace of its own for each test, who is asked about what is written there, and calls whose answers can be
/// looked at. What was configured goes with the test.
final class AskedCalls implements BeforeEachCallback, AfterEachCallback {
    static final String GROUP = "/apis/admissionregistration.k8s.io/v1/";
    static final String CONFIG_MAPS =
            "{operations: ['*'], apiGroups: [''], apiVersions: [v1], resources: [configmaps]}";

    /// What was answered.
    record Answer(int code, View body, List<String> warnings) {
        String message() {
            return body.get("message").string();
        }
    }

    private final PlaneUnderTest plane;
    private final AtomicInteger number = new AtomicInteger();
    private final List<String> configurations = new ArrayList<>();
    String namespace = "";

    AskedCalls(PlaneUnderTest plane) {
        this.plane = plane;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        another();
    }

    /// Goes on in another namespace.
    void another() {
        namespace = "n" + number.incrementAndGet();
        send(
                "POST",
                "/api/v1/namespaces",
                json("{metadata: {name: " + namespace + ", labels: {team: " + namespace + "}}}"));
        eventually(
                () -> plane.client.find(Resources.SERVICE_ACCOUNTS.untyped(), new ObjectKey(namespace, "default")),
                View::exists);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        while (!configurations.isEmpty()) forget();
    }

    /// Takes back what was configured last.
    void forget() {
        send("DELETE", configurations.removeLast(), "");
    }

    String last() {
        return configurations.getLast();
    }

    Answer send(String method, String path, String body) {
        var type = !method.equals("PATCH")
                ? "application/json"
                : body.startsWith("[") ? "application/json-patch+json" : "application/merge-patch+json";
        return send(method, path, body, type);
    }

    Answer send(String method, String path, String body, String type) {
        var bytes = body.isEmpty() ? null : body.getBytes(StandardCharsets.UTF_8);
        var answer = plane.http(method, path, bytes, "Content-Type", type);
        var text = new String(answer.body(), StandardCharsets.UTF_8);
        var tree = text.startsWith("{") ? View.of(Json.parse(answer.body())) : View.ABSENT;
        return new Answer(answer.statusCode(), tree, answer.headers().allValues("Warning"));
    }

    static String json(String yaml) {
        return Json.writeString(PlaneUnderTest.yaml(yaml));
    }

    String at(String path) {
        return "/api/v1/namespaces/" + namespace + "/" + path;
    }

    /// A webhook that is asked about this test's namespace.
    String webhook(String name, String client, String rule, String more) {
        return "{name: " + name + ".example.com, clientConfig: " + client + ", rules: [" + rule
                + "], sideEffects: None, admissionReviewVersions: [v1], timeoutSeconds: 10,"
                + " namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: " + namespace + "}}" + more + "}";
    }

    void configure(String kind, String name, String... webhooks) {
        var plural = kind.toLowerCase(Locale.ROOT) + "webhookconfigurations";
        make(plural, name, "webhooks: [" + String.join(", ", webhooks) + "]");
    }

    /// Makes an object that says who is asked.
    void make(String plural, String name, String content) {
        var made = send(
                "POST", GROUP + plural, json("{metadata: {name: " + namespace + "-" + name + "}, " + content + "}"));
        assertThat(made.code()).as(made.message()).isEqualTo(201);
        configurations.add(GROUP + plural + "/" + namespace + "-" + name);
        // This server's caches may be a moment behind it.
        eventually(() -> plane.client.get(last()), View::exists);
    }

    Answer configMap(String name) {
        return send("POST", at("configmaps"), json("{metadata: {name: " + name + "}, data: {k: v}}"));
    }
}
