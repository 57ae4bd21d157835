package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.localpath.LocalPathController;
import io.navarch.controllers.localpath.LocalStorageController;
import io.navarch.controllers.persistentvolume.PersistentVolumeController;
import io.navarch.model.Resources;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalPathControllerTest {
    private static final ResourceType<View> VOLUMES = Resources.PERSISTENT_VOLUMES.untyped();
    private static final ResourceType<View> CLAIMS = Resources.PERSISTENT_VOLUME_CLAIMS.untyped();
    private static final ResourceType<View> CLASSES = Resources.STORAGE_CLASSES.untyped();
    private static final ResourceType<View> NODES = Resources.NODES.untyped();
    private static final ResourceType<View> CAPACITIES = Resources.CSI_STORAGE_CAPACITIES.untyped();

    private final World world =
            new World(1, new PersistentVolumeController(), new LocalPathController(), new LocalStorageController());

    @BeforeEach
    void node() {
        create(NODES, """
                metadata:
                  name: one
                  labels: {kubernetes.io/hostname: host}
                  annotations: {local-path.navarch.io/root: /volumes, local-path.navarch.io/free: 1000Mi}
                """);
        world.settle("node");
    }

    private void create(ResourceType<View> type, String yaml) {
        world.create(type, View.of(Yaml.parse(yaml)).map());
    }

    private View claim(String node, String... changes) {
        var annotation = node.isEmpty() ? "" : ", annotations: {volume.kubernetes.io/selected-node: " + node + "}";
        var yaml = "{metadata: {name: c, namespace: ns" + annotation
                + "}, spec: {accessModes: [ReadWriteOnce], storageClassName: local-path, resources: {requests: {storage:"
                + " 1Mi}}}}";
        for (int i = 0; i < changes.length; i += 2) yaml = yaml.replace(changes[i], changes[i + 1]);
        create(CLAIMS, yaml);
        world.settle("claim");
        return world.get(CLAIMS, "ns", "c");
    }

    private static String selected(View claim) {
        return claim.get("metadata", "annotations", "volume.kubernetes.io/selected-node")
                .string();
    }

    @Test
    void theFirstNodeBringsTheDefaultClassAndWhoDeletesItDoesNotGetItAgain() {
        var made = world.get(CLASSES, "", "local-path");
        assertThat(made.get("provisioner").string()).isEqualTo("local-path.navarch.io");
        assertThat(made.get("volumeBindingMode").string()).isEqualTo("WaitForFirstConsumer");
        assertThat(made.get("metadata", "annotations", "storageclass.kubernetes.io/is-default-class")
                        .string())
                .isEqualTo("true");
        assertThat(world.all(CAPACITIES)).hasSize(1);
        world.delete(CLASSES, made);
        world.settle("deleted");
        assertThat(world.get(CLASSES, "", "local-path").exists()).isFalse();
        assertThat(world.all(CAPACITIES)).isEmpty();
    }

    @Test
    void whatANodeSaysOfItsRoomIsToldToTheScheduler() {
        var told = world.all(CAPACITIES).iterator().next();
        assertThat(told.get("capacity").string()).isEqualTo("1000Mi");
        assertThat(told.get("nodeTopology", "matchLabels", "kubernetes.io/hostname")
                        .string())
                .isEqualTo("host");
        world.change(
                NODES,
                world.get(NODES, "", "one"),
                View.of(Yaml.parse("{metadata: {annotations: {local-path.navarch.io/free: 900Mi}}}"))
                        .map());
        world.settle("less");
        assertThat(world.all(CAPACITIES).iterator().next().get("capacity").string())
                .isEqualTo("900Mi");
        world.delete(NODES, world.get(NODES, "", "one"));
        world.settle("gone");
        assertThat(world.all(CAPACITIES)).isEmpty();
    }

    @Test
    void aClaimGetsAVolumeOnTheNodeOfItsPodAndItGoesWithTheClaim() {
        assertThat(claim("").status().get("phase").string()).isEqualTo("Pending");
        assertThat(world.all(VOLUMES)).isEmpty();
        world.delete(CLAIMS, world.get(CLAIMS, "ns", "c"));
        world.settle("deleted");
        var bound = claim("one");
        assertThat(bound.status().get("phase").string()).isEqualTo("Bound");
        var volume = world.all(VOLUMES).iterator().next();
        assertThat(volume.name()).isEqualTo("pvc-" + bound.uid());
        assertThat(volume.spec().get("local", "path").string()).isEqualTo("/volumes/" + volume.name());
        assertThat(volume.spec().get("persistentVolumeReclaimPolicy").string()).isEqualTo("Delete");
        world.delete(CLAIMS, bound);
        world.settle("released");
        // The directory is the node's to remove.
        assertThat(world.all(VOLUMES)).hasSize(1);
        assertThat(world.all(VOLUMES)
                        .iterator()
                        .next()
                        .get("metadata", "deletionTimestamp")
                        .exists())
                .isTrue();
        world.delete(NODES, world.get(NODES, "", "one"));
        world.settle("gone");
        assertThat(world.all(VOLUMES)).isEmpty();
    }

    @Test
    void whatIsToBeRetainedStays() {
        create(
                CLASSES,
                "{metadata: {name: kept}, provisioner: local-path.navarch.io, reclaimPolicy: Retain,"
                        + " volumeBindingMode: WaitForFirstConsumer}");
        var bound = claim("one", "local-path", "kept");
        assertThat(bound.status().get("phase").string()).isEqualTo("Bound");
        world.delete(CLAIMS, bound);
        world.settle("released");
        var volume = world.all(VOLUMES).iterator().next();
        assertThat(volume.status().get("phase").string()).isEqualTo("Released");
        assertThat(volume.get("metadata", "deletionTimestamp").exists()).isFalse();
    }

    @Test
    void whereThereIsNoRoomAnotherNodeIsChosen() {
        assertThat(selected(claim("one", "1Mi", "1001Mi"))).isEmpty();
        world.delete(CLAIMS, world.get(CLAIMS, "ns", "c"));
        assertThat(selected(claim("other"))).isEmpty();
        assertThat(world.all(VOLUMES)).isEmpty();
    }

    @Test
    void whatADirectoryCannotBeIsRefused() {
        for (var more : new String[] {
            "accessModes: [ReadWriteMany], ",
            "accessModes: [ReadWriteOnce], volumeMode: Block, ",
            "accessModes: [ReadWriteOnce], selector: {matchLabels: {a: b}}, "
        }) {
            var claim = claim("one", "accessModes: [ReadWriteOnce], ", more);
            assertThat(selected(claim)).isEqualTo("one");
            assertThat(world.all(VOLUMES)).as(more).isEmpty();
            world.delete(CLAIMS, claim);
            world.settle("deleted");
        }
    }

    private View source() {
        var source = claim("one");
        var volume = world.all(VOLUMES).iterator().next();
        assertThat(volume.get("metadata", "annotations", "local-path.navarch.io/from")
                        .exists())
                .isFalse();
        return source;
    }

    private View copy(String node, String from, String size) {
        claimFrom(node, from, size);
        world.settle("copy");
        return world.get(CLAIMS, "ns", "copy");
    }

    private void claimFrom(String node, String from, String size) {
        create(
                CLAIMS,
                "{metadata: {name: copy, namespace: ns, annotations: {volume.kubernetes.io/selected-node: " + node
                        + "}}, spec: {accessModes: [ReadWriteOnce], storageClassName: local-path, dataSourceRef: {"
                        + from
                        + "}, resources: {requests: {storage: " + size + "}}}}");
    }

    @Test
    void aCloneIsMadeOnTheNodeOfItsSource() {
        source();
        create(NODES, """
                metadata:
                  name: two
                  labels: {kubernetes.io/hostname: other-host}
                  annotations: {local-path.navarch.io/root: /volumes, local-path.navarch.io/free: 1000Mi}
                """);
        var elsewhere = copy("two", "kind: PersistentVolumeClaim, name: c", "1Mi");
        assertThat(selected(elsewhere)).isEmpty();
        assertThat(elsewhere
                        .get("metadata", "annotations", "local-path.navarch.io/only-on")
                        .string())
                .isEqualTo("one");
        world.delete(CLAIMS, elsewhere);
        world.settle("deleted");
        var source = world.all(VOLUMES).iterator().next().name();
        var copy = copy("one", "kind: PersistentVolumeClaim, name: c", "2Mi");
        assertThat(copy.status().get("phase").string()).isEqualTo("Bound");
        var volume = world.get(VOLUMES, "", "pvc-" + copy.uid());
        assertThat(volume.get("metadata", "annotations", "local-path.navarch.io/from")
                        .string())
                .isEqualTo("volume/" + source);
    }

    private void waits(String from, String size, String event) {
        claimFrom("one", from, size);
        // It is looked at again and again.
        world.steps(500);
        var copy = world.get(CLAIMS, "ns", "copy");
        assertThat(copy.status().get("phase").string()).isEqualTo("Pending");
        assertThat(world.get(VOLUMES, "", "pvc-" + copy.uid()).exists()).isFalse();
        assertThat(world.events).anyMatch(each -> each.contains(event));
        world.delete(CLAIMS, copy);
        world.settle("deleted");
    }

    @Test
    void whatThereIsNotOrDoesNotFitIsNotCopied() {
        var clone = "kind: PersistentVolumeClaim, name: c";
        waits(clone, "1Mi", "ProvisioningFailed: error getting PVC c to clone: not found");
        source();
        waits(clone, "1023Ki", "ProvisioningFailed: requested volume size 1023Ki is less than the size 1Mi");
        waits("apiGroup: example.com, kind: Seed, name: s", "1Mi", "Provisioning: Assuming an external populator");
        waits(
                "apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: s",
                "1Mi",
                "ProvisioningFailed: snapshot s is of a kind that is not served");
    }
}
