package io.navarch.agent.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.navarch.agent.decide.ClaimedVolume;
import io.navarch.agent.linux.BoundedCalls;
import io.navarch.agent.linux.DeadFileSystem;
import io.navarch.agent.linux.MountTable;
import io.navarch.model.Node;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Pod;
import io.navarch.model.Volume;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ClaimedVolumesTest {
    @TempDir
    Path directory;

    private Path root;
    private Path disk;
    private String source = "";
    private final List<String> asked = new ArrayList<>();
    private ClaimedVolumes volumes = NoDrivers.volumes(Path.of("/"), (pod, volume) -> none());

    private static ClaimedVolume.Seen none() {
        throw new AssertionError();
    }

    @BeforeEach
    void start() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
        root = directory.resolve("kubelet");
        disk = Files.createDirectories(directory.resolve("disk"));
        source = "local: {path: " + disk + "}";
        restart();
    }

    @AfterEach
    void unmount() throws IOException {
        MountTable.clear(directory, new BoundedCalls(Duration.ofMinutes(1)));
    }

    private void restart() {
        volumes = NoDrivers.volumes(root, this::read);
    }

    private ClaimedVolume.Seen read(Pod pod, Volume volume) {
        asked.add(pod.uid());
        return new ClaimedVolume.Seen(
                PersistentVolumeClaim.of(
                        view("{metadata: {name: data, namespace: ns, uid: c1}, spec: {volumeName: pv}, status:"
                                + " {phase: Bound}}")),
                PersistentVolume.of(view("{metadata: {name: pv}, spec: {claimRef: {uid: c1}, " + source + "}}")),
                Node.of(view("{metadata: {name: n}}")));
    }

    private static View view(String yaml) {
        return View.of(Yaml.parse(yaml));
    }

    private static Pod pod(String uid, String claim, String more) {
        return Pod.of(view("{metadata: {name: p, namespace: ns, uid: " + uid + "}, spec: {" + more
                + "volumes: [{name: v, persistentVolumeClaim: {claimName: data" + claim
                + "}}], containers: [{name: c, volumeMounts: [{name: v, mountPath: /v}]}]}}"));
    }

    private Path shown(Pod pod) {
        var volume = pod.spec().volumes().getFirst();
        volumes.prepare(pod, volume);
        return volumes.path(pod, volume);
    }

    private void refused(Pod pod, String message) {
        assertThatThrownBy(() -> shown(pod)).hasMessage(message);
    }

    @Test
    void aLocalVolumeIsShownBelowThePodsOwnDirectory() throws IOException {
        var place = shown(pod("u", "", ""));
        assertThat(place).isEqualTo(root.resolve("pods/u/volumes/kubernetes.io~local-volume/pv"));
        Files.writeString(place.resolve("row"), "1");
        assertThat(disk.resolve("row")).hasContent("1");
        shown(pod("u", "", ""));
        assertThat(asked).containsExactly("u");
    }

    @Test
    void whatIsMountedIsFoundAfterARestartAndNothingIsLeftInTheEnd() throws IOException {
        var place = shown(pod("u", "", ""));
        Files.writeString(place.resolve("row"), "1");
        restart();
        assertThat(shown(pod("u", "", ""))).isEqualTo(place);
        assertThat(MountTable.below(root)).hasSize(1);
        volumes.release("u");
        assertThat(MountTable.below(root)).isEmpty();
        assertThat(place).doesNotExist();
        assertThat(disk.resolve("row")).hasContent("1");
    }

    @Test
    void whatIsMountedBelowTheVolumeOutsideStaysThere() throws IOException {
        var inside = Files.createDirectories(disk.resolve("inside"));
        shown(pod("u", "", ""));
        MountTable.memory(inside, "size=65536");
        Files.writeString(inside.resolve("row"), "1");
        volumes.release("u");
        assertThat(inside.resolve("row")).hasContent("1");
    }

    @Test
    void oneThatIsOnlyReadCannotBeWrittenTo() {
        var place = shown(pod("u", ", readOnly: true", ""));
        assertThatThrownBy(() -> Files.writeString(place.resolve("row"), "1"))
                .hasMessageContaining("Read-only file system");
        assertThat(Files.isWritable(disk)).isTrue();
    }

    @Test
    void onePodAtATimeHasOneForOnePodAlone() throws IOException {
        source += ", accessModes: [ReadWriteOncePod]";
        shown(pod("u1", "", ""));
        restart();
        refused(
                pod("u2", "", ""),
                "MountVolume.SetUp failed for volume \"pv\" : volume uses the ReadWriteOncePod access mode and is"
                        + " already in use by another pod");
        volumes.release("u1");
        assertThat(shown(pod("u2", "", ""))).exists();
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aServerThatDoesNotAnswerAfterARestartHoldsUpNobodyAndItsPodCanGo() throws IOException {
        source = "nfs: {server: 192.0.2.9, path: /export}, accessModes: [ReadWriteOncePod]";
        var place = Files.createDirectories(root.resolve("pods/u1/volumes/kubernetes.io~nfs/pv"));
        try (var dead = DeadFileSystem.at(place)) {
            assertThat(dead).isNotNull();
            assertThat(shown(pod("u1", "", ""))).isEqualTo(place);
            assertThat(MountTable.below(root)).containsExactly(place);
            refused(
                    pod("u2", "", ""),
                    "MountVolume.SetUp failed for volume \"pv\" : volume uses the ReadWriteOncePod access mode and is"
                            + " already in use by another pod");
            volumes.release("u1");
            assertThat(place.getParent()).doesNotExist();
        }
    }

    @Test
    void filesAreGivenToThePodsGroupAndLinksAreNotFollowed() throws IOException {
        var outside = Files.writeString(directory.resolve("outside"), "");
        FileOwner.mode(outside, 0600);
        var deep = Files.createDirectories(disk.resolve("a/b"));
        var file = Files.writeString(deep.resolve("file"), "");
        FileOwner.mode(file, 0600);
        Files.createSymbolicLink(deep.resolve("link"), outside);
        shown(pod("u", "", "securityContext: {fsGroup: 4242}, "));
        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(4242);
        assertThat(FileOwner.mode(file)).isEqualTo(0660);
        assertThat(Files.getAttribute(deep, "unix:gid")).isEqualTo(4242);
        assertThat(FileOwner.mode(deep) & 02770).isEqualTo(02770);
        assertThat(Files.getAttribute(outside, "unix:gid")).isEqualTo(0);
        assertThat(FileOwner.mode(outside)).isEqualTo(0600);
        assertThat(Files.getAttribute(deep.resolve("link"), "unix:gid", LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(4242);
    }

    @Test
    void theRootSaysWhetherFilesHaveBeenGiven() throws IOException {
        var policy = "securityContext: {fsGroup: 4242, fsGroupChangePolicy: OnRootMismatch}, ";
        shown(pod("u", "", policy));
        volumes.release("u");
        var file = Files.writeString(disk.resolve("file"), "");
        Files.setAttribute(file, "unix:gid", 0);
        shown(pod("u", "", policy));
        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(0);
    }

    @Test
    void aPathOfTheNodeIsCheckedAndShownAsItIs() {
        source = "hostPath: {path: " + disk + ", type: Directory}";
        assertThat(shown(pod("u1", "", ""))).isEqualTo(disk);
        source = "hostPath: {path: " + disk + ", type: Socket}";
        refused(
                pod("u2", "", ""),
                "MountVolume.SetUp failed for volume \"pv\" : hostPath type check failed: " + disk
                        + " is not a socket file");
    }

    @Test
    void whatIsNotThereIsToldOf() {
        source = "local: {path: " + disk + "/none}";
        refused(
                pod("u", "", ""),
                "MountVolume.NewMounter initialization failed for volume \"pv\" : path \"" + disk
                        + "/none\" does not exist");
        source = "local: {path: " + disk + "/../disk}";
        refused(
                pod("u", "", ""),
                "MountVolume.SetUp failed for volume \"pv\" : invalid path: " + disk
                        + "/../disk must not contain '..'");
        assertThat(Files.exists(disk)).isTrue();
    }
}
