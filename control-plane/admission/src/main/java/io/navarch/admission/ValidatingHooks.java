package io.navarch.admission;

import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The webhooks that may refuse a call: all are asked at the same time, and all are waited for.
final class ValidatingHooks {
    private static final String TYPE = "validating";

    /// @param number among those that are asked
    private record Asked(int number, Hook hook, Shown shown) {}

    /// @param remarks to be told by the thread that serves the call
    private record Said(KeptRemarks remarks, Optional<ApiException> refusal) {}

    private final HookSelection selection;
    private final HookCaller caller;
    private final AdmissionMetrics metrics;

    ValidatingHooks(HookSelection selection, HookCaller caller, AdmissionMetrics metrics) {
        this.selection = selection;
        this.caller = caller;
        this.metrics = metrics;
    }

    /// @throws ApiException the first refusal, in the order of the webhooks
    void validate(List<Hook> hooks, AdmissionCall call, View object, View old) {
        var forms = new ShownForms(call, object, old);
        var asked = new ArrayList<Asked>();
        for (var hook : hooks)
            selection
                    .shown(hook, call, object, old, forms::as)
                    .ifPresent(shown -> asked.add(new Asked(asked.size(), hook, shown)));
        var said = asked.size() < 2 ? asked.stream().map(this::ask).toList() : askAll(asked);
        for (var each : said) each.remarks.tell(call.remarks());
        for (var each : said) if (each.refusal.isPresent()) throw each.refusal.get();
    }

    private List<Said> askAll(List<Asked> asked) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<Said>>();
            for (var each : asked) answers.add(threads.submit(() -> ask(each)));
            var said = new ArrayList<Said>();
            for (var answer : answers) said.add(answer.get());
            return said;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private Said ask(Asked asked) {
        var remarks = new KeptRemarks();
        try {
            new HookRound(caller, metrics, remarks)
                    .ask(
                            asked.hook,
                            asked.shown,
                            TYPE,
                            "round_0_index_" + asked.number,
                            answer -> HookRound.Result.NOTHING);
            return new Said(remarks, Optional.empty());
        } catch (ApiException e) {
            return new Said(remarks, Optional.of(e));
        }
    }
}
