package io.navarch.controllers;

import io.navarch.model.EndpointSlice;
import io.navarch.objects.ObjectKey;
import java.util.List;

/// The labels by which EndpointSlices are found.
public final class SliceLabels {
    public static final String SERVICE_NAME = "kubernetes.io/service-name";
    public static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    /// The same for Endpoints.
    public static final String ENDPOINTS_MANAGED_BY = "endpoints.kubernetes.io/managed-by";

    private SliceLabels() {}

    /// The key of the Service that a slice is of.
    public static List<ObjectKey> serviceOf(EndpointSlice slice) {
        var name = slice.labels().getOrDefault(SERVICE_NAME, "");
        return name.isEmpty() ? List.of() : List.of(new ObjectKey(slice.namespace(), name));
    }

    public static boolean isOf(EndpointSlice slice, ObjectKey service) {
        return service.name().equals(slice.labels().get(SERVICE_NAME));
    }
}
