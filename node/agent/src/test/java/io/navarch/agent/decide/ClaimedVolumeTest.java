package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.decide.ClaimedVolume.Source;
import io.navarch.model.Node;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Pod;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimedVolumeTest {
    private static final String BOUND =
            "metadata: {name: data, namespace: ns, uid: c1}, spec: {volumeName: pv}, status: {phase: Bound}";
    private static final String LOCAL = "claimRef: {namespace: ns, name: data, uid: c1}, local: {path: /disk},"
            + " nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname,"
            + " operator: In, values: [here]}]}]}}";
    private static final String CLAIM = "persistentVolumeClaim: {claimName: data}";
    private static final String UNKNOWN =
            "Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process"
                    + " volumes=[v]: ";

    private static View view(String yaml) {
        return View.of(Yaml.parse("{" + yaml + "}"));
    }

    private static Pod pod(String volume, String use, String more) {
        return Pod.of(view("metadata: {name: p, namespace: ns, uid: u}, spec: {" + more + "volumes: [{name: v, "
                + volume + "}], containers: [{name: c, " + use + "}]}"));
    }

    private static Pod pod() {
        return pod(CLAIM, "volumeMounts: [{name: v, mountPath: /v}]", "");
    }

    private static ClaimedVolume of(Pod pod, String claim, String volume) {
        return ClaimedVolume.of(
                pod,
                pod.spec().volumes().getFirst(),
                new ClaimedVolume.Seen(
                        PersistentVolumeClaim.of(claim.isEmpty() ? View.ABSENT : view(claim)),
                        PersistentVolume.of(
                                volume.isEmpty() ? View.ABSENT : view("metadata: {name: pv}, spec: {" + volume + "}")),
                        Node.of(view("metadata: {name: n, labels: {kubernetes.io/hostname: here}}"))));
    }

    private static void refused(Pod pod, String claim, String volume, String message) {
        assertThatThrownBy(() -> of(pod, claim, volume))
                .isInstanceOf(UnresolvedException.class)
                .hasMessage(message);
    }

    @Test
    void whatIsBoundIsFound() {
        var found = of(pod(), BOUND, LOCAL);
        assertThat(found.name()).isEqualTo("pv");
        assertThat(found.source()).isEqualTo(new Source.Local("/disk"));
        assertThat(found.readOnly()).isFalse();
        assertThat(found.exclusive()).isFalse();
        assertThat(found.group()).isEmpty();
        var all = of(
                pod(
                        "persistentVolumeClaim: {claimName: data, readOnly: true}",
                        "volumeMounts: [{name: v, mountPath: /v}]",
                        "securityContext: {fsGroup: 7, fsGroupChangePolicy: OnRootMismatch}, "),
                BOUND,
                LOCAL + ", accessModes: [ReadWriteOncePod], mountOptions: [noatime]");
        assertThat(all.readOnly()).isTrue();
        assertThat(all.exclusive()).isTrue();
        assertThat(all.group()).hasValue(7);
        assertThat(all.groupOnMismatch()).isTrue();
        assertThat(all.mountOptions()).isEqualTo(List.of("noatime"));
    }

    @Test
    void whatIsNotBoundIsWaitedFor() {
        var processing = UNKNOWN + "error processing PVC ns/data: ";
        refused(
                pod(),
                "",
                "",
                processing + "failed to fetch PVC from API server: persistentvolumeclaims \"data\" not found");
        refused(pod(), "metadata: {name: data}, status: {phase: Pending}", "", processing + "PVC is not bound");
        refused(pod(), BOUND.replace("volumeName: pv", ""), "", processing + "PVC has empty pvc.Spec.VolumeName");
        refused(
                pod(),
                BOUND,
                "",
                processing + "failed to fetch PV pv from API server: persistentvolumes \"pv\" not found");
        refused(
                pod(),
                BOUND,
                "local: {path: /disk}",
                processing + "found PV object pv but it has a nil pv.Spec.ClaimRef indicating it is not yet bound to"
                        + " the claim");
        refused(
                pod(),
                BOUND,
                LOCAL.replace("c1", "c2"),
                processing + "found PV object pv but its pv.Spec.ClaimRef.UID c2 does not point to claim.UID c1");
    }

    @Test
    void oneThatGoesIsKeptForThoseWhoUseItOnly() {
        var going = BOUND.replace("uid: c1", "uid: c1, deletionTimestamp: 2026-01-01T00:00:00Z");
        refused(pod(), going, LOCAL, UNKNOWN + "error processing PVC ns/data: PVC is being deleted");
        var kept = going.replace("uid: c1", "uid: c1, finalizers: [kubernetes.io/pvc-protection]");
        assertThat(of(pod(), kept, LOCAL).name()).isEqualTo("pv");
    }

    @Test
    void anotherPodsEphemeralVolumeIsNotTaken() {
        var pod = pod("ephemeral: {}", "volumeMounts: [{name: v, mountPath: /v}]", "");
        var owned = BOUND.replace("name: data", "name: p-v");
        refused(pod, owned, LOCAL, UNKNOWN + "PVC ns/p-v was not created for pod ns/p (pod is not owner)");
        var own = owned.replace("uid: c1", "uid: c1, ownerReferences: [{controller: true, uid: u}]");
        assertThat(of(pod, own, LOCAL).name()).isEqualTo("pv");
    }

    @Test
    void whatThisNodeCannotShowIsRefused() {
        refused(
                pod(),
                BOUND,
                LOCAL.replace("here", "there"),
                "MountVolume.NodeAffinity check failed for volume \"pv\" : no matching NodeSelectorTerms");
        refused(
                pod(),
                BOUND,
                LOCAL.replace("local: {path: /disk}", "iscsi: {targetPortal: t, iqn: i, lun: 0}"),
                "MountVolume.FindPluginBySpec failed for volume \"pv\" : no volume plugin matched");
        refused(
                pod(),
                BOUND,
                LOCAL.replace("local:", "mountOptions: [ro], hostPath:"),
                "MountVolume.MountOptionSupport check failed for volume \"pv\" : mount options are not supported for"
                        + " this volume type");
        refused(
                pod(),
                BOUND,
                LOCAL + ", volumeMode: Block",
                UNKNOWN + "volume v has volumeMode Block, but is specified in volumeMounts");
        refused(
                pod(CLAIM, "volumeDevices: [{name: v, devicePath: /dev/v}]", ""),
                BOUND,
                LOCAL,
                UNKNOWN + "volume v has volumeMode Filesystem, but is specified in volumeDevices");
    }

    @Test
    void whatAFileServerHasIsShownAsTheServerHasIt() {
        var persistent = LOCAL.replace("local: {path: /disk}", "nfs: {server: 192.0.2.9, path: /export}");
        assertThat(of(pod(), BOUND, persistent).source()).isEqualTo(new Source.Nfs("192.0.2.9", "/export"));
        var inline = pod(
                "nfs: {server: '2001:db8::9', path: /export, readOnly: true}",
                "volumeMounts: [{name: v, mountPath: /v}]",
                "");
        var own = ClaimedVolume.ofServer(inline, inline.spec().volumes().getFirst());
        assertThat(own.source()).isEqualTo(new Source.Nfs("[2001:db8::9]", "/export"));
        assertThat(own.name()).isEqualTo("v");
        assertThat(own.readOnly()).isTrue();
    }
}
