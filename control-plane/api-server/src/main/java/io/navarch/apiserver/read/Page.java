package io.navarch.apiserver.read;

import io.navarch.apiserver.cache.StoredObject;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalLong;

/// What a list answers: all of it, or a part.
///
/// @param objects in key order; can be walked once
/// @param next the token to go on with, when there is more
/// @param remaining how many objects are left, where that is known
record Page(long revision, Iterable<StoredObject> objects, Optional<String> next, OptionalLong remaining) {
    /// The last page.
    Page(long revision, Iterable<StoredObject> objects) {
        this(revision, objects, Optional.empty(), OptionalLong.empty());
    }

    /// The same page with all of its objects at hand.
    Page taken() {
        var taken = new ArrayList<StoredObject>();
        objects.forEach(taken::add);
        return new Page(revision, taken, next, remaining);
    }
}
