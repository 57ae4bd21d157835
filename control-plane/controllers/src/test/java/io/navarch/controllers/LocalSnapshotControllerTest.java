package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.localpath.LocalSnapshotController;
import io.navarch.kinds.volumesnapshot.VolumeSnapshots;
import io.navarch.model.Resources;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalSnapshotControllerTest {
    private static final ResourceType<View> SNAPSHOTS = VolumeSnapshots.SNAPSHOTS.untyped();
    private static final ResourceType<View> CONTENTS = VolumeSnapshots.CONTENTS.untyped();
    private static final ResourceType<View> CLASSES = VolumeSnapshots.CLASSES.untyped();
    private static final ResourceType<View> CLAIMS = Resources.PERSISTENT_VOLUME_CLAIMS.untyped();
    private static final ResourceType<View> VOLUMES = Resources.PERSISTENT_VOLUMES.untyped();

    private final World world = new World(1, new LocalSnapshotController());

    @BeforeEach
    void volume() {
        create(Resources.NODES.untyped(), "{metadata: {name: one}}");
        create(CLASSES, "{metadata: {name: local}, driver: local-path.navarch.io, deletionPolicy: Delete}");
        create(CLAIMS, "{metadata: {name: c, namespace: ns}, spec: {volumeName: pvc-1}, status: {phase: Bound}}");
        create(
                VOLUMES,
                "{metadata: {name: pvc-1, labels: {local-path.navarch.io/node: one}, annotations:"
                        + " {pv.kubernetes.io/provisioned-by: local-path.navarch.io, local-path.navarch.io/made: 'yes'}},"
                        + " spec: {capacity: {storage: 1Mi}, local: {path: /volumes/pvc-1}, claimRef: {namespace: ns,"
                        + " name: c, uid: " + world.get(CLAIMS, "ns", "c").uid() + "}}}");
    }

    private void create(ResourceType<View> type, String yaml) {
        world.create(type, View.of(Yaml.parse(yaml)).map());
    }

    private View snapshot(String spec) {
        create(SNAPSHOTS, "{metadata: {name: s, namespace: ns}, spec: {" + spec + "}}");
        world.settle("snapshot");
        return snapshot();
    }

    private View snapshot() {
        return world.get(SNAPSHOTS, "ns", "s");
    }

    private View content() {
        return world.all(CONTENTS).iterator().next();
    }

    /// What the node says.
    private void told(String status) {
        world.changeStatus(CONTENTS, content(), View.of(Yaml.parse(status)).map());
        world.settle("told");
    }

    @Test
    void aSnapshotIsTakenByTheNodeOfItsVolumeAndSaysWhenItIsReady() {
        var snapshot = snapshot("volumeSnapshotClassName: local, source: {persistentVolumeClaimName: c}");
        var content = content();
        assertThat(content.name()).isEqualTo("snapcontent-" + snapshot.uid());
        assertThat(content.spec().get("source", "volumeHandle").string()).isEqualTo("pvc-1");
        assertThat(content.get("metadata", "labels", "local-path.navarch.io/node")
                        .string())
                .isEqualTo("one");
        assertThat(snapshot().status().get("readyToUse").bool()).isFalse();
        told("{snapshotHandle: one/x, readyToUse: true, restoreSize: 1048576, creationTime: 1767225600000000000}");
        var status = snapshot().status();
        assertThat(status.get("readyToUse").bool()).isTrue();
        assertThat(status.get("boundVolumeSnapshotContentName").string()).isEqualTo(content.name());
        assertThat(status.get("creationTime").string()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(world.events).anyMatch(each -> each.startsWith("SnapshotReady: "));
    }

    @Test
    void whyItCannotBeTakenIsToldOnce() {
        snapshot("volumeSnapshotClassName: local, source: {persistentVolumeClaimName: none}");
        assertThat(snapshot().status().get("error", "message").string()).contains("failed to retrieve PVC none");
        assertThat(world.all(CONTENTS)).isEmpty();
        world.delete(SNAPSHOTS, snapshot());
        world.settle("deleted");
        snapshot("volumeSnapshotClassName: local, source: {persistentVolumeClaimName: c}");
        told("{readyToUse: false, error: {message: no room, time: '2026-01-01T00:00:00Z'}}");
        assertThat(snapshot().status().get("error", "message").string()).isEqualTo("no room");
        told("{snapshotHandle: one/x, readyToUse: true, error: null}");
        assertThat(snapshot().status().get("error").exists()).isFalse();
    }

    @Test
    void aSnapshotGoesWhenTheNodeHasRemovedWhatItKept() {
        snapshot("volumeSnapshotClassName: local, source: {persistentVolumeClaimName: c}");
        told("{snapshotHandle: one/x, readyToUse: true}");
        world.delete(SNAPSHOTS, snapshot());
        world.settle("deleted");
        assertThat(content().get("metadata", "deletionTimestamp").exists()).isTrue();
        assertThat(snapshot().exists()).isTrue();
        world.change(
                CONTENTS,
                content(),
                View.of(Yaml.parse("{metadata: {finalizers: []}}")).map());
        world.settle("removed");
        assertThat(world.all(CONTENTS)).isEmpty();
        assertThat(snapshot().exists()).isFalse();
    }

    @Test
    void whatIsToBeRetainedOutlivesTheSnapshotAndCanBeGivenToAnother() {
        create(CLASSES, "{metadata: {name: kept}, driver: local-path.navarch.io, deletionPolicy: Retain}");
        snapshot("volumeSnapshotClassName: kept, source: {persistentVolumeClaimName: c}");
        told("{snapshotHandle: one/x, readyToUse: true}");
        world.delete(SNAPSHOTS, snapshot());
        world.settle("deleted");
        assertThat(snapshot().exists()).isFalse();
        assertThat(content().get("metadata", "deletionTimestamp").exists()).isFalse();
        create(
                CONTENTS,
                "{metadata: {name: given}, spec: {driver: local-path.navarch.io, deletionPolicy: Retain, source:"
                        + " {snapshotHandle: one/x}, volumeSnapshotRef: {namespace: ns, name: s}}}");
        snapshot("source: {volumeSnapshotContentName: given}");
        var given = world.get(CONTENTS, "", "given");
        assertThat(given.spec().get("volumeSnapshotRef", "uid").string())
                .isEqualTo(snapshot().uid());
        assertThat(given.get("metadata", "labels", "local-path.navarch.io/node").string())
                .isEqualTo("one");
    }

    @Test
    void theDefaultClassIsForSnapshotsThatNameNone() {
        snapshot("source: {persistentVolumeClaimName: c}");
        assertThat(snapshot().status().get("error", "message").string()).contains("cannot find default snapshot class");
        create(
                CLASSES,
                "{metadata: {name: d, annotations: {snapshot.storage.kubernetes.io/is-default-class: 'true'}}, driver:"
                        + " local-path.navarch.io, deletionPolicy: Delete}");
        world.settle("class");
        assertThat(snapshot().spec().get("volumeSnapshotClassName").string()).isEqualTo("d");
        assertThat(world.all(CONTENTS)).hasSize(1);
    }

    @Test
    void othersSnapshotsAreLeftToThem() {
        create(CLASSES, "{metadata: {name: other}, driver: d, deletionPolicy: Delete}");
        var snapshot = snapshot("volumeSnapshotClassName: other, source: {persistentVolumeClaimName: c}");
        assertThat(snapshot.status().exists()).isFalse();
        assertThat(snapshot.get("metadata", "finalizers").exists()).isFalse();
    }

    @Test
    void withItsNodeASnapshotHasGone() {
        snapshot("volumeSnapshotClassName: local, source: {persistentVolumeClaimName: c}");
        told("{snapshotHandle: one/x, readyToUse: true}");
        world.delete(Resources.NODES.untyped(), world.get(Resources.NODES.untyped(), "", "one"));
        world.delete(SNAPSHOTS, snapshot());
        world.settle("deleted");
        assertThat(world.all(CONTENTS)).isEmpty();
        assertThat(world.all(SNAPSHOTS)).isEmpty();
    }
}
