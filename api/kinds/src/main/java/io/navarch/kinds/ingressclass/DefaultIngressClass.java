package io.navarch.kinds.ingressclass;

import io.navarch.kinds.support.DefaultClass;
import io.navarch.model.Ingress;
import io.navarch.model.Resources;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.Map;

/// Gives ingresses that name no class the default one; the newest when several are marked.
public final class DefaultIngressClass implements Admission.Mutating {
    @Override
    public boolean handles(Admission.Attributes call) {
        return call.creates(Resources.INGRESSES) || call.creates("extensions", Resources.INGRESSES.plural());
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> object, View old, Admission.Lookup lookup) {
        var ingress = Ingress.edit(object);
        if (IngressClasses.named(ingress.build())) return;
        DefaultClass.of(lookup.list(Resources.INGRESS_CLASSES, ""), IngressClasses::isDefault)
                .ifPresent(chosen -> ingress.spec(spec -> spec.ingressClassName(chosen.name())));
    }
}
