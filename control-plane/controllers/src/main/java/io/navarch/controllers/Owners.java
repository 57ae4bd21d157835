package io.navarch.controllers;

import io.navarch.objects.LabelSelector;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import java.util.ArrayList;
import java.util.Map;

/// Controlling owner references: making them, adopting and releasing.
public final class Owners {
    private Owners() {}

    public static Map<String, Object> reference(View owner, ResourceType<View> type) {
        return reference(owner, type.apiVersion(), type.kind());
    }

    public static Map<String, Object> reference(View owner, String apiVersion, String kind) {
        return Trees.map(
                "apiVersion",
                apiVersion,
                "kind",
                kind,
                "name",
                owner.name(),
                "uid",
                owner.uid(),
                "controller",
                true,
                "blockOwnerDeletion",
                true);
    }

    public static boolean owns(View owner, View object) {
        return object.controller().get("uid").string().equals(owner.uid());
    }

    /// An orphan that the selector finds may be adopted.
    public static boolean adoptable(View owner, LabelSelector selector, View object) {
        return !object.controller().exists()
                && !object.deleting()
                && !owner.deleting()
                && !selector.isEmpty()
                && selector.matches(object.labels());
    }

    /// Makes `owner` the controller.
    public static Action adopt(ResourceType<View> type, View object, Map<String, Object> reference) {
        var owners =
                new ArrayList<Object>(object.metadata().get("ownerReferences").list());
        owners.add(reference);
        return Action.Patch.ofMetadata(type, object, "ownerReferences", owners);
    }

    /// Takes `owner` off.
    public static Action release(ResourceType<View> type, View object, View owner) {
        var owners =
                new ArrayList<Object>(object.metadata().get("ownerReferences").list());
        owners.removeIf(reference -> View.of(reference).get("uid").string().equals(owner.uid()));
        return Action.Patch.ofMetadata(type, object, "ownerReferences", owners);
    }
}
