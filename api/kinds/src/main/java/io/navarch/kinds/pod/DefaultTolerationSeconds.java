package io.navarch.kinds.pod;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.List;
import java.util.Map;

/// Pods stay five minutes on a node that is not ready or unreachable, unless they say otherwise.
public final class DefaultTolerationSeconds implements Admission.Mutating {
    private static final List<String> TAINTS =
            List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");

    @Override
    public boolean handles(Admission.Attributes call) {
        // Also on updates: a client that replaces the list must not take these away.
        return call.is("", "pods") && call.subresource().isEmpty() && call.operation() != Operation.DELETE;
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> pod, View old, Admission.Lookup lookup) {
        var tolerations = Trees.childList(Trees.child(pod, "spec"), "tolerations");
        for (var taint : TAINTS) {
            boolean tolerated = tolerations.stream().map(View::of).anyMatch(toleration -> {
                var key = toleration.get("key").string();
                var effect = toleration.get("effect").string();
                return (key.equals(taint) || key.isEmpty()) && (effect.equals("NoExecute") || effect.isEmpty());
            });
            if (!tolerated) {
                tolerations.add(Trees.map(
                        "key", taint, "operator", "Exists", "effect", "NoExecute", "tolerationSeconds", 300L));
            }
        }
    }
}
