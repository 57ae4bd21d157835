package io.navarch.admission;

import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.apiserver.admission.ServedResource;
import io.navarch.expressions.value.Steps;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Which webhooks are asked about a call: by rules, by labels, by their conditions.
///
/// @param type of admission as metrics of conditions have it
record HookSelection(Admission.Lookup objects, CallVariables variables, AdmissionMetrics metrics, String type) {
    private static final String KIND = "webhook";
    private static final String GROUP = "admissionregistration.k8s.io";

    /// Who decides about calls is not asked about itself: nobody could be rid of it.
    private static final Set<String> EXEMPT = Set.of(
            "ValidatingWebhookConfiguration",
            "MutatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "MutatingAdmissionPolicy",
            "MutatingAdmissionPolicyBinding");

    static boolean exempt(AdmissionCall call) {
        var type = call.asked().type();
        return type.group().equals(GROUP) && EXEMPT.contains(type.kind());
    }

    /// Whether the rules of one of them are for this call.
    static boolean any(List<Hook> hooks, AdmissionCall call) {
        for (var hook : hooks) if (hook.match().resource(call).isPresent()) return true;
        return false;
    }

    /// What a webhook is shown of a call; empty when it is not asked.
    ///
    /// @param show makes the form in which it sees the objects
    /// @throws ApiException when it cannot be found out
    Optional<Shown> shown(Hook hook, AdmissionCall call, View object, View old, Function<ServedResource, Shown> show) {
        var as = hook.match().resource(call);
        if (as.isEmpty()) return Optional.empty();
        var labels = CallLabels.of(objects, call, object, old);
        if (!hook.match().selects(call, labels)) return Optional.empty();
        if (hook.conditions().none()) return Optional.of(show.apply(as.get()));
        var shown = show.apply(as.get());
        return matches(hook, shown) ? Optional.of(shown) : Optional.empty();
    }

    private static Cost cost() {
        return new Cost(Cost.OF_CONDITIONS, new Steps(Cost.EVALUATIONS_OF_CONDITIONS));
    }

    private boolean matches(Hook hook, Shown shown) {
        var call = shown.call();
        var outcome = hook.conditions().evaluate(variables.of(shown), cost());
        metrics.conditions(hook.name(), KIND, type, call.operation(), outcome);
        if (outcome.refused())
            throw ApiException.forbidden(call.asked().plural(), call.asked().group(), call.name(), outcome.error());
        return outcome.matches();
    }
}
