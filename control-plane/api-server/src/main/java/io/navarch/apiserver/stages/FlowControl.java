package io.navarch.apiserver.stages;

import io.navarch.apiserver.flow.Gate;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.timing.CallTimes;
import io.navarch.http.HeaderNames;
import io.navarch.objects.ApiException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/// Has calls wait for their turn, and refuses those for whom there is no room. The process itself is never held up, and
/// neither are streams that others produce.
public final class FlowControl implements Stage<ApiRequest, ApiRequest> {
    private static final byte[] REFUSAL =
            "Too many requests, please try again later.\n".getBytes(StandardCharsets.US_ASCII);

    private final Gate gate;
    private final RequestMetrics metrics;
    private final LongSupplier nanos;

    public FlowControl(Gate gate, RequestMetrics metrics, LongSupplier nanos) {
        this.gate = gate;
        this.nanos = nanos;
        this.metrics = metrics;
    }

    @Override
    public void handle(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        if (request.info().streams() || request.call().trusted().isPresent()) {
            request.call().entered();
            next.proceed(request);
            return;
        }
        long asked = nanos.getAsLong();
        var admission = gate.admit(request);
        long admitted = nanos.getAsLong();
        request.response().waited(admitted - asked);
        request.response().times().add(CallTimes.Part.QUEUE, "Wait for a turn", asked, admitted);
        request.call().entered();
        var response = request.response();
        response.flow(admission.schemaUid(), admission.levelUid());
        if (admission.seat().isEmpty()) {
            refuse(request, admission.retryAfter());
            return;
        }
        try (var seat = admission.seat().get()) {
            response.seat(seat);
            next.proceed(request);
        }
    }

    /// As the original says it: no `Status`, a line of text.
    private void refuse(ApiRequest request, long retryAfter) throws IOException {
        if (retryAfter == 0) throw new IOException("the caller has gone away");
        int code = ApiException.Reason.TOO_MANY_REQUESTS.code();
        metrics.refused(request, code);
        var headers = request.response().headers("text/plain; charset=utf-8");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put(HeaderNames.RETRY_AFTER, String.valueOf(retryAfter));
        request.response().send(code, headers, REFUSAL);
    }
}
