package io.navarch.apiserver.stages;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.Drain;
import io.navarch.apiserver.request.ForegroundGate;
import io.navarch.schema.admission.Verb;
import java.io.IOException;

/// Counts the calls under way, so that the server can finish them before it stops, and refuses new ones once it does.
public final class Draining implements Stage<ApiRequest, ApiRequest> {
    private final Drain drain;
    private final ForegroundGate foreground;
    private final Errors errors;

    public Draining(Drain drain, ForegroundGate foreground, Errors errors) {
        this.drain = drain;
        this.foreground = foreground;
        this.errors = errors;
    }

    @Override
    public void handle(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        if (!counts(request)) {
            next.proceed(request);
        } else if (!drain.enter()) {
            errors.answer(request, Drain.refusal());
        } else {
            try {
                proceed(request, next);
            } finally {
                drain.leave();
            }
        }
    }

    /// Streams last until the client or the other side ends them, so nobody waits for those; watches are told to end.
    private boolean counts(ApiRequest request) {
        var info = request.info();
        boolean endless = info.longRunning() && !info.is(Verb.WATCH);
        return info.resourceRequest() && (!endless || drain.begun());
    }

    private void proceed(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        boolean awaited =
                !request.info().longRunning() && request.call().trusted().isEmpty();
        if (!awaited) {
            next.proceed(request);
            return;
        }
        foreground.enter();
        try {
            next.proceed(request);
        } finally {
            foreground.leave();
        }
    }
}
