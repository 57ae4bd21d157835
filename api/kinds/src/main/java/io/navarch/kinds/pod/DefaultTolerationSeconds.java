package io.navarch.kinds.pod;

import io.navarch.kinds.node.Taints;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.TaintEffect;
import io.navarch.model.TolerationOperator;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.List;
import java.util.Map;

/// Pods stay five minutes on a node that is not ready or unreachable, unless they say otherwise.
public final class DefaultTolerationSeconds implements Admission.Mutating {
    private static final List<String> TAINTS = List.of(Taints.NOT_READY, Taints.UNREACHABLE);

    @Override
    public boolean handles(Admission.Attributes call) {
        // Also on updates: a client that replaces the list must not take these away.
        return call.is(Resources.PODS) && call.subresource().isEmpty() && call.operation() != Operation.DELETE;
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> tree, View old, Admission.Lookup lookup) {
        var pod = Pod.edit(tree);
        for (var taint : TAINTS) {
            boolean tolerated = pod.build().spec().tolerations().stream()
                    .anyMatch(toleration -> Taints.covers(toleration, taint, TaintEffect.NO_EXECUTE));
            if (tolerated) continue;
            pod.spec(spec -> spec.addTolerations(toleration -> toleration
                    .key(taint)
                    .operator(TolerationOperator.EXISTS)
                    .effect(TaintEffect.NO_EXECUTE)
                    .tolerationSeconds(300)));
        }
    }
}
