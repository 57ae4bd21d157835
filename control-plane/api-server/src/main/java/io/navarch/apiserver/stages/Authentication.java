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

    public Authentication(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    @Override
    public void handle(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        User user;
        try {
            user = authenticator.authenticate(request.call());
        } catch (ApiException e) {
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
