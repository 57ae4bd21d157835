package io.navarch.admission;

import io.navarch.client.Webhooks;
import io.navarch.expressions.CelEnvironment;
import io.navarch.expressions.Expressions;
import io.navarch.model.FailurePolicy;
import io.navarch.model.MatchPolicy;
import io.navarch.model.MutatingWebhook;
import io.navarch.model.ReinvocationPolicy;
import io.navarch.model.SideEffectClass;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.View;
import java.time.Duration;
import java.util.List;

/// A webhook as its configuration has it, ready to be asked.
///
/// @param id among all webhooks
/// @param name as messages and metrics have it
/// @param ignored whether calls go on when it gives no answer
/// @param harmless whether asking it about a dry run leaves nothing behind
/// @param versions of the review that it understands, best first
/// @param repeatable whether it is asked again when others have changed what it has seen
record Hook(
        String id,
        String name,
        CallMatch match,
        Conditions conditions,
        boolean ignored,
        Duration timeout,
        boolean harmless,
        List<String> versions,
        boolean repeatable,
        Where where) {
    /// The object that names it.
    String configuration() {
        return id.substring(0, id.indexOf('/'));
    }

    /// Where it is found, or why it is not.
    sealed interface Where {
        record At(Webhooks.Place place) implements Where {}

        record Nowhere(String why) implements Where {}
    }

    private static final int DEFAULT_SECONDS = 10;

    /// @param view of a mutating webhook, or of a validating one, which has nothing that the other has not
    static Hook of(String id, View view, Expressions expressions) {
        var hook = new MutatingWebhook(view.value());
        var match = new CallMatch(
                view.get(MutatingWebhook.RULES).stream().map(CallRule::of).toList(),
                List.of(),
                hook.matchPolicy() != MatchPolicy.EXACT,
                LabelSelector.ofObject(hook.namespaceSelector()),
                LabelSelector.ofObject(hook.objectSelector()));
        boolean ignored = hook.failurePolicy() == FailurePolicy.IGNORE;
        var effects = hook.sideEffects();
        return new Hook(
                id,
                hook.name(),
                match,
                Conditions.of(hook.matchConditions(), expressions.scope(CelEnvironment.admission()), ignored),
                ignored,
                Duration.ofSeconds(hook.timeoutSecondsOr(DEFAULT_SECONDS)),
                effects == SideEffectClass.NONE || effects == SideEffectClass.NONE_ON_DRY_RUN,
                hook.admissionReviewVersions(),
                hook.reinvocationPolicy() == ReinvocationPolicy.IF_NEEDED,
                where(hook));
    }

    private static Where where(MutatingWebhook hook) {
        try {
            return new Where.At(Webhooks.place(hook.clientConfig()));
        } catch (IllegalArgumentException e) {
            return new Where.Nowhere(String.valueOf(e.getMessage()));
        }
    }
}
