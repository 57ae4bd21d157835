package io.navarch.kinds.service;

import io.navarch.kinds.support.ProxiedName;
import io.navarch.model.Endpoint;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.model.ServicePort;
import io.navarch.objects.Addresses;
import io.navarch.objects.ApiException;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.subresource.Connector;
import java.util.List;
import java.util.Optional;

/// `services/[scheme:]name[:port]/proxy/…`: calls a service through one of its ready endpoints.
public final class ServiceProxy implements Connector {
    private static final String SERVICE_NAME = "kubernetes.io/service-name";
    private static final int DEFAULT_PORT = 80;

    @Override
    public Destination connect(Request request, Admission.Lookup objects) {
        var named = ProxiedName.parse("service", request.name());
        var service = objects.get(Resources.SERVICES, request.namespace(), named.name());
        if (!service.exists()) throw ApiException.notFound(Resources.SERVICES.plural(), "", named.name());
        var slices = objects.list(Resources.ENDPOINT_SLICES, request.namespace()).stream()
                .filter(slice -> slice.labels().getOrDefault(SERVICE_NAME, "").equals(named.name()))
                .toList();
        return endpoint(service, named.port(), slices, objects)
                .map(Forward::new)
                .orElseThrow(() -> new ApiException(
                        ApiException.Reason.SERVICE_UNAVAILABLE,
                        "no endpoints available for service \"" + named.name() + "\""));
    }

    private static Optional<Host> endpoint(
            Service service, String wanted, List<EndpointSlice> slices, Admission.Lookup objects) {
        return service.spec().ports().stream()
                .filter(port -> wanted.isEmpty()
                        || port.name().equals(wanted)
                        || String.valueOf(port.port()).equals(wanted))
                .flatMap(port -> slices.stream().flatMap(slice -> endpoint(slice, port, objects).stream()))
                .findFirst();
    }

    private static Optional<Host> endpoint(EndpointSlice slice, ServicePort port, Admission.Lookup objects) {
        var number = slice.ports().stream()
                .filter(each -> each.name().equals(port.name()))
                .findFirst()
                .filter(each -> each.hasPort());
        if (number.isEmpty()) return Optional.empty();
        return slice.endpoints().stream()
                .filter(endpoint -> endpoint.conditions().readyOr(true))
                .flatMap(endpoint -> endpoint.addresses().stream()
                        .limit(1)
                        .filter(address -> ofPod(endpoint, address, slice.namespace(), objects)))
                .findFirst()
                .map(address -> new Host(address, number.get().portOr(DEFAULT_PORT), false));
    }

    /// Slices say whatever their author likes: only an address that a pod of the namespace has is called.
    private static boolean ofPod(Endpoint endpoint, String address, String namespace, Admission.Lookup objects) {
        var target = endpoint.targetRef();
        if (!target.exists() || !target.namespace().equals(namespace) || !Addresses.globalUnicast(address))
            return false;
        var status = objects.get(Resources.PODS, namespace, target.name()).status();
        return status.podIP().equals(address)
                || status.podIPs().stream().anyMatch(each -> each.ip().equals(address));
    }
}
