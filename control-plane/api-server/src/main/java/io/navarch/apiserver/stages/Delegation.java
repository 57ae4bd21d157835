package io.navarch.apiserver.stages;

import io.navarch.apiserver.delegation.OtherServers;
import io.navarch.apiserver.request.ApiRequest;
import java.io.IOException;

/// Hands calls for what another server answers to that one. Who calls, and whether he may, is known by then.
public final class Delegation implements Stage<ApiRequest, ApiRequest> {
    private final OtherServers others;

    public Delegation(OtherServers others) {
        this.others = others;
    }

    @Override
    public void handle(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        if (!others.serve(request)) next.proceed(request);
    }
}
