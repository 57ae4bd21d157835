package io.navarch.kinds.service;

import io.navarch.kinds.support.ProxiedName;
import io.navarch.model.Endpoint;
import io.navarch.model.Resources;
import io.navarch.objects.Addresses;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.subresource.Connector;

/// `services/[scheme:]name[:port]/proxy/…`: calls a service through one of its ready endpoints.
public final class ServiceProxy implements Connector {
    @Override
    public Destination connect(Request request, Admission.Lookup objects) {
        var named = ProxiedName.parse("service", request.name());
        var endpoints = ServiceEndpoints.of(objects, request.namespace(), named.name());
        return endpoints
                .first(
                        port -> named.port().isEmpty()
                                || port.name().equals(named.port())
                                || String.valueOf(port.port()).equals(named.port()),
                        (endpoint, address) -> ofPod(endpoint, address, request.namespace(), objects))
                .map(host -> new Forward(host.over(named.way())))
                .orElseThrow(() -> ServiceEndpoints.none(named.name()));
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
