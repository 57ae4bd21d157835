package io.navarch.apps.endpoints;

import io.navarch.apiserver.access.AccessAttributes;
import io.navarch.apiserver.access.Authenticator;
import io.navarch.apiserver.access.Authorizer;
import io.navarch.apiserver.access.Forbidden;
import io.navarch.apiserver.request.HttpCall;
import io.navarch.http.Exchange;
import io.navarch.objects.ApiException;
import java.util.Locale;
import java.util.Set;

/// Who may ask a part of the control plane: as the API server knows callers, for a path that is no resource. Whether it
/// is healthy may be asked by everybody.
public record Guard(Authenticator authenticator, Authorizer authorizer) {
    private static final Set<String> OPEN = Set.of("/healthz", "/livez", "/readyz");

    /// @throws ApiException when the caller may not, or is nobody
    void admit(Exchange exchange) {
        var user = authenticator.authenticate(new HttpCall(exchange));
        if (OPEN.contains(exchange.path())) return;
        var attributes = AccessAttributes.ofPath(
                user.orElseThrow(Authenticator::unauthorized),
                exchange.method().toLowerCase(Locale.ROOT),
                exchange.path());
        var decision = authorizer.authorize(attributes);
        if (decision.allowed()) return;
        if (!decision.error().isEmpty())
            throw new ApiException(ApiException.Reason.INTERNAL_ERROR, Forbidden.sanitized(decision.error()));
        throw Forbidden.of(attributes, decision.reason());
    }
}
