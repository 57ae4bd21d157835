package io.navarch.kinds.service;

import io.navarch.model.Endpoint;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.model.ServicePort;
import io.navarch.model.ServiceType;
import io.navarch.objects.Addresses;
import io.navarch.objects.ApiException;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.subresource.Connector;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/// Who serves for a service, for the server itself, which cannot count on the rules of a node to lead it there.
public record ServiceEndpoints(Service service, List<EndpointSlice> slices) {
    private static final String SERVICE_NAME = "kubernetes.io/service-name";
    private static final int DEFAULT_PORT = 80;

    /// @throws ApiException 404 when there is no such service
    static ServiceEndpoints of(Admission.Lookup objects, String namespace, String name) {
        var service = objects.get(Resources.SERVICES, namespace, name);
        if (!service.exists()) throw ApiException.notFound(Resources.SERVICES.plural(), "", name);
        var slices = objects.list(Resources.ENDPOINT_SLICES, namespace).stream()
                .filter(slice -> slice.labels().getOrDefault(SERVICE_NAME, "").equals(name))
                .toList();
        return new ServiceEndpoints(service, slices);
    }

    /// Where to call a service that an object names, such as a webhook: at any address that a network may have, also of
    /// no pod. Whoever is called there shows that it is the service by its certificate.
    ///
    /// @throws ApiException when there is nobody
    public static Connector.Host find(Admission.Lookup objects, String namespace, String name, int port) {
        var service = objects.get(Resources.SERVICES, namespace, name);
        if (!service.exists())
            throw new ApiException(ApiException.Reason.NOT_FOUND, "service \"" + name + "\" not found");
        if (service.spec().type() == ServiceType.EXTERNAL_NAME)
            return new Connector.Host(service.spec().externalName(), port, false);
        if (service.spec().ports().stream().noneMatch(each -> each.port() == port))
            throw new ApiException(
                    ApiException.Reason.SERVICE_UNAVAILABLE,
                    "no service port " + port + " found for service \"" + name + "\"");
        return of(objects, namespace, name)
                .first(each -> each.port() == port, (endpoint, address) -> Addresses.globalUnicast(address))
                .orElseThrow(() -> none(name));
    }

    static ApiException none(String name) {
        return new ApiException(
                ApiException.Reason.SERVICE_UNAVAILABLE, "no endpoints available for service \"" + name + "\"");
    }

    /// The first ready endpoint at one of these ports that may be called.
    Optional<Connector.Host> first(Predicate<ServicePort> ports, BiPredicate<Endpoint, String> callable) {
        return service.spec().ports().stream()
                .filter(ports)
                .flatMap(port -> slices.stream().flatMap(slice -> first(slice, port, callable).stream()))
                .findFirst();
    }

    private static Optional<Connector.Host> first(
            EndpointSlice slice, ServicePort port, BiPredicate<Endpoint, String> callable) {
        var number = slice.ports().stream()
                .filter(each -> each.name().equals(port.name()))
                .findFirst()
                .filter(each -> each.hasPort());
        if (number.isEmpty()) return Optional.empty();
        return slice.endpoints().stream()
                .filter(endpoint -> endpoint.conditions().readyOr(true))
                .flatMap(endpoint ->
                        endpoint.addresses().stream().limit(1).filter(address -> callable.test(endpoint, address)))
                .findFirst()
                .map(address -> new Connector.Host(address, number.get().portOr(DEFAULT_PORT), false));
    }
}
