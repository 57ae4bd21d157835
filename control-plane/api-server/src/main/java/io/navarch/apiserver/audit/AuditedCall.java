package io.navarch.apiserver.audit;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.AuditRecord;
import io.navarch.model.Status;
import io.navarch.objects.ApiException;
import io.navarch.objects.GoDuration;
import io.navarch.objects.Trees;
import io.navarch.schema.admission.User;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// One call of which something is written down: an event when it comes, one when it has been answered, and one in
/// between when the answer lasts.
public final class AuditedCall {
    private static final int SWITCHING = 101;
    private static final int OK = 200;
    /// Of what takes longer it is told how long.
    private static final Duration SLOW = Duration.ofMillis(500);

    /// Of a call that was over before anything was answered.
    private static final Map<String, Object> CLOSED = Trees.map(
            "metadata",
            Trees.map(),
            Status.STATUS,
            "Success",
            Status.MESSAGE,
            "Connection closed early",
            Status.CODE,
            (long) OK);

    private static final List<String> OF_STATUS = List.of(Status.STATUS, Status.MESSAGE, Status.REASON, Status.DETAILS);

    private final Predicate<AuditEntry> log;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final ApiRequest request;
    private final AuditPolicy.Decision decision;
    private final AuditRecord record;
    private final AuditEvent event;

    /// @param user who calls, not who he acts as
    /// @param log keeps an event; false when the call is not to go on without it
    /// @param nanos of a clock that nobody can set: the one that the call's arrival is known by
    AuditedCall(
            ApiRequest request,
            User user,
            AuditPolicy.Decision decision,
            Predicate<AuditEntry> log,
            InstantSource clock,
            LongSupplier nanos) {
        this.request = request;
        this.decision = decision;
        this.log = log;
        this.clock = clock;
        this.nanos = nanos;
        event = new AuditEvent(
                request.response().auditId(), request, user, clock.instant().minus(age()));
        record = new AuditRecord(decision.level(), decision.managedFields(), this::started);
    }

    /// What the stages behind tell of the call.
    public AuditRecord record() {
        return record;
    }

    private Duration age() {
        return Duration.ofNanos(nanos.getAsLong() - request.response().received());
    }

    private void started() {
        if (request.info().longRunning()) write(AuditStage.RESPONSE_STARTED, Optional.of(status(code(), record)));
    }

    private int code() {
        int code = request.response().code();
        if (code != 0) return code;
        return request.info().longRunning() ? SWITCHING : OK;
    }

    /// The call has come.
    ///
    /// @return false when it is to be refused, because that could not be written down
    public boolean received() {
        return write(AuditStage.REQUEST_RECEIVED, Optional.empty());
    }

    /// The call has been answered.
    public void complete() {
        var response = request.response();
        boolean silent =
                response.code() == 0 && !response.begun() && record.status().isEmpty();
        if (silent && request.info().longRunning()) write(AuditStage.RESPONSE_STARTED, Optional.of(CLOSED));
        slow();
        write(AuditStage.RESPONSE_COMPLETE, Optional.of(silent ? CLOSED : status(code(), record)));
    }

    /// The call is going to be refused.
    public void refused(ApiException refusal) {
        record.answered(refusal.status());
        slow();
        write(AuditStage.RESPONSE_COMPLETE, Optional.of(status(refusal.code(), record)));
    }

    /// Serving it has failed in a way that nobody has thought of.
    public void failed(Throwable failure) {
        var status = Trees.map(
                "metadata",
                Trees.map(),
                Status.STATUS,
                "Failure",
                Status.MESSAGE,
                "APIServer panic'd: " + failure.getMessage(),
                Status.REASON,
                "InternalError",
                Status.CODE,
                500L);
        write(AuditStage.PANIC, Optional.of(status));
    }

    private void slow() {
        var took = age();
        if (took.compareTo(SLOW) <= 0 || request.info().longRunning()) return;
        request.response().annotate("apiserver.latency.k8s.io/total", GoDuration.text(took));
        long waited = request.response().waited();
        if (waited > 0)
            request.response()
                    .annotate("apiserver.latency.k8s.io/apf-queue-wait", GoDuration.text(Duration.ofNanos(waited)));
    }

    /// What the answer says of itself: all of a `Status`, of anything else the code.
    static Map<String, Object> status(int code, AuditRecord record) {
        var told = new LinkedHashMap<String, Object>();
        told.put("metadata", Map.of());
        record.status().ifPresent(answered -> {
            for (var field : OF_STATUS) if (answered.get(field) != null) told.put(field, answered.get(field));
        });
        told.put(Status.CODE, (long) code);
        return told;
    }

    /// @return false when the call is not to go on
    boolean write(AuditStage stage, Optional<Map<String, Object>> status) {
        return decision.omitted().contains(stage)
                || log.test(event.at(stage, record, record.acting(), status, clock.instant()));
    }
}
