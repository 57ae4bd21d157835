package io.navarch.apiserver.write;

import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.http.HeaderNames;
import io.navarch.schema.ownership.Manager;

/// Who owns the fields that a request writes.
final class FieldOwner {
    static final String UPDATE = "Update";
    static final String APPLY = "Apply";

    private FieldOwner() {}

    /// @param operation [#UPDATE] or [#APPLY]
    static Manager of(ResourceRequest request, String operation) {
        return of(request, operation, request.endpoint().apiVersion());
    }

    /// @param apiVersion the version that the fields are written in
    static Manager of(ResourceRequest request, String operation, String apiVersion) {
        return new Manager(name(request), operation, apiVersion, request.info().subresource());
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
