package io.navarch.kinds.node;

import io.navarch.model.Node;
import io.navarch.model.Resources;
import io.navarch.model.TaintEffect;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.Map;

/// A new node is not ready until it says so: nothing is placed on it before.
public final class TaintNodesByCondition implements Admission.Mutating {
    @Override
    public boolean handles(Admission.Attributes call) {
        return call.creates(Resources.NODES);
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> tree, View old, Admission.Lookup lookup) {
        var node = Node.edit(tree);
        boolean there = node.build().spec().taints().stream()
                .anyMatch(taint -> taint.key().equals(Taints.NOT_READY) && taint.effect() == TaintEffect.NO_SCHEDULE);
        if (!there)
            node.spec(
                    spec -> spec.addTaints(taint -> taint.key(Taints.NOT_READY).effect(TaintEffect.NO_SCHEDULE)));
    }
}
