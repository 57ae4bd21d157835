package io.navarch.authorization;

import io.navarch.apiserver.access.AccessAttributes;
import io.navarch.apiserver.access.Authorizer;
import io.navarch.apiserver.access.Forbidden;
import io.navarch.client.RemoteReview;
import io.navarch.client.ReviewFailedException;
import io.navarch.model.SubjectAccessReviewStatus;
import io.navarch.objects.GoText;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.process.Remembered;
import io.navarch.schema.admission.User;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Asks another service whether somebody may do something; its answers count for a while.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/webhook/
final class WebhookAuthorizer implements Authorizer, AutoCloseable {
    private static final int MOST_ANSWERS = 8192;
    /// Longer questions are made up by whoever wants the memory, so their answers are not kept.
    private static final int LONGEST_KEPT = 10_000;

    private final String name;
    private final WebhookConfiguration configuration;
    private final RemoteReview webhook;
    private final AuthorizationMetrics metrics;
    private final InstantSource clock;
    private final Remembered<Decision> kept = new Remembered<>(MOST_ANSWERS);

    WebhookAuthorizer(
            String name,
            WebhookConfiguration configuration,
            RemoteReview webhook,
            AuthorizationMetrics metrics,
            InstantSource clock) {
        this.name = name;
        this.configuration = configuration;
        this.webhook = webhook;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public Rules rules(User user, String namespace) {
        return new Rules(List.of(), true, "webhook authorizer does not support user rule resolution");
    }

    @Override
    public Decision authorize(AccessAttributes call) {
        var conditions = conditions(call);
        if (conditions.isPresent()) return conditions.get();
        var key = new String(Json.write(AccessReview.spec(call)), StandardCharsets.UTF_8);
        var before = kept.at(key, clock.instant());
        if (before.isPresent()) return before.get();
        try {
            var decision = decision(webhook.ask(AccessReview.of(call, configuration.version()), this::tried));
            var counts = decision.allowed() ? configuration.allowedFor() : configuration.refusedFor();
            if (!counts.isZero() && length(call) < LONGEST_KEPT)
                kept.put(key, decision, clock.instant().plus(counts));
            return decision;
        } catch (ReviewFailedException e) {
            if (!configuration.closed() && !Thread.currentThread().isInterrupted())
                metrics.failedOpen(name, e.timeout() ? "timeout" : "error");
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private void tried(RemoteReview.Result result, Duration took) {
        metrics.called(name, result.text(), took);
    }

    /// What is decided without asking, if anything.
    private Optional<Decision> conditions(AccessAttributes call) {
        if (configuration.conditions().conditions().isEmpty()) return Optional.empty();
        long began = System.nanoTime();
        var outcome = configuration.conditions().evaluate(AccessReview.variable(call));
        boolean failed = !outcome.errors().isEmpty();
        boolean excluded = !outcome.matches() && !failed;
        metrics.evaluated(name, Duration.ofNanos(System.nanoTime() - began), failed, excluded);
        if (failed) return Optional.of(failed(Forbidden.joined(outcome.errors())));
        return excluded ? Optional.of(Decision.noOpinion("")) : Optional.empty();
    }

    private Decision failed(String error) {
        return new Decision(configuration.closed() ? Verdict.DENY : Verdict.NO_OPINION, "", error);
    }

    private static int length(AccessAttributes call) {
        return Stream.of(
                        call.namespace(),
                        call.verb(),
                        call.group(),
                        call.version(),
                        call.kindPlural(),
                        call.subresource(),
                        call.name(),
                        call.path())
                .mapToInt(String::length)
                .sum();
    }

    private static Decision decision(View review) throws ReviewFailedException {
        var status = review.status();
        boolean allowed = flag(status, SubjectAccessReviewStatus.ALLOWED);
        boolean denied = flag(status, SubjectAccessReviewStatus.DENIED);
        var told = status.get(SubjectAccessReviewStatus.REASON);
        if (told.exists() && !(told.value() instanceof String))
            throw mistyped(status, SubjectAccessReviewStatus.REASON, "string");
        var reason = told.string();
        if (allowed && denied)
            return new Decision(
                    Verdict.DENY, reason, "webhook subject access review returned both allow and deny response");
        return denied ? Decision.deny(reason) : allowed ? Decision.allow(reason) : Decision.noOpinion(reason);
    }

    private static boolean flag(View status, String name) throws ReviewFailedException {
        var value = status.get(name);
        if (value.exists() && !(value.value() instanceof Boolean)) throw mistyped(status, name, "bool");
        return value.bool();
    }

    private static ReviewFailedException mistyped(View status, String name, String type) {
        return ReviewFailedException.useless("json: cannot unmarshal "
                + GoText.kind(status.get(name).value()) + " into Go struct field SubjectAccessReviewStatus.status."
                + name
                + " of type " + type);
    }

    @Override
    public void close() {
        webhook.close();
    }
}
