package io.navarch.admission;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.Resources;
import java.util.List;
import java.util.function.Function;

/// All objects of a kind, made into something, in the order of their names.
final class Compiled<T> {
    private static final String GROUP = "admissionregistration.k8s.io";

    private final Resources resources;
    private final String plural;
    private final Made<StoredObject, T> made;

    Compiled(Resources resources, String plural, Function<StoredObject, T> make) {
        this.resources = resources;
        this.plural = plural;
        made = new Made<>(make);
    }

    /// As of the last change that this server knows of.
    List<T> all() {
        var kind = resources.kind(GROUP, plural);
        if (kind.isEmpty()) return List.of();
        var snapshot = resources.storage().cache(kind.get()).snapshot();
        return made.of(snapshot.objects(), () -> snapshot.below(kind.get().storagePrefix()));
    }
}
