package io.navarch.apps.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.kinds.volumesnapshot.VolumeSnapshotContent;
import io.navarch.model.Node;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StorageReportTest {
    private static View view(String yaml) {
        return View.of(Yaml.parse(yaml));
    }

    @Test
    void saysWhoseAVolumeIsWhereItLiesAndWhatItTakes() {
        var own = PersistentVolume.of(view("{metadata: {name: pvc-1, labels: {local-path.navarch.io/node: one}}, spec:"
                + " {capacity: {storage: 1Gi}, storageClassName: local-path, persistentVolumeReclaimPolicy: Delete,"
                + " claimRef: {namespace: ns, name: data}, local: {path: /v/pvc-1}}, status: {phase: Bound}}"));
        var other = PersistentVolume.of(view("{metadata: {name: disk}, spec: {capacity: {storage: 5Gi},"
                + " persistentVolumeReclaimPolicy: Retain, nfs: {path: /}}, status: {phase: Available}}"));
        var claim = PersistentVolumeClaim.of(view("{metadata: {namespace: ns, name: waits}, spec: {storageClassName:"
                + " slow, resources: {requests: {storage: 2Gi}}}, status: {phase: Pending}}"));
        var node = Node.of(view("{metadata: {name: one, annotations: {local-path.navarch.io/root: /v,"
                + " local-path.navarch.io/free: 70Mi}}}"));
        var snapshot = VolumeSnapshotContent.of(view("{metadata: {name: s-1}, spec: {driver: local-path.navarch.io,"
                + " deletionPolicy: Retain, volumeSnapshotClassName: fast, volumeSnapshotRef: {namespace: ns, name:"
                + " old}}, status: {snapshotHandle: one/s-1, readyToUse: true, restoreSize: 1048576}}"));
        var report = new StorageReport(List.of(own, other), List.of(claim), List.of(snapshot), List.of(node));
        var known = Map.of("/v/pvc-1", 1L << 21, "/v/snapshots/s-1", 1L << 20);
        assertThat(report.lines(
                        path -> known.containsKey(path) ? OptionalLong.of(known.get(path)) : OptionalLong.empty()))
                .containsExactly(
                        "CLAIM               VOLUME   STATUS      CLASS        RECLAIM   NODE   SIZE   USED",
                        "-                   disk     Available   -            Retain    -      5Gi    -",
                        "ns/data             pvc-1    Bound       local-path   Delete    one    1Gi    2Mi",
                        "ns/waits            -        Pending     slow         -         -      2Gi    -",
                        "ns/old (snapshot)   s-1      Ready       fast         Retain    one    1Mi    1Mi",
                        "node one: 70Mi free in /v");
    }
}
