package io.navarch.specs;

import static io.navarch.specs.PlaneUnderTest.eventually;
import static io.navarch.specs.PlaneUnderTest.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The built-in admission plugins, through the API.
class AdmissionTest {
    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private static final ResourceType<View> RANGES = ResourceType.untyped("", "v1", "limitranges", "LimitRange", true);
    private static final ResourceType<View> QUOTAS = Resources.RESOURCE_QUOTAS.untyped();
    private static final ResourceType<View> CLAIMS = Resources.PERSISTENT_VOLUME_CLAIMS.untyped();
    private static final ResourceType<View> STORAGE =
            ResourceType.untyped("storage.k8s.io", "v1", "storageclasses", "StorageClass", false);
    private static final ResourceType<View> RUNTIMES =
            ResourceType.untyped("node.k8s.io", "v1", "runtimeclasses", "RuntimeClass", false);

    private static View create(ResourceType<View> type, String text) {
        return plane.client.create(type, yaml(text));
    }

    private static void namespace(String name, String labels) {
        create(Resources.NAMESPACES.untyped(), "{metadata: {name: " + name + ", labels: {" + labels + "}}}");
        eventually(
                () -> plane.client.find(Resources.SERVICE_ACCOUNTS.untyped(), new ObjectKey(name, "default")),
                View::exists);
    }

    private static String refusal(Runnable call) {
        try {
            call.run();
        } catch (ApiException e) {
            assertThat(e.code()).as(e.getMessage()).isBetween(400, 429);
            return e.getMessage();
        }
        return "";
    }

    private static String pod(String namespace, String name, String container, String more) {
        return "{metadata: {name: " + name + ", namespace: " + namespace + "}, spec: {containers: [{name: c, image: i"
                + container + "}]" + more + "}}";
    }

    @Test
    void aPodRightAfterItsNamespaceWaitsForTheDefaultAccountOnly() {
        for (int i = 0; i < 20; i++) {
            create(Resources.NAMESPACES.untyped(), "{metadata: {name: fresh-" + i + "}}");
            var made = create(Resources.PODS.untyped(), pod("fresh-" + i, "first", "", ""));
            assertThat(made.spec().get("serviceAccountName").string()).isEqualTo("default");
        }
        assertThat(refusal(
                        () -> create(Resources.PODS.untyped(), pod("fresh-0", "b", "", ", serviceAccountName: other"))))
                .contains("error looking up service account fresh-0/other: serviceaccount \"other\" not found");
        assertThat(refusal(() -> create(Resources.PODS.untyped(), pod("nowhere", "a", "", ""))))
                .contains("namespaces \"nowhere\" not found");
    }

    @Test
    void aRefusalNamesAnObjectByWhatItHasOfAName() {
        namespace("prefixed", "");
        create(
                RANGES,
                "{metadata: {name: r, namespace: prefixed}, spec: {limits: [{type: Container, max: {cpu: 1}}]}}");
        var prefixed =
                "{metadata: {generateName: bad-, namespace: prefixed}, spec: {%s containers: [{name: c, image: i%s}]}}";
        assertThat(refusal(
                        () -> create(Resources.PODS.untyped(), prefixed.formatted("serviceAccountName: nobody,", ""))))
                .startsWith("pods \"bad-\" is forbidden: error looking up service account prefixed/nobody");
        assertThat(refusal(() ->
                        create(Resources.PODS.untyped(), prefixed.formatted("", ", resources: {limits: {cpu: 2}}"))))
                .matches("pods \"bad-\\w{5}\" is forbidden: maximum cpu usage per Container is 1, but limit is 2");
        var nameless = "{metadata: {namespace: prefixed}, spec: {serviceAccountName: nobody}}";
        assertThat(refusal(() -> create(Resources.PODS.untyped(), nameless)))
                .startsWith("pods \"Unknown\" is forbidden: error looking up service account prefixed/nobody");
        var service = "{metadata: {generateName: bad-, namespace: prefixed}, spec: {clusterIP: 10.0.0.300}}";
        assertThat(refusal(() -> create(Resources.SERVICES.untyped(), service)))
                .matches("(?s)Service \"bad-\\w{5}\" is invalid: .*");
    }

    @Test
    void limitRangesCompleteAndBoundContainers() {
        namespace("ranged", "");
        create(
                RANGES,
                "{metadata: {name: r, namespace: ranged}, spec: {limits: [{type: Container, default: {cpu: 500m}, defaultRequest: {cpu: 100m}, max: {cpu: '2'}, min: {cpu: 50m}}]}}");
        var made = create(Resources.PODS.untyped(), pod("ranged", "a", "", ""));
        var resources = made.spec().get("containers").at(0).get("resources");
        assertThat(resources.get("limits", "cpu").string()).isEqualTo("500m");
        assertThat(resources.get("requests", "cpu").string()).isEqualTo("100m");
        assertThat(made.annotation("kubernetes.io/limit-ranger"))
                .isEqualTo("LimitRanger plugin set: cpu request for container c; cpu limit for container c");
        assertThat(refusal(() -> create(
                        Resources.PODS.untyped(),
                        pod("ranged", "b", ", resources: {requests: {cpu: 10m}, limits: {cpu: 3}}", ""))))
                .isEqualTo(
                        "pods \"b\" is forbidden: [minimum cpu usage per Container is 50m, but request is 10m, maximum cpu usage per Container is 2, but limit is 3]");
    }

    @Test
    void quotasCountRefuseAndShowWhatIsUsed() {
        namespace("quoted", "");
        create(
                QUOTAS,
                "{metadata: {name: q, namespace: quoted}, spec: {hard: {pods: '2', requests.cpu: '1', count/configmaps: '2', services: '1'}}}");
        assertThat(refusal(() -> create(Resources.PODS.untyped(), pod("quoted", "a", "", ""))))
                .isEqualTo("pods \"a\" is forbidden: failed quota: q: must specify requests.cpu for: c");
        var prepared = ", initContainers: [{name: prepare, image: i}]";
        var said = ", resources: {requests: {cpu: 100m}}";
        assertThat(refusal(() -> create(Resources.PODS.untyped(), pod("quoted", "a", said, prepared))))
                .isEqualTo("pods \"a\" is forbidden: failed quota: q: must specify requests.cpu for: prepare");
        create(Resources.PODS.untyped(), pod("quoted", "a", ", resources: {requests: {cpu: 600m}}", ""));
        assertThat(refusal(() -> create(
                        Resources.PODS.untyped(), pod("quoted", "b", ", resources: {requests: {cpu: 500m}}", ""))))
                .isEqualTo(
                        "pods \"b\" is forbidden: exceeded quota: q, requested: requests.cpu=500m, used: requests.cpu=600m, limited: requests.cpu=1");
        var seen = eventually(
                () -> plane.client.get(QUOTAS, new ObjectKey("quoted", "q")),
                quota -> quota.status().get("used", "requests.cpu").string().equals("600m"));
        assertThat(seen.status().get("hard", "pods").string()).isEqualTo("2");
        // One ConfigMap is there from the beginning: the cluster's authority.
        eventually(
                () -> plane.client.get(QUOTAS, new ObjectKey("quoted", "q")),
                quota -> quota.status().get("used", "count/configmaps").string().equals("1"));
        plane.client.delete(Resources.PODS.untyped(), new ObjectKey("quoted", "a"), "", 0L, "");
        eventually(
                () -> plane.client.get(QUOTAS, new ObjectKey("quoted", "q")),
                quota -> quota.status().get("used", "pods").string().equals("0"));
    }

    @Test
    void manyWritersTogetherNeverExceedAQuota() throws Exception {
        namespace("crowded", "");
        create(QUOTAS, "{metadata: {name: q, namespace: crowded}, spec: {hard: {count/secrets: '5'}}}");
        var made = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                var name = "s" + i;
                threads.submit(() -> {
                    if (refusal(() -> create(
                                    Resources.SECRETS.untyped(),
                                    "{metadata: {name: " + name + ", namespace: crowded}}"))
                            .isEmpty()) made.incrementAndGet();
                });
            }
        }
        assertThat(made.get()).isEqualTo(5);
    }

    @Test
    void podSecurityRefusesWarnsAndExplains() {
        namespace(
                "secured", "pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/warn: restricted");
        assertThat(refusal(() -> create(
                        Resources.PODS.untyped(),
                        pod("secured", "a", ", securityContext: {privileged: true}", ", hostNetwork: true"))))
                .isEqualTo(
                        "pods \"a\" is forbidden: violates PodSecurity \"baseline:latest\": host namespaces (hostNetwork=true), privileged (container \"c\" must not set securityContext.privileged=true)");
        var answer = plane.http(
                "POST",
                "/api/v1/namespaces/secured/pods",
                Json.write(yaml(pod("secured", "b", "", ""))),
                "Content-Type",
                "application/json");
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Warning").orElse(""))
                .contains(
                        "would violate PodSecurity \\\"restricted:latest\\\": allowPrivilegeEscalation != false (container \\\"c\\\" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container \\\"c\\\" must set securityContext.capabilities.drop=[\\\"ALL\\\"]), runAsNonRoot != true (pod or container \\\"c\\\" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container \\\"c\\\" must set securityContext.seccompProfile.type to \\\"RuntimeDefault\\\" or \\\"Localhost\\\")");
        assertThat(refusal(() -> plane.client.mergePatch(
                        Resources.NAMESPACES.untyped(),
                        new ObjectKey("", "secured"),
                        "",
                        yaml("{metadata: {labels: {pod-security.kubernetes.io/enforce: strict}}}"))))
                .contains("must be one of privileged, baseline, restricted");
    }

    @Test
    void claimsGetTheDefaultClassAndAreProtectedWhileInUse() {
        namespace("claims", "");
        create(
                STORAGE,
                "{metadata: {name: fast, annotations: {storageclass.kubernetes.io/is-default-class: 'true'}}, provisioner: example.com/fast}");
        var claim = create(
                CLAIMS,
                "{metadata: {name: c, namespace: claims}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}");
        assertThat(claim.spec().get("storageClassName").string()).isEqualTo("fast");
        assertThat(claim.metadata().get("finalizers").strings()).containsExactly("kubernetes.io/pvc-protection");
        var key = new ObjectKey("claims", "c");
        create(
                Resources.PODS.untyped(),
                pod(
                        "claims",
                        "user",
                        "",
                        ", nodeName: node-a, volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]"));
        plane.client.delete(CLAIMS, key, "", null, "");
        assertThat(plane.client.get(CLAIMS, key).deleting()).isTrue();
        plane.client.delete(Resources.PODS.untyped(), new ObjectKey("claims", "user"), "", 0L, "");
        eventually(() -> plane.client.find(CLAIMS, key), seen -> !seen.exists());
        assertThat(refusal(() -> plane.client.mergePatch(
                        STORAGE, new ObjectKey("", "fast"), "", yaml("{provisioner: example.com/slow}"))))
                .contains("provisioner: Invalid value: \"example.com/slow\": field is immutable");
    }

    @Test
    void runtimeClassesBringOverheadAndPlacement() {
        create(
                RUNTIMES,
                "{metadata: {name: boxed}, handler: box, overhead: {podFixed: {memory: 64Mi}}, scheduling: {nodeSelector: {boxes: 'yes'}}}");
        var made = create(Resources.PODS.untyped(), pod("default", "boxed", "", ", runtimeClassName: boxed"));
        assertThat(made.spec().get("overhead", "memory").string()).isEqualTo("64Mi");
        assertThat(made.spec().get("nodeSelector", "boxes").string()).isEqualTo("yes");
        assertThat(refusal(
                        () -> create(Resources.PODS.untyped(), pod("default", "lost", "", ", runtimeClassName: none"))))
                .isEqualTo("pods \"lost\" is forbidden: pod rejected: RuntimeClass \"none\" not found");
    }

    @Test
    void ingressesGetTheDefaultClassAndNodesTheirTaint() {
        var made = create(
                Resources.INGRESSES.untyped(),
                "{metadata: {name: i, namespace: default}, spec: {defaultBackend: {service: {name: s, port: {number: 80}}}}}");
        assertThat(made.spec().get("ingressClassName").string()).isEqualTo("navarch");
        var node = create(Resources.NODES.untyped(), "{metadata: {name: fresh}}");
        assertThat(node.spec()
                        .get("taints")
                        .find("key", "node.kubernetes.io/not-ready")
                        .get("effect")
                        .string())
                .isEqualTo("NoSchedule");
    }

    @Test
    void aNodeChangesWhatIsItsOwn() {
        var node = plane.as("system:node:mine", "system:nodes", "system:authenticated");
        node.create(Resources.NODES.untyped(), yaml("{metadata: {name: mine}}"));
        assertThat(refusal(() -> node.create(Resources.NODES.untyped(), yaml("{metadata: {name: other}}"))))
                .isEqualTo("nodes \"other\" is forbidden: node \"mine\" is not allowed to modify node \"other\"");
        assertThat(refusal(() -> node.mergePatch(
                        Resources.NODES.untyped(), new ObjectKey("", "mine"), "", yaml("{spec: {taints: []}}"))))
                .isEqualTo("nodes \"mine\" is forbidden: node \"mine\" is not allowed to modify taints");
        assertThat(refusal(() -> node.create(Resources.PODS.untyped(), yaml(pod("default", "sneaked", "", "")))))
                .contains("can only create mirror pods");
    }

    @Test
    void certificateRequestsSayWhoAsked() {
        var type = ResourceType.untyped(
                "certificates.k8s.io", "v1", "certificatesigningrequests", "CertificateSigningRequest", false);
        var pem = """
                -----BEGIN CERTIFICATE REQUEST-----
                MIHNMHQCAQAwEjEQMA4GA1UEAwwHbWFsbG9yeTBZMBMGByqGSM49AgEGCCqGSM49
                AwEHA0IABNpCUcyZGHre0sw+5BoG3USXD0TZlsm91ilOH2GgMkfeOwsnsJ5YVw+s
                QEmd4EVdhBVRr722bbb0WoEBkuoJ4dygADAKBggqhkjOPQQDAgNJADBGAiEA4Ut/
                IBqVgER4hGE09/XhHWQ6OKFmnbBlf4AHVboS8NgCIQDLamfi3N/D2mhCsJMlndVH
                T++q3lYzV8DpQPE9juBfig==
                -----END CERTIFICATE REQUEST-----
                """;
        var encoded = Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
        var made = create(
                type,
                "{metadata: {name: r}, spec: {request: " + encoded
                        + ", signerName: example.com/s, usages: [client auth], username: mallory}}");
        assertThat(made.spec().get("username").string()).isEqualTo("admin");
        var approved = plane.client.mergePatch(
                type,
                new ObjectKey("", "r"),
                "approval",
                yaml("{status: {conditions: [{type: Approved, status: 'True', reason: Good}]}}"));
        assertThat(approved.condition("Approved")).isEqualTo("True");
        assertThat(refusal(() -> plane.as("bob").mergePatch(type, new ObjectKey("", "r"), "approval", yaml("{}"))))
                .contains("cannot patch resource");
    }
}
