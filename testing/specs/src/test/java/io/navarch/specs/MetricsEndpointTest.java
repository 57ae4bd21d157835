package io.navarch.specs;

import static io.navarch.specs.PlaneUnderTest.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.apps.endpoints.Listening;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// `/metrics` in the text format that Prometheus reads.
class MetricsEndpointTest {
    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private static final Listening NOWHERE = new Listening("scheduler-port", "127.0.0.1", 0, false);

    private static int controllerManager;

    private static int scheduler;

    @BeforeAll
    static void tell() throws IOException {
        var ports = plane.plane.tellOf(new Listening.Plane(free("controller-manager-port"), free("scheduler-port")));
        controllerManager = ports.getFirst();
        scheduler = ports.getLast();
    }

    static Listening free(String option) throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Listening(option, "127.0.0.1", socket.getLocalPort(), true);
        }
    }

    private static String told(int port, String path) {
        var answer = plane.at(port, PlaneUnderTest.TOKEN, path);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Test
    void metricsCanBeReadLineByLine() {
        var lines = eventually(
                        () -> View.of(told(controllerManager, "/metrics")),
                        text -> text.string().contains("root_ca_cert_publisher_sync_total{"))
                .string()
                .lines()
                .toList();
        assertReadable(lines);
        assertReadable(told(scheduler, "/metrics").lines().toList());
        assertReadable(text("/metrics", 200).lines().toList());
        assertThat(lines)
                .contains(
                        "# TYPE job_controller_job_sync_duration_seconds histogram",
                        "# TYPE node_collector_evictions_total counter",
                        "# TYPE endpoint_slice_controller_changes counter",
                        "# TYPE workqueue_depth gauge",
                        "# TYPE process_cpu_seconds_total counter",
                        "node_ipam_controller_cirdset_max_cidrs{clusterCIDR=\"10.244.0.0/16\"} 256",
                        "# TYPE rest_client_request_duration_seconds histogram")
                .anyMatch(line -> line.startsWith("root_ca_cert_publisher_sync_total{code=\"200\"} "))
                .anyMatch(line -> line.startsWith("workqueue_adds_total{name=\"serviceaccount\"} "))
                .anyMatch(
                        line -> line.startsWith(
                                "workqueue_queue_duration_seconds_bucket{name=\"serviceaccount\",le=\"9.999999999999999e-06\"} "))
                .anyMatch(line -> line.matches(
                        "rest_client_requests_total\\{code=\"201\",method=\"POST\",host=\"[0-9.]+:[0-9]+\"} .*"));
    }

    private static void assertReadable(List<String> lines) {
        var sample = Pattern.compile(
                "([a-z_]+)(\\{([a-zA-Z_]+=\"([^\"\\\\]|\\\\.)*\",?)+})? (-?[0-9.]+(e[-+][0-9]{2,})?|NaN|\\+Inf)");
        var told = new HashSet<String>();
        var types = new HashSet<String>();
        for (var line : lines) {
            if (line.startsWith("# TYPE ")) assertThat(types.add(line)).as(line).isTrue();
            if (line.startsWith("#")) continue;
            assertThat(line).matches(sample);
            assertThat(told.add(line.substring(0, line.lastIndexOf(' '))))
                    .as(line)
                    .isTrue();
        }
    }

    @Test
    void placingAPodIsMeasured() {
        calls.post(
                "/api/v1/namespaces/default/pods",
                "{metadata: {name: nowhere}, spec: {containers: [{name: c, image: i}]}}");
        try {
            eventually(
                    () -> View.of(told(scheduler, "/metrics")),
                    text -> text.string().contains("scheduler_pending_pods{queue=\"unschedulable\"} 1"));
            assertThat(told(scheduler, "/metrics"))
                    .contains(
                            "scheduler_schedule_attempts_total{profile=\"default-scheduler\",result=\"unschedulable\"} ",
                            "scheduler_scheduling_algorithm_duration_seconds_count ",
                            "scheduler_cache_size{type=\"nodes\"} ");
        } finally {
            calls.delete("/api/v1/namespaces/default/pods/nowhere").expect(200);
        }
    }

    /// As of a controller manager and a scheduler that ask the API server: health is for everybody, the rest is not.
    @Test
    void thePartsAreGuarded() {
        for (int port : new int[] {controllerManager, scheduler}) {
            for (var open : List.of("/healthz", "/livez", "/readyz"))
                assertThat(plane.at(port, "", open).statusCode()).as(open).isEqualTo(200);
            assertThat(plane.at(port, "nobodys", "/metrics").statusCode()).isEqualTo(401);
            var refused = plane.at(port, "", "/metrics");
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(new String(refused.body(), StandardCharsets.UTF_8))
                    .contains("forbidden: User \\\"system:anonymous\\\" cannot get path \\\"/metrics\\\"");
            assertThat(plane.at(port, PlaneUnderTest.TOKEN, "/other").statusCode())
                    .isEqualTo(404);
        }
        assertThat(told(controllerManager, "/healthz?verbose"))
                .contains("[+]job-controller ok\n", "[+]ping ok\n", "healthz check passed\n");
        assertThat(told(scheduler, "/readyz/informer-sync")).isEqualTo("ok");
        assertThat(told(scheduler, "/metrics/slis"))
                .contains("kubernetes_healthcheck{name=\"informer-sync\",type=\"readyz\"} 1");
        assertThat(told(scheduler, "/statusz")).startsWith("\nkube-scheduler statusz\nWarning: ");
    }

    /// With the port named, because the whole program shares it with nobody.
    @Test
    void aPortThatSomebodyChoseAndThatIsTakenIsAFault() {
        var taken = new Listening("controller-manager-port", "127.0.0.1", scheduler, true);
        assertThatThrownBy(() -> plane.plane.tellOf(new Listening.Plane(taken, NOWHERE)))
                .hasMessageStartingWith("--controller-manager-port: cannot listen on 127.0.0.1:" + scheduler + ": ");
        var assumed = new Listening("controller-manager-port", "127.0.0.1", scheduler, false);
        assertThatCode(() -> plane.plane.tellOf(new Listening.Plane(assumed, NOWHERE)))
                .doesNotThrowAnyException();
    }

    /// For people, and for programs that ask for exactly that.
    @Test
    void optionsAreTold() {
        assertThat(text("/flagz", 200))
                .startsWith("\napiserver flagz\nWarning: ")
                .contains("\nno-node=true\n");
        assertThat(text("/flagz", 200)).contains("\ntoken=[REDACTED]\n").doesNotContain(PlaneUnderTest.TOKEN);
        var object = plane.at(
                scheduler,
                PlaneUnderTest.TOKEN,
                "/flagz",
                "Accept",
                "application/json;as=Flagz;v=v1beta1;g=config.k8s.io");
        var flags = View.of(Json.parse(object.body()));
        assertThat(flags.get("kind").string()).isEqualTo("Flagz");
        assertThat(flags.get("metadata", "name").string()).isEqualTo("kube-scheduler");
        assertThat(flags.get("flags", "port").string()).isEqualTo("0");
        var status =
                plane.http("GET", "/statusz", null, "Accept", "application/json;as=Statusz;v=v1alpha1;g=config.k8s.io");
        assertThat(status.headers().firstValue("Warning"))
                .hasValueSatisfying(
                        text -> assertThat(text).contains("This version of the statusz endpoint is deprecated."));
        assertThat(View.of(Json.parse(status.body())).get("paths").list()).contains("/flagz", "/metrics");
        var neither = plane.http("GET", "/statusz", null, "Accept", "application/json");
        assertThat(neither.statusCode()).isEqualTo(406);
        assertThat(new String(neither.body(), StandardCharsets.UTF_8))
                .contains(
                        "only the following media types are accepted: application/json, application/yaml, text/plain");
    }

    /// Those that a call leaves behind.
    @Test
    void callsAreMeasured() {
        calls.post(
                "/api/v1/namespaces/default/podtemplates",
                "{metadata: {name: measured}, template: {spec: {containers: [{name: c, image: i}]}}}");
        calls.get("/api/v1/namespaces/default/podtemplates/measured");
        var text = new String(plane.http("GET", "/metrics", null).body(), StandardCharsets.UTF_8);
        var of =
                "group=\"\",version=\"v1\",resource=\"podtemplates\",subresource=\"\",scope=\"resource\",component=\"apiserver\"";
        assertThat(text.lines())
                .contains(
                        "# TYPE apiserver_request_duration_seconds histogram",
                        "apiserver_request_total{verb=\"POST\",dry_run=\"\"," + of + ",code=\"201\"} 1",
                        "apiserver_request_duration_seconds_count{verb=\"POST\",dry_run=\"\"," + of + "} 1",
                        "apiserver_request_sli_duration_seconds_bucket{verb=\"GET\"," + of + ",le=\"60\"} 1",
                        "apiserver_response_sizes_bucket{verb=\"GET\"," + of + ",le=\"10000\"} 1",
                        "etcd_requests_total{operation=\"create\",group=\"\",resource=\"podtemplates\"} 1",
                        "apiserver_resource_objects{group=\"\",resource=\"podtemplates\"} 1")
                // Controllers call too.
                .anyMatch(line -> line.startsWith("apiserver_current_inflight_requests{request_kind=\"mutating\"} "))
                .anyMatch(line -> line.startsWith(
                        "apiserver_watch_events_total{group=\"\",version=\"v1\",resource=\"configmaps\"} "));
    }

    private static final String GROUP = "/apis/metrics.k8s.io";

    private final Calls calls = new Calls(plane);

    /// Served without anybody having registered it.
    @Test
    void whatNodesAndPodsTakeIsAnApiOfItsOwn() {
        assertThat(calls.get(GROUP).get("preferredVersion", "version").string()).isEqualTo("v1beta1");
        assertThat(calls.get(GROUP + "/v1beta1").get("resources").views())
                .extracting(each ->
                        each.get("name").string() + " " + each.get("kind").string())
                .containsExactly("nodes NodeMetrics", "pods PodMetrics");
        assertThat(calls.get(GROUP + "/v1beta1/nodes").get("kind").string()).isEqualTo("NodeMetricsList");
        var pods = calls.get(GROUP + "/v1beta1/namespaces/default/pods?labelSelector=app%3Dweb");
        assertThat(pods.get("items").list()).isEmpty();
        assertThat(calls.tryGet(GROUP + "/v1beta1/nodes/n").message()).isEqualTo("nodes \"n\" not found");
        calls.post("/api/v1/nodes", "{metadata: {name: silent}}");
        eventually(
                () -> calls.tryGet(GROUP + "/v1beta1/nodes/silent").body(),
                told -> told.get("message").string().equals("nodemetrics.metrics.k8s.io \"silent\" not found"));
        assertThat(calls.tryGet(GROUP + "/v1beta1/pods?labelSelector=a%21").code())
                .isEqualTo(400);
        assertThat(calls.tryGet(GROUP + "/v1beta1/pods?watch=true").code()).isEqualTo(405);
        assertThat(calls.tryGet(GROUP + "/v1beta1/services").code()).isEqualTo(404);
        assertThat(calls.tryGet(GROUP + "/v1beta1/pods/one").code()).isEqualTo(404);
    }

    /// Under the names of the original, in its words.
    @Test
    void checksCanBeAskedForAndLeftOut() {
        assertThat(text("/readyz", 200)).isEqualTo("ok");
        var verbose = text("/readyz?verbose&exclude=etcd&exclude=nope", 200);
        assertThat(verbose.lines())
                .startsWith(
                        "[+]ping ok",
                        "[+]log ok",
                        "[+]etcd excluded: ok",
                        "[+]etcd-readiness ok",
                        "[+]informer-sync ok")
                .contains("[+]poststarthook/rbac/bootstrap-roles ok")
                .endsWith(
                        "[+]shutdown ok",
                        "warn: some health checks cannot be excluded: no matches for \"nope\"",
                        "readyz check passed");
        assertThat(text("/livez?verbose", 200)).endsWith("livez check passed\n").doesNotContain("shutdown");
        assertThat(text("/healthz/poststarthook/crd-informer-synced", 200)).isEqualTo("ok");
        assertThat(text("/livez/shutdown", 404)).isEqualTo("404 page not found\n");
        assertThat(text("/livez/", 404)).isEqualTo("404 page not found\n");
        assertThat(text("/statusz", 200)).startsWith("\napiserver statusz\nWarning: This endpoint");
        assertThat(calls.get("/version").get("minCompatibilityMinor").string()).isEqualTo("35");
    }

    private static String text(String path, int code) {
        var answer = plane.http("GET", path, null);
        assertThat(answer.statusCode()).as(path).isEqualTo(code);
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    /// Another server that was registered for it and is not there changes nothing; one that answers would be asked.
    @Test
    void aServerThatDoesNotAnswerReplacesNobody() {
        var service = "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io";
        calls.post(
                "/apis/apiregistration.k8s.io/v1/apiservices",
                "{metadata: {name: v1beta1.metrics.k8s.io}, spec: {group: metrics.k8s.io, version: v1beta1,"
                        + " groupPriorityMinimum: 100, versionPriority: 100, insecureSkipTLSVerify: true,"
                        + " service: {name: metrics-server, namespace: kube-system}}}");
        try {
            calls.until(
                    service, each -> !each.get("status", "conditions").list().isEmpty());
            assertThat(calls.get(GROUP + "/v1beta1/pods").get("kind").string()).isEqualTo("PodMetricsList");
            assertThat(calls.get(GROUP + "/v1beta1").get("resources").list()).hasSize(2);
        } finally {
            calls.delete(service).expect(200);
        }
        assertThat(calls.get(GROUP + "/v1beta1/pods").get("kind").string()).isEqualTo("PodMetricsList");
    }

    /// Whoever may see pods may see what they take.
    @Test
    void viewersMaySeeIt() {
        calls.post("/api/v1/namespaces", "{metadata: {name: watched}}");
        calls.post(
                "/apis/rbac.authorization.k8s.io/v1/namespaces/watched/rolebindings",
                "{metadata: {name: v}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view},"
                        + " subjects: [{kind: User, name: eva, apiGroup: rbac.authorization.k8s.io}]}");
        var mayNot = calls.send("GET", GROUP + "/v1beta1/pods", "", null, "Impersonate-User", "eva");
        assertThat(mayNot.code()).isEqualTo(403);
        eventually(
                () -> calls.send("GET", GROUP + "/v1beta1/namespaces/watched/pods", "", null, "Impersonate-User", "eva")
                        .body(),
                each -> each.get("kind").string().equals("PodMetricsList"));
    }
}
