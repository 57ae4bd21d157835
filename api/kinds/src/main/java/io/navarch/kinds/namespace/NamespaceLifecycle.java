package io.navarch.kinds.namespace;

import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Nothing is created in a namespace that is not there or is going away; some namespaces cannot be deleted.
public final class NamespaceLifecycle implements Admission.Mutating, Admission.Validating {
    private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");
    private static final Set<String> REVIEWS = Set.of("localsubjectaccessreviews");

    @Override
    public boolean handles(Admission.Attributes call) {
        return !call.namespace().isEmpty() && call.operation() == Operation.CREATE && !REVIEWS.contains(call.resource())
                || call.is("", "namespaces") && call.operation() == Operation.DELETE;
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> object, View old, Admission.Lookup lookup) {
        validate(call, View.of(object), old, lookup);
    }

    @Override
    public void validate(Admission.Attributes call, View object, View old, Admission.Lookup lookup) {
        if (call.operation() == Operation.DELETE) {
            if (call.is("", "namespaces") && IMMORTAL.contains(call.name())) {
                throw ApiException.forbidden("namespaces", "", call.name(), "this namespace may not be deleted");
            }
            return;
        }
        if (call.is("", "namespaces")) return;
        var namespace = lookup.get("", "namespaces", "", call.namespace());
        if (!namespace.exists()) throw ApiException.notFound("namespaces", "", call.namespace());
        if (!namespace.deleting() || !call.subresource().isEmpty()) return;
        var message =
                "unable to create new content in namespace " + call.namespace() + " because it is being terminated";
        var base = ApiException.forbidden(call.resource(), call.group(), call.name(), message);
        var details = Trees.map();
        details.putAll(base.details());
        details.put(
                "causes",
                List.of(Trees.map(
                        "reason", "NamespaceTerminating",
                        "message", "namespace " + call.namespace() + " is being terminated",
                        "field", "metadata.namespace")));
        throw new ApiException(ApiException.Reason.FORBIDDEN, base.getMessage(), details);
    }
}
