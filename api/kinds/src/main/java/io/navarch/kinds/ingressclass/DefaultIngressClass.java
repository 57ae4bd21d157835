package io.navarch.kinds.ingressclass;

import io.navarch.kinds.support.DefaultClass;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.Map;

/// Gives ingresses that name no class the default one; among several the newest.
public final class DefaultIngressClass implements Admission.Mutating {
    @Override
    public boolean handles(Admission.Attributes call) {
        return call.resource().equals("ingresses")
                && call.operation().equals("CREATE")
                && call.subresource().isEmpty()
                && (call.group().equals("networking.k8s.io") || call.group().equals("extensions"));
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> ingress, View old, Admission.Lookup lookup) {
        var view = View.of(ingress);
        if (view.spec().get("ingressClassName").exists()
                || view.metadata()
                        .get("annotations")
                        .get("kubernetes.io/ingress.class")
                        .exists()) return;
        DefaultClass.of(
                        lookup.list("networking.k8s.io", "ingressclasses", ""),
                        candidate ->
                                candidate.annotation(IngressClassKind.DEFAULT).equals("true"))
                .ifPresent(chosen -> Trees.put(ingress, chosen.name(), "spec", "ingressClassName"));
    }
}
