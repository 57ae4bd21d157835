package io.navarch.agent.localpath;

import io.navarch.agent.linux.FileSystemSpace;
import io.navarch.client.Client;
import io.navarch.client.EventRecorder;
import io.navarch.client.Informer;
import io.navarch.kinds.persistentvolume.LocalPaths;
import io.navarch.model.EventType;
import io.navarch.model.Node;
import io.navarch.model.PersistentVolume;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes and removes the directories of this node's volumes, and says where they lie and how much room there is.
public final class LocalDirectories {
    private static final Logger LOG = LoggerFactory.getLogger(LocalDirectories.class);

    private static final long SPACE_MILLIS = 30_000;
    /// What is left is told in so many parts of all, so that it is not told for every file that is written.
    private static final long PARTS = 200;

    private static final int MEBI_BITS = 20;

    private final Client client;
    private final ObjectKey node;
    private final Path root;
    private final Informer<PersistentVolume> volumes;
    private final EventRecorder events;
    private final Copies copies;
    private final LocalSnapshots snapshots;
    private final KeyedSteps steps = new KeyedSteps();

    /// @param root below which they lie; nobody but the node can change what is in it
    public LocalDirectories(Client client, String node, Path root, InstantSource clock) {
        this.client = client;
        this.node = new ObjectKey("", node);
        this.root = root.toAbsolutePath();
        volumes = new Informer<>(
                client, Resources.PERSISTENT_VOLUMES, "labelSelector=" + Client.encode(LocalPaths.NODE + "=" + node));
        events = new EventRecorder(client, LocalPaths.PROVISIONER, node, clock);
        copies = new Copies(this.root);
        snapshots = new LocalSnapshots(client, node, volumes, copies, clock);
    }

    public void start(TaskScope scope) throws IOException {
        Files.createDirectories(
                root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        events.start(scope);
        volumes.onChange((old, now) -> {
            if (now.exists()) steps.ask(now.key(), renewed(old, now));
        });
        volumes.start(scope);
        snapshots.start(scope);
        scope.start("local-volumes", () -> steps.run(scope, "local-volume", this::step));
        scope.every("local-volumes-space", SPACE_MILLIS, this::tellSpace);
    }

    private boolean renewed(PersistentVolume old, PersistentVolume now) {
        return !old.uid().equals(now.uid()) || DirectoryStep.of(old, root) != DirectoryStep.of(now, root);
    }

    private boolean step(ObjectKey key) throws InterruptedException {
        var volume = volumes.get(key);
        if (!volume.exists()) return true;
        var step = DirectoryStep.of(volume, root);
        try {
            take(step, volume);
            return true;
        } catch (IOException e) {
            // Nothing is wrong with it when this node ends.
            if (Thread.currentThread().isInterrupted()) throw new InterruptedException();
            LOG.warn("volume {}: {}", volume.name(), e.getMessage());
            boolean removing = step == DirectoryStep.REMOVE;
            events.record(
                    volume,
                    EventType.WARNING,
                    removing ? "VolumeFailedDelete" : "ProvisioningFailed",
                    String.valueOf(e.getMessage()));
        } catch (ApiException e) {
            // A change that was not seen yet is about to be told.
            LOG.debug("volume {}: {}", volume.name(), e.getMessage());
        }
        return false;
    }

    private void take(DirectoryStep step, PersistentVolume volume) throws IOException {
        switch (step) {
            case NOTHING -> {}
            case MAKE -> {
                var from = volume.annotation(LocalPaths.FROM);
                if (from.isEmpty()) VolumeDirectory.make(root, volume.name());
                else copies.volume(volume.name(), from);
                patch(volume, PersistentVolume.builder().metadata(it -> it.putAnnotations(LocalPaths.MADE, "yes")));
            }
            case REMOVE -> {
                copies.removeVolume(volume.name());
                patch(volume, PersistentVolume.builder().metadata(it -> it.finalizers(List.of())));
            }
            case LET_GO -> patch(volume, PersistentVolume.builder().metadata(it -> it.finalizers(List.of())));
        }
    }

    private void patch(PersistentVolume volume, PersistentVolume.Builder change) {
        change.metadata(it -> it.uid(volume.uid()).resourceVersion(volume.resourceVersion()));
        client.mergePatch(Resources.PERSISTENT_VOLUMES, volume.key(), "", change.map());
    }

    private void tellSpace() {
        try {
            var space = FileSystemSpace.of(root);
            long part = Math.max(1, space.bytes() / PARTS);
            var known = client.find(Resources.NODES, node);
            var free = told(known.annotation(LocalPaths.FREE), space.bytesAvailable(), part);
            boolean same = known.annotation(LocalPaths.ROOT).equals(root.toString())
                    && known.annotation(LocalPaths.FREE).equals(free);
            if (!known.exists() || same) return;
            var change = Node.builder()
                    .metadata(it ->
                            it.putAnnotations(LocalPaths.ROOT, root.toString()).putAnnotations(LocalPaths.FREE, free));
            client.mergePatch(Resources.NODES, node, "", change.map());
        } catch (IOException | ApiException e) {
            LOG.debug("the space for volumes: {}", e.getMessage());
        }
    }

    /// What was said last, while that is nearly right and not too much.
    static String told(String last, long available, long part) {
        if (last.matches("[0-9]{1,12}Mi")) {
            long said = Long.parseLong(last.substring(0, last.length() - 2)) << MEBI_BITS;
            if (said <= available && available - said < 2 * part) return last;
        }
        return (available / part * part >> MEBI_BITS) + "Mi";
    }
}
