package io.navarch.kinds.support;

import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.schema.subresource.Connector;
import java.util.Set;

/// The name in the path of a proxied call: `[scheme:]name[:port]`.
///
/// @param port empty when it is left to the object
/// @param way how it is called
public record ProxiedName(String name, String port, Connector.Way way) {
    private static final String TLS = "https";
    private static final Set<String> SCHEMES = Set.of("", "http", TLS);

    /// @param what is called, for whoever asks for something else
    /// @throws ApiException 400 when it is no such name
    public static ProxiedName parse(String what, String text) {
        var parts = text.split(":", -1);
        var scheme = parts.length == 3 ? parts[0] : "";
        var name = parts.length == 3 ? parts[1] : parts[0];
        if (parts.length > 3 || name.isEmpty() || !SCHEMES.contains(scheme))
            throw ApiException.badRequest("invalid " + what + " request " + GoText.quoted(text));
        var way = scheme.equals(TLS) ? Connector.Way.SECURE : Connector.Way.PLAIN;
        return new ProxiedName(name, parts.length == 1 ? "" : parts[parts.length - 1], way);
    }
}
