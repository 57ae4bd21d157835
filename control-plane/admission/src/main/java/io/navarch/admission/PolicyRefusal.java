package io.navarch.admission;

import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import java.util.stream.Stream;

/// A call that is forbidden, with the name that its object has so far.
final class PolicyRefusal {
    private PolicyRefusal() {}

    static ApiException of(AdmissionCall call, View object, String why) {
        var name = Stream.of(
                        call.name(),
                        object.name(),
                        object.metadata().get(ObjectMeta.GENERATE_NAME).string())
                .filter(each -> !each.isEmpty())
                .findFirst()
                .orElse("Unknown");
        return ApiException.forbidden(call.asked().plural(), call.asked().group(), name, why);
    }
}
