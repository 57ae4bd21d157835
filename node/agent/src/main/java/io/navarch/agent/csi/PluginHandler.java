package io.navarch.agent.csi;

import io.navarch.csi.PluginSocket.PluginInfo;

/// Takes the plugins of one type.
public interface PluginHandler {
    /// Whether it may be registered, without changing anything.
    ///
    /// @param plugin whose endpoint is known
    /// @throws PluginRefusedException when it may not
    void validate(PluginInfo plugin) throws PluginRefusedException;

    /// @throws PluginRefusedException when it could not be registered; it is not then
    void register(PluginInfo plugin) throws PluginRefusedException;

    /// It has taken its socket away.
    void deregister(PluginInfo plugin);
}
