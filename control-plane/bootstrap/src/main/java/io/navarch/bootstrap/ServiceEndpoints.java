package io.navarch.bootstrap;

import io.navarch.client.Client;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import java.util.List;
import java.util.Locale;

/// Where a Service without a selector leads: one address, with one port for each protocol.
///
/// @param portName of the only port; of several, each but UDP has its protocol added, since names must differ
public record ServiceEndpoints(ObjectKey service, String portName, String address, int port, List<String> protocols) {
    /// Writes Endpoints and EndpointSlice, again if the address has changed.
    public void apply(Client client) {
        var ports = protocols.stream()
                .map(protocol -> (Object) Trees.map("name", name(protocol), "port", (long) port, "protocol", protocol))
                .toList();
        client.apply(
                Resources.ENDPOINTS.untyped(),
                Trees.map(
                        "metadata",
                        metadata("endpointslice.kubernetes.io/skip-mirror", "true"),
                        "subsets",
                        List.of(Trees.map(
                                "addresses", List.of(Trees.map("ip", address)), "ports", Trees.copy(ports)))));
        client.apply(
                Resources.ENDPOINT_SLICES.untyped(),
                Trees.map(
                        "metadata",
                        metadata("kubernetes.io/service-name", service.name()),
                        "addressType",
                        "IPv4",
                        "endpoints",
                        List.of(Trees.map("addresses", List.of(address), "conditions", Trees.map("ready", true))),
                        "ports",
                        ports));
    }

    private Object metadata(String label, String value) {
        return Trees.map("name", service.name(), "namespace", service.namespace(), "labels", Trees.map(label, value));
    }

    private String name(String protocol) {
        boolean plain = protocols.size() == 1 || portName.isEmpty() || protocol.equals("UDP");
        return plain ? portName : portName + "-" + protocol.toLowerCase(Locale.ROOT);
    }
}
