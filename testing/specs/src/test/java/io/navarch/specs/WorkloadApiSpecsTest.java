package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Trees;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What the conformance suite asks of the API of workloads while their controllers are at work, on hollow nodes.
class WorkloadApiSpecsTest {
    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest(() -> Workload.nodes(2));

    private static final Calls calls = new Calls(plane);
    private static final String PATCH =
            "{metadata: {annotations: {patched: 'true'}}, status: {conditions: [{type: StatusPatched, status: 'True'}]}}";

    /// A condition of somebody else comes by patch and by replacement, and the controller leaves it there.
    private static void status(Workload work, String path, int pods) {
        work.ready(pods);
        assertThat(calls.patch(path + "/status", Calls.MERGE, PATCH).condition("StatusPatched"))
                .isEqualTo("True");
        calls.replace(
                path + "/status",
                object -> Trees.put(
                        object,
                        Trees.list(Trees.map("type", "StatusUpdate", "status", "True", "reason", "E2E")),
                        "status",
                        "conditions"));
        calls.delete(work.core("pods/" + work.pods().getFirst().name()));
        work.ready(pods);
        assertThat(calls.get(path).condition("StatusUpdate")).isEqualTo("True");
    }

    @Test
    @DisplayName("[sig-apps] ReplicaSet should validate Replicaset Status endpoints")
    void replicaSetStatus() {
        var work = Workload.in(calls, "status-rs");
        calls.post(
                work.apps("replicasets"), "{metadata: {name: x}, spec: {replicas: 1, " + Workload.template("x") + "}}");
        status(work, work.apps("replicasets/x"), 1);
    }

    @Test
    @DisplayName(
            "[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should validate Statefulset Status endpoints")
    void statefulSetStatus() {
        var work = Workload.in(calls, "status-sts");
        calls.post(
                work.apps("statefulsets"),
                "{metadata: {name: x}, spec: {replicas: 1, serviceName: x, " + Workload.template("x") + "}}");
        status(work, work.apps("statefulsets/x"), 1);
    }

    @Test
    @DisplayName("[sig-apps] Daemon set [Serial] should verify changes to a daemon set status")
    void daemonSetStatus() {
        var work = Workload.in(calls, "status-ds");
        calls.post(work.apps("daemonsets"), "{metadata: {name: x}, spec: {" + Workload.template("x") + "}}");
        status(work, work.apps("daemonsets/x"), 2);
    }

    @Test
    @DisplayName(
            "[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should list, patch and delete a collection of StatefulSets")
    void statefulSetCollection() {
        var work = Workload.in(calls, "sts-collection");
        calls.post(
                work.apps("statefulsets"),
                "{metadata: {name: x, labels: {c: sts}}, spec: {replicas: 1, serviceName: x, " + Workload.template("x")
                        + "}}");
        work.ready(1);
        assertThat(calls.count("/apis/apps/v1/statefulsets?labelSelector=c%3Dsts"))
                .isEqualTo(1);
        calls.patch(
                work.apps("statefulsets/x"),
                Calls.STRATEGIC,
                "{metadata: {labels: {c: patched}}, spec: {replicas: 2, template: {spec: {terminationGracePeriodSeconds: 0}}}}");
        calls.until(
                work.apps("statefulsets/x"),
                set -> set.status().get("availableReplicas").longOr(0) == 2);
        calls.delete(work.apps("statefulsets?labelSelector=c%3Dpatched")).expect(200);
        work.pods(List::isEmpty);
    }

    @Test
    @DisplayName("[sig-apps] ReplicationController should test the lifecycle of a ReplicationController")
    void replicationControllerLifecycle() {
        var work = Workload.in(calls, "rc-lifecycle");
        var path = work.core("replicationcontrollers/x");
        calls.post(
                work.core("replicationcontrollers"),
                "{metadata: {name: x, labels: {c: rc}}, spec: {replicas: 1, selector: {app: x}, template: "
                        + Workload.pods("x", "") + "}}");
        work.ready(1);
        calls.patch(path, Calls.STRATEGIC, "{metadata: {labels: {c: patched}}}");
        calls.patch(path + "/scale", Calls.MERGE, "{spec: {replicas: 2}}");
        calls.until(path, rc -> rc.status().get("availableReplicas").longOr(0) == 2);
        assertThat(calls.get(path + "/status").status().get("readyReplicas").longOr(0))
                .isEqualTo(2);
        assertThat(calls.count("/api/v1/replicationcontrollers?labelSelector=c%3Dpatched"))
                .isEqualTo(1);
        calls.delete(work.core("replicationcontrollers?labelSelector=c%3Dpatched"))
                .expect(200);
        calls.until(
                work.core("replicationcontrollers"),
                list -> list.get("items").list().isEmpty());
        // Their pods stay, unless the client says otherwise: that is how it has always been with this kind.
        work.pods(pods -> pods.size() == 2);
    }

    @Test
    @DisplayName(
            "[sig-apps] DisruptionController Listing PodDisruptionBudgets for all namespaces should list and delete a collection of PodDisruptionBudgets")
    void budgetCollection() {
        for (var name : List.of("budgets-a", "budgets-b")) {
            var work = Workload.in(calls, name);
            calls.post(
                    "/apis/policy/v1/namespaces/" + work.namespace() + "/poddisruptionbudgets",
                    "{metadata: {name: b, labels: {c: pdb}}, spec: {minAvailable: 1, selector: {matchLabels: {app: x}}}}");
        }
        assertThat(calls.count("/apis/policy/v1/poddisruptionbudgets?labelSelector=c%3Dpdb"))
                .isEqualTo(2);
        calls.delete("/apis/policy/v1/namespaces/budgets-a/poddisruptionbudgets?labelSelector=c%3Dpdb")
                .expect(200);
        assertThat(calls.count("/apis/policy/v1/poddisruptionbudgets?labelSelector=c%3Dpdb"))
                .isEqualTo(1);
    }

    @Test
    @DisplayName("[sig-api-machinery] Garbage collector should delete RS created by deployment when not orphaning")
    void replicaSetsGoWithTheirDeployment() {
        var work = Workload.in(calls, "gc-not-orphaning");
        calls.post(
                work.apps("deployments"), "{metadata: {name: x}, spec: {replicas: 1, " + Workload.template("x") + "}}");
        work.ready(1);
        calls.delete(work.apps("deployments/x")).expect(200);
        calls.until(work.apps("replicasets"), sets -> sets.get("items").list().isEmpty());
        work.pods(List::isEmpty);
    }

    @Test
    @DisplayName("[sig-network] EndpointSlice should create Endpoints and EndpointSlices for Pods matching a Service")
    void endpointsOfPods() {
        var work = Workload.in(calls, "matching");
        calls.post(
                work.core("services"),
                "{metadata: {name: s}, spec: {selector: {app: x}, ports: [{name: a, port: 80, targetPort: 8080}]}}");
        calls.post(
                work.apps("replicasets"), "{metadata: {name: x}, spec: {replicas: 3, " + Workload.template("x") + "}}");
        var addresses = work.ready(3).stream()
                .map(pod -> pod.status().get("podIP").string())
                .sorted()
                .toList();
        var slice = calls.until(
                        "/apis/discovery.k8s.io/v1/namespaces/matching/endpointslices",
                        list -> list.get("items").at(0).get("endpoints").stream()
                                        .filter(each ->
                                                each.get("conditions", "ready").bool())
                                        .count()
                                == 3)
                .get("items")
                .at(0);
        assertThat(slice.get("endpoints").stream()
                        .map(each -> each.get("addresses").at(0).string())
                        .sorted()
                        .toList())
                .isEqualTo(addresses);
        assertThat(slice.get("ports").at(0).get("port").longOr(0)).isEqualTo(8080);
        calls.until(
                work.core("endpoints/s"),
                each -> each.get("subsets").at(0).get("addresses").list().size() == 3);
    }

    private static void finalizers(String namespace, List<Object> finalizers) {
        var object = Trees.copy(calls.get(namespace).map());
        Trees.put(object, finalizers, "spec", "finalizers");
        Trees.remove(object, "metadata", "resourceVersion");
        calls.put(namespace + "/finalize", object).expect(200);
    }

    @Test
    @DisplayName("[sig-api-machinery] Namespaces [Serial] should apply a finalizer to a Namespace")
    void namespaceFinalizer() {
        Workload.in(calls, "ns-finalizer");
        var path = "/api/v1/namespaces/ns-finalizer";
        finalizers(path, List.of("kubernetes", "e2e.example.com/fakeFinalizer"));
        calls.delete(path).expect(200);
        calls.until(
                path,
                namespace ->
                        namespace.spec().get("finalizers").strings().equals(List.of("e2e.example.com/fakeFinalizer")));
        finalizers(path, List.of());
        calls.until(path, namespace -> namespace.get("code").longOr(0) == 404);
    }

    @Test
    @DisplayName("[sig-api-machinery] Namespaces [Serial] should apply changes to a namespace status")
    void namespaceStatus() {
        Workload.in(calls, "ns-status");
        var path = "/api/v1/namespaces/ns-status";
        assertThat(calls.patch(path + "/status", Calls.MERGE, PATCH).condition("StatusPatched"))
                .isEqualTo("True");
        calls.replace(path, namespace -> Trees.put(namespace, "updated", "metadata", "labels", "u"));
        calls.patch(path, Calls.STRATEGIC, "{metadata: {labels: {p: patched}}}");
        assertThat(calls.get(path).labels()).containsEntry("u", "updated").containsEntry("p", "patched");
    }

    @Test
    @DisplayName("[sig-api-machinery] ResourceQuota should verify ResourceQuota with terminating scopes.")
    void quotaOfTerminating() {
        var work = Workload.in(calls, "quota-terminating");
        calls.post(
                work.core("resourcequotas"), "{metadata: {name: q}, spec: {hard: {pods: 5}, scopes: [Terminating]}}");
        calls.post(work.core("pods"), "{metadata: {name: long}, spec: {containers: [{name: c, image: i}]}}");
        calls.post(
                work.core("pods"),
                "{metadata: {name: short}, spec: {activeDeadlineSeconds: 3600, containers: [{name: c, image: i}]}}");
        calls.until(
                work.core("resourcequotas/q"),
                quota -> quota.status().get("used", "pods").string().equals("1"));
    }

    @Test
    @DisplayName("[sig-api-machinery] ResourceQuota should be able to update and delete ResourceQuota.")
    void quotaUpdated() {
        var work = Workload.in(calls, "quota-updated");
        calls.post(work.core("resourcequotas"), "{metadata: {name: q}, spec: {hard: {pods: 5}}}");
        calls.replace(work.core("resourcequotas/q"), quota -> Trees.put(quota, "9", "spec", "hard", "pods"));
        calls.until(
                work.core("resourcequotas/q"),
                quota -> quota.status().get("hard", "pods").string().equals("9"));
        calls.delete(work.core("resourcequotas/q")).expect(200);
        calls.until(work.core("resourcequotas/q"), quota -> quota.get("code").longOr(0) == 404);
    }
}
