package io.navarch.specs;

import static io.navarch.specs.Calls.JSON_PATCH;
import static io.navarch.specs.Calls.MERGE;
import static io.navarch.specs.Calls.STRATEGIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What conformance specs of the same names ask of single kinds, as far as it needs no containers.
class ObjectSpecsTest {
    private static final String CORE = "/api/v1/namespaces/default/";

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private final Calls calls = new Calls(plane);

    @Test
    @DisplayName("[sig-node] ConfigMap should fail to create ConfigMap with empty key")
    void configMapEmptyKey() {
        var answer = calls.tryPost(CORE + "configmaps", "{metadata: {name: empty-key}, data: {'': v}}");
        answer.expect(422);
        assertThat(answer.message()).contains("data[]: Invalid value: \"\": a valid config key must consist of");
    }

    @Test
    @DisplayName("[sig-node] Secrets should fail to create secret due to empty secret key")
    void secretEmptyKey() {
        calls.tryPost(CORE + "secrets", "{metadata: {name: empty-key}, data: {'': dmFsdWU=}}")
                .expect(422);
    }

    @Test
    @DisplayName("[sig-node] ConfigMap should run through a ConfigMap lifecycle")
    void configMapLifecycle() {
        var path = CORE + "configmaps/lifecycle";
        calls.post(CORE + "configmaps", "{metadata: {name: lifecycle, labels: {test: map}}, data: {a: b}}");
        calls.patch(path, STRATEGIC, "{metadata: {labels: {test: patched}}, data: {a: c}}");
        assertThat(calls.get(path).get("data", "a").string()).isEqualTo("c");
        assertThat(calls.count("/api/v1/configmaps?labelSelector=test%3Dpatched"))
                .isEqualTo(1);
        calls.delete(CORE + "configmaps?labelSelector=test%3Dpatched").expect(200);
        calls.tryGet(path).expect(404);
    }

    @Test
    @DisplayName("[sig-node] ConfigMap should update ConfigMap successfully [NodeConformance]")
    void configMapUpdate() {
        var made = calls.post(CORE + "configmaps", "{metadata: {name: updated}, data: {a: b}}");
        var changed = Trees.copy(made.map());
        Trees.put(changed, "c", "data", "a");
        var stored = calls.put(CORE + "configmaps/updated", changed).expect(200);
        assertThat(stored.get("data", "a").string()).isEqualTo("c");
        calls.put(CORE + "configmaps/updated", changed).expect(409);
    }

    /// The time that a client asks for counts, also of a pod that wants none; it can only become less, and counts from
    /// when the deletion began.
    @Test
    @DisplayName("[sig-node] Pods Extended (pod generation) custom-set generation on new pods and graceful delete")
    void podGracefulDelete() {
        calls.post(
                CORE + "pods",
                "{metadata: {name: graceful, generation: 100}, spec: {nodeName: nowhere, terminationGracePeriodSeconds: 0, containers: [{name: c, image: i}]}}");
        var path = CORE + "pods/graceful";
        assertThat(calls.get(path).metadata().get("generation").intOr(0)).isEqualTo(1);
        calls.delete(path + "?gracePeriodSeconds=600").expect(200);
        var deleted = calls.get(path).metadata();
        assertThat(deleted.get("generation").intOr(0)).isEqualTo(2);
        assertThat(deleted.get("deletionGracePeriodSeconds").intOr(0)).isEqualTo(600);
        for (var more : new String[] {"", "?gracePeriodSeconds=700"}) {
            calls.delete(path + more).expect(200);
            assertThat(calls.get(path).metadata().map()).isEqualTo(deleted.map());
        }
        calls.delete(path + "?gracePeriodSeconds=300").expect(200);
        var sooner = calls.get(path).metadata();
        assertThat(sooner.get("deletionGracePeriodSeconds").intOr(0)).isEqualTo(300);
        assertThat(Instant.parse(sooner.get("deletionTimestamp").string()))
                .isEqualTo(
                        Instant.parse(deleted.get("deletionTimestamp").string()).minusSeconds(300));
        calls.delete(path + "?gracePeriodSeconds=0").expect(200);
        calls.tryGet(path).expect(404);
    }

    @ParameterizedTest(name = "[sig-storage] {0} should be immutable if `immutable` field is set")
    @CsvSource({"ConfigMap,configmaps", "Secrets,secrets"})
    void immutable(String noun, String resource) {
        var path = CORE + resource + "/fixed";
        calls.post(CORE + resource, "{metadata: {name: fixed}, data: {a: dmFsdWU=}}");
        calls.patch(path, MERGE, "{data: {a: b3RoZXI=}, immutable: true}");
        for (var change : new String[] {"{data: {a: dmFsdWU=}}", "{immutable: false}", "{immutable: null}"}) {
            var answer = calls.tryPatch(path, MERGE, change);
            answer.expect(422);
            assertThat(answer.message()).contains("is immutable when `immutable` is set");
        }
        // Labels are no data.
        calls.patch(path, MERGE, "{metadata: {labels: {a: b}}}");
        calls.delete(path).expect(200);
    }

    @Test
    @DisplayName("[sig-node] Secrets should patch a secret")
    void secretPatch() {
        calls.post(CORE + "secrets", "{metadata: {name: patched, labels: {s: constant}}, stringData: {key: value}}");
        calls.patch(CORE + "secrets/patched", STRATEGIC, "{metadata: {labels: {s: 'false'}}, data: {key: b3RoZXI=}}");
        var found = calls.get("/api/v1/secrets?labelSelector=s%3Dfalse")
                .get("items")
                .at(0);
        assertThat(found.get("data", "key").string()).isEqualTo("b3RoZXI=");
        calls.delete(CORE + "secrets?labelSelector=s%3Dfalse").expect(200);
        assertThat(calls.count("/api/v1/secrets?labelSelector=s%3Dfalse")).isZero();
    }

    @Test
    @DisplayName("[sig-auth] ServiceAccounts should run through the lifecycle of a ServiceAccount")
    void serviceAccountLifecycle() {
        calls.post(
                CORE + "serviceaccounts",
                "{metadata: {name: cycle, labels: {t: static}}, automountServiceAccountToken: false}");
        calls.patch(CORE + "serviceaccounts/cycle", STRATEGIC, "{automountServiceAccountToken: true}");
        var all = calls.get("/api/v1/serviceaccounts?labelSelector=t%3Dstatic").get("items");
        assertThat(all.at(0).get("automountServiceAccountToken").bool()).isTrue();
        calls.delete(CORE + "serviceaccounts?labelSelector=t%3Dstatic").expect(200);
        calls.tryGet(CORE + "serviceaccounts/cycle").expect(404);
    }

    @Test
    @DisplayName("[sig-instrumentation] Events should manage the lifecycle of an event")
    void eventLifecycle() {
        calls.post(
                CORE + "events",
                "{metadata: {name: cycle, labels: {t: 'true'}}, message: m, reason: Test, type: Normal, count: 1, involvedObject: {namespace: default}}");
        var message = "This is a test event - patched";
        calls.patch(CORE + "events/cycle", STRATEGIC, "{message: '" + message + "'}");
        var read = calls.get(CORE + "events/cycle");
        assertThat(read.get("message").string()).isEqualTo(message);
        var changed = Trees.copy(read.map());
        changed.put("series", Trees.map("count", 100L, "lastObservedTime", "2020-01-01T00:00:00.505656Z"));
        assertThat(calls.put(CORE + "events/cycle", changed)
                        .expect(200)
                        .get("series", "lastObservedTime")
                        .string())
                .isEqualTo("2020-01-01T00:00:00.505656Z");
        calls.delete(CORE + "events/cycle").expect(200);
        assertThat(calls.count("/api/v1/events?labelSelector=t%3Dtrue")).isZero();
    }

    @ParameterizedTest(name = "[sig-instrumentation] {0} should delete a collection of events")
    @CsvSource({"Events,/api/v1", "Events API,/apis/events.k8s.io/v1"})
    void eventCollection(String noun, String group) {
        var path = group + "/namespaces/default/events";
        for (int i = 0; i < 3; i++) {
            calls.post(
                    path,
                    group.startsWith("/api/")
                            ? "{metadata: {name: many-" + i
                                    + ", labels: {many: 'true'}}, reason: R, type: Normal, involvedObject: {namespace: default}}"
                            : "{metadata: {name: many-" + i
                                    + ", labels: {many: 'true'}}, reason: R, type: Normal, action: Do, note: text, eventTime: '2020-01-01T00:00:00.000000Z', reportingController: a.b, reportingInstance: i, regarding: {namespace: default}}");
        }
        assertThat(calls.count(path + "?labelSelector=many%3Dtrue")).isEqualTo(3);
        calls.delete(path + "?labelSelector=many%3Dtrue").expect(200);
        assertThat(calls.count(path + "?labelSelector=many%3Dtrue")).isZero();
    }

    @Test
    @DisplayName("[sig-network] Endpoints should test the lifecycle of an Endpoint")
    void endpointLifecycle() {
        calls.post(
                CORE + "endpoints",
                "{metadata: {name: cycle, labels: {e: static}}, subsets: [{addresses: [{ip: 10.0.0.24}], ports: [{name: http, port: 80, protocol: TCP}]}]}");
        var changed = Trees.copy(calls.get(CORE + "endpoints/cycle").map());
        Trees.put(changed, "updated", "metadata", "labels", "e");
        calls.put(CORE + "endpoints/cycle", changed).expect(200);
        calls.patch(
                CORE + "endpoints/cycle",
                STRATEGIC,
                "{metadata: {labels: {e: patched}}, subsets: [{addresses: [{ip: 10.0.0.25}], ports: [{name: http-test, port: 8080, protocol: TCP}]}]}");
        var subset = calls.get("/api/v1/endpoints?labelSelector=e%3Dpatched")
                .get("items")
                .at(0)
                .get("subsets")
                .at(0);
        assertThat(subset.get("addresses").at(0).get("ip").string()).isEqualTo("10.0.0.25");
        assertThat(subset.get("ports").at(0).get("name").string()).isEqualTo("http-test");
        calls.delete(CORE + "endpoints?labelSelector=e%3Dpatched").expect(200);
        calls.tryGet(CORE + "endpoints/cycle").expect(404);
    }

    @Test
    @DisplayName("[sig-network] Services should complete a service status lifecycle")
    void serviceStatus() {
        calls.post(
                CORE + "services",
                "{metadata: {name: cycle, labels: {s: 'true'}}, spec: {type: LoadBalancer, loadBalancerClass: example.com/own, ports: [{name: http, port: 80, targetPort: 80}]}}");
        var path = CORE + "services/cycle";
        calls.patch(
                path + "/status",
                MERGE,
                "{metadata: {annotations: {patched: 'true'}}, status: {loadBalancer: {ingress: [{ip: 203.0.113.1}]}}}");
        var read = calls.get(path + "/status");
        assertThat(read.path("status.loadBalancer.ingress").at(0).get("ip").string())
                .isEqualTo("203.0.113.1");
        var conditions = Trees.list(Trees.map(
                "type",
                "StatusUpdate",
                "status",
                "True",
                "reason",
                "E2E",
                "message",
                "Set from e2e test",
                "lastTransitionTime",
                "2020-01-01T00:00:00Z"));
        assertThat(calls.replace(path + "/status", changed -> Trees.put(changed, conditions, "status", "conditions"))
                        .condition("StatusUpdate"))
                .isEqualTo("True");
        calls.patch(path, STRATEGIC, "{metadata: {labels: {s: patched}}}");
        assertThat(calls.get(path).condition("StatusUpdate")).isEqualTo("True");
        calls.delete(path).expect(200);
    }

    @Test
    @DisplayName("[sig-network] Services should delete a collection of services")
    void serviceCollection() {
        for (int i = 0; i < 3; i++)
            calls.post(
                    CORE + "services",
                    "{metadata: {name: many-" + i + ", labels: {many: 'true'}}, spec: {ports: [{port: 80}]}}");
        calls.delete(CORE + "services?labelSelector=many%3Dtrue").expect(200);
        assertThat(calls.count(CORE + "services?labelSelector=many%3Dtrue")).isZero();
        calls.get(CORE + "services/kubernetes");
    }

    @Test
    @DisplayName("[sig-network] Services should find a service from listing all namespaces")
    void serviceEverywhere() {
        assertThat(calls.get("/api/v1/services").get("items").stream().map(View::name))
                .contains("kubernetes");
    }

    @Test
    @DisplayName("[sig-network] API Server should provide secure master service")
    void masterService() {
        var ports = calls.get(CORE + "services/kubernetes").spec().get("ports");
        assertThat(ports.at(0).get("port").longOr(0)).isEqualTo(443);
        assertThat(ports.at(0).get("name").string()).isEqualTo("https");
    }

    @Test
    @DisplayName("[sig-network] API Server should have Endpoints and EndpointSlices pointing to API Server")
    void masterEndpoints() {
        var subsets = calls.until(
                        CORE + "endpoints/kubernetes",
                        read -> !read.get("subsets").list().isEmpty())
                .get("subsets");
        assertThat(subsets.list()).hasSize(1);
        var slices = calls.until(
                "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io/service-name%3Dkubernetes",
                read -> read.get("items").list().size() == 1);
        var slice = slices.get("items").at(0);
        assertThat(slice.get("ports").at(0).get("port").longOr(0))
                .isEqualTo(subsets.at(0).get("ports").at(0).get("port").longOr(-1));
        assertThat(slice.get("endpoints").at(0).get("addresses").strings())
                .contains(subsets.at(0).get("addresses").at(0).get("ip").string());
    }

    @Test
    @DisplayName("[sig-node] Node Lifecycle should run through the lifecycle of a node")
    void nodeLifecycle() {
        var path = "/api/v1/nodes/cycle";
        calls.post(
                "/api/v1/nodes",
                "{metadata: {name: cycle}, status: {phase: Running, conditions: [{status: 'True', message: Set from e2e test, reason: E2E, type: Ready}]}}");
        calls.patch(path, STRATEGIC, "{metadata: {labels: {cycle: patched}}}");
        // The node's controllers write it too.
        calls.until(path, read -> {
            var changed = Trees.copy(read.map());
            Trees.put(changed, "updated", "metadata", "labels", "cycle");
            return calls.put(path, changed).code() == 200;
        });
        assertThat(calls.count("/api/v1/nodes?labelSelector=cycle%3Dupdated")).isEqualTo(1);
        calls.patch(
                path + "/status", STRATEGIC, "{status: {conditions: [{status: 'False', type: Ready, reason: E2E}]}}");
        assertThat(calls.get(path + "/status").condition("Ready")).isEqualTo("False");
        calls.delete("/api/v1/nodes?labelSelector=cycle%3Dupdated").expect(200);
        calls.tryGet(path).expect(404);
    }

    @Test
    @DisplayName("[sig-node] PodTemplates should replace a pod template")
    void podTemplateReplace() {
        var made = calls.post(
                CORE + "podtemplates",
                "{metadata: {name: replaced}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}");
        var changed = Trees.copy(made.map());
        Trees.put(changed, "true", "metadata", "annotations", "updated");
        assertThat(calls.put(CORE + "podtemplates/replaced", changed)
                        .expect(200)
                        .annotation("updated"))
                .isEqualTo("true");
    }

    @Test
    @DisplayName("[sig-node] PodTemplates should delete a collection of pod templates")
    void podTemplateCollection() {
        for (int i = 0; i < 3; i++)
            calls.post(
                    CORE + "podtemplates",
                    "{metadata: {name: many-" + i
                            + ", labels: {many: 'true'}}, template: {spec: {containers: [{name: c, image: i}]}}}");
        calls.delete(CORE + "podtemplates?labelSelector=many%3Dtrue").expect(200);
        assertThat(calls.count(CORE + "podtemplates?labelSelector=many%3Dtrue")).isZero();
    }

    @ParameterizedTest(
            name = "[sig-node] RuntimeClass should reject a Pod requesting a {0} RuntimeClass [NodeConformance]")
    @CsvSource({"non-existent", "deleted"})
    void runtimeClassMissing(String which) {
        if (which.equals("deleted")) {
            calls.post("/apis/node.k8s.io/v1/runtimeclasses", "{metadata: {name: deleted}, handler: h}");
            calls.delete("/apis/node.k8s.io/v1/runtimeclasses/deleted").expect(200);
        }
        var answer = calls.tryPost(
                CORE + "pods",
                "{metadata: {name: classless}, spec: {runtimeClassName: " + which
                        + ", containers: [{name: c, image: i}]}}");
        answer.expect(403);
        assertThat(answer.message())
                .isEqualTo("pods \"classless\" is forbidden: pod rejected: RuntimeClass \"" + which + "\" not found");
    }

    @Test
    @DisplayName("[sig-scheduling] LimitRange should list, patch and delete a LimitRange by collection")
    void limitRangeCollection() {
        calls.post(
                CORE + "limitranges",
                "{metadata: {name: ranged, labels: {r: created}}, spec: {limits: [{type: Container, min: {cpu: 50m}, max: {cpu: 500m}}]}}");
        calls.patch(
                CORE + "limitranges/ranged",
                STRATEGIC,
                "{metadata: {labels: {r: patched}}, spec: {limits: [{type: Container, min: {cpu: 40m}, max: {cpu: 500m}}]}}");
        var found = calls.get("/api/v1/limitranges?labelSelector=r%3Dpatched").get("items");
        assertThat(found.at(0).path("spec.limits").at(0).get("min", "cpu").string())
                .isEqualTo("40m");
        calls.delete(CORE + "limitranges?labelSelector=r%3Dpatched").expect(200);
        assertThat(calls.count("/api/v1/limitranges?labelSelector=r")).isZero();
    }

    @ParameterizedTest(name = "[sig-api-machinery] ResourceQuota should {0}")
    @CsvSource({"be able to update and delete ResourceQuota.", "manage the lifecycle of a ResourceQuota"})
    void quotas(String what) {
        var path = CORE + "resourcequotas/bounded";
        calls.post(
                CORE + "resourcequotas",
                "{metadata: {name: bounded, labels: {q: created}}, spec: {hard: {cpu: 1, memory: 500Mi}}}");
        var changed = Trees.copy(calls.get(path).map());
        Trees.put(changed, "2", "spec", "hard", "cpu");
        Trees.remove(changed, "metadata", "resourceVersion");
        calls.put(path, changed).expect(200);
        assertThat(calls.get(path).get("spec", "hard", "cpu").string()).isEqualTo("2");
        calls.patch(path, STRATEGIC, "{metadata: {labels: {q: patched}}, spec: {hard: {memory: 750Mi}}}");
        assertThat(calls.get("/api/v1/resourcequotas?labelSelector=q%3Dpatched")
                        .get("items")
                        .at(0)
                        .get("spec", "hard", "memory")
                        .string())
                .isEqualTo("750Mi");
        calls.until(path, read -> read.get("status", "hard", "memory").string().equals("750Mi"));
        calls.patch(path + "/status", MERGE, "{status: {hard: {memory: 600Mi}, used: {memory: 1Mi}}}");
        calls.delete(path).expect(200);
        calls.tryGet(path).expect(404);
    }

    @Test
    @DisplayName("[sig-storage] CSIInlineVolumes should run through the lifecycle of a CSIDriver")
    void csiDriverLifecycle() {
        var all = "/apis/storage.k8s.io/v1/csidrivers";
        calls.post(
                all,
                "{metadata: {name: inline.example.com, labels: {d: created}}, spec: {volumeLifecycleModes: [Ephemeral]}}");
        calls.patch(all + "/inline.example.com", STRATEGIC, "{metadata: {labels: {d: patched}}}");
        var changed = Trees.copy(calls.get(all + "/inline.example.com").map());
        Trees.put(changed, "updated", "metadata", "labels", "d");
        calls.put(all + "/inline.example.com", changed).expect(200);
        calls.delete(all + "?labelSelector=d%3Dupdated").expect(200);
        calls.tryGet(all + "/inline.example.com").expect(404);
    }

    @ParameterizedTest(name = "[sig-storage] {0} Conformance should run through the lifecycle of a {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "CSINodes CSI | csinode | /apis/storage.k8s.io/v1/csinodes | {spec: {drivers: [{name: d.example.com, nodeID: node}]}}",
                "StorageClasses CSI | StorageClass | /apis/storage.k8s.io/v1/storageclasses | {provisioner: a.b/c}",
                "VolumeAttachment | VolumeAttachment | /apis/storage.k8s.io/v1/volumeattachments | {spec: {attacher: a.b, nodeName: node, source: {persistentVolumeName: p}}}",
            })
    void storageLifecycles(String suite, String noun, String all, String object) {
        var path = all + "/cycle";
        calls.post(all, object.replaceFirst("\\{", "{metadata: {name: cycle}, "));
        calls.patch(path, MERGE, "{metadata: {labels: {cycle: patched}}}");
        calls.replace(path, changed -> Trees.put(changed, "updated", "metadata", "labels", "cycle"));
        if (noun.equals("VolumeAttachment")) {
            calls.patch(path + "/status", MERGE, "{status: {attached: true}}");
            assertThat(calls.get(path + "/status").get("status", "attached").bool())
                    .isTrue();
        }
        assertThat(calls.count(all + "?labelSelector=cycle%3Dupdated")).isEqualTo(1);
        calls.delete(path).expect(200);
        calls.tryGet(path).expect(404);
        calls.post(all, object.replaceFirst("\\{", "{metadata: {name: cycle, labels: {cycle: again}}, "));
        calls.delete(all + "?labelSelector=cycle%3Dagain").expect(200);
        assertThat(calls.count(all + "?labelSelector=cycle%3Dagain")).isZero();
    }

    @Test
    @DisplayName("[sig-storage] PersistentVolumes CSI Conformance should apply changes to a pv/pvc status")
    void volumeStatus() {
        calls.post(
                "/api/v1/persistentvolumes",
                "{metadata: {name: stated}, spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: none, csi: {driver: d.example.com, volumeHandle: h}}}");
        calls.post(
                CORE + "persistentvolumeclaims",
                "{metadata: {name: stated}, spec: {storageClassName: none, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}");
        calls.patch(
                CORE + "persistentvolumeclaims/stated/status",
                STRATEGIC,
                "{status: {conditions: [{type: StatusPatched, status: 'True', reason: E2E, message: m}]}}");
        assertThat(calls.get(CORE + "persistentvolumeclaims/stated/status").condition("StatusPatched"))
                .isEqualTo("True");
        calls.replace("/api/v1/persistentvolumes/stated/status", volume -> {
            Trees.put(volume, "StatusUpdate", "status", "reason");
            Trees.put(volume, "E2E", "status", "message");
        });
        assertThat(calls.get("/api/v1/persistentvolumes/stated/status")
                        .get("status", "reason")
                        .string())
                .isEqualTo("StatusUpdate");
        calls.delete("/api/v1/persistentvolumes/stated");
        calls.delete(CORE + "persistentvolumeclaims/stated");
    }

    @Test
    @DisplayName("[sig-node] Lease lease API should be available")
    void leases() {
        var all = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
        calls.post(
                all,
                "{metadata: {name: lease, labels: {l: a}}, spec: {holderIdentity: h, leaseDurationSeconds: 30, leaseTransitions: 0, acquireTime: '2020-01-01T00:00:00.000000Z', renewTime: '2020-01-01T00:00:00.000000Z'}}");
        var changed = Trees.copy(calls.get(all + "/lease").map());
        Trees.put(changed, "other", "spec", "holderIdentity");
        calls.put(all + "/lease", changed).expect(200);
        calls.patch(all + "/lease", JSON_PATCH, "[{op: replace, path: /spec/leaseDurationSeconds, value: 50}]");
        var read = calls.get(all + "/lease").spec();
        assertThat(read.get("holderIdentity").string()).isEqualTo("other");
        assertThat(read.get("leaseDurationSeconds").longOr(0)).isEqualTo(50);
        calls.delete(all + "?labelSelector=l%3Da").expect(200);
        calls.tryGet(all + "/lease").expect(404);
    }

    @Test
    @DisplayName("[sig-auth] SubjectReview should support SubjectReview API operations")
    void subjectReviews() {
        var asked =
                "{spec: {user: 'system:serviceaccount:default:x', resourceAttributes: {verb: create, resource: configmaps, namespace: default}}}";
        assertThat(calls.post("/apis/authorization.k8s.io/v1/subjectaccessreviews", asked)
                        .get("status", "allowed")
                        .value())
                .isEqualTo(false);
        assertThat(calls.post(
                                "/apis/authorization.k8s.io/v1/namespaces/default/localsubjectaccessreviews",
                                asked.replaceFirst("\\{", "{metadata: {namespace: default}, "))
                        .get("status", "allowed")
                        .value())
                .isEqualTo(false);
    }
}
