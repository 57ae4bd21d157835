package io.navarch.agent.localpath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.linux.LongWork;
import io.navarch.kinds.volumesnapshot.VolumeSnapshotContent;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CopiesTest {
    @TempDir
    Path root;

    private Copies copies() {
        return new Copies(root, 0, Duration.ofMinutes(1));
    }

    private Path volume(String name, String row) throws IOException {
        VolumeDirectory.make(root, name);
        return Files.writeString(root.resolve(name).resolve("row"), row).getParent();
    }

    @Test
    void aSnapshotStaysAsItWasAndCanBeGivenToAVolume() throws IOException {
        var data = volume("pvc-1", "1");
        copies().snapshot("s", "pvc-1");
        Files.writeString(data.resolve("row"), "2");
        assertThat(root.resolve("snapshots/s/row")).hasContent("1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("snapshots"))))
                .isEqualTo("rwx------");
        copies().volume("pvc-2", "snapshot/s");
        assertThat(root.resolve("pvc-2/row")).hasContent("1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("pvc-2"))))
                .isEqualTo("rwxrwxrwx");
        copies().volume("pvc-3", "volume/pvc-1");
        assertThat(root.resolve("pvc-3/row")).hasContent("2");
        assertThat(copies().hasSnapshot("s")).isTrue();
        copies().removeSnapshot("s");
        copies().removeSnapshot("s");
        assertThat(copies().hasSnapshot("s")).isFalse();
        assertThat(root.resolve("pvc-2/row")).hasContent("1");
    }

    @Test
    void whatIsCompleteIsNotMadeAgain() throws IOException {
        volume("pvc-1", "1");
        copies().volume("pvc-2", "volume/pvc-1");
        Files.writeString(root.resolve("pvc-2/row"), "own");
        copies().volume("pvc-2", "volume/pvc-1");
        assertThat(root.resolve("pvc-2/row")).hasContent("own");
    }

    @Test
    void whatWasInterruptedGoesOnWhereNobodyCanHaveChangedTheOriginal() throws IOException {
        var data = volume("pvc-1", "1");
        copies().snapshot("s", "pvc-1");
        // What earlier attempts have left.
        for (var part :
                List.of(root.resolve("pvc-2.part"), root.resolve("pvc-3.part"), root.resolve("snapshots/t.part")))
            Files.writeString(Files.createDirectory(part).resolve("left"), "");
        copies().volume("pvc-2", "snapshot/s");
        assertThat(root.resolve("pvc-2/left")).exists();
        copies().volume("pvc-3", "volume/pvc-1");
        copies().snapshot("t", "pvc-1");
        assertThat(root.resolve("pvc-3/left")).doesNotExist();
        assertThat(root.resolve("snapshots/t/left")).doesNotExist();
        assertThat(root.resolve("pvc-2.part")).doesNotExist();
        assertThat(data).exists();
    }

    @Test
    void whatIsNotThereIsNotCopiedAndLeavesNothing() throws IOException {
        volume("pvc-1", "1");
        for (var from : new String[] {"volume/none", "snapshot/none"})
            assertThatThrownBy(() -> copies().volume("pvc-2", from)).isInstanceOf(NoSuchFileException.class);
        for (var from : new String[] {"volume/../etc", "volume/", "snapshot/a/b", "pvc-1", "other/pvc-1", "volume/.x"})
            assertThatThrownBy(() -> copies().volume("pvc-2", from)).isInstanceOf(IOException.class);
        assertThat(root.resolve("pvc-2")).doesNotExist();
        assertThat(root.resolve("pvc-2.part")).doesNotExist();
    }

    @Test
    void nothingIsRemovedThatIsBeingCopied() throws Exception {
        volume("pvc-1", "1");
        var copies = copies();
        var removed = new FutureTask<Void>(() -> {
            copies.removeVolume("pvc-1");
            return null;
        });
        var removing = Thread.ofPlatform().unstarted(removed);
        copies.alone(List.of("volume/pvc-2", "volume/pvc-1"), () -> {
            removing.start();
            // It comes to its end here if nothing holds it up.
            while (removing.getState() != Thread.State.TIMED_WAITING && removing.isAlive()) Thread.onSpinWait();
            assertThat(removed.isDone()).isFalse();
            assertThat(root.resolve("pvc-1/row")).hasContent("1");
            // Others are not held up.
            copies.removeVolume("pvc-7");
        });
        removed.get();
        assertThat(root.resolve("pvc-1")).doesNotExist();
    }

    @Test
    void whoGivesUpWaitingLeavesACopyAlone() throws Exception {
        volume("pvc-1", "1");
        var copies = new Copies(root, 0, Duration.ZERO);
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        assertThatThrownBy(() -> copies.inTurn(
                        "volume/pvc-2",
                        () -> copies.alone(List.of("volume/pvc-2"), () -> {
                            begun.countDown();
                            try {
                                end.await();
                            } catch (InterruptedException e) {
                                throw new IOException(e);
                            }
                        })))
                .isInstanceOf(LongWork.UnderWayException.class);
        begun.await();
        // What it has made until now.
        var part = Files.createDirectory(root.resolve("pvc-2.part"));
        assertThatThrownBy(() -> copies.volume("pvc-2", "volume/pvc-1")).isInstanceOf(LongWork.UnderWayException.class);
        assertThat(part).exists();
        var removed = new FutureTask<Void>(() -> {
            copies.removeVolume("pvc-2");
            return null;
        });
        var removing = Thread.ofPlatform().start(removed);
        while (removing.getState() != Thread.State.TIMED_WAITING && removing.isAlive()) Thread.onSpinWait();
        assertThat(part).exists();
        end.countDown();
        removed.get();
        assertThat(part).doesNotExist();
    }

    private static SnapshotStep step(String metadata, String spec, String status) {
        return SnapshotStep.of(
                VolumeSnapshotContent.of(View.of(Yaml.parse("{metadata: {name: s" + metadata
                        + "}, spec: {driver: local-path.navarch.io, " + spec + "}, status: {" + status + "}}"))),
                "one");
    }

    @Test
    void aSnapshotIsTakenOnceAndRemovedWhenNobodyUsesIt() {
        var taken = "deletionPolicy: Delete, source: {volumeHandle: pvc-1}";
        assertThat(step("", taken, "")).isEqualTo(SnapshotStep.TAKE);
        assertThat(step("", taken, "readyToUse: true")).isEqualTo(SnapshotStep.NOTHING);
        var going = ", deletionTimestamp: 2026-01-01T00:00:00Z, finalizers: [local-path.navarch.io/directory";
        assertThat(step(going + "]", taken, "readyToUse: true")).isEqualTo(SnapshotStep.REMOVE);
        assertThat(step(going + ", other]", taken, "readyToUse: true")).isEqualTo(SnapshotStep.NOTHING);
        assertThat(step(going + "]", taken.replace("Delete", "Retain"), "")).isEqualTo(SnapshotStep.LET_GO);
        assertThat(step("", "source: {snapshotHandle: one/s}", "")).isEqualTo(SnapshotStep.LOOK);
        assertThat(step(going + "]", "source: {snapshotHandle: two/s}", "")).isEqualTo(SnapshotStep.NOTHING);
        assertThat(SnapshotStep.of(
                        VolumeSnapshotContent.of(View.of(Yaml.parse("{spec: {driver: d, source: {volumeHandle: v}}}"))),
                        "one"))
                .isEqualTo(SnapshotStep.NOTHING);
    }
}
