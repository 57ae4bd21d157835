package io.navarch.admission;

import io.navarch.apiserver.admission.InternalErrors;
import io.navarch.apiserver.admission.Remarks;
import io.navarch.objects.ApiException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks a webhook, counts it, and says what its answer means for the call.
///
/// @param remarks is told what it says beside yes and no
record HookRound(HookCaller caller, AdmissionMetrics metrics, Remarks remarks) {
    private static final Logger LOG = LoggerFactory.getLogger(HookRound.class);
    private static final int OK = 200;

    /// What is made of an answer.
    sealed interface Result {
        Result NOTHING = new Unchanged();

        record Unchanged() implements Result {}

        record Changed(Map<String, Object> object) implements Result {}

        record Failed(HookFailure failure) implements Result {}

        static Result of(Map<String, Object> object) {
            return new Changed(object);
        }

        static Result failed(HookFailure failure) {
            return new Failed(failure);
        }
    }

    /// @param turn whose it is: `round_0_index_3`
    /// @param use what is made of a yes
    /// @return the object that it has made
    /// @throws ApiException when the call is refused
    Optional<Map<String, Object>> ask(
            Hook hook, Shown shown, String type, String turn, Function<HookReview.Answer, Result> use) {
        var call = shown.call();
        if (call.deadline() - System.nanoTime() < 0)
            throw new ApiException(
                    ApiException.Reason.TIMEOUT, "Timeout: request did not complete within requested timeout");
        long began = System.nanoTime();
        var result = switch (caller.ask(hook, shown, type.equals(MutatingHooks.TYPE))) {
            case HookCaller.Outcome.Failed(var failure) -> Result.failed(failure);
            case HookCaller.Outcome.Answered(var answer) -> {
                answer.annotations().forEach((key, value) -> remarks.annotate(hook.name() + "/" + key, value));
                answer.warnings().forEach(remarks::warn);
                yield answer.allowed()
                        ? use.apply(answer)
                        : Result.failed(HookFailure.denied(hook.name(), answer.status()));
            }
        };
        var took = Duration.ofNanos(System.nanoTime() - began);
        return switch (result) {
            case Result.Failed(var failure) -> {
                failed(hook, shown, type, turn, failure, took);
                yield Optional.empty();
            }
            case Result.Unchanged() -> {
                metrics.asked(hook, type, call.operation(), took, OK, false);
                yield Optional.empty();
            }
            case Result.Changed(var object) -> {
                metrics.asked(hook, type, call.operation(), took, OK, false);
                yield Optional.of(object);
            }
        };
    }

    private void failed(Hook hook, Shown shown, String type, String turn, HookFailure failure, Duration took) {
        var operation = shown.call().operation();
        switch (failure) {
            case HookFailure.NoAnswer none -> {
                boolean rejected = !hook.ignored();
                var words = HookFailure.failed(hook, none);
                metrics.asked(hook, type, operation, took, none.code(), rejected);
                if (rejected) {
                    metrics.rejected(hook, type, operation, "calling_webhook_error", none.code());
                    throw InternalErrors.of(words);
                }
                LOG.warn("{}", words);
                metrics.failedOpen(hook, type);
                var kind = type.equals(MutatingHooks.TYPE) ? "mutation" : "validating";
                remarks.annotate("failed-open." + kind + ".webhook.admission.k8s.io/" + turn, hook.name());
            }
            case HookFailure.Denied(var answer) -> {
                metrics.rejected(hook, type, operation, "no_error", answer.code());
                metrics.asked(hook, type, operation, took, answer.code(), true);
                throw answer;
            }
            case HookFailure.Internal(var answer) -> {
                metrics.rejected(hook, type, operation, "apiserver_internal_error", 0);
                metrics.asked(hook, type, operation, took, 0, true);
                throw answer;
            }
        }
    }
}
