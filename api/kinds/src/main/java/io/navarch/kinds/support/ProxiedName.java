package io.navarch.kinds.support;

import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import java.util.Set;

/// The name in the path of a proxied call: `[scheme:]name[:port]`.
///
/// @param port empty when it is left to the object
public record ProxiedName(String name, String port) {
    private static final Set<String> SCHEMES = Set.of("", "http", "https");

    /// @param what is called, for whoever asks for something else
    /// @throws ApiException 400 when it is no such name
    public static ProxiedName parse(String what, String text) {
        var parts = text.split(":", -1);
        var scheme = parts.length == 3 ? parts[0] : "";
        var name = parts.length == 3 ? parts[1] : parts[0];
        if (parts.length > 3 || name.isEmpty() || !SCHEMES.contains(scheme))
            throw ApiException.badRequest("invalid " + what + " request " + GoText.quoted(text));
        return new ProxiedName(name, parts.length == 1 ? "" : parts[parts.length - 1]);
    }
}
