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
import java.util.Locale;
import java.util.function.Consumer;

/// Where a Service without a selector leads: one address, with one port for each protocol.
///
/// @param portName of the only port; where there are several, each but UDP gets its protocol as a suffix, because their
///     names must differ
public record ServiceEndpoints(ObjectKey service, String portName, String address, int port, List<Protocol> protocols) {
    /// Writes Endpoints and EndpointSlice, again if the address has changed. An address that only this machine can use
    /// stands behind no service.
    public void apply(Client client) {
        if (!Names.endpointIp(address).isEmpty()) return;
        var endpoints = Endpoints.builder()
                .metadata(metadata("endpointslice.kubernetes.io/skip-mirror", "true"))
                .addSubsets(subset -> {
                    subset.addAddresses(each -> each.ip(address));
                    for (var protocol : protocols)
                        subset.addPorts(
                                each -> each.name(name(protocol)).port(port).protocol(protocol));
                });
        client.apply(Resources.ENDPOINTS, endpoints.map());
        var slice = EndpointSlice.builder()
                .metadata(metadata("kubernetes.io/service-name", service.name()))
                .addressType(AddressType.IPV4)
                .addEndpoints(endpoint -> endpoint.addAddresses(address).conditions(each -> each.ready(true)));
        for (var protocol : protocols)
            slice.addPorts(each -> each.name(name(protocol)).port(port).protocol(protocol));
        client.apply(Resources.ENDPOINT_SLICES, slice.map());
    }

    private Consumer<ObjectMeta.Builder> metadata(String label, String value) {
        return metadata ->
                metadata.name(service.name()).namespace(service.namespace()).putLabels(label, value);
    }

    private String name(Protocol protocol) {
        boolean plain = protocols.size() == 1 || portName.isEmpty() || protocol == Protocol.UDP;
        return plain ? portName : portName + "-" + protocol.text().toLowerCase(Locale.ROOT);
    }
}
