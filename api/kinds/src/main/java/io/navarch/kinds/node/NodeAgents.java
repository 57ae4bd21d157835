package io.navarch.kinds.node;

import io.navarch.kinds.support.ProxiedName;
import io.navarch.model.NodeAddress;
import io.navarch.model.NodeAddressType;
import io.navarch.model.Resources;
import io.navarch.objects.Addresses;
import io.navarch.objects.ApiException;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.subresource.Connector;

/// Where the agents of nodes are to be reached.
public final class NodeAgents {
    private static final int DEFAULT_PORT = 10250;

    private NodeAgents() {}

    /// @throws ApiException 404 when there is no such node
    public static Connector.Host of(String nodeName, Admission.Lookup objects) {
        var node = objects.get(Resources.NODES, "", nodeName);
        if (!node.exists()) throw ApiException.notFound(Resources.NODES.plural(), "", nodeName);
        var address = node.status().addresses().stream()
                .filter(each -> each.type() == NodeAddressType.INTERNAL_IP)
                .findFirst()
                .map(NodeAddress::address)
                .orElse("");
        int port = node.status().daemonEndpoints().kubeletEndpoint().PortOr(DEFAULT_PORT);
        return new Connector.Host(address, port, true);
    }

    /// `nodes/name[:port]/proxy/…`: the agent's own HTTP API. Nodes say themselves which addresses they have: one that
    /// says it is this machine would have its callers speak to this machine as the API server.
    public static Connector.Destination proxy(Connector.Request request, Admission.Lookup objects) {
        var host = of(ProxiedName.parse("node", request.name()).name(), objects);
        if (!Addresses.globalUnicast(host.address())) throw ApiException.badRequest("address not allowed");
        return new Connector.Forward(host);
    }
}
