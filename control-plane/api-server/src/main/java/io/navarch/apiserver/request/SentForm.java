package io.navarch.apiserver.request;

import io.navarch.model.AnyObject;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;

/// What a subresource wants to be sent: an object of a kind that may be another than that of its resource, such as
/// a `Binding`.
///
/// @param group `""` for the oldest
public record SentForm(String kind, String group, String version) {
    /// The form that a call must have.
    static SentForm of(ResourceRequest request) {
        var kind = request.endpoint().kind();
        var own = request.endpoint().version().name();
        return kind.connects().stream()
                .filter(connect -> connect.name().equals(request.info().subresource()))
                .findFirst()
                .map(connect -> connect.version().isEmpty()
                        ? new SentForm(connect.kind(), kind.group(), own)
                        : new SentForm(connect.kind(), connect.group(), connect.version()))
                .orElseGet(() -> new SentForm(kind.kind(), kind.group(), own));
    }

    /// A Scale, which replaces the number of replicas of any kind.
    static SentForm scale() {
        return new SentForm("Scale", "autoscaling", "v1");
    }

    FieldValidation.Type type(ResourceRequest request) {
        return new FieldValidation.Type(kind, request.response().protobuf().schema(apiVersion(), kind));
    }

    ApiException refused(String why) {
        return ApiException.badRequest(
                kind + " in version \"" + version + "\" cannot be handled as a " + kind + ": " + why);
    }

    private String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /// @throws ApiException 400 for an object that says it is something else
    void check(ResourceRequest request, View sent) {
        var itsKind = sent.get(AnyObject.KIND).stringOr(kind);
        var itsVersion = sent.get(AnyObject.API_VERSION).stringOr(apiVersion());
        if (itsKind.equals(kind) && itsVersion.equals(apiVersion())) return;
        var plain = itsVersion.substring(itsVersion.indexOf('/') + 1);
        boolean known = request.response().protobuf().knows(itsVersion, itsKind);
        var why = known
                ? "converting (" + plain + "." + itsKind + ") to (" + (group.isEmpty() ? "core" : group.split("\\.")[0])
                        + "." + kind + "): unknown conversion"
                : SentType.unregistered(itsKind, itsVersion);
        throw ApiException.badRequest(
                itsKind + " in version \"" + plain + "\" cannot be handled as a " + kind + ": " + why);
    }
}
