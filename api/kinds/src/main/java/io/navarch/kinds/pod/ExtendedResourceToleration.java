package io.navarch.kinds.pod;

import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.Toleration;
import io.navarch.model.TolerationOperator;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.Map;
import java.util.TreeSet;

/// Pods that ask for a vendor's devices tolerate taints named after these. Not on unless asked for.
public final class ExtendedResourceToleration implements Admission.Mutating {
    @Override
    public boolean handles(Admission.Attributes call) {
        return call.creates(Resources.PODS);
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> tree, View old, Admission.Lookup lookup) {
        var pod = Pod.edit(tree);
        var wanted = new TreeSet<String>();
        for (var container : Pods.containers(pod.build().spec())) {
            for (var name : container.resources().requests().keySet())
                if (ResourceNames.extended(name)) wanted.add(name);
        }
        for (var name : wanted) {
            var toleration = Toleration.builder()
                    .key(name)
                    .operator(TolerationOperator.EXISTS)
                    .build();
            if (!pod.build().spec().tolerations().contains(toleration))
                pod.spec(spec -> spec.addTolerations(toleration));
        }
    }
}
