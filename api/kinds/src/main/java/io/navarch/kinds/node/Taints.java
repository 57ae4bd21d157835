package io.navarch.kinds.node;

import io.navarch.objects.View;

/// When a toleration covers a taint.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
public final class Taints {
    private Taints() {}

    public static boolean tolerates(View toleration, View taint) {
        var effect = toleration.get("effect").string();
        if (!effect.isEmpty() && !effect.equals(taint.get("effect").string())) return false;
        var key = toleration.get("key").string();
        if (!key.isEmpty() && !key.equals(taint.get("key").string())) return false;
        return toleration.get("operator").string().equals("Exists")
                || toleration.get("value").string().equals(taint.get("value").string());
    }

    /// Whether any toleration of a pod does.
    public static boolean toleratedBy(View pod, View taint) {
        return pod.spec().get("tolerations").stream().anyMatch(toleration -> tolerates(toleration, taint));
    }
}
