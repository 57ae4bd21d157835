package io.navarch.aggregation.status;

import io.navarch.aggregation.status.Registration.Backend;
import io.navarch.client.Caches;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import java.util.List;

/// The slices of a Service, found by its name.
public final class ServiceSlices {
    private static final String SERVICE_NAME = "kubernetes.io/service-name";
    private static final String BY_SERVICE = "service";

    private ServiceSlices() {}

    public static void prepare(Caches caches) {
        caches.of(Resources.ENDPOINT_SLICES).indexedBy(BY_SERVICE, slice -> List.of(text(service(slice))));
    }

    public static List<EndpointSlice> of(Caches caches, Backend backend) {
        return caches.of(Resources.ENDPOINT_SLICES).byIndex(BY_SERVICE, text(backend.key()));
    }

    /// The Service that a slice is of.
    static ObjectKey service(EndpointSlice slice) {
        return new ObjectKey(slice.namespace(), slice.metadata().labels().getOrDefault(SERVICE_NAME, ""));
    }

    private static String text(ObjectKey service) {
        return service.namespace() + "/" + service.name();
    }
}
