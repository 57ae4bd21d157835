package io.navarch.reconcile;

import io.navarch.client.Caches;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import java.time.Duration;
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

    /// What to tell of a look once its actions are done; pure.
    ///
    /// @param failure what ended it early, or `null`
    default List<Metric.Sample> looked(S seen, Decision decision, Duration took, ApiException failure) {
        return List.of();
    }

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
