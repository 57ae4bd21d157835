package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What the conformance suite asks of Deployments, ReplicaSets, ReplicationControllers, StatefulSets and DaemonSets, on
/// hollow nodes.
class AppsSpecsTest {
    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest(() -> Workload.nodes(3));

    private static final Calls calls = new Calls(plane);

    private static boolean all(View object, int replicas) {
        var status = object.status();
        return status.get("observedGeneration").longOr(0)
                        == object.metadata().get("generation").longOr(-1)
                && status.get("availableReplicas").longOr(0) == replicas
                && status.get("replicas").longOr(0) == replicas;
    }

    @Test
    @DisplayName("[sig-apps] Deployment RollingUpdateDeployment should delete old pods and create new ones")
    void rollingUpdate() {
        var work = Workload.in(calls, "rolling");
        calls.post(
                work.apps("deployments"), "{metadata: {name: d}, spec: {replicas: 3, " + Workload.template("d") + "}}");
        var old = work.ready(3).stream().map(View::name).toList();
        calls.patch(work.apps("deployments/d"), Calls.MERGE, "{spec: {template: {metadata: {annotations: {v: '2'}}}}}");
        calls.until(
                work.apps("deployments/d"),
                d -> all(d, 3)
                        && d.status().get("updatedReplicas").longOr(0) == 3
                        && d.status()
                                .get("conditions")
                                .find("type", "Progressing")
                                .get("reason")
                                .string()
                                .equals("NewReplicaSetAvailable"));
        assertThat(work.ready(3).stream().map(View::name).toList()).doesNotContainAnyElementsOf(old);
        var sets = calls.get(work.apps("replicasets")).get("items").views();
        assertThat(sets).hasSize(2);
        assertThat(sets)
                .extracting(set -> set.annotation("deployment.kubernetes.io/revision"))
                .containsExactlyInAnyOrder("1", "2");
    }

    @Test
    @DisplayName("[sig-apps] Deployment deployment should support proportional scaling")
    void proportionalScaling() {
        var work = Workload.in(calls, "proportional");
        calls.post(
                work.apps("deployments"),
                "{metadata: {name: d}, spec: {replicas: 10, strategy: {rollingUpdate: {maxSurge: 3, maxUnavailable: 2}}, "
                        + Workload.template("d") + "}}");
        work.ready(10);
        calls.patch(
                work.apps("deployments/d"),
                Calls.MERGE,
                "{spec: {template: {spec: {nodeSelector: {nowhere: 'true'}}}}}");
        calls.until(work.apps("replicasets"), sets -> sizes(sets).equals(List.of(5L, 8L)));
        calls.patch(work.apps("deployments/d"), Calls.MERGE, "{spec: {replicas: 30}}");
        // 33 pods may be there: the twenty that come are shared by the sets' sizes.
        calls.until(work.apps("replicasets"), sets -> sizes(sets).equals(List.of(13L, 20L)));
    }

    private static List<Long> sizes(View sets) {
        return sets.get("items").stream()
                .map(set -> set.spec().get("replicas").longOr(0))
                .sorted()
                .toList();
    }

    @Test
    @DisplayName("[sig-apps] Deployment deployment should support rollover")
    void rollover() {
        var work = Workload.in(calls, "rollover");
        calls.post(
                work.apps("deployments"),
                "{metadata: {name: d}, spec: {replicas: 2, minReadySeconds: 1, strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}, "
                        + Workload.template("d", Workload.NOWHERE) + "}}");
        work.pods(pods -> pods.size() == 2);
        calls.patch(
                work.apps("deployments/d"), Calls.JSON_PATCH, "[{op: remove, path: /spec/template/spec/nodeSelector}]");
        calls.until(
                work.apps("deployments/d"),
                d -> all(d, 2) && d.status().get("updatedReplicas").longOr(0) == 2);
        work.ready(2);
        assertThat(sizes(calls.get(work.apps("replicasets")))).containsExactly(0L, 2L);
    }

    @Test
    @DisplayName("[sig-apps] Deployment Deployment should have a working scale subresource")
    void deploymentScale() {
        var work = Workload.in(calls, "deployment-scale");
        calls.post(
                work.apps("deployments"), "{metadata: {name: d}, spec: {replicas: 1, " + Workload.template("d") + "}}");
        work.ready(1);
        assertThat(calls.get(work.apps("deployments/d/scale"))
                        .status()
                        .get("selector")
                        .string())
                .isEqualTo("app=d");
        calls.replace(work.apps("deployments/d/scale"), scale -> Trees.put(scale, 2L, "spec", "replicas"));
        work.ready(2);
        calls.patch(work.apps("deployments/d/scale"), Calls.MERGE, "{spec: {replicas: 4}}");
        work.ready(4);
    }

    @Test
    @DisplayName("[sig-apps] Deployment should validate Deployment Status endpoints")
    void deploymentStatus() {
        var work = Workload.in(calls, "deployment-status");
        calls.post(
                work.apps("deployments"), "{metadata: {name: d}, spec: {replicas: 1, " + Workload.template("d") + "}}");
        work.ready(1);
        var condition = "{status: {conditions: [{type: StatusPatched, status: 'True', reason: E2E, message: m}]}}";
        assertThat(calls.patch(work.apps("deployments/d/status"), Calls.MERGE, condition)
                        .condition("StatusPatched"))
                .isEqualTo("True");
    }

    @Test
    @DisplayName("[sig-apps] Deployment should run the lifecycle of a Deployment")
    void deploymentLifecycle() {
        var work = Workload.in(calls, "deployment-lifecycle");
        calls.post(
                work.apps("deployments"),
                "{metadata: {name: d, labels: {l: static}}, spec: {replicas: 1, " + Workload.template("d") + "}}");
        calls.until(work.apps("deployments/d"), d -> all(d, 1));
        calls.patch(
                work.apps("deployments/d"),
                Calls.STRATEGIC,
                "{metadata: {labels: {l: patched}}, spec: {replicas: 2, template: {spec: {terminationGracePeriodSeconds: 0}}}}");
        calls.until(work.apps("deployments/d"), d -> all(d, 2));
        assertThat(calls.get("/apis/apps/v1/deployments?labelSelector=l%3Dpatched")
                        .get("items")
                        .list())
                .hasSize(1);
        calls.delete(work.apps("deployments?labelSelector=l%3Dpatched")).expect(200);
        work.pods(List::isEmpty);
    }

    @Test
    @DisplayName("[sig-apps] ReplicaSet should adopt matching pods on creation and release no longer matching pods")
    void replicaSetAdopts() {
        adopts("adopt-rs", "/apis/apps/v1/namespaces/adopt-rs/replicasets", "ReplicaSet", Workload.template("a"));
    }

    @Test
    @DisplayName("[sig-apps] ReplicationController should adopt matching pods on creation")
    void replicationControllerAdopts() {
        adopts(
                "adopt-rc",
                "/api/v1/namespaces/adopt-rc/replicationcontrollers",
                "ReplicationController",
                "selector: {app: a}, template: " + Workload.pods("a", ""));
    }

    private static void adopts(String namespace, String path, String kind, String spec) {
        var work = Workload.in(calls, namespace);
        calls.post(
                work.core("pods"),
                "{metadata: {name: orphan, labels: {app: a}}, spec: {containers: [{name: c, image: i}]}}");
        calls.post(path, "{metadata: {name: owner}, spec: {replicas: 1, " + spec + "}}");
        calls.until(
                work.core("pods/orphan"),
                pod -> pod.controller().get("kind").string().equals(kind));
        calls.patch(work.core("pods/orphan"), Calls.MERGE, "{metadata: {labels: {app: other}}}");
        calls.until(work.core("pods/orphan"), pod -> !pod.controller().exists());
        work.pods(pods -> pods.size() == 2);
    }

    @Test
    @DisplayName("[sig-apps] ReplicaSet Replace and Patch tests")
    void replicaSetReplaced() {
        var work = Workload.in(calls, "rs-replace");
        calls.post(
                work.apps("replicasets"), "{metadata: {name: r}, spec: {replicas: 1, " + Workload.template("r") + "}}");
        work.ready(1);
        calls.replace(work.apps("replicasets/r/scale"), scale -> Trees.put(scale, 3L, "spec", "replicas"));
        work.ready(3);
        calls.patch(
                work.apps("replicasets/r"),
                Calls.STRATEGIC,
                "{metadata: {labels: {p: x}}, spec: {replicas: 2, template: {spec: {terminationGracePeriodSeconds: 0}}}}");
        calls.until(
                work.apps("replicasets/r"),
                set -> all(set, 2) && set.status().get("terminatingReplicas").longOr(-1) == 0);
        work.ready(2);
    }

    @Test
    @DisplayName("[sig-apps] ReplicaSet should list and delete a collection of ReplicaSets")
    void replicaSetCollection() {
        var work = Workload.in(calls, "rs-collection");
        calls.post(
                work.apps("replicasets"),
                "{metadata: {name: r, labels: {c: x}}, spec: {replicas: 3, " + Workload.template("r") + "}}");
        work.ready(3);
        assertThat(calls.count("/apis/apps/v1/replicasets?labelSelector=c%3Dx")).isEqualTo(1);
        calls.delete(work.apps("replicasets?labelSelector=c%3Dx")).expect(200);
        work.pods(List::isEmpty);
    }

    @Test
    @DisplayName(
            "[sig-apps] ReplicationController should surface a failure condition on a common issue like exceeded quota")
    void replicationControllerFailure() {
        var work = Workload.in(calls, "rc-quota");
        calls.post(work.core("resourcequotas"), "{metadata: {name: q}, spec: {hard: {pods: 2}}}");
        calls.until(
                work.core("resourcequotas/q"),
                quota -> quota.status().get("hard", "pods").exists());
        calls.post(
                work.core("replicationcontrollers"),
                "{metadata: {name: r}, spec: {replicas: 3, selector: {app: r}, template: " + Workload.pods("r", "")
                        + "}}");
        var failed = calls.until(
                work.core("replicationcontrollers/r"),
                rc -> rc.condition("ReplicaFailure").equals("True"));
        var condition = failed.status().get("conditions").find("type", "ReplicaFailure");
        assertThat(condition.get("reason").string()).isEqualTo("FailedCreate");
        assertThat(condition.get("message").string())
                .contains("exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2");
        calls.patch(work.core("replicationcontrollers/r"), Calls.MERGE, "{spec: {replicas: 2}}");
        calls.until(
                work.core("replicationcontrollers/r"),
                rc -> rc.condition("ReplicaFailure").isEmpty());
    }

    @Test
    @DisplayName("[sig-apps] ReplicationController should get and update a ReplicationController scale")
    void replicationControllerScale() {
        var work = Workload.in(calls, "rc-scale");
        calls.post(
                work.core("replicationcontrollers"),
                "{metadata: {name: r}, spec: {replicas: 1, selector: {app: r}, template: " + Workload.pods("r", "")
                        + "}}");
        work.ready(1);
        calls.replace(work.core("replicationcontrollers/r/scale"), scale -> Trees.put(scale, 2L, "spec", "replicas"));
        work.ready(2);
    }

    @Test
    @DisplayName(
            "[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] Scaling should happen in predictable order and halt if any stateful pod is unhealthy [Slow]")
    void statefulScaling() {
        var work = Workload.in(calls, "sts-scaling");
        calls.post(
                work.apps("statefulsets"),
                "{metadata: {name: s}, spec: {replicas: 3, serviceName: s, "
                        + Workload.template("s", ", readinessGates: [{conditionType: healthy}]") + "}}");
        for (var pod : List.of("s-0", "s-1", "s-2")) healthy(work, pod, "True");
        var pods = work.ready(3);
        assertThat(pods).extracting(View::name).containsExactlyInAnyOrder("s-0", "s-1", "s-2");
        // Each was made when the one before it was ready.
        var byName =
                pods.stream().sorted((a, b) -> a.name().compareTo(b.name())).toList();
        for (int i = 1; i < 3; i++)
            assertThat(Long.parseLong(byName.get(i)
                            .metadata()
                            .get("creationTimestamp")
                            .string()
                            .replaceAll("\\D", "")))
                    .isGreaterThanOrEqualTo(Long.parseLong(byName.get(i - 1)
                            .metadata()
                            .get("creationTimestamp")
                            .string()
                            .replaceAll("\\D", "")));
        healthy(work, "s-0", "False");
        calls.until(
                work.apps("statefulsets/s"),
                s -> s.status().get("readyReplicas").longOr(0) == 2);
        calls.patch(work.apps("statefulsets/s"), Calls.MERGE, "{spec: {replicas: 4}}");
        calls.until(
                work.apps("statefulsets/s"),
                s -> s.status().get("observedGeneration").longOr(0) == 2);
        assertThat(work.pods()).hasSize(3);
        healthy(work, "s-0", "True");
        healthy(work, "s-3", "True");
        work.ready(4);
    }

    /// Says whether a pod passes its readiness gate, once there is the pod.
    private void healthy(Workload work, String pod, String status) {
        calls.until(work.core("pods/" + pod), found -> found.name().equals(pod));
        calls.patch(
                work.core("pods/" + pod + "/status"),
                Calls.STRATEGIC,
                "{status: {conditions: [{type: healthy, status: '" + status + "'}]}}");
    }

    @Test
    @DisplayName(
            "[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] Burst scaling should run to completion even with unhealthy pods [Slow]")
    void statefulBurst() {
        var work = Workload.in(calls, "sts-burst");
        calls.post(
                work.apps("statefulsets"),
                "{metadata: {name: s}, spec: {replicas: 3, serviceName: s, podManagementPolicy: Parallel, "
                        + Workload.template("s", Workload.NOWHERE) + "}}");
        work.pods(pods -> pods.size() == 3);
        calls.patch(work.apps("statefulsets/s"), Calls.MERGE, "{spec: {replicas: 5}}");
        work.pods(pods -> pods.size() == 5);
        calls.patch(work.apps("statefulsets/s"), Calls.MERGE, "{spec: {replicas: 0}}");
        work.pods(List::isEmpty);
    }

    private List<String> names(Workload work, String resource) {
        return calls.get(work.core(resource)).get("items").views().stream()
                .map(View::name)
                .sorted()
                .toList();
    }

    private void named(Workload work, String resource, String... wanted) {
        calls.until(
                work.core(resource),
                list -> list.get("items").views().stream()
                        .map(View::name)
                        .sorted()
                        .toList()
                        .equals(List.of(wanted)));
    }

    /// https://github.com/kubernetes/kubernetes/issues/126919
    @Test
    void claimsGoAsTheSetSays() {
        var work = Workload.in(calls, "sts-claims");
        calls.post(
                work.apps("statefulsets"),
                "{metadata: {name: s}, spec: {replicas: 3, serviceName: s, podManagementPolicy: Parallel, ordinals: {start: 3},"
                        + "persistentVolumeClaimRetentionPolicy: {whenScaled: Delete, whenDeleted: Retain},"
                        + "volumeClaimTemplates: [{metadata: {name: data}, spec: {storageClassName: none, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}}],"
                        + Workload.template("s", Workload.NOWHERE) + "}}");
        named(work, "pods", "s-3", "s-4", "s-5");
        named(work, "persistentvolumeclaims", "data-s-3", "data-s-4", "data-s-5");
        calls.patch(work.apps("statefulsets/s"), Calls.MERGE, "{spec: {replicas: 1}}");
        named(work, "persistentvolumeclaims", "data-s-3");
        assertThat(calls.get(work.core("persistentvolumeclaims/data-s-3"))
                        .metadata()
                        .get("ownerReferences")
                        .views())
                .isEmpty();
        calls.patch(
                work.apps("statefulsets/s"),
                Calls.MERGE,
                "{spec: {replicas: 2, persistentVolumeClaimRetentionPolicy: {whenScaled: Retain, whenDeleted: Delete}}}");
        calls.until(
                work.core("persistentvolumeclaims/data-s-3"),
                claim -> claim.metadata()
                        .get("ownerReferences")
                        .at(0)
                        .get("kind")
                        .string()
                        .equals("StatefulSet"));
        named(work, "pods", "s-3", "s-4");
        calls.patch(work.apps("statefulsets/s"), Calls.MERGE, "{spec: {replicas: 1}}");
        named(work, "pods", "s-3");
        assertThat(names(work, "persistentvolumeclaims")).containsExactly("data-s-3", "data-s-4");
        calls.delete(work.apps("statefulsets/s")).expect(200);
        named(work, "persistentvolumeclaims");
    }

    @Test
    @DisplayName(
            "[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should perform canary updates and phased rolling updates of template modifications")
    void statefulCanary() {
        var work = Workload.in(calls, "sts-canary");
        calls.post(
                work.apps("statefulsets"),
                "{metadata: {name: s}, spec: {replicas: 3, serviceName: s, updateStrategy: {rollingUpdate: {partition: 3}}, "
                        + Workload.template("s") + "}}");
        work.ready(3);
        var set = calls.until(
                work.apps("statefulsets/s"),
                s -> s.status().get("readyReplicas").longOr(0) == 3);
        var first = set.status().get("currentRevision").string();
        calls.patch(
                work.apps("statefulsets/s"), Calls.MERGE, "{spec: {template: {metadata: {annotations: {v: '2'}}}}}");
        set = calls.until(
                work.apps("statefulsets/s"),
                s -> !s.status().get("updateRevision").string().equals(first));
        var next = set.status().get("updateRevision").string();
        for (int partition = 2; partition >= 0; partition--) {
            calls.patch(
                    work.apps("statefulsets/s"),
                    Calls.MERGE,
                    "{spec: {updateStrategy: {rollingUpdate: {partition: " + partition + "}}}}");
            int left = partition;
            var pods = work.pods(all -> all.size() == 3
                    && all.stream().allMatch(pod -> pod.condition("Ready").equals("True") && !pod.deleting())
                    && all.stream()
                                    .filter(pod -> pod.labels()
                                            .getOrDefault("controller-revision-hash", "")
                                            .equals(next))
                                    .count()
                            == 3 - left);
            for (var pod : pods)
                assertThat(pod.labels())
                        .containsEntry(
                                "controller-revision-hash",
                                Integer.parseInt(pod.name().substring(2)) >= partition ? next : first);
        }
        calls.until(
                work.apps("statefulsets/s"),
                s -> s.status().get("currentRevision").string().equals(next));
    }

    @Test
    @DisplayName(
            "[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should have a working scale subresource")
    void statefulScale() {
        var work = Workload.in(calls, "sts-scale");
        calls.post(
                work.apps("statefulsets"),
                "{metadata: {name: s}, spec: {replicas: 1, serviceName: s, " + Workload.template("s") + "}}");
        work.ready(1);
        calls.replace(work.apps("statefulsets/s/scale"), scale -> Trees.put(scale, 2L, "spec", "replicas"));
        work.ready(2);
    }

    @Test
    @DisplayName("[sig-apps] ControllerRevision [Serial] should manage the lifecycle of a ControllerRevision")
    void controllerRevisions() {
        var work = Workload.in(calls, "revisions");
        calls.post(work.apps("daemonsets"), "{metadata: {name: d}, spec: {" + Workload.template("d") + "}}");
        work.ready(3);
        var first = calls.get(work.apps("controllerrevisions")).get("items").at(0);
        assertThat(first.controller().get("name").string()).isEqualTo("d");
        calls.patch(
                work.apps("controllerrevisions/" + first.name()),
                Calls.STRATEGIC,
                "{metadata: {labels: {r: patched}}}");
        assertThat(calls.count(work.apps("controllerrevisions?labelSelector=r%3Dpatched")))
                .isEqualTo(1);
        // One that is deleted comes back, since it is in use.
        calls.delete(work.apps("controllerrevisions/" + first.name())).expect(200);
        calls.until(
                work.apps("controllerrevisions"),
                list -> list.get("items").list().size() == 1
                        && !list.get("items").at(0).uid().equals(first.uid()));
    }
}
