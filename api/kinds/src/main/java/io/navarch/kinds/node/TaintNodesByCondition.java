package io.navarch.kinds.node;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.Map;

/// A new node is not ready until it says so: nothing is placed on it before.
public final class TaintNodesByCondition implements Admission.Mutating {
    private static final String NOT_READY = "node.kubernetes.io/not-ready";

    @Override
    public boolean handles(Admission.Attributes call) {
        return call.creates("", "nodes");
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> node, View old, Admission.Lookup lookup) {
        var taints = Trees.childList(Trees.child(node, "spec"), "taints");
        boolean there = taints.stream()
                .map(View::of)
                .anyMatch(taint -> taint.get("key").string().equals(NOT_READY)
                        && taint.get("effect").string().equals("NoSchedule"));
        if (!there) taints.add(Trees.map("key", NOT_READY, "effect", "NoSchedule"));
    }
}
