package io.navarch.apiserver.stages;

import io.navarch.apiserver.access.Authenticator;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.timing.CallTimes;
import io.navarch.http.Exchange;
import io.navarch.objects.ApiException;
import io.navarch.schema.admission.User;
import java.io.IOException;
import java.util.Optional;

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
        long since = metrics.now();
        Optional<User> user;
        try {
            user = authenticator.authenticate(request.call());
            user.ifPresent(known -> request.response().caller(known.name()));
        } catch (ApiException e) {
            metrics.refused(since);
            once(request);
            throw e;
        }
        metrics.authenticated(user, since);
        request.response().times().add(CallTimes.Part.AUTHENTICATION, "Authenticate", since, metrics.now());
        var shown = request.call().clientCertificates();
        if (user.isPresent() && !shown.isEmpty()) metrics.shown(shown.getFirst());
        if (user.isEmpty() || user.get().equals(User.ANONYMOUS)) once(request);
        next.proceed(request.as(user.orElseThrow(Authenticator::unauthorized)));
    }

    /// HTTP/2 lets a client ask for much at little cost: whoever has not said who he is asks once for each connection.
    private static void once(ApiRequest request) {
        request.call().exchange().filter(Exchange::streamed).ifPresent(Exchange::lastOfConnection);
    }
}
