package io.navarch.reconcile;

import io.navarch.client.Caches;
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
    record Input(ResourceType type, Keys keys) {
        public Input(ResourceType type, Function<View, Collection<ObjectKey>> keys) {
            this(type, (caches, object) -> keys.apply(object));
        }

        /// Only looked at, when something else has changed.
        public static Input lookedAt(ResourceType type) {
            return new Input(type, object -> List.of());
        }
    }

    /// The keys that a change of an object is about.
    @FunctionalInterface
    interface Keys {
        Collection<ObjectKey> of(Caches caches, View object);
    }

    /// What a controller may write: its role is made of this and of its inputs.
    ///
    /// @param resources with their subresources, as RBAC has them: `pods`, `pods/status`
    record Permission(String group, List<String> resources, List<String> verbs) {
        public static Permission of(String group, String resources, String verbs) {
            return new Permission(group, List.of(resources.split(",")), List.of(verbs.split(",")));
        }
    }

    /// As shown in events and logs, such as `deployment-controller`.
    String name();

    List<Input> inputs();

    /// What it writes besides Events.
    List<Permission> permissions();

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
