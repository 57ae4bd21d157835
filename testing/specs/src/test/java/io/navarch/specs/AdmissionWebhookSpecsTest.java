package io.navarch.specs;

import static io.navarch.specs.AdmissionHookUnderTest.patch;
import static io.navarch.specs.PlaneUnderTest.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Webhooks that objects of the API name, asked about writes: what the conformance tests of AdmissionWebhook check, and
/// what happens when webhooks are no good.
class AdmissionWebhookSpecsTest {
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
    void aRefusalIsInTheOriginalsWords() {
        for (var path : List.of("deny", "unexplained", "teapot", "reason")) {
            calls.configure(
                    "Validating",
                    path,
                    calls.webhook(
                            path,
                            url("/" + path),
                            AskedCalls.CONFIG_MAPS,
                            ", objectSelector: {matchLabels: {ask: " + path + "}}"));
        }
        assertThat(labelled("deny").message())
                .isEqualTo("admission webhook \"deny.example.com\" denied the request: this webhook denies all"
                        + " requests");
        assertThat(labelled("deny").code()).isEqualTo(400);
        assertThat(labelled("unexplained").message())
                .isEqualTo("admission webhook \"unexplained.example.com\" denied the request without explanation");
        assertThat(labelled("reason").message())
                .isEqualTo("admission webhook \"reason.example.com\" denied the request: Because");
        var teapot = labelled("teapot");
        assertThat(teapot.code()).isEqualTo(418);
        assertThat(teapot.body().get("reason").string()).isEqualTo("Teapot");
        assertThat(labelled("nobody").code()).isEqualTo(201);
    }

    private static AskedCalls.Answer labelled(String label) {
        return calls.send(
                "POST",
                calls.at("configmaps"),
                AskedCalls.json("{metadata: {generateName: c-, labels: {ask: " + label + "}}}"));
    }

    @Test
    void anObjectIsSelectedByWhatItWasOrWillBe() {
        calls.configMap("selected");
        calls.configure(
                "Validating",
                "labels",
                calls.webhook(
                        "labels",
                        url("/deny"),
                        AskedCalls.CONFIG_MAPS,
                        ", objectSelector: {matchLabels: {ask: 'yes'}}"));
        var path = calls.at("configmaps/selected");
        assertThat(calls.send("PATCH", path, AskedCalls.json("{data: {a: b}}")).code())
                .isEqualTo(200);
        assertThat(calls.send("PATCH", path, AskedCalls.json("{metadata: {labels: {ask: 'yes'}}}"))
                        .message())
                .contains("denies all");
        calls.forget();
        assertThat(calls.send("PATCH", path, AskedCalls.json("{metadata: {labels: {ask: 'yes'}}}"))
                        .code())
                .isEqualTo(200);
        calls.configure(
                "Validating",
                "labels2",
                calls.webhook(
                        "labels",
                        url("/deny"),
                        AskedCalls.CONFIG_MAPS,
                        ", objectSelector: {matchLabels: {ask: 'yes'}}"));
        assertThat(calls.send("PATCH", path, AskedCalls.json("{metadata: {labels: {ask: null}}}"))
                        .message())
                .contains("denies all");
        assertThat(calls.send("DELETE", path, "").message()).contains("denies all");
    }

    @Test
    void aPodIsChangedAndCompletedAndNobodyOwnsWhatAWebhookHasAdded() {
        hook.on(
                "/init",
                request -> patch("[{\"op\": \"add\", \"path\": \"/spec/initContainers\", \"value\":"
                        + " [{\"name\": \"added\", \"image\": \"i\", \"nonsense\": 1}]}]"));
        calls.configure(
                "Mutating",
                "pods",
                calls.webhook(
                        "pods",
                        url("/init"),
                        "{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}",
                        ""));
        var pod = calls.send(
                "POST",
                calls.at("pods"),
                AskedCalls.json("{metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}"));
        assertThat(pod.code()).as(pod.message()).isEqualTo(201);
        var added = pod.body().spec().get("initContainers").views().getFirst();
        assertThat(added.get("terminationMessagePolicy").string()).isEqualTo("File");
        assertThat(added.get("imagePullPolicy").string()).isEqualTo("Always");
        assertThat(added.get("nonsense").exists()).isFalse();
        // In-tree plugins see what was added: the account's token is mounted there, too.
        assertThat(added.get("volumeMounts").views()).hasSize(1);
        assertThat(Json.writeString(pod.body().metadata().get("managedFields").value()))
                .contains("f:containers")
                .doesNotContain("f:initContainers");
        assertThat(hook.asked("/init")
                        .getFirst()
                        .get("object", "spec", "serviceAccountName")
                        .string())
                .isEqualTo("default");
    }

    @Test
    void laterChangesAreSeenAgainByThoseWhoWantThat() {
        hook.on("/again", request -> Map.of("allowed", true));
        hook.on("/once", request -> Map.of("allowed", true));
        hook.on(
                "/change",
                request -> request.get("object", "data", "changed").exists()
                        ? Map.of("allowed", true)
                        : patch("[{\"op\": \"add\", \"path\": \"/data/changed\", \"value\": \"x\"}]"));
        calls.configure(
                "Mutating",
                "a",
                calls.webhook("a", url("/again"), AskedCalls.CONFIG_MAPS, ", reinvocationPolicy: IfNeeded"));
        calls.configure(
                "Mutating",
                "b",
                calls.webhook("b", url("/once"), AskedCalls.CONFIG_MAPS, ", reinvocationPolicy: Never"));
        calls.configure(
                "Mutating",
                "c",
                calls.webhook("c", url("/change"), AskedCalls.CONFIG_MAPS, ", reinvocationPolicy: IfNeeded"));
        assertThat(calls.configMap("seen").body().get("data", "changed").string())
                .isEqualTo("x");
        assertThat(hook.asked("/again"))
                .extracting(request -> request.get("object", "data", "changed").exists())
                .containsExactly(false, true);
        assertThat(hook.asked("/once")).hasSize(1);
        assertThat(hook.asked("/change")).hasSize(1);
    }

    @Test
    void everyWayOfWritingIsAskedAbout() {
        hook.on("/watch-" + calls.namespace, request -> Map.of("allowed", true));
        var everything = "{operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*']}";
        calls.send(
                "POST",
                calls.at("pods"),
                AskedCalls.json("{metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}"));
        calls.send(
                "POST",
                "/apis/apps/v1/namespaces/" + calls.namespace + "/deployments",
                AskedCalls.json(
                        "{metadata: {name: d}, spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata:"
                                + " {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}}"));
        calls.configure("Validating", "all", calls.webhook("all", url("/watch-" + calls.namespace), everything, ""));
        calls.send("PATCH", calls.at("pods/p/status"), AskedCalls.json("{status: {message: m}}"));
        calls.send("POST", calls.at("pods/p/exec?command=ls&command=-l&stdin=true&container=c"), "");
        calls.send("POST", calls.at("pods/p/attach?stdout=1"), "");
        calls.send("GET", calls.at("pods/p/proxy/some/where"), "");
        calls.send("POST", calls.at("pods/p/binding"), AskedCalls.json("{target: {kind: Node, name: nowhere}}"));
        calls.send(
                "PATCH",
                "/apis/apps/v1/namespaces/" + calls.namespace + "/deployments/d/scale",
                AskedCalls.json("{spec: {replicas: 0}, metadata: {annotations: {a: b}}}"));
        calls.send("POST", calls.at("serviceaccounts/default/token"), AskedCalls.json("{spec: {}}"));
        calls.send(
                "PATCH",
                calls.at("configmaps/applied?fieldManager=me"),
                AskedCalls.json("{apiVersion: v1, kind: ConfigMap, metadata: {name: applied}}"),
                "application/apply-patch+yaml");
        calls.send("PUT", calls.at("configmaps/applied"), AskedCalls.json("{metadata: {name: applied}, data: {a: b}}"));
        calls.send("POST", calls.at("pods/p/eviction"), AskedCalls.json("{metadata: {name: p}}"));
        calls.send("DELETE", calls.at("configmaps"), "");
        assertThat(hook.asked("/watch-" + calls.namespace).stream()
                        .filter(request ->
                                request.get("userInfo", "username").string().equals("kubernetes-admin"))
                        .map(AdmissionWebhookSpecsTest::line))
                .contains(
                        "UPDATE pods/status Pod p m",
                        "CONNECT pods/exec PodExecOptions p [ls, -l] true c",
                        "CONNECT pods/attach PodAttachOptions p",
                        "CONNECT pods/proxy PodProxyOptions p",
                        "CREATE pods/binding Binding p",
                        "UPDATE deployments/scale Scale d",
                        "CREATE serviceaccounts/token TokenRequest default",
                        "CREATE configmaps/ ConfigMap applied",
                        "UPDATE configmaps/ ConfigMap applied",
                        "CREATE pods/eviction Eviction p",
                        "DELETE configmaps/ ConfigMap  old applied")
                .doesNotContain("UPDATE deployments/ Deployment d");
    }

    private static String line(View request) {
        var object = request.get("object");
        var line = request.get("operation").string() + " "
                + request.get("resource", "resource").string() + "/"
                + request.get("subResource").string() + " "
                + request.get("kind", "kind").string() + " "
                + request.get("name").string();
        if (object.status().get("message").exists())
            line += " " + object.status().get("message").string();
        if (object.get("command").exists())
            line += " " + object.get("command").strings() + " "
                    + object.get("stdin").bool() + " " + object.get("container").string();
        return object.exists()
                ? line
                : line + " old " + request.get("oldObject").name();
    }

    @Test
    void attachingIsRefused() {
        calls.send(
                "POST",
                calls.at("pods"),
                AskedCalls.json("{metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}"));
        calls.configure(
                "Validating",
                "attach",
                calls.webhook(
                        "attach",
                        url("/deny"),
                        "{operations: [CONNECT], apiGroups: [''], apiVersions: [v1], resources: [pods/attach]}",
                        ""));
        assertThat(calls.send("POST", calls.at("pods/p/attach"), "").message())
                .isEqualTo("admission webhook \"attach.example.com\" denied the request: this webhook denies all"
                        + " requests");
    }

    @Test
    void aRuleMatchesAnotherVersionOfTheSame() {
        hook.on("/exact", request -> Map.of("allowed", true));
        hook.on("/equivalent", request -> Map.of("allowed", true));
        var rule = "{operations: [CREATE], apiGroups: [autoscaling], apiVersions: [v1],"
                + " resources: [horizontalpodautoscalers]}";
        calls.configure(
                "Validating",
                "policies",
                calls.webhook("exact", url("/exact"), rule, ", matchPolicy: Exact"),
                calls.webhook("equivalent", url("/equivalent"), rule, ", matchPolicy: Equivalent"));
        var made = calls.send(
                "POST",
                "/apis/autoscaling/v2/namespaces/" + calls.namespace + "/horizontalpodautoscalers",
                AskedCalls.json(
                        "{metadata: {name: h}, spec: {maxReplicas: 3, scaleTargetRef: {kind: Deployment, name: d,"
                                + " apiVersion: apps/v1}, metrics: [{type: Resource, resource: {name: cpu, target: {type:"
                                + " Utilization, averageUtilization: 70}}}]}}"));
        assertThat(made.code()).as(made.message()).isEqualTo(201);
        assertThat(hook.asked("/exact")).isEmpty();
        var request = hook.asked("/equivalent").getFirst();
        assertThat(request.get("resource", "version").string()).isEqualTo("v1");
        assertThat(request.get("requestResource", "version").string()).isEqualTo("v2");
        assertThat(request.get("object", "apiVersion").string()).isEqualTo("autoscaling/v1");
        assertThat(request.get("object")
                        .spec()
                        .get("targetCPUUtilizationPercentage")
                        .longOr(0))
                .isEqualTo(70);
    }

    @Test
    void conditionsKeepCallsAway() {
        calls.configure(
                "Validating",
                "conditions",
                calls.webhook(
                        "conditions",
                        url("/deny"),
                        AskedCalls.CONFIG_MAPS,
                        ", matchConditions: [{name: not-me, expression: 'object.metadata.name != \"skip-me\"'},"
                                + " {name: create, expression: 'request.operation == \"CREATE\"'}]"));
        assertThat(calls.configMap("skip-me").code()).isEqualTo(201);
        assertThat(calls.configMap("other").message()).contains("denies all");
        assertThat(calls.send("PATCH", calls.at("configmaps/skip-me"), AskedCalls.json("{data: {a: b}}"))
                        .code())
                .isEqualTo(200);
        calls.forget();
        calls.configure(
                "Validating",
                "failing",
                calls.webhook(
                        "failing",
                        url("/deny"),
                        AskedCalls.CONFIG_MAPS,
                        ", matchConditions: [{name: fails, expression: 'object.data.nothing == \"x\"'}]"));
        assertThat(calls.configMap("f").message())
                .isEqualTo("configmaps \"f\" is forbidden: expression 'object.data.nothing == \"x\"' resulted in error:"
                        + " no such key: nothing");
    }

    @Test
    void whatItIsToldIsTheOriginals() {
        hook.on("/told", request -> Map.of("allowed", true));
        calls.configure(
                "Validating",
                "told",
                calls.webhook("told", url("/told"), AskedCalls.CONFIG_MAPS, "")
                        .replace("admissionReviewVersions: [v1]", "admissionReviewVersions: [v9, v1beta1, v1]"));
        calls.send(
                "POST",
                calls.at("configmaps?dryRun=All&fieldManager=me"),
                AskedCalls.json("{metadata: {generateName: g-}, data: {a: b}}"));
        var asked = hook.asked.stream()
                .filter(each -> each.path().equals("/told"))
                .toList()
                .getFirst();
        assertThat(asked.query()).isEqualTo("timeout=10s");
        assertThat(asked.review().get("apiVersion").string()).isEqualTo("admission.k8s.io/v1beta1");
        var request = asked.request();
        assertThat(request.get("dryRun").bool()).isTrue();
        assertThat(request.get("namespace").string()).isEqualTo(calls.namespace);
        assertThat(request.get("name").string()).startsWith("g-");
        assertThat(request.get("options").value())
                .isEqualTo(PlaneUnderTest.yaml(
                        "{kind: CreateOptions, apiVersion: meta.k8s.io/v1, dryRun: [All]," + " fieldManager: me}"));
        assertThat(request.get("oldObject").exists()).isFalse();
        assertThat(request.get("object", "kind").string()).isEqualTo("ConfigMap");
        assertThat(request.get("userInfo", "groups").strings()).contains("system:masters");
    }

    @Test
    void warningsAreToldAndAllIsCounted() {
        calls.configure(
                "Validating",
                "warn",
                calls.webhook("warn-" + calls.namespace, url("/warn"), AskedCalls.CONFIG_MAPS, ""),
                calls.webhook(
                        "count-" + calls.namespace,
                        url("/deny"),
                        AskedCalls.CONFIG_MAPS,
                        ", objectSelector: {matchLabels: {a: b}}"),
                calls.webhook(
                        "open-" + calls.namespace, url("/500"), AskedCalls.CONFIG_MAPS, ", failurePolicy: Ignore"));
        assertThat(calls.configMap("w").warnings()).containsExactly("299 - \"look out\"");
        calls.send("POST", calls.at("configmaps"), AskedCalls.json("{metadata: {name: x, labels: {a: b}}}"));
        var metrics = new String(plane.http("GET", "/metrics", null).body(), StandardCharsets.UTF_8);
        assertThat(metrics)
                .contains("apiserver_admission_webhook_request_total{name=\"warn-" + calls.namespace
                        + ".example.com\",type=\"validating\",operation=\"CREATE\",code=\"200\",rejected=\"false\"} 2")
                .contains("apiserver_admission_webhook_rejection_count{name=\"count-" + calls.namespace
                        + ".example.com\",type=\"validating\",operation=\"CREATE\",error_type=\"no_error\","
                        + "rejection_code=\"400\"} 1")
                .contains("apiserver_admission_webhook_fail_open_count{name=\"open-" + calls.namespace
                        + ".example.com\",type=\"validating\"} 2")
                .contains("apiserver_admission_webhook_admission_duration_seconds_count{name=\"warn-" + calls.namespace)
                .contains(
                        "apiserver_admission_controller_admission_duration_seconds_count{"
                                + "name=\"ValidatingAdmissionWebhook\",type=\"validate\",operation=\"CREATE\",rejected=\"true\"}")
                .contains(
                        "apiserver_admission_controller_admission_duration_seconds_count{name=\"NamespaceLifecycle\",")
                .contains("apiserver_admission_step_admission_duration_seconds_bucket{"
                        + "type=\"admit\",operation=\"CREATE\",rejected=\"false\",le=\"0.005\"}")
                .contains("apiserver_admission_step_admission_duration_seconds_summary{"
                        + "type=\"validate\",operation=\"CREATE\",rejected=\"true\",quantile=\"0.99\"}");
    }

    @Test
    void aCustomResourceIsChangedInItsVersionAndPruned() {
        var group = calls.namespace + ".example.com";
        var schema = "{openAPIV3Schema: {type: object, properties: {data: {type: object, properties: {start: {type:"
                + " string}, stage: {type: string}}}}}}";
        calls.send(
                "POST",
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                AskedCalls.json("{metadata: {name: things." + group + "}, spec: {group: " + group
                        + ", scope: Namespaced, names: {plural: things, kind: Thing}, versions: [{name: v1, served:"
                        + " true, storage: false, schema: " + schema + "}, {name: v2, served: true, storage: true,"
                        + " schema: " + schema + "}]}}"));
        var path = "/apis/" + group + "/v1/namespaces/" + calls.namespace + "/things";
        eventually(
                () -> View.of(Map.of("code", (long) calls.send("GET", path, "").code())),
                seen -> seen.get("code").longOr(0) == 200);
        hook.on(
                "/thing",
                request -> patch("[{\"op\": \"add\", \"path\": \"/data/stage\", \"value\": \""
                        + request.get("object", "apiVersion").string().replaceAll(".*/", "")
                        + "\"}, {\"op\": \"add\", \"path\": \"/data/unknown\", \"value\": \"x\"}]"));
        calls.configure(
                "Mutating",
                "things",
                calls.webhook(
                        "things",
                        url("/thing"),
                        "{operations: ['*'], apiGroups: [" + group + "], apiVersions: ['*'], resources: [things]}",
                        ""));
        var made = calls.send(
                "POST",
                path,
                AskedCalls.json(
                        "{apiVersion: " + group + "/v1, kind: Thing, metadata: {name: t}, data:" + " {start: now}}"));
        assertThat(made.code()).as(made.message()).isEqualTo(201);
        assertThat(made.body().get("data").value()).isEqualTo(Map.of("start", "now", "stage", "v1"));
        calls.send("DELETE", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things." + group, "");
    }
}
