package io.navarch.apiserver.stages;

import io.navarch.apiserver.access.Authenticator;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.http.Exchange;
import io.navarch.objects.ApiException;
import io.navarch.schema.admission.User;
import java.io.IOException;

/// Finds out who calls.
public final class Authentication implements Stage<ApiRequest, ApiRequest> {
    private final Authenticator authenticator;

    private final AccessMetrics metrics;

    public Authentication(Authenticator authenticator, AccessMetrics metrics) {
        this.authenticator = authenticator;
        this.metrics = metrics;
    }

    @Override
    public void handle(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        User user;
        long since = metrics.now();
        try {
            user = authenticator.authenticate(request.call());
            metrics.authenticated(true, since);
        } catch (ApiException e) {
            metrics.authenticated(false, since);
            once(request);
            throw e;
        }
        if (user.equals(User.ANONYMOUS)) once(request);
        next.proceed(request.as(user));
    }

    /// HTTP/2 lets a client ask for much at little cost: whoever has not said who he is asks once for each connection.
    private static void once(ApiRequest request) {
        request.call().exchange().filter(Exchange::streamed).ifPresent(Exchange::lastOfConnection);
    }
}
