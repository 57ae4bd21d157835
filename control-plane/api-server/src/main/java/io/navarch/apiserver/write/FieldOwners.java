package io.navarch.apiserver.write;

import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.http.HeaderNames;
import io.navarch.schema.ownership.FieldOwner;

/// Who owns the fields that requests write.
final class FieldOwners {
    private FieldOwners() {}

    /// @param operation [FieldOwner#UPDATE] or [FieldOwner#APPLY]
    static FieldOwner of(ResourceRequest request, String operation) {
        return of(request, operation, request.endpoint().apiVersion());
    }

    /// @param apiVersion the version that the fields are written in
    static FieldOwner of(ResourceRequest request, String operation, String apiVersion) {
        return new FieldOwner(
                name(request), operation, apiVersion, request.info().subresource());
    }

    /// The manager that the client names, or the program it says it is.
    private static String name(ResourceRequest request) {
        var named = request.call().query("fieldManager");
        if (!named.isEmpty()) return named;
        var agent = request.call().header(HeaderNames.USER_AGENT);
        int end = agent.indexOf('/');
        var program = end > 0 ? agent.substring(0, end) : agent;
        return program.isEmpty() ? "unknown" : program;
    }
}
