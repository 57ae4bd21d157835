package io.navarch.apiserver.stages;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.model.StatusDetails;
import io.navarch.objects.ApiException;
import io.navarch.schema.admission.User;
import io.navarch.schema.admission.Verb;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Limits the number of calls in flight. The process itself and administrators are never held up.
public final class FlowControl implements Stage<ApiRequest, ApiRequest> {
    /// The defaults of kube-apiserver.
    private static final int MUTATING = 200;

    private static final int READING = 400;

    /// How long a call waits for its turn before it is refused.
    private static final long WAIT_SECONDS = 15;

    private final Semaphore mutating = new Semaphore(MUTATING);
    private final Semaphore reading = new Semaphore(READING);

    @Override
    public void handle(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        var info = request.info();
        boolean exempt = info.longRunning()
                || request.user().in(User.MASTERS)
                || request.call().trusted().isPresent();
        if (exempt) {
            next.proceed(request);
            return;
        }
        var slots = info.is(Verb.GET) || info.is(Verb.LIST) ? reading : mutating;
        acquire(slots);
        try {
            next.proceed(request);
        } finally {
            slots.release();
        }
    }

    private static void acquire(Semaphore slots) {
        try {
            if (slots.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(ApiException.Reason.TIMEOUT, "interrupted");
        }
        throw new ApiException(
                ApiException.Reason.TOO_MANY_REQUESTS,
                "The server has received too many requests and has asked us to try again later",
                StatusDetails.builder().retryAfterSeconds(1).map());
    }
}
