package io.navarch.agent.localpath;

import io.navarch.client.Client;
import io.navarch.client.Informer;
import io.navarch.kinds.persistentvolume.LocalPaths;
import io.navarch.kinds.persistentvolume.VolumeMatch;
import io.navarch.kinds.volumesnapshot.SnapshotWrites;
import io.navarch.kinds.volumesnapshot.VolumeSnapshotContent;
import io.navarch.kinds.volumesnapshot.VolumeSnapshots;
import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.model.PersistentVolume;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes and removes the snapshots that this node keeps, once their kinds are served.
final class LocalSnapshots {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSnapshots.class);
    private static final long LOOK_MILLIS = 15_000;

    private final Client client;
    private final String node;
    private final Informer<PersistentVolume> volumes;
    private final Copies copies;
    private final InstantSource clock;
    private final String query;
    private final Informer<VolumeSnapshotContent> contents;
    private final KeyedSteps steps = new KeyedSteps();

    /// @param volumes of this node
    LocalSnapshots(Client client, String node, Informer<PersistentVolume> volumes, Copies copies, InstantSource clock) {
        this.client = client;
        this.node = node;
        this.volumes = volumes;
        this.copies = copies;
        this.clock = clock;
        query = "labelSelector=" + Client.encode(LocalPaths.NODE + "=" + node);
        contents = new Informer<>(client, VolumeSnapshots.CONTENTS, query);
    }

    void start(TaskScope scope) {
        scope.start("local-snapshots", () -> {
            while (!served()) TaskScope.pause(LOOK_MILLIS);
            contents.onChange((old, now) -> {
                if (now.exists()) steps.ask(now.key(), renewed(old, now, node));
            });
            contents.start(scope);
            steps.run(scope, "local-snapshot", this::step);
        });
    }

    /// Not by what this node says of it itself.
    static boolean renewed(VolumeSnapshotContent old, VolumeSnapshotContent now, String node) {
        return !old.uid().equals(now.uid()) || SnapshotStep.of(old, node) != SnapshotStep.of(now, node);
    }

    private boolean served() {
        try {
            client.items(VolumeSnapshots.CONTENTS, "", query + "&limit=1");
            return true;
        } catch (ApiException e) {
            return false;
        }
    }

    private boolean step(ObjectKey key) throws InterruptedException {
        var content = contents.get(key);
        if (!content.exists()) return true;
        try {
            take(SnapshotStep.of(content, node), content);
            return true;
        } catch (IOException e) {
            // Nothing is wrong with it when this node ends.
            if (Thread.currentThread().isInterrupted()) throw new InterruptedException();
            LOG.warn("snapshot {}: {}", content.name(), e.getMessage());
            tell(content, String.valueOf(e.getMessage()));
        } catch (ApiException e) {
            // A change that was not seen yet is about to be told.
            LOG.debug("snapshot {}: {}", content.name(), e.getMessage());
        }
        return false;
    }

    private void take(SnapshotStep step, VolumeSnapshotContent content) throws IOException {
        var name = SnapshotStep.directory(content);
        switch (step) {
            case NOTHING -> {}
            case TAKE -> {
                var volume = volumes.get(new ObjectKey("", content.volumeHandle()));
                if (!volume.exists() || !LocalPaths.is(volume))
                    throw new IOException("volume " + content.volumeHandle() + " is not on this node");
                var when = clock.instant();
                copies.snapshot(name, volume.name());
                status(
                        content,
                        SnapshotWrites.taken(
                                LocalPaths.handle(node, name),
                                when,
                                VolumeMatch.capacity(volume).units()));
            }
            case LOOK -> {
                if (!copies.hasSnapshot(name)) throw new IOException("there is no snapshot " + content.handle());
                status(content, SnapshotWrites.taken(content.handle(), clock.instant(), 0));
            }
            case REMOVE -> {
                copies.removeSnapshot(name);
                letGo(content);
            }
            case LET_GO -> letGo(content);
        }
    }

    private void tell(VolumeSnapshotContent content, String why) {
        if (content.error().equals(why) || content.deleting()) return;
        try {
            status(content, SnapshotWrites.failed(why, clock.instant()));
        } catch (ApiException e) {
            LOG.debug("snapshot {}: {}", content.name(), e.getMessage());
        }
    }

    private void status(VolumeSnapshotContent content, Map<String, Object> status) {
        patch(content, AnyObject.STATUS, Trees.map(AnyObject.STATUS, status));
    }

    private void letGo(VolumeSnapshotContent content) {
        patch(
                content,
                "",
                Trees.map(
                        AnyObject.METADATA,
                        ObjectMeta.builder().finalizers(List.of()).map()));
    }

    /// This very object as it was seen.
    private void patch(VolumeSnapshotContent content, String subresource, Map<String, Object> change) {
        AnyObject.editMetadata(change).uid(content.uid()).resourceVersion(content.resourceVersion());
        client.mergePatch(VolumeSnapshots.CONTENTS, content.key(), subresource, change);
    }
}
