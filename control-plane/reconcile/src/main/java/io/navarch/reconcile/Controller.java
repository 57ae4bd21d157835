package io.navarch.reconcile;

import io.navarch.client.Informers;
import io.navarch.client.ResourceType;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/// A control loop over keys: `S` is what it sees for one key.
public interface Controller<S> {
    /// A resource whose changes concern this controller, and which keys each change is about.
    record Input(ResourceType type, Function<View, Collection<ObjectKey>> keys) {}

    /// As shown in events and logs, such as `deployment-controller`.
    String name();

    List<Input> inputs();

    /// Reads the caches; `null` when there is nothing to look at.
    S observe(Informers caches, ObjectKey key);

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
