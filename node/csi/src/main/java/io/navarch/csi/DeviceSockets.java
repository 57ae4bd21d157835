package io.navarch.csi;

import java.io.IOException;
import java.nio.file.Path;

/// How device plugins and the node reach each other, as a port.
public interface DeviceSockets {
    /// Hears of plugins.
    interface Registrar {
        /// @param version of the interface that the plugin speaks
        /// @param endpoint the name of its socket
        /// @throws IllegalArgumentException when it may not be registered
        void register(String version, String endpoint, String resource);
    }

    /// The plugin at a socket. Nobody is asked yet.
    DevicePlugin plugin(Path socket);

    /// Lets plugins register themselves at a socket until it is closed.
    Listening listen(Path socket, Registrar registrar) throws IOException;

    /// What a plugin has granted, in the form in which it said so.
    byte[] encode(DevicePlugin.Granted granted);

    /// @throws IllegalArgumentException when it is no such form
    DevicePlugin.Granted decode(byte[] encoded);
}
