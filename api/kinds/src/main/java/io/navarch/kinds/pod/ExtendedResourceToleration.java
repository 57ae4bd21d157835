package io.navarch.kinds.pod;

import io.navarch.kinds.support.ResourceNames;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Pods that ask for a vendor's devices tolerate taints named after these. Not on unless asked for.
public final class ExtendedResourceToleration implements Admission.Mutating {
    @Override
    public boolean handles(Admission.Attributes call) {
        return call.creates("", "pods");
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> pod, View old, Admission.Lookup lookup) {
        var wanted = new TreeSet<String>();
        for (var field : List.of("containers", "initContainers")) {
            for (var container : View.of(pod).spec().get(field).views()) {
                for (var name : container.get("resources", "requests").map().keySet())
                    if (ResourceNames.extended(name)) wanted.add(name);
            }
        }
        if (wanted.isEmpty()) return;
        var tolerations = Trees.childList(Trees.child(pod, "spec"), "tolerations");
        for (var name : wanted) {
            var toleration = Trees.map("key", name, "operator", "Exists");
            if (!tolerations.contains(toleration)) tolerations.add(toleration);
        }
    }
}
