package io.navarch.agent.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.navarch.agent.csi.CsiDrivers;
import io.navarch.agent.csi.PluginRefusedException;
import io.navarch.agent.decide.ClaimedVolume;
import io.navarch.agent.decide.CsiVolume;
import io.navarch.agent.decide.UnresolvedException;
import io.navarch.agent.linux.MountTable;
import io.navarch.csi.CsiFailure.Code;
import io.navarch.csi.CsiNode;
import io.navarch.csi.CsiNode.Capability;
import io.navarch.csi.CsiNode.NodeInfo;
import io.navarch.csi.CsiSockets;
import io.navarch.csi.PluginSocket;
import io.navarch.csi.PluginSocket.PluginInfo;
import io.navarch.model.ApiObject;
import io.navarch.model.CSIDriver;
import io.navarch.model.EventType;
import io.navarch.model.Node;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Pod;
import io.navarch.model.SecretReference;
import io.navarch.model.Volume;
import io.navarch.model.VolumeAttachment;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CsiMountsTest {
    @TempDir
    Path directory;

    private final Set<String> staged = ConcurrentHashMap.newKeySet();
    private FakeCsiNode driver = new FakeCsiNode(Path.of("/"));
    private CsiDirectories directories = new CsiDirectories(new PodDirectories(Path.of("/")));
    private CsiDrivers drivers = drivers();
    private CsiMounts mounts = restarted();
    private UnusedVolumes unused = new UnusedVolumes(parts());

    // What the API says.
    private String declared = "{attachRequired: false}";
    private final Set<String> attached = new HashSet<>();
    private boolean going;
    private List<String> used = List.of();
    private final List<PersistentVolumeClaim> written = new ArrayList<>();
    private final List<String> events = new ArrayList<>();

    private final class Api implements CsiObjects {
        @Override
        public CSIDriver driver(String name) {
            return declared.isEmpty()
                    ? CSIDriver.ABSENT
                    : CSIDriver.of(view("{metadata: {name: d}, spec: " + declared + "}"));
        }

        @Override
        public Map<String, String> secret(SecretReference reference) {
            if (!reference.exists()) return Map.of();
            if (reference.name().equals("missing")) throw new UnresolvedException("no such secret");
            return Map.of("key", reference.namespace() + "/" + reference.name());
        }

        @Override
        public String tokens(Pod pod, CSIDriver asked) {
            return asked.spec().tokenRequests().isEmpty() ? "" : "tokens";
        }

        @Override
        public VolumeAttachment attached(CsiVolume volume) {
            return attached.contains(volume.uniqueName())
                    ? VolumeAttachment.of(
                            view("{metadata: {name: a}, status: {attached: true, attachmentMetadata: {lun: '3'}}}"))
                    : VolumeAttachment.ABSENT;
        }

        @Override
        public void use(List<String> uniqueNames) {
            used = uniqueNames;
        }

        @Override
        public PersistentVolumeClaim status(PersistentVolumeClaim before, PersistentVolumeClaim after) {
            written.add(after);
            return after;
        }

        @Override
        public void event(ApiObject about, EventType type, String reason, String message) {
            events.add(reason + ": " + message);
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public boolean going(Pod pod) {
            return going;
        }
    }

    private static View view(String yaml) {
        return View.of(Yaml.parse(yaml));
    }

    @BeforeEach
    void start() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
        driver = new FakeCsiNode(Files.createDirectories(directory.resolve("disk")));
        directories = new CsiDirectories(new PodDirectories(directory.resolve("kubelet")));
        drivers = drivers();
        register();
        mounts = restarted();
        unused = new UnusedVolumes(parts());
    }

    @AfterEach
    void unmount() throws IOException {
        MountTable.clear(directory);
    }

    private CsiDrivers drivers() {
        return new CsiDrivers(
                new CsiSockets() {
                    @Override
                    public CsiNode driver(String endpoint) {
                        return driver;
                    }

                    @Override
                    public PluginSocket plugin(Path socket) {
                        throw new AssertionError();
                    }
                },
                new CsiDrivers.Announcement() {
                    @Override
                    public void announce(String name, NodeInfo info) {}

                    @Override
                    public void withdraw(String name) {}
                });
    }

    private static PluginInfo plugin() {
        return new PluginInfo(CsiDrivers.TYPE, "d", "/d.sock", List.of("1.0.0"));
    }

    private void register() {
        try {
            drivers.register(plugin());
        } catch (PluginRefusedException e) {
            throw new AssertionError(e);
        }
    }

    private CsiParts parts() {
        var wait = new AttachWait(directories, new Api(), Duration.ofMillis(200));
        return new CsiParts(directories, drivers, new Api(), wait, "n", new KeyedLocks(), staged);
    }

    private CsiMounts restarted() {
        staged.clear();
        return new CsiMounts(parts());
    }

    private static Pod pod(String uid) {
        return Pod.of(view("{metadata: {name: p, namespace: ns, uid: " + uid
                + "}, spec: {serviceAccountName: sa, volumes: [{name: v, csi: {driver: d}}]}}"));
    }

    private static CsiVolume volume(String handle, SecretReference stage, SecretReference publish) {
        return new CsiVolume(
                "pv-" + handle,
                "d",
                handle,
                false,
                false,
                false,
                "ext4",
                Map.of("size", "1"),
                List.of(),
                List.of(),
                new CsiVolume.Secrets(stage, publish, SecretReference.ABSENT));
    }

    private static CsiVolume volume(String handle) {
        return volume(handle, SecretReference.ABSENT, SecretReference.ABSENT);
    }

    private Path show(String uid, CsiVolume volume) {
        return mounts.mount(new CsiMounts.Request(pod(uid), volume, OptionalLong.empty(), false))
                .path();
    }

    private void refused(String uid, CsiVolume volume, String message) {
        assertThatThrownBy(() -> show(uid, volume))
                .isInstanceOf(UnresolvedException.class)
                .hasMessage(message);
    }

    private void removeUnused() throws IOException {
        for (var shared : directories.shared()) unused.removeUnused(shared);
    }

    private void nothingIsLeft() throws IOException {
        assertThat(MountTable.below(directory)).isEmpty();
        assertThat(directories.shared()).isEmpty();
        assertThat(directories.places("u")).isEmpty();
        assertThat(directories.places("w")).isEmpty();
    }

    @Test
    void aVolumeIsStagedOnceForTheNodeAndPublishedForEachPod() throws IOException {
        var place = show("u", volume("h"));
        assertThat(place)
                .isEqualTo(directory.resolve("kubelet/pods/u/volumes/kubernetes.io~csi/pv-h/mount"))
                .isDirectory();
        show("w", volume("h"));
        assertThat(driver.calls).containsExactly("stage h", "publish h", "publish h");
        assertThat(driver.published.getFirst().stagingPath())
                .isEqualTo(driver.staged.getFirst().stagingPath())
                .matches(directory + "/kubelet/plugins/kubernetes.io/csi/d/[0-9a-f]{64}/globalmount");
        driver.calls.clear();
        mounts.release("u");
        removeUnused();
        assertThat(driver.calls).containsExactly("unpublish h");
        mounts.release("w");
        removeUnused();
        assertThat(driver.calls).containsExactly("unpublish h", "unpublish h", "unstage h");
        nothingIsLeft();
        assertThat(directory.resolve("disk/h")).isDirectory();
    }

    @Test
    void aDriverThatStagesNothingIsNotAskedTo() throws IOException {
        driver.capabilities.clear();
        show("u", volume("h"));
        mounts.release("u");
        removeUnused();
        assertThat(driver.calls).containsExactly("publish h", "unpublish h");
        nothingIsLeft();
    }

    @Test
    void theNextAgentFindsWhatIsThereAndTakesItAway() throws IOException {
        var place = show("u", volume("h"));
        driver.calls.clear();
        mounts = restarted();
        assertThat(show("u", volume("h"))).isEqualTo(place);
        assertThat(driver.calls).isEmpty();
        mounts = restarted();
        mounts.release("u");
        unused = new UnusedVolumes(parts());
        removeUnused();
        assertThat(driver.calls).containsExactly("unpublish h", "unstage h");
        nothingIsLeft();
    }

    @Test
    void whatMayHaveBeenDoneIsTakenBack() throws IOException {
        driver.failing.put("publish h", Code.UNAVAILABLE);
        refused(
                "u",
                volume("h"),
                "MountVolume.SetUp failed for volume \"pv-h\" : rpc error: code = Unavailable desc = told to");
        mounts = restarted();
        mounts.release("u");
        assertThat(driver.calls).containsExactly("stage h", "publish h", "unpublish h");
    }

    @Test
    void whatHasSurelyNotBeenDoneIsNotTakenBack() throws IOException {
        driver.failing.put("stage h", Code.INTERNAL);
        refused(
                "u",
                volume("h"),
                "MountVolume.MountDevice failed for volume \"pv-h\" : rpc error: code = Internal desc = told to");
        mounts.release("u");
        removeUnused();
        assertThat(driver.calls).containsExactly("stage h");
        nothingIsLeft();
    }

    @Test
    void aFailureIsTriedAgain() {
        driver.failing.put("publish h", Code.INTERNAL);
        refused(
                "u",
                volume("h"),
                "MountVolume.SetUp failed for volume \"pv-h\" : rpc error: code = Internal desc = told to");
        driver.failing.clear();
        assertThat(show("u", volume("h"))).isDirectory();
        assertThat(driver.calls).containsExactly("stage h", "publish h", "publish h");
    }

    @Test
    void withoutItsDriverAVolumeIsNeitherShownNorTakenAway() throws IOException {
        show("u", volume("h"));
        drivers.deregister(plugin());
        refused(
                "w",
                volume("i"),
                "MountVolume.MountDevice failed for volume \"pv-i\" : kubernetes.io/csi: attacher.MountDevice failed to"
                        + " create newCsiDriverClient: driver name d not found in the list of registered CSI drivers");
        assertThatThrownBy(() -> mounts.release("u"))
                .hasMessageContaining("driver name d not found in the list of registered CSI drivers");
        assertThat(MountTable.below(directory)).isNotEmpty();
        register();
        mounts.release("u");
        mounts.release("w");
        removeUnused();
        nothingIsLeft();
    }

    @Test
    void oneVolumeThatCannotBeTakenAwayKeepsNoOther() throws IOException {
        show("u", volume("a"));
        show("u", volume("b"));
        driver.failing.put("unpublish a", Code.INTERNAL);
        driver.failing.put("unpublish b", Code.INTERNAL);
        driver.failing.remove("unpublish b");
        assertThatThrownBy(() -> mounts.release("u")).hasMessageContaining("pv-a");
        assertThat(directories.places("u")).hasSize(1);
    }

    @Test
    void aDriverThatHangsHoldsUpOnlyThoseWhoWantThatVolume() throws InterruptedException {
        var gate = new CountDownLatch(1);
        driver.hanging.put("stage slow", gate);
        var waiting = Thread.ofVirtual().start(() -> show("u", volume("slow")));
        assertThat(show("w", volume("fast"))).isDirectory();
        assertThat(waiting.isAlive()).isTrue();
        gate.countDown();
        waiting.join();
        assertThat(driver.calls).contains("publish slow");
    }

    @Test
    void aVolumeIsUsedOnlyWhenItIsAttachedAndSaidToBeUsed() throws IOException {
        declared = "";
        refused(
                "u",
                volume("h"),
                "Unable to attach or mount volumes: unmounted volumes=[pv-h], unattached volumes=[], failed to process"
                        + " volumes=[]: context deadline exceeded");
        assertThat(used).containsExactly("kubernetes.io/csi/d^h");
        assertThat(driver.calls).isEmpty();
        attached.add("kubernetes.io/csi/d^h");
        show("u", volume("h"));
        assertThat(driver.staged.getFirst().publishContext()).isEqualTo(Map.of("lun", "3"));
        assertThat(driver.published.getFirst().publishContext()).isEqualTo(Map.of("lun", "3"));
        var parts = parts();
        mounts.release("u");
        parts.attachments().tell();
        assertThat(used).containsExactly("kubernetes.io/csi/d^h");
        removeUnused();
        parts.attachments().tell();
        assertThat(used).isEmpty();
    }

    @Test
    void nobodyWaitsForTheVolumesOfAPodThatGoes() {
        declared = "";
        going = true;
        refused(
                "u",
                volume("h"),
                "Unable to attach or mount volumes: unmounted volumes=[pv-h], unattached volumes=[], failed to process"
                        + " volumes=[]: context canceled");
    }

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

    @Test
    void whatIsKeptIsReadOnlyWhereItIsWhole() throws IOException {
        var place = Files.createDirectories(directories.place("u", "pv-h"));
        Files.writeString(place.resolve(VolumeData.FILE), "{\"volumeHandle\": ");
        mounts.release("u");
        assertThat(driver.calls).isEmpty();
        nothingIsLeft();
        var names = new ArrayList<String>();
        directories.own("/etc/passwd").ifPresent(path -> names.add(path.toString()));
        directories.own(directory + "/kubelet/pods/../../disk/h").ifPresent(path -> names.add(path.toString()));
        assertThat(names).isEmpty();
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
        var usages = new ClaimUsages(drivers, InstantSource.fixed(Instant.EPOCH));
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

    @Test
    void whatWentWithTheMachinesLastStartIsMadeAnew() throws IOException {
        show("u", volume("h"));
        MountTable.clear(directory);
        driver.calls.clear();
        mounts = restarted();
        var place = show("u", volume("h"));
        assertThat(driver.calls).containsExactly("stage h", "publish h");
        assertThat(place).isDirectory();
    }
}
