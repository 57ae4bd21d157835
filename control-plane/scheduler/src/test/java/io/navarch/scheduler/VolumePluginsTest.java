package io.navarch.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Node;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Pod;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.scheduler.volumes.KnownVolumes;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VolumePluginsTest {
    private final SchedulingCycle cycle = new SchedulingCycle(Plugins.defaults(), new Random(1));
    private final KnownVolumes known = new KnownVolumes();
    private Set<String> used = Set.of();
    private final List<NodeState> nodes = List.of(node("a", ""), node("b", ""));

    private static NodeState node(String name, String labels) {
        return new NodeState(Node.of(View.of(Yaml.parse("{metadata: {name: " + name + ", labels: {name: " + name
                + labels + "}}, status: {allocatable: {cpu: '8', memory: 4Gi, pods: '110'}}}"))));
    }

    private static Pod pod(String... claims) {
        var volumes = Stream.of(claims)
                .map(claim -> claim.startsWith("{")
                        ? claim
                        : "{name: " + claim + ", persistentVolumeClaim: {claimName: " + claim + "}}")
                .toList();
        return Pod.of(View.of(Yaml.parse("{metadata: {name: p, namespace: ns, uid: u}, spec: {containers: [{name: c}],"
                + " volumes: [" + String.join(", ", volumes) + "]}}")));
    }

    private SchedulingCycle.Outcome schedule(String... claims) {
        return cycle.schedule(PodInfo.of(pod(claims), known, key -> used.contains(key.name()) ? 1 : 0), nodes);
    }

    private void refused(String message, String... claims) {
        assertThat(schedule(claims).message()).isEqualTo("0/2 nodes are available: " + message + ".");
    }

    @Test
    void aPodWaitsForClaimsThatDoNotWaitForIt() {
        refused("persistentvolumeclaim \"data\" not found", "data");
        known.claim("data", "", "", "Pending");
        refused("pod has unbound immediate PersistentVolumeClaims", "data");
        known.claim("data", "", ", volumeName: pv", "Lost");
        refused("persistentvolumeclaim \"data\" bound to non-existent persistentvolume \"pv\"", "data");
        known.claim("data", ", deletionTimestamp: 2026-01-01T00:00:00Z", "", "Pending");
        refused("persistentvolumeclaim \"data\" is being deleted", "data");
        var ephemeral = "{name: v, ephemeral: {}}";
        refused("waiting for ephemeral volume controller to create the persistentvolumeclaim \"p-v\"", ephemeral);
        known.claim("p-v", "", "", "Pending");
        refused("PVC ns/p-v was not created for pod ns/p (pod is not owner)", ephemeral);
        known.claim("p-v", ", ownerReferences: [{controller: true, uid: u}]", "", "Pending");
        refused("pod has unbound immediate PersistentVolumeClaims", ephemeral);
    }

    @Test
    void aPodGoesWhereItsVolumeIs() {
        known.bound("data", "pv").volume("pv", "1Gi", "b", "");
        assertThat(schedule("data").node()).isEqualTo("b");
        assertThat(schedule("data").volumes().empty()).isTrue();
        known.volume("pv", "1Gi", "elsewhere", "");
        refused("2 node(s) didn't match PersistentVolume's node affinity", "data");
        known.bound("data", "gone");
        refused("2 node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)", "data");
    }

    @Test
    void claimsThatWaitGetDifferentVolumesOfOneNodeTheSmallestThatSuit() {
        known.storageClass("late", "kubernetes.io/no-provisioner", "")
                .waiting("small", "late", "1Gi")
                .waiting("large", "late", "5Gi")
                .volume("a1", "1Gi", "a", ", storageClassName: late")
                .volume("a2", "2Gi", "a", ", storageClassName: late")
                .volume("b5", "5Gi", "b", ", storageClassName: late");
        refused("2 node(s) didn't find available persistent volumes to bind", "small", "large");
        known.volume("b2", "2Gi", "b", ", storageClassName: late");
        var outcome = schedule("large", "small");
        assertThat(outcome.node()).isEqualTo("b");
        assertThat(outcome.volumes().matches())
                .extracting(match -> match.claim().name() + " " + match.volume().name())
                .containsExactly("small b2", "large b5");
    }

    @Test
    void aVolumeThatIsReservedForAClaimIsTheOnlyOneForIt() {
        known.storageClass("late", "kubernetes.io/no-provisioner", "")
                .waiting("data", "late", "1Gi")
                .volume("a", "1Gi", "a", ", storageClassName: late")
                .volume(
                        "b",
                        "9Gi",
                        "b",
                        ", storageClassName: late, claimRef: {namespace: ns, name: data, uid: uid-data}");
        assertThat(schedule("data").node()).isEqualTo("b");
        known.volume("b", "9Gi", "b", ", storageClassName: late, claimRef: {namespace: ns, name: other, uid: x}");
        assertThat(schedule("data").node()).isEqualTo("a");
    }

    @Test
    void whereAVolumeCanBeMadeAPodCanGo() {
        known.storageClass("made", "example.com/disk", "").waiting("data", "made", "1Gi");
        assertThat(schedule("data").volumes().provisions())
                .extracting(PersistentVolumeClaim::name)
                .containsExactly("data");
        known.storageClass(
                "made",
                "example.com/disk",
                ", allowedTopologies: [{matchLabelExpressions: [{key: name, values: [b]}]}]");
        assertThat(schedule("data").node()).isEqualTo("b");
        known.claim(
                "data",
                ", annotations: {volume.kubernetes.io/selected-node: a}",
                ", storageClassName: made",
                "Pending");
        refused("2 node(s) didn't find available persistent volumes to bind", "data");
    }

    @Test
    void whereThereIsRoomAPodCanGo() {
        known.storageClass("made", "example.com/disk", "").waiting("data", "made", "2Gi");
        known.capacity("made", "a", "1Gi");
        refused("2 node(s) did not have enough free storage", "data");
        known.capacity("made", "b", "2Gi");
        assertThat(schedule("data").node()).isEqualTo("b");
    }

    @Test
    void whatIsMadeFromWhatANodeKeepsIsMadeThere() {
        known.storageClass("made", "local-path.navarch.io", "");
        known.claim("data", ", annotations: {local-path.navarch.io/only-on: b}", ", storageClassName: made", "Pending");
        assertThat(schedule("data").node()).isEqualTo("b");
        known.claim("data", ", annotations: {local-path.navarch.io/only-on: c}", ", storageClassName: made", "Pending");
        refused("2 node(s) didn't match PersistentVolume's node affinity", "data");
    }

    @Test
    void oneClaimForOnePodAtATime() {
        known.claim(
                        "data",
                        ", annotations: {pv.kubernetes.io/bind-completed: 'yes'}",
                        ", volumeName: pv, accessModes: [ReadWriteOncePod]",
                        "Bound")
                .volume("pv", "1Gi", "", "");
        assertThat(schedule("data").scheduled()).isTrue();
        used = Set.of("data");
        refused(
                "2 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by"
                        + " another pod",
                "data");
        known.bound("data", "pv");
        assertThat(schedule("data").scheduled()).isTrue();
    }

    @Test
    void aNodeAttachesSoManyVolumesEachOnce() {
        var csi = ", csi: {driver: d, volumeHandle: ";
        known.bound("one", "pv1")
                .bound("two", "pv2")
                .bound("three", "pv3")
                .volume("pv1", "1Gi", "a", csi + "h1}")
                .volume("pv2", "1Gi", "a", csi + "h2}")
                .volume("pv3", "1Gi", "a", csi + "h3}")
                .limit("a", "d", 2);
        nodes.getFirst().add(PodInfo.of(pod("one")));
        assertThat(schedule("one", "two").node()).isEqualTo("a");
        refused(
                "1 node(s) didn't match PersistentVolume's node affinity, 1 node(s) exceed max volume count",
                "two",
                "three");
        known.attached("a", "pv3");
        refused("1 node(s) didn't match PersistentVolume's node affinity, 1 node(s) exceed max volume count", "two");
        nodes.getFirst().remove(new ObjectKey("ns", "p"));
        assertThat(schedule("two").node()).isEqualTo("a");
    }

    @Test
    void aVolumeOfAZoneIsUsedThere() {
        var zoned = List.of(
                node("left", ", topology.kubernetes.io/zone: z1"), node("right", ", topology.kubernetes.io/zone: z2"));
        known.bound("data", "pv").labelled("pv", "failure-domain.beta.kubernetes.io/zone", "z0__z2");
        var info = PodInfo.of(pod("data"), known, key -> 0);
        assertThat(cycle.schedule(info, zoned).node()).isEqualTo("right");
        assertThat(cycle.schedule(info, zoned.subList(0, 1)).message())
                .isEqualTo("0/1 nodes are available: 1 node(s) had no available volume zone.");
        assertThat(cycle.schedule(info, nodes).scheduled()).isTrue();
    }

    @Test
    void claimsAreCountedAsPodsComeAndGo() {
        var state = new ClusterState();
        var key = new ObjectKey("ns", "data");
        state.assume(pod("data"), "a");
        assertThat(state.users(key)).isEqualTo(1);
        state.assume(pod("data", "other"), "b");
        assertThat(state.users(key)).isEqualTo(1);
        state.forget(new ObjectKey("ns", "p"));
        assertThat(state.users(key)).isZero();
    }
}
