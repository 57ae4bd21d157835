package io.navarch.controllers;

import io.navarch.client.Cache;
import io.navarch.client.Caches;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/// Which objects an owner has: those it controls and its selector finds; it lets go of those it no longer finds, and
/// takes those that nobody has.
public record Claims(View owner, LabelSelector selector) {
    public static Claims of(View owner, LabelSelector selector) {
        return new Claims(owner, selector);
    }

    /// The objects that are, or could be, its own.
    public List<View> candidates(Cache<View> cache) {
        return cache.ownedOrOrphaned(owner).stream()
                .filter(object -> Owners.owns(owner, object) || Owners.adoptable(owner, selector, object))
                .toList();
    }

    /// The owner's objects. What must be adopted or released is added to `actions`.
    ///
    /// @param worth whether an orphan is worth adopting
    public List<View> claim(
            ResourceType<View> ownerType,
            ResourceType<View> type,
            List<View> candidates,
            Predicate<View> worth,
            List<Action> actions) {
        var result = new ArrayList<View>();
        for (var object : candidates) {
            if (!Owners.owns(owner, object)) {
                if (!worth.test(object)) continue;
                actions.add(Owners.adopt(type, object, Owners.reference(owner, ownerType)));
                result.add(object);
            } else if (selector.matches(object.labels())) {
                result.add(object);
            } else if (!owner.deleting()) {
                actions.add(Owners.release(type, object, owner));
            }
        }
        return result;
    }

    /// The owner of this kind that has an object, or those that could take it when nobody has.
    public static List<ObjectKey> ownersOf(
            Caches caches, ResourceType<View> ownerType, View object, Function<View, LabelSelector> selector) {
        return object.controller().exists()
                ? List.copyOf(LegacyController.owner(object, ownerType.kind()))
                : wanting(caches.of(ownerType), object, selector);
    }

    private static List<ObjectKey> wanting(Cache<View> owners, View orphan, Function<View, LabelSelector> selector) {
        if (orphan.labels().isEmpty()) return List.of();
        return owners.inNamespace(orphan.namespace()).stream()
                .filter(owner -> Owners.adoptable(owner, selector.apply(owner), orphan))
                .map(View::key)
                .toList();
    }
}
