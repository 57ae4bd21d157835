package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.admissionpolicystatus.ValidatingAdmissionPolicyStatusController;
import io.navarch.controllers.attachdetach.AttachDetachController;
import io.navarch.controllers.bootstraptoken.BootstrapSignerController;
import io.navarch.controllers.bootstraptoken.TokenCleanerController;
import io.navarch.controllers.clusterroleaggregation.ClusterRoleAggregationController;
import io.navarch.controllers.devicetainteviction.DeviceTaintEvictionController;
import io.navarch.controllers.disruption.DisruptionController;
import io.navarch.controllers.endpoints.EndpointSliceController;
import io.navarch.controllers.endpointslicemirroring.EndpointSliceMirroringController;
import io.navarch.controllers.ephemeralvolume.EphemeralVolumeController;
import io.navarch.controllers.flowschema.FlowSchemaController;
import io.navarch.controllers.node.NodeTtlController;
import io.navarch.controllers.nodeipam.NodeIpamController;
import io.navarch.controllers.podgc.PodGcController;
import io.navarch.controllers.protection.ProtectionController;
import io.navarch.controllers.resourceclaim.ResourceClaimController;
import io.navarch.controllers.resourcequota.ResourceQuotaController;
import io.navarch.controllers.selinuxwarning.SelinuxWarningController;
import io.navarch.controllers.serviceaccount.ServiceAccountController;
import io.navarch.controllers.serviceaccounttoken.LegacyTokenCleanerController;
import io.navarch.controllers.serviceaccounttoken.ServiceAccountTokenController;
import io.navarch.controllers.serviceaccounttoken.minting.TokenMinting;
import io.navarch.controllers.servicecidr.IpAddressController;
import io.navarch.controllers.servicecidr.ServiceCidrController;
import io.navarch.controllers.tainteviction.TaintEvictionController;
import io.navarch.controllers.ttlafterfinished.TtlAfterFinishedController;
import io.navarch.controllers.volumeexpand.VolumeExpandController;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerRun;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever users do, in whatever order, however late caches are, whatever fails and however often a controller begins
/// anew: in the end there is nothing left to do, and what was not the controller's own is as users left it.
class EveryControllerTest {
    /// What a user may do: an object of this kind comes, changes, or goes.
    private record Play(ResourceType<View> type, String yaml) {}

    private static Arguments of(Supplier<Controller<?>> controller, Play... plays) {
        return run(() -> ControllerRun.of(controller.get()), plays);
    }

    private static Arguments run(Supplier<ControllerRun<?>> run, Play... plays) {
        return Arguments.of(run.get().controller().wiring().name(), run, List.of(plays));
    }

    /// @param more of the pod's spec
    private static Play pods(String more) {
        return play(Resources.PODS, """
                metadata: {name: p#, namespace: ns, labels: {app: a%}}
                spec:
                  containers: [{name: c, image: i}]
                """ + more.indent(2));
    }

    private static Play play(ResourceType<?> type, String yaml) {
        return new Play(type.untyped(), yaml);
    }

    static Stream<Arguments> controllers() {
        var services = play(Resources.SERVICES, """
                                metadata: {name: s#, namespace: ns}
                                spec: {clusterIP: 10.0.0.#, clusterIPs: [10.0.0.#], selector: {app: a%}, ports: [{port: 80}]}
                                """);
        var claims = play(Resources.PERSISTENT_VOLUME_CLAIMS, """
                                metadata: {name: c#, namespace: ns, finalizers: [kubernetes.io/pvc-protection]}
                                spec: {volumeName: v#, resources: {requests: {storage: 2Gi}}}
                                status: {phase: Bound, capacity: {storage: %Gi}}
                                """);
        var volumes = play(Resources.PERSISTENT_VOLUMES, """
                                metadata: {name: v#}
                                spec: {accessModes: [ReadWriteOnce], csi: {driver: d, volumeHandle: h#}}
                                """);
        return Stream.of(
                of(EndpointSliceController::new, services, pods("")),
                of(
                        EndpointSliceMirroringController::new,
                        play(Resources.SERVICES, """
                                metadata: {name: s#, namespace: ns}
                                spec: {ports: [{port: 80}]}
                                """),
                        play(Resources.ENDPOINTS, """
                                metadata: {name: s#, namespace: ns}
                                subsets: [{addresses: [{ip: 10.0.0.%}], ports: [{port: 80}]}]
                                """)),
                of(IpAddressController::new, services),
                of(
                        ServiceCidrController::new,
                        play(Resources.SERVICE_CIDRS, "{metadata: {name: n#}, spec: {cidrs: [10.0.%.0/24]}}"),
                        play(Resources.IP_ADDRESSES, "{metadata: {name: 10.0.%.#}}")),
                of(
                        EphemeralVolumeController::new,
                        pods("volumes: [{name: v, ephemeral: {volumeClaimTemplate: {spec: {}}}}]")),
                of(
                        ResourceClaimController::new,
                        pods("resourceClaims: [{name: d, resourceClaimTemplateName: t%}]"),
                        play(
                                Resources.RESOURCE_CLAIM_TEMPLATES,
                                "{metadata: {name: t#, namespace: ns}, spec: {spec: {}}}")),
                of(
                        DeviceTaintEvictionController::new,
                        pods("resourceClaims: [{name: d, resourceClaimName: c%}]"),
                        play(Resources.RESOURCE_CLAIMS, """
                                metadata: {name: c#, namespace: ns}
                                status:
                                  reservedFor: [{resource: pods, name: p%, uid: uid-%}]
                                  allocation:
                                    devices:
                                      results:
                                      - driver: d
                                        pool: p
                                        device: x%
                                        tolerations: [{key: t%, operator: Exists, tolerationSeconds: 30}]
                                """),
                        play(Resources.RESOURCE_SLICES, """
                                metadata: {name: s#}
                                spec:
                                  driver: d
                                  pool: {name: p}
                                  devices:
                                  - {name: x%, taints: [{key: t%, effect: NoExecute, timeAdded: '2026-01-01T00:00:00Z'}]}
                                """)),
                of(
                        LegacyTokenCleanerController::new,
                        play(Resources.SERVICE_ACCOUNTS, """
                                metadata: {name: a%, namespace: ns}
                                secrets: [{name: s%}]
                                """),
                        play(Resources.SECRETS, """
                                metadata:
                                  name: s#
                                  namespace: ns
                                  labels: {kubernetes.io/legacy-token-last-used: '2020-01-01'}
                                  annotations: {kubernetes.io/service-account.name: a%}
                                type: kubernetes.io/service-account-token
                                """)),
                of(DisruptionController::new, pods(""), play(Resources.POD_DISRUPTION_BUDGETS, """
                                metadata: {name: b#, namespace: ns}
                                spec: {minAvailable: %, selector: {matchLabels: {app: a%}}}
                                """)),
                of(
                        TaintEvictionController::new,
                        pods("tolerations: [{key: t%, effect: NoExecute, operator: Exists, tolerationSeconds: 30}]"),
                        play(Resources.NODES, """
                                metadata: {name: node-%}
                                spec: {taints: [{key: t%, effect: NoExecute, timeAdded: '2026-01-01T00:00:00Z'}]}
                                """)),
                of(PodGcController::new, pods(""), play(Resources.NODES, "{metadata: {name: node-%}}")),
                of(() -> new NodeIpamController("10.244.0.0/16"), play(Resources.NODES, "{metadata: {name: n#}}")),
                of(NodeTtlController::new, play(Resources.NODES, "{metadata: {name: n#}}")),
                of(TtlAfterFinishedController::new, play(Resources.JOBS, """
                                metadata: {name: j#, namespace: ns}
                                spec: {ttlSecondsAfterFinished: %}
                                status:
                                  conditions: [{type: Complete, status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z'}]
                                """)),
                run(
                        () -> new ControllerRun<>(
                                new ServiceAccountController(), (seen, now) -> seen.trusting("authority")),
                        play(Resources.NAMESPACES, "{metadata: {name: n#}}"),
                        play(Resources.SERVICE_ACCOUNTS, "{metadata: {name: default, namespace: n#}}")),
                run(
                        () -> new ControllerRun<>(
                                new ServiceAccountTokenController(), new TokenMinting((account, secret) -> "token")),
                        play(Resources.SERVICE_ACCOUNTS, "{metadata: {name: a%, namespace: ns}}"),
                        play(Resources.SECRETS, """
                                metadata: {name: s#, namespace: ns, annotations: {kubernetes.io/service-account.name: a%}}
                                type: kubernetes.io/service-account-token
                                """)),
                of(ResourceQuotaController::new, pods(""), play(Resources.RESOURCE_QUOTAS, """
                                metadata: {name: q#, namespace: ns}
                                spec: {hard: {pods: %, count/services: 3}}
                                """), services),
                of(
                        FlowSchemaController::new,
                        play(Resources.FLOW_SCHEMAS, """
                                metadata: {name: f#}
                                spec: {priorityLevelConfiguration: {name: l%}}
                                """),
                        play(Resources.PRIORITY_LEVEL_CONFIGURATIONS, "{metadata: {name: l%}}")),
                of(
                        ClusterRoleAggregationController::new,
                        play(Resources.CLUSTER_ROLES, """
                                metadata: {name: r#, labels: {to: w%}}
                                rules: [{verbs: [v%], resources: [x]}]
                                """),
                        play(Resources.CLUSTER_ROLES, """
                                metadata: {name: w%}
                                aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: w%}}]}
                                """)),
                of(TokenCleanerController::new, play(Resources.SECRETS, """
                                metadata: {name: bootstrap-token-#, namespace: kube-system}
                                type: bootstrap.kubernetes.io/token
                                data: {expiration: MjAyNi0wMS0wMVQwMDowMjowMFo=}
                                """)),
                of(BootstrapSignerController::new, play(Resources.SECRETS, """
                                metadata: {name: bootstrap-token-abcdef, namespace: kube-system}
                                type: bootstrap.kubernetes.io/token
                                data:
                                  token-id: YWJjZGVm
                                  token-secret: MDEyMzQ1Njc4OWFiY2RlZg==
                                  usage-bootstrap-signing: dHJ1ZQ==
                                """), play(Resources.CONFIG_MAPS, """
                                metadata: {name: cluster-info, namespace: kube-public}
                                data: {kubeconfig: k%}
                                """)),
                of(VolumeExpandController::new, claims, volumes),
                of(
                        AttachDetachController::new,
                        pods("volumes: [{name: v, persistentVolumeClaim: {claimName: c%}}]"),
                        claims,
                        volumes,
                        play(Resources.NODES, "{metadata: {name: node-%}}")),
                of(
                        SelinuxWarningController::new,
                        pods("""
                                volumes: [{name: v, persistentVolumeClaim: {claimName: c%}}]
                                securityContext: {seLinuxOptions: {level: 's0:c%'}}
                                """),
                        claims,
                        volumes,
                        play(Resources.CSI_DRIVERS, "{metadata: {name: d}, spec: {seLinuxMount: true}}")),
                of(
                        ProtectionController::claims,
                        claims,
                        pods("volumes: [{name: v, persistentVolumeClaim: {claimName: c%}}]")),
                of(
                        ValidatingAdmissionPolicyStatusController::new,
                        play(Resources.VALIDATING_ADMISSION_POLICIES, "{metadata: {name: p#}, spec: {x: %}}")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("controllers")
    void comesToRestWhateverHappens(String name, Supplier<ControllerRun<?>> run, List<Play> plays) {
        for (long seed = 1; seed <= 5; seed++) {
            var world = new World(seed).with(run.get());
            world.failures = 0.1;
            world.ends = 0.05;
            for (int i = 0; i < 120; i++) {
                act(world, plays.get(world.random.nextInt(plays.size())));
                world.steps(world.random.nextInt(8));
            }
            world.ends = 0;
            world.settle(name + ", seed " + seed);
            assertThat(world.log).as("something was done, seed %d", seed).isNotEmpty();
        }
    }

    private static void act(World world, Play play) {
        try {
            var object = made(world, play);
            var there = world.get(
                    play.type, View.of(object).namespace(), View.of(object).name());
            if (!there.exists()) world.create(play.type, object);
            else if (world.random.nextInt(3) == 0) world.delete(play.type, there);
            else world.change(play.type, there, changed(object));
        } catch (ApiException e) {
            // Somebody was quicker.
            assertThat(e.reason()).isIn(ApiException.Reason.NOT_FOUND, ApiException.Reason.CONFLICT);
        }
    }

    private static Map<String, Object> changed(Map<String, Object> object) {
        var change = Trees.copy(object);
        change.remove("status");
        change.remove("metadata");
        return change;
    }

    private static Map<String, Object> made(World world, Play play) {
        var text = play.yaml.replace("#", String.valueOf(1 + world.random.nextInt(4)));
        while (text.contains("%")) text = text.replaceFirst("%", String.valueOf(world.random.nextInt(3)));
        return View.of(Yaml.parse(text)).map();
    }

    /// Two nodes never get the same network, in whatever order they come and go.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyNodeHasANetworkOfItsOwn(long seed) {
        var world = new World(seed, new NodeIpamController("10.244.0.0/16"));
        Consumer<World> distinct = now -> {
            var taken = new HashSet<String>();
            for (var node : now.all(Resources.NODES)) {
                var cidr = node.spec().podCIDR();
                assertThat(cidr.isEmpty() || taken.add(cidr))
                        .as("%s, seed %d", cidr, seed)
                        .isTrue();
            }
        };
        world.always(distinct);
        for (int i = 0; i < 60; i++) {
            act(world, play(Resources.NODES, "{metadata: {name: n#%}}"));
            world.steps(5);
        }
        world.settle("seed " + seed);
        assertThat(world.all(Resources.NODES))
                .allSatisfy(node -> assertThat(node.spec().podCIDR()).startsWith("10.244."));
    }
}
