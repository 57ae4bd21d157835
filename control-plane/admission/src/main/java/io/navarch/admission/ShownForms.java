package io.navarch.admission;

import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.apiserver.admission.ServedResource;
import io.navarch.objects.View;
import java.util.HashMap;
import java.util.Map;

/// The objects of a call in all forms that somebody wants to see; each is made once.
final class ShownForms {
    private final AdmissionCall call;
    private final View object;
    private final View old;
    private final Map<ServedResource, Shown> made = new HashMap<>();

    ShownForms(AdmissionCall call, View object, View old) {
        this.call = call;
        this.object = object;
        this.old = old;
    }

    Shown as(ServedResource resource) {
        return made.computeIfAbsent(resource, as -> Shown.of(call, as, object, old));
    }
}
