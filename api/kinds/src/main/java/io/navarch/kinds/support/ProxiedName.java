package io.navarch.kinds.support;

/// The name in the path of a proxied call: `[scheme:]name[:port]`.
///
/// @param port empty when it is left to the object
public record ProxiedName(String name, String port) {
    public static ProxiedName parse(String text) {
        var parts = text.split(":");
        return switch (parts.length) {
            case 1 -> new ProxiedName(parts[0], "");
            case 3 -> new ProxiedName(parts[1], parts[2]);
            default -> new ProxiedName(parts[0], parts[1]);
        };
    }
}
