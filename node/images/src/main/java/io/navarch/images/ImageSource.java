package io.navarch.images;

import java.io.IOException;
import java.util.List;

/// What an image is made from.
public interface ImageSource {
    /// Under which it is found.
    List<String> names();

    /// Of everything that it says: another one makes another image.
    String hash() throws IOException;

    /// How messages name it.
    String summary();

    /// Makes the image and keeps it under its names; returns its digest.
    String build(ImageStore store) throws IOException;

    /// Whether the image that the store has under each of its names was made from just this.
    default boolean made(ImageStore store) throws IOException {
        for (var name : names())
            if (!ImageDraft.source(store, name).filter(hash()::equals).isPresent()) return false;
        return true;
    }
}
