package io.navarch.agent.volumes;

import io.navarch.agent.linux.MountTable;
import io.navarch.cri.ImageViews;
import io.navarch.cri.RuntimeFailure;
import io.navarch.model.Pod;
import io.navarch.model.Volume;
import java.io.IOException;
import java.nio.file.Files;

/// Images as volumes: what is in them, mounted by the node itself, for pods to read. The runtime holds an image as long
/// as it is shown somewhere.
record ImageVolumes(PodDirectories directories, ImageViews views) {
    /// Shows it to the pod unless that has been done.
    ///
    /// @param image id of what the volume's reference is on this node
    void show(Pod pod, Volume volume, String image) {
        var place = directories.volume(pod.uid(), volume);
        try {
            if (MountTable.isMountPoint(place)) return;
            Files.createDirectories(place);
            var view = views.open(image, key(pod.uid(), volume.name()));
            MountTable.image(place, view.type(), view.source(), view.options());
        } catch (IOException e) {
            throw new RuntimeFailure(
                    RuntimeFailure.Reason.UNKNOWN,
                    "failed to mount image volume \"" + volume.name() + "\": " + e.getMessage());
        }
    }

    /// Lets the runtime have the images of a pod's volumes back, which nobody is shown any more.
    void release(String uid) throws IOException {
        var shown = directories.images(uid);
        if (!Files.isDirectory(shown)) return;
        try (var list = Files.list(shown)) {
            for (var volume : list.toList()) views.close(key(uid, String.valueOf(volume.getFileName())));
        } catch (RuntimeFailure e) {
            throw new IOException("an image is not given back: " + e.getMessage(), e);
        }
    }

    private static String key(String uid, String volume) {
        return "navarch-volume-" + uid + "-" + volume;
    }
}
