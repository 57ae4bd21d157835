package io.navarch.apiserver.stages;

import io.navarch.apiserver.access.Authenticator;
import io.navarch.apiserver.request.ApiRequest;
import java.io.IOException;

/// Finds out who calls.
public final class Authentication implements Stage<ApiRequest, ApiRequest> {
    private final Authenticator authenticator;

    public Authentication(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    @Override
    public void handle(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        next.proceed(request.as(authenticator.authenticate(request.call())));
    }
}
