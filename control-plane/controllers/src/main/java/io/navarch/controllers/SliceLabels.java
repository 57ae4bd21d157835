package io.navarch.controllers;

import io.navarch.client.Caches;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import java.util.Comparator;
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

    /// Keeps the index that [#of] reads.
    public static void index(Caches caches) {
        caches.of(Resources.ENDPOINT_SLICES)
                .indexedBy(
                        SERVICE_NAME,
                        slice -> serviceOf(slice).stream()
                                .map(ObjectKey::toString)
                                .toList());
    }

    /// The slices of a Service, by name.
    public static List<EndpointSlice> of(Caches caches, ObjectKey service) {
        return caches.of(Resources.ENDPOINT_SLICES).byIndex(SERVICE_NAME, service.toString()).stream()
                .sorted(Comparator.comparing(EndpointSlice::name))
                .toList();
    }
}
