package io.navarch.agent.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.decide.CsiVolume;
import io.navarch.agent.linux.BoundedCalls;
import io.navarch.agent.linux.MountTable;
import io.navarch.csi.CsiFailure.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class CsiMountsTest extends DriverFixture {
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

    /// The next agent has it staged once more, for another pod, and the driver does not want to.
    @Test
    void aRefusalLeavesWhatHadBeenDoneBefore() throws IOException {
        show("u", volume("h"));
        mounts = restarted();
        driver.failing.put("stage h", Code.INTERNAL);
        refused(
                "w",
                volume("h"),
                "MountVolume.MountDevice failed for volume \"pv-h\" : rpc error: code = Internal desc = told to");
        driver.failing.clear();
        driver.calls.clear();
        mounts.release("w");
        mounts.release("u");
        unused = new UnusedVolumes(parts());
        removeUnused();
        assertThat(driver.calls).containsExactly("unpublish h", "unstage h");
        nothingIsLeft();
    }

    /// Pods name volumes of their own as they like.
    @Test
    void aVolumeIsNotTakenForAnotherOneOfItsName() {
        show("u", volume("h"));
        var other = new CsiVolume(
                "pv-h",
                "d",
                "other",
                false,
                false,
                false,
                "ext4",
                Map.of(),
                List.of(),
                List.of(),
                volume("h").secrets());
        refused("u", other, "MountVolume.SetUp failed for volume \"pv-h\" : the pod has another volume of this name");
        assertThat(driver.calls).containsExactly("stage h", "publish h");
    }

    @Test
    void aNodeThatWasMadeAnewIsToldWhatIsUsed() throws IOException {
        declared = "{attachRequired: true}";
        attached.add(volume("h").uniqueName());
        show("u", volume("h"));
        var all = used;
        assertThat(all).hasSize(1);
        var wait = parts().attachments();
        wait.tell();
        used = List.of();
        wait.tell();
        assertThat(used).isEmpty();
        node = "second";
        wait.tell();
        assertThat(used).isEqualTo(all);
        mounts.release("u");
        removeUnused();
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

    @Test
    void whatWentWithTheMachinesLastStartIsMadeAnew() throws IOException {
        show("u", volume("h"));
        MountTable.clear(directory, new BoundedCalls(Duration.ofMinutes(1)));
        driver.calls.clear();
        mounts = restarted();
        var place = show("u", volume("h"));
        assertThat(driver.calls).containsExactly("stage h", "publish h");
        assertThat(place).isDirectory();
    }
}
