package io.navarch.kinds.endpointslice;

import io.navarch.model.Endpoint;
import io.navarch.model.EndpointSlice;
import io.navarch.objects.ObjectKey;
import java.util.Collection;
import java.util.List;

/// Which Service a slice belongs to, and which of its endpoints take traffic.
public final class EndpointSlices {
    /// The label with the Service's name.
    public static final String SERVICE_NAME = "kubernetes.io/service-name";

    private EndpointSlices() {}

    public static String serviceName(EndpointSlice slice) {
        return slice.labels().getOrDefault(SERVICE_NAME, "");
    }

    public static ObjectKey service(EndpointSlice slice) {
        return new ObjectKey(slice.namespace(), serviceName(slice));
    }

    /// For an index of slices by the keys of their Services.
    public static Collection<String> serviceKeys(EndpointSlice slice) {
        return serviceName(slice).isEmpty() ? List.of() : List.of(service(slice).toString());
    }

    /// An endpoint that says nothing is ready.
    public static boolean ready(Endpoint endpoint) {
        return endpoint.conditions().readyOr(true);
    }

    /// The first address: there is always one, and more have no meaning.
    public static String address(Endpoint endpoint) {
        return endpoint.addresses().isEmpty() ? "" : endpoint.addresses().getFirst();
    }
}
