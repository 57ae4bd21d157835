package io.navarch.specs;

import static io.navarch.specs.PlaneUnderTest.eventually;
import static io.navarch.specs.PlaneUnderTest.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.apps.ControlPlane;
import io.navarch.client.Client;
import io.navarch.client.Informer;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ApiException.Reason;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.process.TaskScope;
import io.navarch.schema.admission.User;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The whole control plane, called without a socket: what clients rely on, and what bad requests get.
class ApiTest {
    private static final ResourceType<View> MAPS = Resources.CONFIG_MAPS.untyped();

    @RegisterExtension
    static final PlaneUnderTest served = new PlaneUnderTest();

    private static ControlPlane plane;
    private static Client client;

    @BeforeAll
    static void start() throws Exception {
        plane = served.plane;
        client = served.client;
    }

    private static ObjectKey key(String name) {
        return new ObjectKey("default", name);
    }

    private static Map<String, Object> map(String name, String data) {
        return yaml("{metadata: {name: " + name + ", namespace: default}, data: {" + data + "}}");
    }

    private static Reason reason(Runnable call) {
        try {
            call.run();
        } catch (ApiException e) {
            return e.reason();
        }
        return null;
    }

    @Test
    void flowSchemasSayWhetherTheirLevelIsThere() throws InterruptedException {
        var type = Resources.FLOW_SCHEMAS.untyped();
        var key = new ObjectKey("", "dangling");
        client.create(
                type,
                yaml(
                        "{metadata: {name: dangling}, spec: {matchingPrecedence: 700, priorityLevelConfiguration: {name: later}}}"));
        eventually(
                () -> client.get(type, key),
                schema -> schema.condition("Dangling").equals("True"));
        client.create(
                Resources.PRIORITY_LEVEL_CONFIGURATIONS.untyped(),
                yaml("{metadata: {name: later}, spec: {type: Limited, limited: {limitResponse: {type: Reject}}}}"));
        eventually(
                () -> client.get(type, key),
                schema -> schema.condition("Dangling").equals("False"));
    }

    @Test
    void writesAreOptimisticAndNoOpsAreNone() {
        var made = client.create(MAPS, map("optimistic", "a: '1'"));
        assertThat(made.metadata().get("uid").string()).isNotEmpty();
        assertThat(reason(() -> client.create(MAPS, map("optimistic", "")))).isEqualTo(Reason.ALREADY_EXISTS);
        var same = client.update(MAPS, Trees.copy(made.map()), "");
        assertThat(same.resourceVersion()).isEqualTo(made.resourceVersion());
        var changed = Trees.copy(made.map());
        Trees.put(changed, "2", "data", "a");
        client.update(MAPS, Trees.copy(changed), "");
        assertThat(reason(() -> client.update(MAPS, changed, ""))).isEqualTo(Reason.CONFLICT);
        assertThat(reason(() -> client.delete(MAPS, key("optimistic"), "another-uid", null, "")))
                .isEqualTo(Reason.CONFLICT);
        client.delete(MAPS, key("optimistic"), made.uid(), null, "");
        assertThat(reason(() -> client.get(MAPS, key("optimistic")))).isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void listsPageConsistentlyWhateverIsWrittenMeanwhile() {
        for (int i = 0; i < 10; i++)
            client.create(
                    MAPS,
                    yaml("{metadata: {name: page-" + i + ", namespace: default, labels: {page: yes-" + i % 2 + "}}}"));
        var first = client.list(MAPS, "default", "limit=3&labelSelector=page");
        client.create(MAPS, yaml("{metadata: {name: page-99, namespace: default, labels: {page: late}}}"));
        var names = new ArrayList<String>();
        var page = first;
        while (true) {
            page.get("items").stream().map(View::name).forEach(names::add);
            var token = page.metadata().get("continue").string();
            if (token.isEmpty()) break;
            page = client.list(MAPS, "default", "limit=3&labelSelector=page&continue=" + token);
            assertThat(page.resourceVersion()).isEqualTo(first.resourceVersion());
        }
        assertThat(names).hasSize(10).doesNotContain("page-99").isSorted();
        assertThat(client.list(MAPS, "default", "labelSelector=page%20in%20(yes-1)")
                        .get("items")
                        .list())
                .hasSize(5);
        assertThat(client.list(MAPS, "default", "fieldSelector=metadata.name%3Dpage-3")
                        .get("items")
                        .list())
                .hasSize(1);
        for (var bad : List.of("limit=x", "continue=forged", "labelSelector=a%20in%20b", "fieldSelector=data.x%3D1")) {
            assertThat(reason(() -> client.list(MAPS, "default", bad))).as(bad).isEqualTo(Reason.BAD_REQUEST);
        }
        client.call("DELETE", "/api/v1/namespaces/default/configmaps?labelSelector=page", null, null);
        assertThat(client.list(MAPS, "default", "labelSelector=page")
                        .get("items")
                        .list())
                .isEmpty();
    }

    @Test
    void watchesSeeObjectsEnterAndLeaveASelector() throws IOException {
        var revision = client.list(MAPS, "default", "").resourceVersion();
        client.create(MAPS, yaml("{metadata: {name: watched, namespace: default, labels: {in: 'no'}}}"));
        client.mergePatch(MAPS, key("watched"), "", yaml("{metadata: {labels: {in: 'yes'}}}"));
        client.mergePatch(MAPS, key("watched"), "", yaml("{data: {a: b}}"));
        client.mergePatch(MAPS, key("watched"), "", yaml("{metadata: {labels: {in: 'no'}}}"));
        client.delete(MAPS, key("watched"), "", null, "");
        var types = new ArrayList<String>();
        try (var response = client.stream(
                        "GET",
                        "/api/v1/namespaces/default/configmaps?watch=true&labelSelector=in%3Dyes&timeoutSeconds=1&resourceVersion="
                                + revision);
                var lines = new BufferedReader(new InputStreamReader(response.body()))) {
            for (String line; (line = lines.readLine()) != null; )
                types.add(View.of(Yaml.parse(line)).get("type").string());
        }
        assertThat(types).containsExactly("ADDED", "MODIFIED", "DELETED");
        try (var response = client.stream(
                        "GET",
                        "/api/v1/configmaps?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1");
                var lines = new BufferedReader(new InputStreamReader(response.body()))) {
            String last = null;
            for (String line; (line = lines.readLine()) != null; ) last = line;
            assertThat(last).contains("BOOKMARK", "k8s.io/initial-events-end");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anInformerEndsWithWhatTheServerHas(long seed) throws Exception {
        var random = new Random(seed);
        var label = "seed-" + seed;
        var seen = new ArrayList<Long>();
        try (var scope = new TaskScope()) {
            var informer = new Informer<>(client, MAPS, "labelSelector=" + label);
            informer.onChange((old, now) -> seen.add(Long.parseLong((now.exists() ? now : old).resourceVersion())));
            informer.start(scope);
            informer.awaitSync();
            long last = 0;
            for (int i = 0; i < 300; i++) {
                var name = label + "-" + random.nextInt(15);
                var existing = client.find(MAPS, key(name));
                View result;
                if (!existing.exists())
                    result = client.create(
                            MAPS,
                            yaml("{metadata: {name: " + name + ", namespace: default, labels: {" + label
                                    + ": x}}, data: {n: '" + i + "'}}"));
                else if (random.nextInt(3) == 0) {
                    client.delete(MAPS, key(name), "", null, "");
                    continue;
                } else result = client.mergePatch(MAPS, key(name), "", Trees.map("data", Trees.map("n", "" + i)));
                last = Long.parseLong(result.resourceVersion());
            }
            var end = client.create(
                    MAPS,
                    yaml("{metadata: {name: " + label + "-end, namespace: default, labels: {" + label + ": x}}}"));
            informer.await(Long.parseLong(end.resourceVersion()), Duration.ofSeconds(10));
            assertThat(last).isPositive();
            var expected = new TreeMap<String, String>();
            for (var item : client.list(MAPS, "default", "labelSelector=" + label)
                    .get("items")
                    .views()) expected.put(item.name(), item.resourceVersion());
            var actual = new TreeMap<String, String>();
            for (var item : informer.all()) actual.put(item.name(), item.resourceVersion());
            assertThat(actual).as("seed %d", seed).isEqualTo(expected);
            assertThat(seen).as("in order, seed %d", seed).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void finalizersHoldADeletionBack() {
        client.create(MAPS, yaml("{metadata: {name: held, namespace: default, finalizers: [example.com/hold]}}"));
        client.delete(MAPS, key("held"), "", null, "");
        var held = client.get(MAPS, key("held"));
        assertThat(held.deleting()).isTrue();
        assertThatThrownBy(() -> client.mergePatch(
                        MAPS, key("held"), "", yaml("{metadata: {finalizers: [example.com/hold, example.com/more]}}")))
                .hasMessageContaining("no new finalizers can be added if the object is being deleted");
        client.mergePatch(MAPS, key("held"), "", yaml("{metadata: {finalizers: []}}"));
        assertThat(client.find(MAPS, key("held")).exists()).isFalse();
    }

    @Test
    void dependentsFollowTheirOwners() throws InterruptedException {
        var owner = client.create(MAPS, map("owner", ""));
        var reference =
                "{apiVersion: v1, kind: ConfigMap, name: owner, uid: " + owner.uid() + ", blockOwnerDeletion: true}";
        client.create(
                MAPS, yaml("{metadata: {name: dependent, namespace: default, ownerReferences: [" + reference + "]}}"));
        client.delete(MAPS, key("owner"), "", null, "Foreground");
        eventually(() -> client.find(MAPS, key("owner")), object -> !object.exists());
        assertThat(client.find(MAPS, key("dependent")).exists()).isFalse();
        var orphaner = client.create(MAPS, map("orphaner", ""));
        client.create(
                MAPS,
                yaml("{metadata: {name: orphan, namespace: default, ownerReferences: ["
                        + reference.replace("owner,", "orphaner,").replace(owner.uid(), orphaner.uid()) + "]}}"));
        client.delete(MAPS, key("orphaner"), "", null, "Orphan");
        eventually(() -> client.find(MAPS, key("orphaner")), object -> !object.exists());
        assertThat(client.get(MAPS, key("orphan"))
                        .metadata()
                        .get("ownerReferences")
                        .list())
                .isEmpty();
    }

    @Test
    void namespacesEmptyThemselvesAndTakeNothingMeanwhile() throws InterruptedException {
        client.create(Resources.NAMESPACES.untyped(), yaml("{metadata: {name: passing}}"));
        client.create(MAPS, yaml("{metadata: {name: inside, namespace: passing, finalizers: [example.com/hold]}}"));
        client.delete(Resources.NAMESPACES.untyped(), new ObjectKey("", "passing"), "", null, "");
        assertThatThrownBy(() -> client.create(MAPS, yaml("{metadata: {name: late, namespace: passing}}")))
                .hasMessageContaining(
                        "unable to create new content in namespace passing because it is being terminated");
        eventually(
                () -> client.get(Resources.NAMESPACES.untyped(), new ObjectKey("", "passing"))
                        .status()
                        .get("conditions")
                        .find("type", "NamespaceFinalizersRemaining"),
                condition -> condition.get("message").string().contains("example.com/hold in 1 resource instances"));
        client.mergePatch(MAPS, new ObjectKey("passing", "inside"), "", yaml("{metadata: {finalizers: []}}"));
        eventually(
                () -> client.find(Resources.NAMESPACES.untyped(), new ObjectKey("", "passing")),
                namespace -> !namespace.exists());
        assertThat(reason(() -> client.create(MAPS, yaml("{metadata: {name: a, namespace: nowhere}}"))))
                .isEqualTo(Reason.NOT_FOUND);
        assertThat(reason(() ->
                        client.delete(Resources.NAMESPACES.untyped(), new ObjectKey("", "kube-system"), "", null, "")))
                .isEqualTo(Reason.FORBIDDEN);
    }

    @Test
    void rightsAreNeededAndTokensProveWho() throws InterruptedException {
        var nobody = plane.client(User.of("nobody"), "test");
        assertThatThrownBy(() -> nobody.list(Resources.PODS.untyped(), "default", ""))
                .hasMessage(
                        "pods is forbidden: User \"nobody\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\"");
        var bindings = ResourceType.untyped("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", true);
        client.create(
                bindings,
                yaml(
                        "{metadata: {name: reader, namespace: default}, roleRef: {kind: ClusterRole, name: view}, subjects: [{kind: User, name: nobody}]}"));
        eventually(
                () -> {
                    try {
                        return nobody.list(Resources.PODS.untyped(), "default", "");
                    } catch (ApiException e) {
                        return View.ABSENT;
                    }
                },
                View::exists);
        assertThat(reason(() -> nobody.list(Resources.SECRETS.untyped(), "default", "")))
                .isEqualTo(Reason.FORBIDDEN);
        assertThat(reason(() -> nobody.list(Resources.PODS.untyped(), "kube-system", "")))
                .isEqualTo(Reason.FORBIDDEN);
        var token = client.post(
                Resources.SERVICE_ACCOUNTS.untyped(),
                key("default"),
                "token",
                yaml("{apiVersion: authentication.k8s.io/v1, kind: TokenRequest, spec: {expirationSeconds: 600}}"));
        var reviews = ResourceType.untyped("authentication.k8s.io", "v1", "tokenreviews", "TokenReview", false);
        var text = token.status().get("token").string();
        assertThat(client.create(reviews, Trees.map("spec", Trees.map("token", text)))
                        .status()
                        .get("user", "username")
                        .string())
                .isEqualTo("system:serviceaccount:default:default");
        var forged = text.substring(0, text.length() - 4) + "AAAA";
        assertThat(client.create(reviews, Trees.map("spec", Trees.map("token", forged)))
                        .status()
                        .get("authenticated")
                        .bool())
                .isFalse();
    }

    @Test
    void badRequestsAreNamed() {
        assertThatThrownBy(() -> client.call(
                        "POST", "/api/v1/namespaces/default/configmaps", "application/json", "{\"a\":".getBytes()))
                .isInstanceOf(ApiException.class)
                .extracting(e -> ((ApiException) e).reason())
                .isEqualTo(Reason.BAD_REQUEST);
        assertThatThrownBy(() -> client.call(
                        "POST",
                        "/api/v1/namespaces/default/configmaps?fieldValidation=Strict",
                        "application/json",
                        "{\"metadata\":{\"name\":\"x\"},\"dat\":{},\"data\":{\"a\":\"1\",\"a\":\"2\"}}".getBytes()))
                .hasMessageContaining("unknown field \"dat\"")
                .hasMessageContaining("duplicate field \"data.a\"");
        assertThatThrownBy(() -> client.create(
                        Resources.SERVICES.untyped(),
                        yaml("{metadata: {name: s, namespace: default}, spec: {ports: [{port: eighty}]}}")))
                .hasMessageContaining(
                        "cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32");
        assertThat(reason(() ->
                        client.call("POST", "/api/v1/namespaces/default/configmaps", "text/plain", "x".getBytes())))
                .isEqualTo(Reason.UNSUPPORTED_MEDIA_TYPE);
        assertThat(reason(() -> client.call("GET", "/api/v1/nothing", null, null)))
                .isEqualTo(Reason.NOT_FOUND);
        assertThat(reason(() -> client.call("POST", "/api/v1/nodes/x", null, null)))
                .isEqualTo(Reason.METHOD_NOT_ALLOWED);
        assertThat(reason(() -> client.create(MAPS, yaml("{metadata: {name: Not_A_Name, namespace: default}}"))))
                .isEqualTo(Reason.INVALID);
        assertThat(
                        reason(
                                () -> client.create(
                                        Resources.SERVICES.untyped(),
                                        yaml(
                                                "{metadata: {name: far, namespace: default}, spec: {clusterIP: 1.2.3.4, ports: [{port: 80}]}}"))))
                .isEqualTo(Reason.INVALID);
        assertThat(client.find(Resources.SERVICES.untyped(), key("far")).exists())
                .isFalse();
    }

    @Test
    void servicesGetAddressesThatNobodyElseHas() {
        var addresses = new ArrayList<String>();
        var ports = new ArrayList<Long>();
        for (int i = 0; i < 20; i++) {
            var service = client.create(
                    Resources.SERVICES.untyped(),
                    yaml("{metadata: {name: s" + i
                            + ", namespace: default}, spec: {type: NodePort, ports: [{port: 80}]}}"));
            addresses.add(service.spec().get("clusterIP").string());
            ports.add(service.spec().get("ports").at(0).get("nodePort").longOr(0));
        }
        assertThat(addresses).doesNotHaveDuplicates().allMatch(address -> address.startsWith("10.96."));
        assertThat(ports).doesNotHaveDuplicates().allMatch(port -> port >= 30000 && port <= 32767);
        var taken = addresses.getFirst();
        assertThatThrownBy(() -> client.create(
                        Resources.SERVICES.untyped(),
                        yaml("{metadata: {name: again, namespace: default}, spec: {clusterIP: " + taken
                                + ", ports: [{port: 80}]}}")))
                .hasMessageContaining("provided IP is already allocated");
        for (int i = 0; i < 20; i++) client.delete(Resources.SERVICES.untyped(), key("s" + i), "", null, "");
    }

    @Test
    void aPodWithoutANodeSaysWhyAndGoesAtOnce() throws InterruptedException {
        client.create(
                Resources.PODS.untyped(),
                yaml("{metadata: {name: waiting, namespace: default}, spec: {containers: [{name: c, image: i}]}}"));
        var pod = eventually(
                () -> client.get(Resources.PODS.untyped(), key("waiting")),
                seen -> seen.condition("PodScheduled").equals("False"));
        assertThat(pod.status()
                        .get("conditions")
                        .find("type", "PodScheduled")
                        .get("message")
                        .string())
                .isEqualTo("no nodes available to schedule pods");
        assertThat(pod.spec().get("volumes").list()).hasSize(1);
        client.delete(Resources.PODS.untyped(), key("waiting"), "", null, "");
        assertThat(client.find(Resources.PODS.untyped(), key("waiting")).exists())
                .isFalse();
    }
}
