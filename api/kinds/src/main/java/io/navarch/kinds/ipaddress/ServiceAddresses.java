package io.navarch.kinds.ipaddress;

import io.navarch.model.IPAddress;
import io.navarch.model.Resources;
import io.navarch.model.Service;

/// The IPAddresses that stand for the cluster IPs of Services.
public final class ServiceAddresses {
    private static final String MANAGED_BY = "ipaddress.kubernetes.io/managed-by";
    private static final String MANAGER = "ipallocator.k8s.io";
    private static final String FAMILY = "ipaddress.kubernetes.io/ip-family";

    private ServiceAddresses() {}

    /// The object that says that a Service has the address.
    public static IPAddress of(String address, Service service) {
        return IPAddress.builder()
                .metadata(it -> it.name(address)
                        .putLabels(FAMILY, address.contains(":") ? "IPv6" : "IPv4")
                        .putLabels(MANAGED_BY, MANAGER))
                .spec(spec -> spec.parentRef(parent -> parent.group("")
                        .resource(Resources.SERVICES.plural())
                        .namespace(service.namespace())
                        .name(service.name())))
                .build();
    }

    /// Whether the object is one that the cluster keeps, rather than one that somebody else made.
    public static boolean kept(IPAddress address) {
        return address.labels().getOrDefault(MANAGED_BY, "").equals(MANAGER);
    }
}
