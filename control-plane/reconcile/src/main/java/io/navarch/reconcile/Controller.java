package io.navarch.reconcile;

import io.navarch.client.Caches;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/// A control loop over keys: `S` is what it sees for one key.
public interface Controller<S> extends Wired {
    /// Told once, before anything is observed: the place to ask for indexes.
    default void prepare(Caches caches) {}

    /// Reads the caches; `null` when there is nothing to look at.
    S observe(Caches caches, ObjectKey key);

    /// Pure: the same for the same arguments. Deciding again once the actions are done yields nothing.
    Decision decide(S seen, Instant now);

    /// The key of the controlling owner of this kind, if the object has one.
    static Collection<ObjectKey> owner(View object, String kind) {
        var owner = object.controller();
        return owner.get("kind").string().equals(kind)
                ? List.of(new ObjectKey(object.namespace(), owner.get("name").string()))
                : List.of();
    }

    static Collection<ObjectKey> self(View object) {
        return List.of(object.key());
    }
}
