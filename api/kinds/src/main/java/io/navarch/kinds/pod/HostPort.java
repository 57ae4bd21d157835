package io.navarch.kinds.pod;

import io.navarch.model.ContainerPort;
import io.navarch.model.Protocol;

/// A port of a node that a container takes.
public record HostPort(String address, Protocol protocol, int port) {
    private static final String EVERY = "0.0.0.0";

    public static HostPort of(ContainerPort port) {
        var protocol = port.protocol() == Protocol.UNSET ? Protocol.TCP : port.protocol();
        return new HostPort(port.hostIPOr(EVERY), protocol, port.hostPort());
    }

    /// Whether two pods that want these cannot be on one node.
    public boolean conflicts(HostPort other) {
        boolean addresses = address.equals(other.address) || address.equals(EVERY) || other.address.equals(EVERY);
        return addresses && protocol == other.protocol && port == other.port;
    }
}
