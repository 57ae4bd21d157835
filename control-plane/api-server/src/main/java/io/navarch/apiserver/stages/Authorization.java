package io.navarch.apiserver.stages;

import io.navarch.apiserver.access.AccessAttributes;
import io.navarch.apiserver.access.Authorizer;
import io.navarch.apiserver.access.Forbidden;
import io.navarch.apiserver.request.ApiRequest;
import java.io.IOException;

/// Refuses what the caller may not do.
public final class Authorization implements Stage<ApiRequest, ApiRequest> {
    private final Authorizer authorizer;

    public Authorization(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    @Override
    public void handle(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        var attributes = AccessAttributes.of(request.user(), request.info());
        var decision = authorizer.authorize(attributes);
        if (!decision.allowed()) throw Forbidden.of(attributes, decision.reason());
        next.proceed(request);
    }
}
