package io.navarch.csi;

import java.nio.file.Path;

/// Reaches those who listen at sockets, as a port.
public interface CsiSockets {
    /// The driver that does its work at a socket. Nobody is asked yet.
    CsiNode driver(String endpoint);

    PluginSocket plugin(Path socket);
}
