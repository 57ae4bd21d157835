package io.navarch.specs;

import static io.navarch.specs.PlaneUnderTest.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Rules that need the server: parts that subresources write, addresses that are given out, sizes.
class WriteRulesTest {
    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private static View patch(String pod, String subresource, String text) {
        return plane.client.strategicPatch(
                Resources.PODS.untyped(), new ObjectKey("default", pod), subresource, yaml(text));
    }

    private static String refusal(Runnable call) {
        try {
            call.run();
        } catch (ApiException e) {
            assertThat(e.code()).isEqualTo(422);
            return e.getMessage();
        }
        throw new AssertionError("accepted");
    }

    @Test
    void ephemeralContainersAreAddedAndNeverChanged() {
        plane.client.create(
                Resources.PODS.untyped(),
                yaml("{metadata: {name: debugged, namespace: default}, spec: {containers: [{name: c, image: i}]}}"));
        var part = "ephemeralcontainers";
        var added =
                patch("debugged", part, "{spec: {ephemeralContainers: [{name: e, image: i, targetContainerName: c}]}}");
        assertThat(added.spec()
                        .get("ephemeralContainers")
                        .at(0)
                        .get("terminationMessagePolicy")
                        .string())
                .isEqualTo("File");
        assertThat(refusal(() -> patch("debugged", part, "{spec: {ephemeralContainers: [{name: e, image: other}]}}")))
                .contains("existing ephemeral containers \"e\" may not be changed");
        assertThat(refusal(() -> patch("debugged", part, "{spec: {ephemeralContainers: [{name: e, $patch: delete}]}}")))
                .contains("existing ephemeral containers \"e\" may not be removed");
        // The rest of the pod is out of reach there.
        var untouched = patch("debugged", part, "{spec: {containers: [{name: c, image: other}]}}");
        assertThat(untouched.spec().get("containers").at(0).get("image").string())
                .isEqualTo("i");
    }

    @Test
    void aResizeChangesAmountsAndNotTheClassOfService() {
        plane.client.create(
                Resources.PODS.untyped(),
                yaml(
                        "{metadata: {name: sized, namespace: default}, spec: {containers: [{name: c, image: i, resources: {requests: {cpu: 100m}}}]}}"));
        var larger = patch("sized", "resize", "{spec: {containers: [{name: c, resources: {requests: {cpu: 200m}}}]}}");
        assertThat(larger.spec()
                        .get("containers")
                        .at(0)
                        .get("resources", "requests", "cpu")
                        .string())
                .isEqualTo("200m");
        assertThat(
                        refusal(
                                () -> patch(
                                        "sized",
                                        "resize",
                                        "{spec: {containers: [{name: c, resources: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1, memory: 1Gi}}}]}}")))
                .contains("Pod QOS Class may not change as a result of resizing");
    }

    @Test
    void aPodIsNotGivenMoreThanItsNodeHas() {
        plane.client.create(Resources.NODES.untyped(), yaml("{metadata: {name: small}}"));
        plane.client.mergePatch(
                Resources.NODES.untyped(),
                new ObjectKey("", "small"),
                "status",
                yaml("{status: {allocatable: {cpu: '2', memory: 1Gi}}}"));
        plane.client.create(
                Resources.PODS.untyped(),
                yaml(
                        "{metadata: {name: placed, namespace: default}, spec: {nodeName: small, containers: [{name: c, image: i, resources: {requests: {cpu: 100m}}}]}}"));
        assertThatThrownBy(() ->
                        patch("placed", "resize", "{spec: {containers: [{name: c, resources: {requests: {cpu: 3}}}]}}"))
                .isInstanceOfSatisfying(ApiException.class, e -> {
                    assertThat(e.code()).isEqualTo(403);
                    assertThat(e.getMessage())
                            .endsWith("node didn't have enough allocatable resources: cpu, requested: 3000,"
                                    + " allocatable: 2000");
                    assertThat(String.valueOf(e.status())).contains("NodeCapacity");
                });
    }

    private static String service(String name, String spec) {
        return "{metadata: {name: " + name + ", namespace: default}, spec: {ports: [{port: 80}], " + spec + "}}";
    }

    private static Runnable creating(String service) {
        return () -> plane.client.create(Resources.SERVICES.untyped(), yaml(service));
    }

    @Test
    void addressesAndPortsAreGivenOnceAndOnlyFromTheirRange() {
        creating(service("first", "clusterIP: 10.96.0.99")).run();
        assertThat(refusal(creating(service("second", "clusterIP: 10.96.0.99"))))
                .contains("failed to allocate IP 10.96.0.99: provided IP is already allocated");
        assertThat(refusal(creating(service("second", "clusterIP: 10.11.0.99"))))
                .contains(" is not in the valid range");
        var ports =
                "{metadata: {name: %s, namespace: default}, spec: {type: NodePort, ports: [{port: 80, nodePort: %d}]}}";
        creating(ports.formatted("third", 31234)).run();
        assertThat(refusal(creating(ports.formatted("fourth", 31234)))).contains("provided port is already allocated");
        assertThat(refusal(creating(ports.formatted("fourth", 80))))
                .contains("provided port is not in the valid range");
        var key = new ObjectKey("default", "first");
        assertThat(refusal(() -> plane.client.mergePatch(
                        Resources.SERVICES.untyped(),
                        key,
                        "",
                        yaml("{spec: {clusterIP: 10.96.0.98, clusterIPs: [10.96.0.98]}}"))))
                .contains("may not change once set");
    }

    @Test
    void aServiceThatBecomesANameKeepsNoTrafficPolicy() {
        creating(service("named", "type: ClusterIP")).run();
        var key = new ObjectKey("default", "named");
        var named = plane.client.mergePatch(
                Resources.SERVICES.untyped(), key, "", yaml("{spec: {type: ExternalName, externalName: a.example}}"));
        assertThat(named.spec().get("internalTrafficPolicy").exists()).isFalse();
    }

    @Test
    void aSuspendedJobMayBeGivenAnotherPlaceButNoOtherContainers() {
        plane.client.create(
                Resources.JOBS.untyped(),
                yaml(
                        "{metadata: {name: waits, namespace: default}, spec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}}"));
        var key = new ObjectKey("default", "waits");
        var jobs = Resources.JOBS.untyped();
        var placed = plane.client.strategicPatch(
                jobs,
                key,
                "",
                yaml(
                        "{spec: {template: {spec: {nodeSelector: {a: b}, containers: [{name: c, resources: {requests: {cpu: 1}}}]}}}}"));
        assertThat(placed.spec()
                        .get("template", "spec", "nodeSelector")
                        .get("a")
                        .string())
                .isEqualTo("b");
        assertThat(refusal(() -> plane.client.strategicPatch(
                        jobs, key, "", yaml("{spec: {template: {spec: {containers: [{name: c, image: other}]}}}}"))))
                .contains("spec.template.spec: Invalid value");
        assertThat(
                        refusal(
                                () -> plane.client.strategicPatch(
                                        jobs,
                                        key,
                                        "",
                                        yaml(
                                                "{spec: {template: {spec: {affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: k}]}}}}}}"))))
                .contains("spec.template.spec: Invalid value");
    }

    @Test
    void sizesAreBounded() {
        assertThat(refusal(() -> plane.client.create(
                        Resources.CONFIG_MAPS.untyped(),
                        Trees.map(
                                "metadata", Trees.map("name", "large", "namespace", "default"),
                                "data", Trees.map("a", "x".repeat((1 << 20) + 1))))))
                .contains("Too long: may not be more than 1048576 bytes");
        var conditions = new ArrayList<Object>();
        for (int i = 0; i < 65; i++) conditions.add(Trees.map("name", "c" + i, "expression", "true"));
        var hook = Trees.map(
                "name",
                "a.b.c",
                "clientConfig",
                Trees.map("url", "https://x/"),
                "sideEffects",
                "None",
                "admissionReviewVersions",
                Trees.list("v1"),
                "matchConditions",
                conditions);
        var type = ResourceType.untyped(
                "admissionregistration.k8s.io",
                "v1",
                "validatingwebhookconfigurations",
                "ValidatingWebhookConfiguration",
                false);
        assertThat(refusal(() -> plane.client.create(
                        type, Trees.map("metadata", Trees.map("name", "many"), "webhooks", Trees.list(hook)))))
                .contains("webhooks[0].matchConditions: Too many: 65: must have at most 64 items");
    }
}
