package io.navarch.controllers;

import io.navarch.model.ApiObject;
import io.navarch.model.OwnerReference;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ResourceType;
import io.navarch.reconcile.Action;

/// Controlling owner references: making, adopting and releasing.
public final class OwnerReferences {
    private OwnerReferences() {}

    public static OwnerReference of(ApiObject owner, ResourceType<?> type) {
        var reference = OwnerReference.builder().apiVersion(type.apiVersion()).kind(type.kind());
        return reference
                .name(owner.name())
                .uid(owner.uid())
                .controller(true)
                .blockOwnerDeletion(true)
                .build();
    }

    public static boolean owns(ApiObject owner, ApiObject object) {
        return object.controller().uid().equals(owner.uid());
    }

    /// Whether the object is an orphan that this owner's selector matches.
    public static boolean adoptable(ApiObject owner, LabelSelector selector, ApiObject object) {
        return !object.controller().exists()
                && !object.deleting()
                && !owner.deleting()
                && !selector.isEmpty()
                && selector.matches(object.labels());
    }

    /// Adds the reference.
    public static Action adopt(ResourceType<?> type, ApiObject object, OwnerReference reference) {
        return Action.Patch.ofMetadata(
                type,
                object,
                metadata -> metadata.ownerReferences(object.metadata().ownerReferences())
                        .addOwnerReferences(reference));
    }

    /// Removes every reference to the owner.
    public static Action release(ResourceType<?> type, ApiObject object, ApiObject owner) {
        var others = object.metadata().ownerReferences().stream()
                .filter(reference -> !reference.uid().equals(owner.uid()))
                .toList();
        return Action.Patch.ofMetadata(type, object, metadata -> metadata.ownerReferences(others));
    }
}
