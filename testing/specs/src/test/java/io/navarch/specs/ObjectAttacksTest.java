package io.navarch.specs;

import static io.navarch.specs.Calls.MERGE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Objects that would lead the cluster where their author may not go, and writes through doors that are for
/// something else.
class ObjectAttacksTest {
    private static final String NAMESPACE = "/api/v1/namespaces/default";
    private static final String[] SPECIAL = {"127.0.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1"};

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private final Calls calls = new Calls(plane);

    private void pod(String name, String more) {
        calls.post(
                NAMESPACE + "/pods",
                "{metadata: {name: " + name + ", labels: {a: b}}, spec: {" + more
                        + "containers: [{name: c, image: i}]}}");
    }

    @Test
    void statusIsAllThatIsWrittenAsStatus() {
        pod("owned", "");
        var owner = "{apiVersion: v1, kind: Node, name: n1, uid: u}";
        var path = NAMESPACE + "/pods/owned";
        calls.patch(path + "/status", MERGE, "{metadata: {ownerReferences: [" + owner + "]}}");
        assertThat(calls.get(path).metadata().get("ownerReferences").list()).isEmpty();
        calls.post(
                "/apis/apps/v1/namespaces/default/deployments",
                "{metadata: {name: d, labels: {l: old}}, spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}}");
        var deployment = "/apis/apps/v1/namespaces/default/deployments/d";
        calls.patch(deployment + "/status", MERGE, "{metadata: {labels: {l: new}}, spec: {replicas: 5}}");
        assertThat(calls.get(deployment).metadata().get("labels", "l").string()).isEqualTo("old");
        assertThat(calls.get(deployment).spec().get("replicas").longOr(-1)).isZero();
        calls.post(
                "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas",
                "{metadata: {name: f, labels: {l: old}}, spec: {priorityLevelConfiguration: {name: exempt}}}");
        var schema = "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/f";
        calls.patch(schema + "/status", MERGE, "{metadata: {labels: {l: new}, finalizers: [a.b/c]}}");
        var read = calls.get(schema).metadata();
        assertThat(read.get("labels", "l").string()).isEqualTo("old");
        assertThat(read.get("finalizers").list()).isEmpty();
    }

    @Test
    void specialAddressesAreNobodysEndpoints() {
        for (var address : SPECIAL) {
            var slice = calls.tryPost(
                    "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
                    "{metadata: {name: s}, addressType: IPv4, endpoints: [{addresses: [" + address + "]}], ports: []}");
            assertThat(slice.code()).as(address).isEqualTo(422);
            var endpoints = calls.tryPost(
                    NAMESPACE + "/endpoints", "{metadata: {name: e}, subsets: [{addresses: [{ip: " + address + "}]}]}");
            assertThat(endpoints.code()).as(address).isEqualTo(422);
            var service = calls.tryPost(
                    NAMESPACE + "/services",
                    "{metadata: {name: x}, spec: {ports: [{port: 80}], externalIPs: [" + address + "]}}");
            assertThat(service.code()).as(address).isEqualTo(422);
        }
    }

    private static String repeated(String element, int times) {
        return String.join(", ", Collections.nCopies(times, element));
    }

    @Test
    void slicesAreBounded() {
        var slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
        var slice = "{metadata: {name: large}, addressType: IPv4, ports: [], endpoints: [%s]}";
        var endpoint = "{addresses: [198.51.100.1]}";
        assertThat(calls.tryPost(slices, slice.formatted(repeated(endpoint, 1001)))
                        .expect(422)
                        .get("message")
                        .string())
                .endsWith("is invalid: endpoints: Too many: 1001: must have at most 1000 items");
        assertThat(calls.tryPost(slices, slice.formatted("{addresses: [" + repeated("198.51.100.1", 101) + "]}"))
                        .expect(422)
                        .get("message")
                        .string())
                .contains("endpoints[0].addresses: Too many: 101: must have at most 100 items");
        calls.post(slices, slice.formatted(repeated(endpoint, 1000)));
    }

    @Test
    void logsAreAskedForInNumbersThatMakeSense() {
        pod("logged", "schedulerName: nobody, ");
        var log = NAMESPACE + "/pods/logged/log?";
        calls.tryGet(log + "tailLines=5&limitBytes=1&sinceSeconds=1").expect(200);
        for (var none : new String[] {"tailLines=x", "limitBytes=", "sinceSeconds=99999999999999999999", "sinceTime=x"})
            assertThat(calls.tryGet(log + none).code()).as(none).isEqualTo(400);
        for (var senseless : new String[] {
            "tailLines=-1",
            "limitBytes=0",
            "sinceSeconds=0",
            "sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z",
            "stream=Stdout"
        }) assertThat(calls.tryGet(log + senseless).code()).as(senseless).isEqualTo(422);
    }

    @Test
    void proxiesReachPodsAndNothingElse() {
        for (var address : SPECIAL) {
            var name = "p-" + address.replace('.', '-');
            pod(name, "nodeName: nowhere, ");
            calls.patch(NAMESPACE + "/pods/" + name + "/status", MERGE, "{status: {podIP: " + address + "}}");
            var answer = calls.tryGet(NAMESPACE + "/pods/" + name + "/proxy/");
            assertThat(answer.code()).as(address).isEqualTo(400);
            assertThat(answer.message()).isEqualTo("address not allowed");
        }
        calls.tryGet(NAMESPACE + "/pods/p-0-0-0-0:99999/proxy/").expect(400);
        calls.post(NAMESPACE + "/services", "{metadata: {name: lure}, spec: {ports: [{port: 80}]}}");
        calls.post(
                "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
                "{metadata: {name: lure, labels: {kubernetes.io/service-name: lure}}, addressType: IPv4, ports: [{name: '', port: 80}], endpoints: [{addresses: [198.51.100.1]}, {addresses: [198.51.100.2], targetRef: {kind: Pod, namespace: default, name: p-127-0-0-1}}, {addresses: [198.51.100.3], targetRef: {kind: Pod, namespace: kube-system, name: p}}]}");
        calls.post(
                "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
                "{metadata: {name: named, labels: {kubernetes.io/service-name: lure}}, addressType: FQDN, ports: [{name: '', port: 80}], endpoints: [{addresses: [metadata.example.com]}]}");
        var answer = calls.tryGet(NAMESPACE + "/services/lure/proxy/");
        assertThat(answer.code()).isEqualTo(503);
        assertThat(answer.message()).isEqualTo("no endpoints available for service \"lure\"");
    }

    private Calls.Answer bind(String pod, String metadata, String target) {
        return calls.tryPost(
                NAMESPACE + "/pods/" + pod + "/binding",
                "{apiVersion: v1, kind: Binding, metadata: {" + metadata + "}, target: {" + target + "}}");
    }

    @Test
    void bindingsAreOfThePodThatTheyName() {
        pod("gated", "schedulingGates: [{name: a.b/c}], schedulerName: nobody, ");
        pod("free", "schedulerName: nobody, ");
        var node = "kind: Node, name: n1";
        assertThat(bind("gated", "name: gated", node).expect(409).get("message").string())
                .isEqualTo(
                        "Operation cannot be fulfilled on pods/binding \"gated\": pod gated has non-empty .spec.schedulingGates");
        assertThat(bind("free", "name: other", node).expect(400).get("message").string())
                .isEqualTo("name in URL does not match name in Binding object");
        assertThat(bind("free", "name: free, uid: other", node)
                        .expect(409)
                        .get("message")
                        .string())
                .contains("Precondition failed: UID in precondition: other, UID in object meta: ");
        assertThat(bind("free", "name: free, resourceVersion: '1'", node)
                        .expect(409)
                        .get("message")
                        .string())
                .contains("ResourceVersion in precondition: 1");
        assertThat(bind("free", "name: free", "kind: Service, name: n1").message())
                .isEqualTo("target.kind: Unsupported value: \"Service\": supported values: \"Node\", \"<empty>\"");
        assertThat(bind("free", "name: free", "kind: Node").message()).isEqualTo("target.name: Required value");
        assertThat(calls.get(NAMESPACE + "/pods/free").spec().get("nodeName").string())
                .isEmpty();
        bind("free", "name: free, labels: {bound: true-ish}", node).expect(201);
        assertThat(calls.get(NAMESPACE + "/pods/free").spec().get("nodeName").string())
                .isEqualTo("n1");
    }

    @Test
    void whatIsSentIsOfTheKindThatIsWanted() {
        pod("kinds", "schedulerName: nobody, ");
        var other = "{apiVersion: v1, kind: Pod, metadata: {name: kinds}}";
        for (var path : new String[] {"/pods/kinds/binding", "/pods/kinds/eviction", "/serviceaccounts/default/token"})
            assertThat(calls.tryPost(NAMESPACE + path, other)
                            .expect(400)
                            .get("message")
                            .string())
                    .as(path)
                    .startsWith("Pod in version \"v1\" cannot be handled as a ");
        var options = calls.send(
                "DELETE",
                NAMESPACE + "/pods/kinds",
                "application/json",
                "{\"kind\":\"DeleteOptions\",\"dryRun\":[\"Some\"]}");
        assertThat(options.code()).isEqualTo(422);
        var both = calls.send(
                "DELETE",
                NAMESPACE + "/pods/kinds",
                "application/json",
                "{\"orphanDependents\":true,\"propagationPolicy\":\"Foreground\"}");
        assertThat(both.code()).isEqualTo(422);
        calls.get(NAMESPACE + "/pods/kinds");
    }

    @Test
    void oddRequestsAreRefusedAndHarmNobody() {
        calls.get("/livez/ping".replace("/ping", "") + "?verbose");
        assertThat(calls.tryGet("/livez/anything").code()).isEqualTo(404);
        assertThat(calls.tryGet("/readyz/../secrets").code()).isEqualTo(404);
        var complex = calls.send("POST", NAMESPACE + "/configmaps", "application/yaml", "? {a: b}\n: c\n");
        assertThat(complex.code()).isEqualTo(400);
        var umlauts = "ä".repeat(140_000);
        var big = calls.tryPost(
                NAMESPACE + "/configmaps", "{metadata: {name: big, annotations: {a: '" + umlauts + "'}}}");
        assertThat(big.expect(422).get("message").string()).contains("may not be more than 262144 bytes");
    }
}
