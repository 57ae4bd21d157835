package io.navarch.kinds.noderestriction;

import io.navarch.objects.ApiException;
import io.navarch.schema.admission.Admission;

/// What a node is told that may not do something.
final class Refusal {
    private Refusal() {}

    static ApiException of(Admission.Attributes call, String why) {
        return ApiException.forbidden(call.resource(), call.group(), call.name(), why);
    }
}
