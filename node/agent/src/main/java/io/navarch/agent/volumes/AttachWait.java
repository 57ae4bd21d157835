package io.navarch.agent.volumes;

import io.navarch.agent.decide.CsiVolume;
import io.navarch.agent.decide.VolumeFailures;
import io.navarch.model.Pod;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Tells which volumes the node uses, before it touches them and until it has let go of them, and waits until a volume
/// is attached: what is used is not detached, and what is not attached is not used.
///
/// Source: https://kubernetes.io/docs/concepts/storage/volumes/#csi
final class AttachWait {
    /// How long a pod waits for its volumes, as in the kubelet.
    private static final Duration LONGEST = Duration.ofSeconds(123);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final CsiDirectories directories;
    private final CsiObjects objects;
    private final Duration longest;
    /// Somebody has let go of something.
    private final Semaphore changes = new Semaphore(0);
    /// Guarded by the monitor; empty while nobody has been told.
    private Optional<Told> told = Optional.empty();

    /// @param node the uid of the Node that was told: one that is made anew knows nothing
    private record Told(String node, List<String> names) {}

    AttachWait(CsiDirectories directories, CsiObjects objects) {
        this(directories, objects, LONGEST);
    }

    AttachWait(CsiDirectories directories, CsiObjects objects, Duration longest) {
        this.directories = directories;
        this.objects = objects;
        this.longest = longest;
    }

    void changed() {
        changes.release();
    }

    /// Waits until somebody has let go of something, or for so long.
    void awaitChange(Duration pause) throws InterruptedException {
        boolean ignored = changes.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        changes.drainPermits();
    }

    /// Tells what the node uses now, as the disk has it.
    synchronized void tell() throws IOException {
        var used = new TreeSet<String>();
        for (var uid : directories.pods().uids()) {
            for (var place : directories.places(uid)) add(place, used);
        }
        for (var shared : directories.shared()) add(shared, used);
        var now = new Told(objects.node(), List.copyOf(used));
        if (told.filter(now::equals).isPresent()) return;
        objects.use(now.names);
        told = Optional.of(now);
    }

    private static void add(Path directory, TreeSet<String> used) throws IOException {
        VolumeData.read(directory).filter(VolumeData::attachable).ifPresent(data -> used.add(data.uniqueName()));
    }

    /// What the controller has said about the attached volume.
    ///
    /// @throws io.navarch.agent.decide.UnresolvedException when it is not attached in time, or not wanted any more
    Map<String, String> await(Pod pod, CsiVolume volume) throws IOException {
        tell();
        long end = System.nanoTime() + longest.toNanos();
        for (var pause = FIRST_PAUSE; ; pause = longer(pause)) {
            var attachment = objects.attached(volume);
            if (attachment.exists()) return attachment.status().attachmentMetadata();
            if (objects.going(pod)) throw VolumeFailures.unmounted(volume.name(), "context canceled");
            if (System.nanoTime() > end) throw VolumeFailures.unmounted(volume.name(), "context deadline exceeded");
            pause(volume, pause);
        }
    }

    private static Duration longer(Duration pause) {
        var next = pause.plus(pause);
        return next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
    }

    private static void pause(CsiVolume volume, Duration pause) {
        try {
            TaskScope.pause(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw VolumeFailures.unmounted(volume.name(), "context canceled");
        }
    }
}
