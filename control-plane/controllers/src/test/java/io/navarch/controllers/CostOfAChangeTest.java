package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.attachdetach.AttachDetachController;
import io.navarch.controllers.cronjob.CronJobController;
import io.navarch.controllers.daemonset.DaemonSetController;
import io.navarch.controllers.deployment.DeploymentController;
import io.navarch.controllers.devicetainteviction.DeviceTaintEvictionController;
import io.navarch.controllers.disruption.DisruptionController;
import io.navarch.controllers.endpoints.EndpointSliceController;
import io.navarch.controllers.endpointslicemirroring.EndpointSliceMirroringController;
import io.navarch.controllers.ephemeralvolume.EphemeralVolumeController;
import io.navarch.controllers.job.JobController;
import io.navarch.controllers.node.NodeLifecycleController;
import io.navarch.controllers.node.NodeTtlController;
import io.navarch.controllers.nodeipam.NodeIpamController;
import io.navarch.controllers.persistentvolume.PersistentVolumeController;
import io.navarch.controllers.podgc.PodGcController;
import io.navarch.controllers.protection.ProtectionController;
import io.navarch.controllers.replicaset.ReplicaSetController;
import io.navarch.controllers.resourceclaim.ResourceClaimController;
import io.navarch.controllers.resourcequota.ResourceQuotaController;
import io.navarch.controllers.selinuxwarning.SelinuxWarningController;
import io.navarch.controllers.servicecidr.IpAddressController;
import io.navarch.controllers.statefulset.StatefulSetController;
import io.navarch.controllers.tainteviction.TaintEvictionController;
import io.navarch.controllers.ttlafterfinished.TtlAfterFinishedController;
import io.navarch.model.ConditionStatus;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Lease;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.model.PodDisruptionBudget;
import io.navarch.model.ReplicaSet;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.objects.IntOrString;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// What happens all the time costs every controller the same among a few others and among thousands: the objects that
/// it reads because of it are counted.
class CostOfAChangeTest {
    private static final int FEW = 10;
    private static final int MANY = 10_000;
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:20Z");
    private static final ObjectKey ONE = new ObjectKey("", "n5");

    private static List<Controller<?>> controllers() {
        return List.of(
                new DeploymentController(),
                ReplicaSetController.replicaSets(),
                ReplicaSetController.replicationControllers(),
                new StatefulSetController(),
                new DaemonSetController(),
                new JobController(),
                new CronJobController(),
                new TtlAfterFinishedController(),
                new DisruptionController(),
                new EndpointSliceController(),
                new EndpointSliceMirroringController(),
                new NodeLifecycleController(),
                new NodeTtlController(),
                new NodeIpamController("10.128.0.0/9"),
                new TaintEvictionController(),
                new PodGcController(),
                new ResourceQuotaController(),
                new IpAddressController(),
                ProtectionController.claims(),
                ProtectionController.volumes(),
                new EphemeralVolumeController(),
                new PersistentVolumeController(),
                new AttachDetachController(),
                new SelinuxWarningController(),
                new ResourceClaimController(),
                new DeviceTaintEvictionController());
    }

    private static View yaml(String text) {
        return View.of(Yaml.parse(text));
    }

    /// @param ready of the nodes
    private static Consumer<CountingCaches> nodes(int count, String ready) {
        var node = Node.of(yaml("""
                metadata: {creationTimestamp: "2026-01-01T00:00:00Z", labels: {topology.kubernetes.io/zone: z}}
                status:
                  allocatable: {cpu: "4"}
                  conditions:
                  - {type: Ready, status: "%s", lastHeartbeatTime: "2026-01-01T00:00:10Z", lastTransitionTime: "2026-01-01T00:00:00Z"}
                """.formatted(ready)));
        return caches -> {
            for (int i = 0; i < count; i++) {
                var name = "n" + i;
                var cidr = "10." + (128 + (i >> 8)) + "." + (i & 255) + ".0/24";
                caches.put(
                        Resources.NODES,
                        node.toBuilder()
                                .metadata(metadata -> metadata.name(name).uid(name))
                                .spec(spec -> spec.podCIDR(cidr))
                                .build());
                caches.put(Resources.LEASES, lease(name, NOW.minusSeconds(10)));
            }
            caches.put(Resources.DAEMON_SETS, yaml("""
                    metadata: {name: d, namespace: ns, uid: d}
                    spec: {selector: {matchLabels: {app: d}}, template: {metadata: {labels: {app: d}}}}
                    """));
            caches.put(Resources.SERVICES, yaml("""
                    metadata: {name: spread, namespace: ns, annotations: {service.kubernetes.io/topology-mode: Auto}}
                    spec: {selector: {app: spread}}
                    """));
        };
    }

    private static Lease lease(String node, Instant renewed) {
        return Lease.builder()
                .metadata(metadata -> metadata.name(node).namespace("kube-node-lease"))
                .spec(spec -> spec.renewTime(renewed))
                .build();
    }

    /// Sets of one pod with a Service, a slice and a budget each, on ten nodes, in one namespace with a quota.
    private static Consumer<CountingCaches> applications(int count) {
        var pod = Pod.of(yaml("""
                metadata: {namespace: ns, creationTimestamp: "2026-01-01T00:00:00Z"}
                spec: {containers: [{name: c, image: i, resources: {requests: {cpu: "1"}}}]}
                status: {phase: Running, podIP: 10.0.0.1, conditions: [{type: Ready, status: "True"}]}
                """));
        return nodes(FEW, "True").andThen(caches -> {
            for (int i = 0; i < count; i++) {
                var name = "n" + i;
                var labels = Map.of("app", name, "tier", "web");
                var node = "n" + i % FEW;
                // The pods of each node are as many, however many there are.
                boolean few = i < FEW;
                var set = ReplicaSet.of(yaml("""
                        metadata: {namespace: ns, name: %1$s, uid: set-%1$s}
                        spec: {replicas: 1, selector: {matchLabels: {app: %1$s}}, template: {metadata: {labels: {app: %1$s}}}}
                        """.formatted(name)));
                caches.put(Resources.REPLICA_SETS, set);
                caches.put(
                        Resources.PODS,
                        pod.toBuilder()
                                .metadata(metadata -> metadata.name(name)
                                        .uid(name)
                                        .labels(labels)
                                        .addOwnerReferences(OwnerReferences.of(set, Resources.REPLICA_SETS)))
                                .spec(spec -> spec.nodeName(few ? node : "other-" + name))
                                .build());
                caches.put(
                        Resources.SERVICES,
                        Service.builder()
                                .metadata(metadata -> metadata.name(name).namespace("ns"))
                                .spec(spec -> spec.clusterIP("10.0.0.1").selector(labels))
                                .build());
                caches.put(Resources.ENDPOINT_SLICES, EndpointSlice.of(yaml("""
                                metadata:
                                  namespace: ns
                                  name: %1$s
                                  labels:
                                    kubernetes.io/service-name: %1$s
                                    endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io
                                addressType: IPv4
                                """.formatted(name))));
                caches.put(
                        Resources.POD_DISRUPTION_BUDGETS,
                        PodDisruptionBudget.builder()
                                .metadata(metadata -> metadata.name(name).namespace("ns"))
                                .spec(spec -> spec.minAvailable(IntOrString.of(1))
                                        .selector(selector -> selector.matchLabels(Map.of("app", name))))
                                .build());
            }
            caches.put(
                    Resources.RESOURCE_QUOTAS,
                    yaml("{metadata: {name: q, namespace: ns}, spec: {hard: {pods: 20k, requests.cpu: 20k}}}"));
        });
    }

    /// By controller, how many objects it reads because of a change.
    private static <T extends Lens> Map<String, Long> costs(
            Consumer<CountingCaches> world, ResourceType<T> type, ObjectKey key, T now) {
        var caches = new CountingCaches();
        for (var controller : controllers()) controller.prepare(caches);
        world.accept(caches);
        var old = caches.of(type).get(key);
        caches.put(type, now);
        var costs = new TreeMap<String, Long>();
        for (var controller : controllers()) {
            caches.read = 0;
            pass(controller, caches, type, old, now);
            costs.put(controller.wiring().name(), caches.read);
        }
        return costs;
    }

    private static <S, T extends Lens> void pass(
            Controller<S> controller, CountingCaches caches, ResourceType<T> type, T old, T now) {
        var keys = new LinkedHashSet<ObjectKey>();
        for (var input : controller.wiring().inputs())
            if (input.type().equals(type)) keys.addAll(hear(input, caches, View.over(old), View.over(now)));
        // What is looked at every few seconds anyway counts as well.
        if (type.equals(Resources.LEASES))
            keys.add(new ObjectKey("", View.over(now).name()));
        for (var key : keys) controller.observe(caches, key).ifPresent(seen -> controller.decide(seen, NOW));
    }

    private static <T extends Lens> Iterable<ObjectKey> hearAs(
            ControllerWiring.Input<T> input, CountingCaches caches, View old, View now) {
        return input.changes()
                .keysOf(caches, input.type().read(old), input.type().read(now));
    }

    private static LinkedHashSet<ObjectKey> hear(
            ControllerWiring.Input<?> input, CountingCaches caches, View old, View now) {
        var keys = new LinkedHashSet<ObjectKey>();
        hearAs(input, caches, old, now).forEach(keys::add);
        return keys;
    }

    @Test
    void aLeaseIsRenewed() {
        for (var ready : List.of("True", "False", "Unknown")) {
            var key = new ObjectKey("kube-node-lease", ONE.name());
            var now = lease(ONE.name(), NOW);
            assertThat(costs(nodes(MANY, ready), Resources.LEASES, key, now))
                    .as("nodes whose readiness is %s", ready)
                    .isEqualTo(costs(nodes(FEW, ready), Resources.LEASES, key, now));
        }
    }

    @Test
    void aNodeReports() {
        for (var ready : List.of("True", "False")) {
            var caches = new CountingCaches();
            nodes(FEW, ready).accept(caches);
            var node = caches.of(Resources.NODES).get(ONE);
            var conditions = node.status().conditions().stream()
                    .map(condition ->
                            condition.toBuilder().lastHeartbeatTime(NOW).build())
                    .toList();
            var now = node.toBuilder()
                    .status(status -> status.conditions(conditions))
                    .build();
            assertThat(costs(nodes(MANY, ready), Resources.NODES, ONE, now))
                    .as("nodes whose readiness is %s", ready)
                    .isEqualTo(costs(nodes(FEW, ready), Resources.NODES, ONE, now));
        }
    }

    @Test
    void aPodReports() {
        var caches = new CountingCaches();
        applications(FEW).accept(caches);
        var key = new ObjectKey("ns", ONE.name());
        var pod = caches.of(Resources.PODS).get(key);
        var conditions = pod.status().conditions().stream()
                .map(condition ->
                        condition.toBuilder().status(ConditionStatus.FALSE).build())
                .toList();
        var now =
                pod.toBuilder().status(status -> status.conditions(conditions)).build();
        var few = costs(applications(FEW), Resources.PODS, key, now);
        assertThat(few.get("endpointslice-controller")).isPositive();
        assertThat(few.get("disruption-controller")).isPositive();
        assertThat(costs(applications(MANY), Resources.PODS, key, now)).isEqualTo(few);
    }

    @Test
    void aSliceChanges() {
        var caches = new CountingCaches();
        applications(FEW).accept(caches);
        var key = new ObjectKey("ns", ONE.name());
        var slice = caches.of(Resources.ENDPOINT_SLICES).get(key);
        var now = slice.toBuilder()
                .addEndpoints(endpoint -> endpoint.addresses(List.of("10.0.0.1")))
                .build();
        assertThat(costs(applications(MANY), Resources.ENDPOINT_SLICES, key, now))
                .isEqualTo(costs(applications(FEW), Resources.ENDPOINT_SLICES, key, now));
    }

    /// A node comes, and gets a network.
    @Test
    void aNodeComes() {
        var node = Node.of(yaml("{metadata: {name: new, uid: new}}"));
        assertThat(costs(nodes(MANY, "True"), Resources.NODES, node.key(), node).get("node-ipam-controller"))
                .isEqualTo(costs(nodes(FEW, "True"), Resources.NODES, node.key(), node)
                        .get("node-ipam-controller"));
    }
}
