package io.navarch.controllers;

import io.navarch.client.Cache;
import io.navarch.client.Caches;
import io.navarch.model.ApiObject;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Which objects belong to an owner: those it controls and its selector matches. Orphans that match are
/// adopted, objects that no longer match are released.
public record ControllerRefs<O extends ApiObject>(O owner, ResourceType<O> ownerType, LabelSelector selector) {
    /// The owner's objects, and the patches that adopt or release.
    public record Claimed<T>(List<T> objects, List<Action> changes) {}

    /// The objects that are, or could become, the owner's.
    public <T extends ApiObject> List<T> candidates(Cache<T> cache) {
        return cache.ownedOrOrphaned(owner).stream()
                .filter(object ->
                        OwnerReferences.owns(owner, object) || OwnerReferences.adoptable(owner, selector, object))
                .toList();
    }

    public <T extends ApiObject> Claimed<T> claim(ResourceType<T> type, List<T> candidates) {
        return claim(type, candidates, orphan -> true);
    }

    /// @param worth whether an orphan is worth adopting
    public <T extends ApiObject> Claimed<T> claim(ResourceType<T> type, List<T> candidates, Predicate<T> worth) {
        var objects = new ArrayList<T>(candidates.size());
        var changes = new ArrayList<Action>();
        for (var object : candidates) {
            if (!OwnerReferences.owns(owner, object)) {
                if (!worth.test(object)) continue;
                changes.add(OwnerReferences.adopt(type, object, OwnerReferences.of(owner, ownerType)));
                objects.add(object);
            } else if (selector.matches(object.labels())) {
                objects.add(object);
            } else if (!owner.deleting()) {
                changes.add(OwnerReferences.release(type, object, owner));
            }
        }
        return new Claimed<>(objects, changes);
    }

    /// Keeps the index that [#ownersOf] reads.
    public static <O extends ApiObject> void index(Caches caches, ResourceType<O> type, Function<O, LabelSelector> of) {
        // An empty selector adopts nothing.
        LabelIndex.ofSelectors(
                caches.of(type), owner -> Optional.of(of.apply(owner)).filter(each -> !each.isEmpty()));
    }

    /// The controlling owner of this kind, or every owner that could adopt the object when nobody controls it.
    public static <O extends ApiObject> List<ObjectKey> ownersOf(
            Caches caches, ResourceType<O> ownerType, ApiObject object, Function<O, LabelSelector> selector) {
        if (object.controller().exists()) return List.copyOf(Controller.owner(object, ownerType.kind()));
        if (object.labels().isEmpty()) return List.of();
        return LabelIndex.picking(caches.of(ownerType), object.namespace(), object.labels())
                .filter(owner -> OwnerReferences.adoptable(owner, selector.apply(owner), object))
                .map(ApiObject::key)
                .toList();
    }
}
