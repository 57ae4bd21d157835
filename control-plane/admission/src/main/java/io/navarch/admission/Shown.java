package io.navarch.admission;

import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.apiserver.admission.ServedResource;
import io.navarch.objects.View;
import org.jspecify.annotations.Nullable;

/// A call and its objects as somebody is shown them.
///
/// @param as the resource under which they are shown
/// @param object absent on deletion
/// @param old absent where there is none
record Shown(AdmissionCall call, ServedResource as, View object, View old) {
    static Shown of(AdmissionCall call, ServedResource as, View object, View old) {
        return new Shown(call, as, View.of(shown(call, as, object)), View.of(shown(call, as, old)));
    }

    private static @Nullable Object shown(AdmissionCall call, ServedResource as, View object) {
        return object.exists() ? call.forms().show(object.map(), as) : null;
    }
}
