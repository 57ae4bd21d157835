package io.navarch.admission;

import io.navarch.client.ReviewFailedException;
import io.navarch.client.WebhookCredentials;
import io.navarch.client.Webhooks;
import java.time.Duration;
import java.util.UUID;

/// Asks one webhook about one call.
final class HookCaller {
    private static final int UNAVAILABLE = 503;
    private static final int BAD_REQUEST = 400;
    private static final int INTERNAL = 500;

    /// What came of it.
    sealed interface Outcome {
        record Answered(HookReview.Answer answer) implements Outcome {}

        record Failed(HookFailure failure) implements Outcome {}
    }

    private final Webhooks webhooks;
    private final WebhookCredentials credentials;

    HookCaller(Webhooks webhooks, WebhookCredentials credentials) {
        this.webhooks = webhooks;
        this.credentials = credentials;
    }

    Outcome ask(Hook hook, Shown shown, boolean mutating) {
        if (shown.call().dryRun() && !hook.harmless()) return new Outcome.Failed(HookFailure.noDryRun(hook.name()));
        var version =
                hook.versions().stream().filter(HookReview.VERSIONS::contains).findFirst();
        if (version.isEmpty())
            return failed(
                    "could not create admission objects: webhook does not accept known AdmissionReview versions (v1,"
                            + " v1beta1)",
                    BAD_REQUEST);
        return switch (hook.where()) {
            case Hook.Where.Nowhere(var why) -> failed("could not get REST client: " + why, INTERNAL);
            case Hook.Where.At(var place) ->
                ask(new HookReview(version.get(), UUID.randomUUID().toString()), hook, place, shown, mutating);
        };
    }

    private Outcome ask(HookReview review, Hook hook, Webhooks.Place place, Shown shown, boolean mutating) {
        try {
            var answer = webhooks.ask(place, credentials, review.question(shown), timeout(hook, shown))
                    .review(review.apiVersion(), HookReview.KIND);
            return new Outcome.Answered(review.read(answer, mutating));
        } catch (ReviewFailedException e) {
            return e.asked()
                    ? failed("failed to call webhook: " + e.getMessage(), e.code() == 0 ? UNAVAILABLE : e.code())
                    : failed("could not get REST client: " + e.getMessage(), INTERNAL);
        } catch (HookReview.InvalidException e) {
            return failed(
                    (e.unreadable ? "failed to call webhook: " : "received invalid webhook response: ")
                            + e.getMessage(),
                    UNAVAILABLE);
        }
    }

    static Outcome failed(String why, int code) {
        return new Outcome.Failed(new HookFailure.NoAnswer(why, code));
    }

    /// No longer than whoever called this server waits.
    private static Duration timeout(Hook hook, Shown shown) {
        var left = Duration.ofNanos(Math.max(1, shown.call().deadline() - System.nanoTime()));
        return left.compareTo(hook.timeout()) < 0 ? left : hook.timeout();
    }
}
