package io.navarch.kinds.node;

import io.navarch.model.NodeAddress;
import io.navarch.model.NodeAddressType;
import io.navarch.model.Resources;
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

    /// `nodes/name[:port]/proxy/…`: the agent's own HTTP API.
    public static Connector.Destination proxy(Connector.Request request, Admission.Lookup objects) {
        return new Connector.Forward(of(request.name().split(":")[0], objects));
    }
}
