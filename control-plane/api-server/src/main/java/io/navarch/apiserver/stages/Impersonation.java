package io.navarch.apiserver.stages;

import io.navarch.apiserver.access.Impersonator;
import io.navarch.apiserver.request.ApiRequest;
import java.io.IOException;

/// Lets a caller who may do so act as somebody else.
public final class Impersonation implements Stage<ApiRequest, ApiRequest> {
    private final Impersonator impersonator;

    public Impersonation(Impersonator impersonator) {
        this.impersonator = impersonator;
    }

    @Override
    public void handle(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        var other = impersonator.impersonated(request);
        other.ifPresent(acting ->
                request.response().audited().ifPresent(record -> record.acting(acting.user(), acting.constraint())));
        next.proceed(other.map(acting -> request.as(acting.user())).orElse(request));
    }
}
