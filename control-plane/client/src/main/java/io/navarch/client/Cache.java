package io.navarch.client;

import io.navarch.model.AnyObject;
import io.navarch.model.ApiObject;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/// What is known of one resource, possibly a little late.
///
/// @param <T> what reads an object
public interface Cache<T extends Lens> {
    /// The index by controlling owner: its uid, or `orphans/NAMESPACE` for objects without one.
    String CONTROLLER = "controller";

    /// The index by namespace.
    String NAMESPACE = "namespace";

    /// The object, or one that does not exist.
    T get(ObjectKey key);

    Collection<T> all();

    List<T> byIndex(String name, String key);

    /// How many objects an index has under a key; none of them is looked at.
    int count(String name, String key);

    /// An object whose key in an index is the least of those that begin like this, or one that does not exist. No other
    /// is looked at.
    T first(String name, String prefix);

    /// The same for the greatest key.
    T last(String name, String prefix);

    /// Keeps another index from now on; the same name again changes nothing.
    Cache<T> indexedBy(String name, Function<T, Collection<String>> keys);

    default List<T> inNamespace(String namespace) {
        return byIndex(NAMESPACE, namespace);
    }

    /// The objects that this owner controls.
    default List<T> ownedBy(ApiObject owner) {
        return byIndex(CONTROLLER, owner.uid());
    }

    /// The objects that this owner controls, and those of its namespace that nobody does.
    default List<T> ownedOrOrphaned(ApiObject owner) {
        var result = new ArrayList<>(ownedBy(owner));
        result.addAll(byIndex(CONTROLLER, "orphans/" + owner.namespace()));
        return result;
    }

    /// The keys of an object in [#CONTROLLER].
    static Collection<String> controllerOf(View object) {
        var owner = AnyObject.of(object).controller();
        return List.of(owner.exists() ? owner.uid() : "orphans/" + object.namespace());
    }

    /// The key of an object in [#NAMESPACE].
    static Collection<String> namespaceOf(View object) {
        return List.of(object.namespace());
    }
}
