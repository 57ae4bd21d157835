package io.navarch.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.kinds.BuiltInKinds;
import io.navarch.kinds.rbac.DefaultRoles;
import io.navarch.model.AnyObject;
import io.navarch.model.ClusterRole;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Resources;
import io.navarch.model.StatusCondition;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Bootstrap.Cluster CLUSTER =
            new Bootstrap.Cluster("10.96.0.0/16", "10.96.0.1", "192.0.2.7", 6443);

    private ApiInMemory api;

    @BeforeEach
    void start() {
        api = new ApiInMemory();
    }

    private void run(List<Map<String, Object>> controllerRoles) {
        new Bootstrap(api.client()).run(CLUSTER, BuiltInKinds.all(BuiltInKinds.types()), controllerRoles, NOW);
    }

    @Test
    void anEmptyClusterGetsItsObjects() {
        run(List.of());
        assertThat(api.objects)
                .containsKeys(
                        "/api/v1/namespaces/kube-system",
                        "/api/v1/namespaces/default",
                        "/api/v1/namespaces/kube-public",
                        "/api/v1/namespaces/kube-node-lease",
                        "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/catch-all",
                        "/apis/networking.k8s.io/v1/ingressclasses/navarch");
        assertThat(api.get(Resources.PRIORITY_CLASSES, "", "system-node-critical")
                        .value())
                .isEqualTo(2_000_001_000);
        assertThat(api.get(Resources.CONFIG_MAPS, "kube-system", "kube-apiserver-legacy-service-account-token-tracking")
                        .data())
                .isEqualTo(Map.of("since", "2026-06-01"));
    }

    @Test
    void theApiServerIsAServiceOfItsOwn() {
        run(List.of());
        var service = api.get(Resources.SERVICES, "default", "kubernetes");
        assertThat(service.spec().clusterIP()).isEqualTo("10.96.0.1");
        assertThat(service.spec().ports().getFirst().targetPort().value()).isEqualTo(6443L);
        var slice = api.get(Resources.ENDPOINT_SLICES, "default", "kubernetes");
        assertThat(slice.endpoints().getFirst().addresses()).containsExactly("192.0.2.7");
    }

    @Test
    void everyVersionThatIsServedHasAnApiServiceThatIsAvailable() {
        run(List.of());
        var core = api.get(Resources.API_SERVICES, "", "v1.");
        assertThat(core.spec().hasGroup()).isFalse();
        assertThat(core.spec().groupPriorityMinimum()).isEqualTo(18_000);
        var apps = api.get(Resources.API_SERVICES, "", "v1.apps");
        assertThat(apps.spec().group()).isEqualTo("apps");
        assertThat(StatusCondition.status(apps.status().conditions(), "Available"))
                .isEqualTo(ConditionStatus.TRUE);
        assertThat(apps.status().conditions().getFirst().lastTransitionTime()).contains(NOW);
    }

    @Test
    void aSecondStartWritesNothingButEndpoints() {
        run(List.of());
        api.writes.clear();
        run(List.of());
        assertThat(api.writes)
                .containsExactlyInAnyOrder(
                        "PATCH /api/v1/namespaces/default/endpoints/kubernetes",
                        "PATCH /apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes");
    }

    @Test
    void aStartThatWasCutOffBeforeTheStatusIsCompleted() {
        run(List.of());
        api.objects.computeIfPresent("/apis/networking.k8s.io/v1/servicecidrs/kubernetes", (path, object) -> {
            object.remove("status");
            return object;
        });
        run(List.of());
        var conditions =
                api.get(Resources.SERVICE_CIDRS, "", "kubernetes").status().conditions();
        assertThat(StatusCondition.isTrue(conditions, "Ready")).isTrue();
    }

    private static ClusterRole role() {
        var view = DefaultRoles.all().stream()
                .map(AnyObject::new)
                .filter(object -> object.name().equals("view") || object.name().equals("system:discovery"))
                .filter(object -> object.kind().equals("ClusterRole"))
                .filter(object -> !new ClusterRole(object.view().value()).hasAggregationRule())
                .findFirst()
                .orElseThrow();
        return new ClusterRole(view.view().value());
    }

    private ClusterRole afterLosingARule(String autoupdate) {
        var role = role();
        assertThat(role.rules()).isNotEmpty();
        var path = "/apis/rbac.authorization.k8s.io/v1/clusterroles/" + role.name();
        var lesser = role.toBuilder().clearRules().addRules(rule -> rule.addVerbs("dance"));
        lesser.editMetadata(
                metadata -> metadata.putAnnotations("rbac.authorization.kubernetes.io/autoupdate", autoupdate));
        api.objects.put(path, lesser.map());
        run(List.of());
        return api.get(Resources.CLUSTER_ROLES, "", role.name());
    }

    @Test
    void aRoleGetsBackTheRulesItLacksAndKeepsItsOwn() {
        var rules = afterLosingARule("true").rules();
        assertThat(rules).containsAll(role().rules()).hasSize(role().rules().size() + 1);
    }

    @Test
    void aRoleWhoseOwnerForbidsItIsLeftAlone() {
        assertThat(afterLosingARule("false").rules()).hasSize(1);
    }

    @Test
    void rolesOfControllersAreCreatedToo() {
        var role = DefaultRoles.object(
                "ClusterRole",
                "system:controller:x",
                new LinkedHashMap<>(),
                ClusterRole.builder().map());
        run(List.of(role));
        assertThat(api.objects).containsKey("/apis/rbac.authorization.k8s.io/v1/clusterroles/system:controller:x");
    }
}
