package io.navarch.kinds.namespace;

import io.navarch.model.Resources;
import io.navarch.model.StatusDetails;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.Map;
import java.util.Set;

/// Nothing is created in a namespace that is not there or is going away; some namespaces cannot be deleted.
public final class NamespaceLifecycle implements Admission.Mutating, Admission.Validating {
    private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");

    @Override
    public boolean handles(Admission.Attributes call) {
        boolean creates =
                call.operation() == Operation.CREATE && !call.namespace().isEmpty();
        return creates && !call.resource().equals(Resources.LOCAL_SUBJECT_ACCESS_REVIEWS.plural()) || deletes(call);
    }

    private static boolean deletes(Admission.Attributes call) {
        return call.is(Resources.NAMESPACES) && call.operation() == Operation.DELETE;
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> object, View old, Admission.Lookup lookup) {
        validate(call, View.of(object), old, lookup);
    }

    @Override
    public void validate(Admission.Attributes call, View object, View old, Admission.Lookup lookup) {
        if (deletes(call) && IMMORTAL.contains(call.name()))
            throw ApiException.forbidden("namespaces", "", call.name(), "this namespace may not be deleted");
        if (call.operation() == Operation.DELETE || call.is(Resources.NAMESPACES)) return;
        var namespace = lookup.get(Resources.NAMESPACES, "", call.namespace());
        if (!namespace.exists()) throw ApiException.notFound("namespaces", "", call.namespace());
        if (namespace.deleting() && call.subresource().isEmpty()) throw terminating(call);
    }

    private static ApiException terminating(Admission.Attributes call) {
        var message =
                "unable to create new content in namespace " + call.namespace() + " because it is being terminated";
        var base = ApiException.forbidden(call.resource(), call.group(), call.name(), message);
        var details = new StatusDetails(base.details())
                .toBuilder()
                        .addCauses(cause -> cause.reason("NamespaceTerminating")
                                .message("namespace " + call.namespace() + " is being terminated")
                                .field("metadata.namespace"));
        return new ApiException(ApiException.Reason.FORBIDDEN, base.message(), details.map());
    }
}
