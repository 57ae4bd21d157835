package io.navarch.bootstrap;

import io.navarch.client.Client;
import io.navarch.model.AddressType;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Endpoints;
import io.navarch.model.ObjectMeta;
import io.navarch.model.Protocol;
import io.navarch.model.Resources;
import io.navarch.objects.Names;
import io.navarch.objects.ObjectKey;
import java.util.List;
import java.util.function.Consumer;

/// Where a Service without a selector leads: one address, with these ports.
public record ServiceEndpoints(ObjectKey service, String address, List<Port> ports) {
    /// @param name of the Service's port that leads there; each has another one
    public record Port(String name, int number, Protocol protocol) {}

    static ServiceEndpoints https(ObjectKey service, String address, int port) {
        return new ServiceEndpoints(service, address, List.of(new Port("https", port, Protocol.TCP)));
    }

    /// Writes Endpoints and EndpointSlice, again if the address has changed. An address that only this machine can use
    /// stands behind no service.
    public void apply(Client client) {
        if (!Names.endpointIp(address).isEmpty()) return;
        var endpoints = Endpoints.builder()
                .metadata(metadata("endpointslice.kubernetes.io/skip-mirror", "true"))
                .addSubsets(subset -> {
                    subset.addAddresses(each -> each.ip(address));
                    for (var port : ports)
                        subset.addPorts(
                                each -> each.name(port.name).port(port.number).protocol(port.protocol));
                });
        client.apply(Resources.ENDPOINTS, endpoints.map());
        var slice = EndpointSlice.builder()
                .metadata(metadata("kubernetes.io/service-name", service.name()))
                .addressType(AddressType.IPV4)
                .addEndpoints(endpoint -> endpoint.addAddresses(address).conditions(each -> each.ready(true)));
        for (var port : ports)
            slice.addPorts(each -> each.name(port.name).port(port.number).protocol(port.protocol));
        client.apply(Resources.ENDPOINT_SLICES, slice.map());
    }

    private Consumer<ObjectMeta.Builder> metadata(String label, String value) {
        return metadata ->
                metadata.name(service.name()).namespace(service.namespace()).putLabels(label, value);
    }
}
