package io.navarch.agent.volumes;

import io.navarch.agent.csi.CsiDrivers;
import io.navarch.agent.linux.MountTable;
import io.navarch.agent.volumes.VolumeData.Progress;
import io.navarch.csi.CsiFailure;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes away what drivers have made ready for pods of which none is left, and says that the node does not use it any
/// more. Each volume has a task of its own, so that a driver that hangs keeps none of another one's.
final class UnusedVolumes {
    private static final Logger LOG = LoggerFactory.getLogger(UnusedVolumes.class);

    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final CsiParts parts;
    private final Set<Path> busy = ConcurrentHashMap.newKeySet();

    UnusedVolumes(CsiParts parts) {
        this.parts = parts;
    }

    void start(TaskScope scope) {
        scope.every("unused-volumes", 0, () -> {
            try {
                for (var shared : parts.directories().shared()) {
                    if (busy.add(shared)) scope.start("unused-volume", () -> follow(shared));
                }
                parts.attachments().tell();
            } finally {
                parts.attachments().awaitChange(PAUSE);
            }
        });
    }

    private void follow(Path shared) {
        try {
            if (removeUnused(shared)) parts.attachments().changed();
        } catch (IOException | CsiFailure e) {
            LOG.warn("{}: {}", shared, e.getMessage());
        } finally {
            busy.remove(shared);
        }
    }

    /// Returns whether it was unused, and is gone.
    boolean removeUnused(Path shared) throws IOException {
        var data = VolumeData.read(shared);
        if (data.isEmpty() || used(data.get())) return false;
        var held = parts.locks().hold(data.get().uniqueName(), PATIENCE);
        if (held.isEmpty()) return false;
        try (var lock = held.get()) {
            if (used(data.get())) return false;
            parts.staged().remove(data.get().uniqueName());
            unstage(data.get());
            MountTable.clear(shared, parts.calls());
            var staging = parts.directories().own(data.get().staging());
            if (staging.isPresent() && !staging.get().startsWith(shared) && Files.exists(staging.get())) {
                MountTable.clear(staging.get(), parts.calls());
                PodDirectories.delete(staging.get());
            }
            // The directory in which the driver has shown the device to pods.
            var published = parts.directories().published(data.get().name());
            if (Files.exists(published)) MountTable.clear(published, parts.calls());
            PodDirectories.delete(published);
            PodDirectories.delete(shared);
            return true;
        }
    }

    private void unstage(VolumeData data) throws IOException {
        if (data.progress() == Progress.WANTED) return;
        var driver = parts.drivers()
                .find(data.driver())
                .orElseThrow(() -> new IOException("UnmountDevice failed for volume \"" + data.name() + "\" : "
                        + CsiDrivers.missing(data.driver())));
        driver.unstage(data.handle(), data.staging());
    }

    /// Also by a pod that is about to have it.
    private boolean used(VolumeData volume) throws IOException {
        for (var uid : parts.directories().pods().uids()) {
            for (var place : parts.directories().places(uid)) {
                var data = VolumeData.read(place);
                if (data.isPresent()
                        ? data.get().uniqueName().equals(volume.uniqueName())
                        : place.endsWith(volume.name())) return true;
            }
        }
        return false;
    }
}
