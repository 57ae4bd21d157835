package io.navarch.apiserver.stages;

import io.navarch.apiserver.access.AccessAttributes;
import io.navarch.apiserver.access.Authorizer;
import io.navarch.apiserver.access.Forbidden;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.timing.CallTimes;
import java.io.IOException;

/// Refuses what the caller may not do.
public final class Authorization implements Stage<ApiRequest, ApiRequest> {
    private final Authorizer authorizer;

    private final AccessMetrics metrics;

    public Authorization(Authorizer authorizer, AccessMetrics metrics) {
        this.authorizer = authorizer;
        this.metrics = metrics;
    }

    @Override
    public void handle(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        var attributes = AccessAttributes.of(request.user(), request.info());
        long since = metrics.now();
        var decision = authorizer.authorize(attributes);
        metrics.decided(result(decision), since);
        request.response().times().add(CallTimes.Part.AUTHORIZATION, "Authorize", since, metrics.now());
        if (request.response().audited().isPresent()) annotate(request, decision);
        if (decision.allowed()) next.proceed(request);
        else if (decision.error().isEmpty()) throw Forbidden.of(attributes, decision.reason());
        // Nobody could say whether the caller may, which is not the caller's fault.
        else InternalErrorText.answer(request, decision.error());
    }

    private static void annotate(ApiRequest request, Authorizer.Decision decision) {
        boolean undecided = !decision.allowed() && !decision.error().isEmpty();
        if (!undecided)
            request.response().annotate("authorization.k8s.io/decision", decision.allowed() ? "allow" : "forbid");
        request.response().annotate("authorization.k8s.io/reason", undecided ? "internal error" : decision.reason());
    }

    private static String result(Authorizer.Decision decision) {
        if (decision.allowed()) return "allowed";
        if (!decision.error().isEmpty()) return "error";
        return decision.verdict() == Authorizer.Verdict.DENY ? "denied" : "no-opinion";
    }
}
