package io.navarch.aggregation.status;

import io.navarch.model.EndpointSlice;
import io.navarch.model.Service;
import io.navarch.model.ServicePort;
import io.navarch.objects.Addresses;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Where a Service is to be reached: one of its ready endpoints, any of them. Nobody but whoever may write the slices
/// says what these addresses are, so that none of this machine alone is called.
public final class EndpointChoice {
    private static final String CLUSTER_IP = "ClusterIP";
    private static final List<String> ROUTED = List.of(CLUSTER_IP, "LoadBalancer", "NodePort");
    private static final String EXTERNAL = "ExternalName";

    /// Nothing can be called; the text says why.
    public static final class UnresolvedException extends Exception {
        UnresolvedException(String message) {
            super(message);
        }
    }

    public record Host(String address, int port) {}

    private EndpointChoice() {}

    public static Host of(
            Registration.Backend backend, Service service, List<EndpointSlice> slices, RandomGenerator random)
            throws UnresolvedException {
        if (!service.exists()) throw new UnresolvedException("service \"" + backend.service() + "\" not found");
        var type = service.spec().type().text();
        if (type.equals(EXTERNAL)) return new Host(service.spec().externalName(), backend.port());
        if (!type.isEmpty() && !ROUTED.contains(type))
            throw new UnresolvedException("unsupported service type \"" + type + "\"");
        var port = port(service, backend.port());
        if (port.isEmpty())
            throw new UnresolvedException(
                    "no service port " + backend.port() + " found for service \"" + backend.service() + "\"");
        var hosts = slices.stream()
                .flatMap(slice -> number(slice, port.get()).stream()
                        .flatMap(number -> slice.endpoints().stream()
                                .filter(endpoint -> endpoint.conditions().readyOr(true))
                                .flatMap(endpoint ->
                                        endpoint.addresses().stream().limit(1))
                                .filter(Addresses::globalUnicast)
                                .map(address -> new Host(address, number))))
                .toList();
        if (hosts.isEmpty())
            throw new UnresolvedException("no endpoints available for service \"" + backend.service() + "\"");
        return hosts.get(hosts.size() == 1 ? 0 : random.nextInt(hosts.size()));
    }

    static Optional<ServicePort> port(Service service, int wanted) {
        return service.spec().ports().stream()
                .filter(port -> port.port() == wanted)
                .findFirst();
    }

    /// The number of a Service's port behind a slice.
    static Optional<Integer> number(EndpointSlice slice, ServicePort port) {
        return slice.ports().stream()
                .filter(each -> each.name().equals(port.name()) && each.hasPort())
                .findFirst()
                .map(each -> each.port());
    }
}
