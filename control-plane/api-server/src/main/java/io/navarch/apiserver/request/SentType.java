package io.navarch.apiserver.request;

import io.navarch.model.AnyObject;
import io.navarch.objects.View;
import java.util.Map;
import java.util.Optional;

/// The kind and version that a sent object says it has, or else those that are expected.
///
/// @param known whether the published API has such a type at all
public record SentType(
        ResourceRequest request, Map<String, Object> sent, String kind, String apiVersion, boolean known) {
    public static SentType of(ResourceRequest request, View sent) {
        var endpoint = request.endpoint();
        var kind = sent.get(AnyObject.KIND).stringOr(endpoint.kind().kind());
        var version = sent.get(AnyObject.API_VERSION).stringOr(endpoint.apiVersion());
        boolean same = kind.equals(endpoint.kind().kind()) && version.equals(endpoint.apiVersion());
        boolean known = same
                || endpoint.kind().custom()
                || request.response().protobuf().knows(version, kind);
        return new SentType(request, sent.map(), kind, version, known);
    }

    /// The version without its group.
    String ownVersion() {
        return apiVersion.substring(apiVersion.indexOf('/') + 1);
    }

    /// Why an object of this type cannot become one of the endpoint's kind.
    public Optional<String> error() {
        var unreadable = ReadBody.typeError(sent);
        if (unreadable.isPresent()) return unreadable;
        var wanted = request.endpoint().kind();
        if (!known) return Optional.of(unregistered(kind, apiVersion));
        if (kind.equals(wanted.kind())) return Optional.empty();
        return Optional.of("converting (" + ownVersion() + "." + kind + ") to (" + GoTypeNames.internal(wanted)
                + "): unknown conversion");
    }

    static String unregistered(String kind, String apiVersion) {
        return "no kind \"" + kind + "\" is registered for version \"" + apiVersion
                + "\" in scheme \"pkg/runtime/scheme.go:111\"";
    }
}
