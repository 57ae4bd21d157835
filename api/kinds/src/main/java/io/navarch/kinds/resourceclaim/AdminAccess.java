package io.navarch.kinds.resourceclaim;

import io.navarch.model.DeviceRequest;
import io.navarch.model.DeviceRequestAllocationResult;
import io.navarch.model.ResourceClaim;
import io.navarch.model.ResourceClaimTemplate;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.List;
import java.util.function.Predicate;

/// Only in namespaces that are marked for it may devices be asked for that others use at the same time, to watch over
/// them.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/#admin-access
public final class AdminAccess implements Admission.Validating {
    private static final String LABEL = "resource.kubernetes.io/admin-access";

    @Override
    public boolean handles(Admission.Attributes call) {
        return call.creates(Resources.RESOURCE_CLAIMS)
                || call.creates(Resources.RESOURCE_CLAIM_TEMPLATES)
                || call.is(Resources.RESOURCE_CLAIMS)
                        && call.subresource().equals("status")
                        && call.operation() == Operation.UPDATE;
    }

    @Override
    public void validate(Admission.Attributes call, View object, View old, Admission.Lookup lookup) {
        var place = place(call, object, old);
        if (place.isEmpty()) return;
        var namespace = lookup.get(Resources.NAMESPACES, "", call.namespace());
        if ("true".equals(namespace.labels().get(LABEL))) return;
        var kind = call.is(Resources.RESOURCE_CLAIMS) ? Resources.RESOURCE_CLAIMS : Resources.RESOURCE_CLAIM_TEMPLATES;
        throw ApiException.invalid(
                kind.group(),
                kind.kind(),
                object.name(),
                List.of(FieldError.forbidden(
                        place + ".adminAccess",
                        "admin access to devices requires the `" + LABEL
                                + ": true` label on the containing namespace")));
    }

    /// Where the object asks for it first, or `""`.
    private static String place(Admission.Attributes call, View object, View old) {
        if (call.is(Resources.RESOURCE_CLAIM_TEMPLATES))
            return asked(
                    ResourceClaimTemplate.of(object).spec().spec().devices().requests());
        var claim = ResourceClaim.of(object);
        if (call.operation() == Operation.CREATE)
            return asked(claim.spec().devices().requests());
        // What was granted cannot change any more.
        if (!granted(ResourceClaim.of(old)).isEmpty()) return "";
        return granted(claim);
    }

    private static String asked(List<DeviceRequest> requests) {
        return first(
                requests, "spec.devices.requests", request -> request.exactly().adminAccess());
    }

    private static String granted(ResourceClaim claim) {
        return first(
                claim.status().allocation().devices().results(),
                "status.allocation.devices.results",
                DeviceRequestAllocationResult::adminAccess);
    }

    private static <T> String first(List<T> elements, String path, Predicate<T> wanted) {
        for (int i = 0; i < elements.size(); i++) if (wanted.test(elements.get(i))) return path + "[" + i + "]";
        return "";
    }
}
