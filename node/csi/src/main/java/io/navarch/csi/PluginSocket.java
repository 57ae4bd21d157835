package io.navarch.csi;

import java.util.List;

/// Where a plugin makes itself known to the node, as a port.
public interface PluginSocket {
    /// What a plugin says of itself.
    ///
    /// @param type such as `CSIPlugin`
    /// @param endpoint the socket that it does its work at, `""` for the same
    record PluginInfo(String type, String name, String endpoint, List<String> versions) {}

    /// @throws CsiFailure when nobody answers in time
    PluginInfo info();

    /// Tells the plugin what has become of it.
    ///
    /// @param error `""` when it is registered
    /// @throws CsiFailure when nobody hears it in time
    void notify(boolean registered, String error);
}
