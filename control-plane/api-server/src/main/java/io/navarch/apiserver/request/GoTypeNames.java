package io.navarch.apiserver.request;

import io.navarch.schema.KindDefinition;

/// The names that Go's own types of kinds have inside of the server; a few messages show them.
public final class GoTypeNames {
    private GoTypeNames() {}

    /// Such as `apps.Deployment`.
    public static String internal(KindDefinition kind) {
        if (kind.custom()) return "unstructured.Unstructured";
        return inPackage(kind, kind.kind());
    }

    /// Such as `apps.DeploymentList`.
    public static String internalList(KindDefinition kind) {
        if (kind.custom()) return "unstructured.UnstructuredList";
        return inPackage(kind, kind.listKind());
    }

    private static String inPackage(KindDefinition kind, String name) {
        var group = kind.group().split("\\.")[0];
        return (group.isEmpty() || group.equals("events") ? "core" : group) + "." + name;
    }
}
