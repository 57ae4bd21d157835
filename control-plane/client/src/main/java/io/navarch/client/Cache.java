package io.navarch.client;

import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/// What is known of one resource, maybe a little late.
public interface Cache {
    /// The index by controlling owner: its uid, or `orphans/NAMESPACE` for objects without one.
    String CONTROLLER = "controller";

    /// The index by namespace.
    String NAMESPACE = "namespace";

    /// Absent when there is none.
    View get(ObjectKey key);

    Collection<View> all();

    List<View> byIndex(String name, String key);

    /// How many objects an index has under a key.
    default int count(String name, String key) {
        return byIndex(name, key).size();
    }

    /// Keeps another index from now on; the same name again changes nothing.
    Cache indexedBy(String name, Function<View, Collection<String>> keys);

    default List<View> inNamespace(String namespace) {
        return byIndex(NAMESPACE, namespace);
    }

    /// The objects that this owner controls.
    default List<View> ownedBy(View owner) {
        return byIndex(CONTROLLER, owner.uid());
    }

    /// The objects that this owner controls, and those of its namespace that nobody does.
    default List<View> ownedOrOrphaned(View owner) {
        var result = new ArrayList<>(ownedBy(owner));
        result.addAll(byIndex(CONTROLLER, "orphans/" + owner.namespace()));
        return result;
    }

    /// The keys of an object in [#CONTROLLER].
    static Collection<String> controllerOf(View object) {
        var owner = object.controller();
        return List.of(owner.exists() ? owner.get("uid").string() : "orphans/" + object.namespace());
    }

    /// The key of an object in [#NAMESPACE].
    static Collection<String> namespaceOf(View object) {
        return List.of(object.namespace());
    }
}
