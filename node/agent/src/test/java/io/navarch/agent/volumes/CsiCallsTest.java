package io.navarch.agent.volumes;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.decide.ClaimedVolume;
import io.navarch.agent.decide.CsiVolume;
import io.navarch.agent.linux.BoundedCalls;
import io.navarch.csi.CsiFailure.Code;
import io.navarch.csi.CsiNode.Capability;
import io.navarch.model.Node;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.SecretReference;
import io.navarch.model.Volume;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What drivers are told, and what becomes of what they say.
class CsiCallsTest extends DriverFixture {
    @Test
    void theDriverIsToldWhatItWantsToKnow() {
        declared = "{attachRequired: false, podInfoOnMount: true, tokenRequests: [{audience: a}]}";
        var stage = SecretReference.builder().namespace("x").name("s").build();
        var publish = SecretReference.builder().namespace("x").name("p").build();
        show("u", volume("h", stage, publish));
        assertThat(driver.staged.getFirst().secrets()).isEqualTo(Map.of("key", "x/s"));
        assertThat(driver.staged.getFirst().volumeContext()).isEqualTo(Map.of("size", "1"));
        var call = driver.published.getFirst();
        assertThat(call.secrets()).isEqualTo(Map.of("key", "x/p"));
        assertThat(call.volumeContext())
                .containsEntry("size", "1")
                .containsEntry("csi.storage.k8s.io/pod.name", "p")
                .containsEntry("csi.storage.k8s.io/pod.namespace", "ns")
                .containsEntry("csi.storage.k8s.io/pod.uid", "u")
                .containsEntry("csi.storage.k8s.io/serviceAccount.name", "sa")
                .containsEntry("csi.storage.k8s.io/ephemeral", "false")
                .containsEntry("csi.storage.k8s.io/serviceAccount.tokens", "tokens");
    }

    @Test
    void tokensAreSecretWhereTheDriverWantsThat() {
        declared = "{attachRequired: false, tokenRequests: [{audience: a}], serviceAccountTokenInSecrets: true}";
        show("u", volume("h"));
        assertThat(driver.published.getFirst().secrets())
                .isEqualTo(Map.of("csi.storage.k8s.io/serviceAccount.tokens", "tokens"));
        assertThat(driver.published.getFirst().volumeContext()).isEqualTo(Map.of("size", "1"));
    }

    @Test
    void credentialsThatAreMissingAreNamed() {
        var missing = SecretReference.builder().namespace("x").name("missing").build();
        refused(
                "u",
                volume("h", missing, SecretReference.ABSENT),
                "MountVolume.MountDevice failed for volume \"pv-h\" : no such secret");
        assertThat(driver.calls).isEmpty();
    }

    @Test
    void aPodsOwnVolumeNeedsADriverThatMakesSuch() throws IOException {
        var pod = pod("u");
        Volume inline = pod.spec().volumes().getFirst();
        var volume = CsiVolume.of(pod, inline);
        declared = "{volumeLifecycleModes: [Persistent]}";
        refused(
                "u",
                volume,
                "MountVolume.SetUp failed for volume \"v\" : kubernetes.io/csi: mounter.SetupAt failed to check volume"
                        + " lifecycle mode: volume mode \"Ephemeral\" not supported by driver d (only supports"
                        + " [\"Persistent\"])");
        declared = "{volumeLifecycleModes: [Ephemeral], podInfoOnMount: true}";
        show("u", volume);
        var call = driver.published.getFirst();
        assertThat(call.volume()).matches("csi-[0-9a-f]{64}");
        assertThat(call.volumeContext()).containsEntry("csi.storage.k8s.io/ephemeral", "true");
        mounts.release("u");
        assertThat(driver.calls).containsExactly("publish " + call.volume(), "unpublish " + call.volume());
        nothingIsLeft();
    }

    @Test
    void filesBelongToThePodsGroupByTheDriversPolicy() throws IOException {
        var request = new CsiMounts.Request(pod("u"), volume("h"), OptionalLong.of(4242), false);
        declared = "{attachRequired: false, fsGroupPolicy: None}";
        assertThat(Files.getAttribute(mounts.mount(request).path(), "unix:gid")).isEqualTo(0);
        mounts.release("u");
        declared = "{attachRequired: false, fsGroupPolicy: File}";
        assertThat(Files.getAttribute(mounts.mount(request).path(), "unix:gid")).isEqualTo(4242);
        mounts.release("u");
        driver.capabilities.add(Capability.VOLUME_MOUNT_GROUP);
        mounts.mount(request);
        assertThat(driver.published.getLast().use().group()).isEqualTo("4242");
    }

    @Test
    void aDriverThatWantsToRenewIsCalledAgain() {
        declared = "{attachRequired: false, requiresRepublish: true}";
        var request = new CsiMounts.Request(pod("u"), volume("h"), OptionalLong.empty(), false);
        assertThat(mounts.mount(request).again()).isTrue();
        mounts.again(request);
        assertThat(driver.calls).containsExactly("stage h", "publish h", "publish h");
        assertThat(driver.published.getLast()).isEqualTo(driver.published.getFirst());
    }

    private ClaimedVolume.Seen grown(String progress) {
        return new ClaimedVolume.Seen(
                PersistentVolumeClaim.of(view("{metadata: {name: c, namespace: ns}, status: {capacity: {storage: 1Gi},"
                        + " allocatedResources: {storage: 2Gi}, allocatedResourceStatuses: {storage: " + progress
                        + "}, conditions: [{type: FileSystemResizePending, status: 'True'}]}}")),
                PersistentVolume.of(view("{metadata: {name: pv-h}, spec: {capacity: {storage: 2Gi}}}")),
                Node.ABSENT);
    }

    @Test
    void aVolumeGrowsWhilePodsHaveIt() {
        driver.capabilities.add(Capability.EXPAND_VOLUME);
        show("u", volume("h"));
        new VolumeExpansions(parts()).follow(pod("u"), volume("h"), grown("NodeResizePending"));
        assertThat(driver.calls).containsExactly("stage h", "publish h", "expand h");
        assertThat(written.getFirst().status().allocatedResourceStatuses())
                .isEqualTo(Map.of("storage", "NodeResizeInProgress"));
        var done = written.getLast().status();
        assertThat(done.capacity()).isEqualTo(Map.of("storage", Quantity.parse("2Gi")));
        assertThat(done.conditions()).isEmpty();
        assertThat(done.hasAllocatedResourceStatuses()).isFalse();
        assertThat(events)
                .containsOnly(
                        "FileSystemResizeSuccessful: MountVolume.NodeExpandVolume succeeded for volume \"pv-h\" n");
    }

    @Test
    void whyAVolumeDoesNotGrowIsTold() {
        driver.capabilities.add(Capability.EXPAND_VOLUME);
        driver.failing.put("expand h", Code.INVALID_ARGUMENT);
        show("u", volume("h"));
        new VolumeExpansions(parts()).follow(pod("u"), volume("h"), grown("NodeResizePending"));
        var why = "Expander.NodeExpand failed to expand the volume : rpc error: code = InvalidArgument desc = told to";
        assertThat(events)
                .containsExactly(
                        "VolumeResizeFailed: NodeExpandVolume.NodeExpandVolume failed for volume \"pv-h\" : " + why);
        var failed = written.getLast().status();
        assertThat(failed.allocatedResourceStatuses()).isEqualTo(Map.of("storage", "NodeResizeInfeasible"));
        assertThat(failed.conditions().getLast().type()).isEqualTo("NodeResizeError");
        assertThat(failed.conditions().getLast().message()).isEqualTo("failed to expand pvc with " + why);
        new VolumeExpansions(parts()).follow(pod("u"), volume("h"), grown("NodeResizeInfeasible"));
        assertThat(driver.calls).containsOnlyOnce("expand h");
    }

    @Test
    void howFullAVolumeIsTheDriverSaysOrTheFileSystem() {
        var usages =
                new ClaimUsages(drivers, new BoundedCalls(Duration.ofMinutes(1)), InstantSource.fixed(Instant.EPOCH));
        var claim = new ObjectKey("ns", "c");
        var local = new ClaimUsages.Shown("u", "l", claim, directory, Optional.empty());
        var remote = new ClaimUsages.Shown("u", "r", claim, directory, Optional.of(volume("h")));
        var silent = new ClaimUsages.Shown("u", "s", claim, directory, Optional.of(volume("i")));
        driver.capabilities.add(Capability.GET_VOLUME_STATS);
        assertThat(usages.due(List.of(local, remote))).containsExactly(local, remote);
        assertThat(usages.due(List.of(local, remote))).isEmpty();
        usages.measure(local);
        usages.measure(remote);
        assertThat(usages.due(List.of(local, remote))).isEmpty();
        assertThat(usages.of("u")).hasSize(2).anySatisfy(usage -> {
            assertThat(usage.volume()).isEqualTo("r");
            assertThat(usage.space().bytes()).isEqualTo(10);
            assertThat(usage.used().bytes()).isEqualTo(3);
        });
        driver.capabilities.clear();
        assertThat(usages.due(List.of(silent))).containsExactly(silent);
        usages.measure(silent);
        assertThat(usages.of("u")).isEmpty();
    }
}
