package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What the conformance suite asks of the controllers of a cluster: garbage, namespaces, quotas, endpoints, nodes,
/// tokens.
class ControllerSpecsTest {
    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest(() -> Workload.nodes(2));

    private static final Calls calls = new Calls(plane);

    private static void controller(Workload work, String name, int replicas) {
        calls.post(
                work.core("replicationcontrollers"),
                "{metadata: {name: " + name + "}, spec: {replicas: " + replicas + ", selector: {app: " + name
                        + "}, template: " + Workload.pods(name, "") + "}}");
        work.ready(replicas);
    }

    private static Calls.Answer delete(String path, String propagation) {
        return calls.delete(path + "?propagationPolicy=" + propagation);
    }

    @Test
    @DisplayName("[sig-api-machinery] Garbage collector should delete pods created by rc when not orphaning")
    void podsGoWithTheirController() {
        var work = Workload.in(calls, "gc-delete");
        controller(work, "r", 3);
        delete(work.core("replicationcontrollers/r"), "Background").expect(200);
        work.pods(List::isEmpty);
    }

    /// Nobody follows the owners' kind when they go: it has only just been declared.
    @Test
    void whatIsOwnedGoesAfterAnOwnerOfANewKind() {
        var definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        calls.post(definitions, """
                metadata: {name: fleets.gc.example.org}
                spec:
                  group: gc.example.org
                  scope: Namespaced
                  names: {plural: fleets, kind: Fleet}
                  versions:
                  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
                """);
        calls.until(
                definitions + "/fleets.gc.example.org",
                read -> read.condition("Established").equals("True"));
        var work = Workload.in(calls, "gc-new-kind");
        var fleets = "/apis/gc.example.org/v1/namespaces/gc-new-kind/fleets";
        var fleet = calls.post(fleets, "{apiVersion: gc.example.org/v1, kind: Fleet, metadata: {name: first}}");
        calls.post(
                work.core("configmaps"),
                "{metadata: {name: papers, ownerReferences: [{apiVersion: gc.example.org/v1, kind: Fleet, name: first, uid: "
                        + fleet.metadata().get("uid").string() + "}]}}");
        calls.delete(fleets + "/first").expect(200);
        calls.until(work.core("configmaps/papers"), papers -> papers.get("code").longOr(0) == 404);
    }

    @Test
    @DisplayName(
            "[sig-api-machinery] Garbage collector should orphan pods created by rc if delete options say so [Serial]")
    void podsStayWhenOrphaned() {
        var work = Workload.in(calls, "gc-orphan");
        controller(work, "r", 3);
        delete(work.core("replicationcontrollers/r"), "Orphan").expect(200);
        calls.until(work.core("replicationcontrollers/r"), rc -> rc.get("code").longOr(0) == 404);
        assertThat(work.ready(3))
                .allSatisfy(pod -> assertThat(pod.controller().exists()).isFalse());
    }

    @Test
    @DisplayName(
            "[sig-api-machinery] Garbage collector should keep the rc around until all its pods are deleted if the deleteOptions says so [Serial]")
    void foreground() {
        var work = Workload.in(calls, "gc-foreground");
        controller(work, "r", 3);
        var held = work.pods().getFirst();
        calls.patch(work.core("pods/" + held.name()), Calls.MERGE, "{metadata: {finalizers: [example.com/hold]}}");
        delete(work.core("replicationcontrollers/r"), "Foreground").expect(200);
        work.pods(pods -> pods.size() == 1);
        assertThat(calls.get(work.core("replicationcontrollers/r"))
                        .metadata()
                        .get("finalizers")
                        .strings())
                .contains("foregroundDeletion");
        calls.patch(work.core("pods/" + held.name()), Calls.MERGE, "{metadata: {finalizers: null}}");
        calls.until(work.core("replicationcontrollers/r"), rc -> rc.get("code").longOr(0) == 404);
        assertThat(work.pods()).isEmpty();
    }

    @Test
    @DisplayName(
            "[sig-api-machinery] Garbage collector should not delete dependents that have both valid owner and owner that's waiting for dependents to be deleted [Serial]")
    void anotherOwnerKeepsThem() {
        var work = Workload.in(calls, "gc-two-owners");
        controller(work, "leaving", 2);
        var map = calls.post(work.core("configmaps"), "{metadata: {name: staying}}");
        for (var pod : work.pods()) {
            var owners =
                    new ArrayList<Object>(pod.metadata().get("ownerReferences").list());
            owners.add(Map.of("apiVersion", "v1", "kind", "ConfigMap", "name", "staying", "uid", map.uid()));
            calls.replace(
                    work.core("pods/" + pod.name()),
                    object -> Trees.put(object, owners, "metadata", "ownerReferences"));
        }
        delete(work.core("replicationcontrollers/leaving"), "Foreground").expect(200);
        calls.until(
                work.core("replicationcontrollers/leaving"),
                rc -> rc.get("code").longOr(0) == 404);
        assertThat(work.ready(2))
                .allSatisfy(pod ->
                        assertThat(pod.metadata().get("ownerReferences").list()).hasSize(1));
    }

    @Test
    @DisplayName("[sig-api-machinery] Garbage collector should not be blocked by dependency circle")
    void circle() {
        var work = Workload.in(calls, "gc-circle");
        var uids = new String[3];
        for (int i = 0; i < 3; i++)
            uids[i] = calls.post(work.core("configmaps"), "{metadata: {name: c" + i + "}}")
                    .uid();
        for (int i = 0; i < 3; i++) {
            int owner = (i + 2) % 3;
            calls.patch(
                    work.core("configmaps/c" + i),
                    Calls.MERGE,
                    "{metadata: {ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: c" + owner + ", uid: "
                            + uids[owner] + ", controller: true, blockOwnerDeletion: true}]}}");
        }
        delete(work.core("configmaps/c0"), "Foreground").expect(200);
        calls.until(
                work.core("configmaps"),
                list -> list.get("items").stream().noneMatch(each -> each.name().startsWith("c")));
    }

    @Test
    @DisplayName(
            "[sig-api-machinery] Garbage collector should orphan RS created by deployment when deleteOptions.PropagationPolicy is Orphan")
    void replicaSetOrphaned() {
        var work = Workload.in(calls, "gc-deployment");
        calls.post(
                work.apps("deployments"), "{metadata: {name: d}, spec: {replicas: 2, " + Workload.template("d") + "}}");
        work.ready(2);
        delete(work.apps("deployments/d"), "Orphan").expect(200);
        calls.until(work.apps("deployments/d"), d -> d.get("code").longOr(0) == 404);
        var sets = calls.get(work.apps("replicasets")).get("items").views();
        assertThat(sets).hasSize(1);
        assertThat(sets.getFirst().controller().exists()).isFalse();
        assertThat(work.pods()).hasSize(2);
        // A Deployment of the same template takes it back.
        calls.post(
                work.apps("deployments"), "{metadata: {name: d}, spec: {replicas: 2, " + Workload.template("d") + "}}");
        calls.until(
                work.apps("replicasets/" + sets.getFirst().name()),
                set -> set.controller().get("name").string().equals("d"));
    }

    @Test
    void anOwnerInAnotherNamespaceIsNone() {
        var work = Workload.in(calls, "gc-elsewhere");
        var other = Workload.in(calls, "gc-owner");
        var owner = calls.post(other.core("configmaps"), "{metadata: {name: owner}}");
        calls.post(
                work.core("configmaps"),
                "{metadata: {name: dependent, ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: owner, uid: "
                        + owner.uid() + "}]}}");
        calls.until(work.core("configmaps/dependent"), map -> map.get("code").longOr(0) == 404);
        calls.until(
                work.core("events"),
                events -> events.get("items").stream()
                        .anyMatch(event -> event.get("reason").string().equals("OwnerRefInvalidNamespace")));
    }

    @Test
    @DisplayName("[sig-api-machinery] OrderedNamespaceDeletion namespace deletion should delete pod first")
    void podsFirst() {
        var work = Workload.in(calls, "ordered");
        calls.post(
                work.core("pods"),
                "{metadata: {name: held, finalizers: [example.com/hold]}, spec: {containers: [{name: c, image: i}]}}");
        calls.post(work.core("configmaps"), "{metadata: {name: needed}}");
        calls.delete("/api/v1/namespaces/ordered").expect(200);
        var namespace = calls.until(
                "/api/v1/namespaces/ordered",
                ns -> ns.condition("NamespaceFinalizersRemaining").equals("True"));
        assertThat(namespace
                        .status()
                        .get("conditions")
                        .find("type", "NamespaceContentRemaining")
                        .get("message")
                        .string())
                .isEqualTo("Some resources are remaining: pods. has 1 resource instances");
        assertThat(namespace
                        .status()
                        .get("conditions")
                        .find("type", "NamespaceFinalizersRemaining")
                        .get("message")
                        .string())
                .isEqualTo(
                        "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances");
        assertThat(calls.get(work.core("configmaps/needed")).deleting()).isFalse();
        calls.patch(work.core("pods/held"), Calls.MERGE, "{metadata: {finalizers: null}}");
        calls.until("/api/v1/namespaces/ordered", ns -> ns.get("code").longOr(0) == 404);
    }

    private static View quota(Workload work, String hard, String scopes) {
        calls.post(work.core("resourcequotas"), "{metadata: {name: q}, spec: {hard: {" + hard + "}" + scopes + "}}");
        return calls.until(
                work.core("resourcequotas/q"),
                quota -> quota.status().get("used").exists());
    }

    private static void used(Workload work, String resource, String amount) {
        calls.until(
                work.core("resourcequotas/q"),
                quota -> quota.status().get("used", resource).string().equals(amount));
    }

    @Test
    @DisplayName("[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a pod.")
    void quotaOfPods() {
        var work = Workload.in(calls, "quota-pods");
        quota(work, "pods: 1, requests.cpu: 500m", "");
        calls.post(
                work.core("pods"),
                "{metadata: {name: p}, spec: {containers: [{name: c, image: i, resources: {requests: {cpu: 300m}, limits: {cpu: 300m}}}]}}");
        used(work, "pods", "1");
        used(work, "requests.cpu", "300m");
        assertThat(calls.tryPost(
                                work.core("pods"),
                                "{metadata: {name: other}, spec: {containers: [{name: c, image: i, resources: {requests: {cpu: 300m}}}]}}")
                        .code())
                .isEqualTo(403);
        calls.delete(work.core("pods/p") + "?gracePeriodSeconds=0");
        used(work, "pods", "0");
        used(work, "requests.cpu", "0");
    }

    @Test
    @DisplayName("[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a service.")
    void quotaOfServices() {
        var work = Workload.in(calls, "quota-services");
        quota(work, "services: 2, services.nodeports: 1", "");
        calls.post(work.core("services"), "{metadata: {name: s}, spec: {type: NodePort, ports: [{port: 80}]}}");
        used(work, "services", "1");
        used(work, "services.nodeports", "1");
        calls.delete(work.core("services/s"));
        used(work, "services", "0");
    }

    @Test
    @DisplayName(
            "[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a replication controller.")
    void quotaOfControllers() {
        var work = Workload.in(calls, "quota-rc");
        quota(work, "replicationcontrollers: 1, count/replicasets.apps: 1", "");
        controller(work, "r", 0);
        used(work, "replicationcontrollers", "1");
        calls.post(
                work.apps("replicasets"), "{metadata: {name: s}, spec: {replicas: 0, " + Workload.template("s") + "}}");
        used(work, "count/replicasets.apps", "1");
        calls.delete(work.core("replicationcontrollers/r"));
        used(work, "replicationcontrollers", "0");
    }

    @Test
    @DisplayName("[sig-api-machinery] ResourceQuota should verify ResourceQuota with best effort scope.")
    void quotaOfBestEffort() {
        var work = Workload.in(calls, "quota-scope");
        quota(work, "pods: 5", ", scopes: [BestEffort]");
        calls.post(
                work.core("pods"),
                "{metadata: {name: burst}, spec: {containers: [{name: c, image: i, resources: {requests: {cpu: 1m}}}]}}");
        calls.post(work.core("pods"), "{metadata: {name: best}, spec: {containers: [{name: c, image: i}]}}");
        used(work, "pods", "1");
    }

    @Test
    @DisplayName(
            "[sig-network] EndpointSlice should create and delete EndpointSlices for a Service with a selector that matches no pods")
    void sliceWithoutPods() {
        var work = Workload.in(calls, "slices");
        calls.post(work.core("services"), "{metadata: {name: s}, spec: {selector: {app: none}, ports: [{port: 80}]}}");
        var slices = "/apis/discovery.k8s.io/v1/namespaces/slices/endpointslices";
        var slice = calls.until(slices, list -> list.get("items").list().size() == 1)
                .get("items")
                .at(0);
        assertThat(slice.labels()).containsEntry("kubernetes.io/service-name", "s");
        calls.delete(work.core("services/s"));
        calls.until(slices, list -> list.get("items").list().isEmpty());
        calls.until(work.core("endpoints/s"), each -> each.get("code").longOr(0) == 404);
    }

    @Test
    @DisplayName(
            "[sig-network] EndpointSliceMirroring should mirror a custom Endpoints resource through create update and delete")
    void mirrored() {
        var work = Workload.in(calls, "mirrored");
        calls.post(work.core("services"), "{metadata: {name: s}, spec: {ports: [{name: p, port: 80}]}}");
        calls.post(
                work.core("endpoints"),
                "{metadata: {name: s}, subsets: [{addresses: [{ip: 10.1.2.3}], ports: [{name: p, port: 80}]}]}");
        var slices = "/apis/discovery.k8s.io/v1/namespaces/mirrored/endpointslices";
        var slice = calls.until(slices, list -> list.get("items").list().size() == 1)
                .get("items")
                .at(0);
        assertThat(slice.get("endpoints").at(0).get("addresses").strings()).containsExactly("10.1.2.3");
        assertThat(slice.labels())
                .containsEntry("endpointslice.kubernetes.io/managed-by", "endpointslicemirroring-controller.k8s.io");
        calls.patch(
                work.core("endpoints/s"),
                Calls.MERGE,
                "{subsets: [{addresses: [{ip: 10.2.3.4}], ports: [{name: p, port: 8080}]}]}");
        calls.until(
                slices,
                list -> list.get("items")
                                .at(0)
                                .get("endpoints")
                                .at(0)
                                .get("addresses")
                                .strings()
                                .equals(List.of("10.2.3.4"))
                        && list.get("items")
                                        .at(0)
                                        .get("ports")
                                        .at(0)
                                        .get("port")
                                        .longOr(0)
                                == 8080);
        calls.delete(work.core("endpoints/s"));
        calls.until(slices, list -> list.get("items").list().isEmpty());
    }

    @Test
    void aServiceHasItsAddressAsAnObject() {
        var work = Workload.in(calls, "addresses");
        var address = calls.post(work.core("services"), "{metadata: {name: s}, spec: {ports: [{port: 80}]}}")
                .spec()
                .get("clusterIP")
                .string();
        var path = "/apis/networking.k8s.io/v1/ipaddresses/" + address;
        var object = calls.until(path, each -> each.name().equals(address));
        assertThat(object.spec().get("parentRef", "name").string()).isEqualTo("s");
        calls.delete(work.core("services/s"));
        calls.until(path, each -> each.get("code").longOr(0) == 404);
    }

    @Test
    @DisplayName("[sig-node] NoExecuteTaintManager Single Pod [Serial] removing taint cancels eviction [Disruptive]")
    void taints() {
        var work = Workload.in(calls, "taints");
        var bound =
                ", tolerations: [{key: evict, operator: Exists, effect: NoExecute, tolerationSeconds: 600}], nodeSelector: {kubernetes.io/hostname: hollow-0001}";
        calls.post(
                work.apps("replicasets"),
                "{metadata: {name: long}, spec: {replicas: 1, " + Workload.template("long", bound) + "}}");
        work.ready(1);
        var brief = bound.replace("600", "1");
        calls.post(
                work.core("pods"), "{metadata: {name: brief}, spec: {containers: [{name: c, image: i}]" + brief + "}}");
        work.ready(2);
        var kept = work.pods().stream()
                .filter(pod -> !pod.name().equals("brief"))
                .findFirst()
                .orElseThrow();
        calls.patch(
                "/api/v1/nodes/hollow-0001",
                Calls.STRATEGIC,
                "{spec: {taints: [{key: evict, effect: NoExecute, timeAdded: '" + Instant.now() + "'}]}}");
        calls.until(work.core("pods/brief"), pod -> pod.get("code").longOr(0) == 404);
        calls.patch("/api/v1/nodes/hollow-0001", Calls.MERGE, "{spec: {taints: null}}");
        assertThat(work.ready(1).getFirst().uid()).isEqualTo(kept.uid());
    }

    @Test
    void aSecretForAnAccountGetsATokenThatWorks() {
        var work = Workload.in(calls, "tokens");
        calls.post(
                work.core("secrets"),
                "{metadata: {name: t, annotations: {kubernetes.io/service-account.name: default}}, type: kubernetes.io/service-account-token}");
        var secret = calls.until(
                work.core("secrets/t"), each -> each.get("data", "token").exists());
        var token = new String(
                Base64.getDecoder().decode(secret.get("data", "token").string()));
        var review = calls.post("/apis/authentication.k8s.io/v1/tokenreviews", "{spec: {token: '" + token + "'}}");
        assertThat(review.status().get("user", "username").string()).isEqualTo("system:serviceaccount:tokens:default");
        // That it was used is written down; once it counts as given up, it is refused.
        calls.until(work.core("secrets/t"), each -> each.labels().containsKey("kubernetes.io/legacy-token-last-used"));
        calls.patch(
                work.core("secrets/t"),
                Calls.MERGE,
                "{metadata: {labels: {kubernetes.io/legacy-token-invalid-since: '2025-01-01'}}}");
        var refused = calls.post("/apis/authentication.k8s.io/v1/tokenreviews", "{spec: {token: '" + token + "'}}");
        assertThat(refused.status().get("authenticated").bool()).isFalse();
        calls.post(work.core("serviceaccounts"), "{metadata: {name: brief}}");
        calls.post(
                work.core("secrets"),
                "{metadata: {name: b, annotations: {kubernetes.io/service-account.name: brief}}, type: kubernetes.io/service-account-token}");
        calls.until(work.core("secrets/b"), each -> each.get("data", "token").exists());
        calls.delete(work.core("serviceaccounts/brief"));
        calls.until(work.core("secrets/b"), each -> each.get("code").longOr(0) == 404);
    }

    @Test
    void aggregatedRolesHaveTheRulesOfTheirParts() {
        var roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
        calls.post(
                roles,
                "{metadata: {name: whole}, aggregationRule: {clusterRoleSelectors: [{matchLabels: {part: 'yes'}}]}, rules: []}");
        calls.post(
                roles,
                "{metadata: {name: part, labels: {part: 'yes'}}, rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]}");
        var whole =
                calls.until(roles + "/whole", role -> role.get("rules").list().size() == 1);
        assertThat(whole.metadata().get("managedFields").stream()
                        .filter(entry -> entry.get("operation").string().equals("Apply"))
                        .map(entry -> entry.get("manager").string()))
                .containsExactly("clusterrole-aggregation-controller");
        calls.delete(roles + "/part");
        calls.until(roles + "/whole", role -> role.get("rules").list().isEmpty());
    }

    @Test
    void anotherNetworkGivesAddressesAndStaysWhileTheyAreInUse() {
        var work = Workload.in(calls, "networks");
        var networks = "/apis/networking.k8s.io/v1/servicecidrs";
        calls.post(networks, "{metadata: {name: more}, spec: {cidrs: [10.97.0.0/24]}}");
        calls.until(networks + "/more", each -> each.condition("Ready").equals("True"));
        calls.post(work.core("services"), "{metadata: {name: s}, spec: {clusterIP: 10.97.0.7, ports: [{port: 80}]}}");
        calls.until(
                "/apis/networking.k8s.io/v1/ipaddresses/10.97.0.7",
                each -> each.name().equals("10.97.0.7"));
        calls.delete(networks + "/more").expect(200);
        var held =
                calls.until(networks + "/more", each -> each.condition("Ready").equals("False"));
        assertThat(held.status()
                        .get("conditions")
                        .find("type", "Ready")
                        .get("reason")
                        .string())
                .isEqualTo("Terminating");
        calls.delete(work.core("services/s")).expect(200);
        calls.until(networks + "/more", each -> each.get("code").longOr(0) == 404);
    }
}
