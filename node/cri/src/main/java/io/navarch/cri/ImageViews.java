package io.navarch.cri;

import java.util.List;

/// The files of images, to be looked at without a container. A view holds its image: nothing of it goes before the view
/// does.
public interface ImageViews {
    /// A runtime that does not show them.
    ImageViews NONE = new ImageViews() {
        @Override
        public Opened open(String image, String key) {
            throw new RuntimeFailure(
                    RuntimeFailure.Reason.UNKNOWN, "the container runtime does not show images as volumes");
        }

        @Override
        public void close(String key) {}
    };

    /// What has to be mounted to see them, in the words of `mount`.
    record Opened(String type, String source, List<String> options) {}

    /// Opens a view, or finds the one that has been opened with this key.
    ///
    /// @param image id of an image on this node
    Opened open(String image, String key);

    /// Does nothing when there is none.
    void close(String key);
}
