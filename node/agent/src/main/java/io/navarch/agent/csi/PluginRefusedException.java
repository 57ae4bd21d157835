package io.navarch.agent.csi;

/// Why a plugin is not registered, in words for the plugin.
public final class PluginRefusedException extends Exception {
    public PluginRefusedException(String message) {
        super(message);
    }
}
