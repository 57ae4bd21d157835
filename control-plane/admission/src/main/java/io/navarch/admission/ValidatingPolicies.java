package io.navarch.admission;

import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.expressions.value.Steps;
import io.navarch.model.StatusCause;
import io.navarch.model.StatusDetails;
import io.navarch.model.ValidationAction;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The policies that may refuse a call, asked one after the other.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
record ValidatingPolicies(
        PolicySource<ValidatingPolicy> source,
        PolicySelection selection,
        CallVariables variables,
        AdmissionMetrics metrics) {
    private static final String FAILURE = "validation.policy.admission.k8s.io/validation_failure";

    /// @param reason as a Status has it; `""` for the usual one
    private record Denial(PolicyFacts policy, Optional<PolicyBinding> binding, String message, String reason) {}

    /// @throws ApiException the first refusal
    void validate(AdmissionCall call, View object, View old) {
        var policies = source.all();
        if (policies.isEmpty()) return;
        var selected = selection.of(policies, call, object, old);
        var denials = new ArrayList<Denial>();
        for (var each : selected.misconfigured())
            denials.add(new Denial(each.policy(), each.binding(), each.why(), ""));
        var forms = new ShownForms(call, object, old);
        var annotations = new PolicyAnnotations();
        var steps = new Steps(Cost.EVALUATIONS);
        for (var each : selected.selected()) ask(each, forms.as(each.as()), steps, denials, annotations);
        annotations.tell(call.remarks()::annotate);
        if (!denials.isEmpty()) throw refusal(call, object, denials.getFirst());
    }

    private void ask(
            PolicySelection.Selected<ValidatingPolicy> selected,
            Shown shown,
            Steps steps,
            List<Denial> denials,
            PolicyAnnotations annotations) {
        var seen = variables.of(shown);
        if (selected.facts().parameters().exists())
            seen.put(Parameters.VARIABLE, selected.parameter().value());
        var decisions = matching(selected, shown, seen, steps);
        var policy = selected.facts().name();
        for (var decision : decisions.checked()) {
            if (decision.allowed())
                metrics.checked(policy, selected.binding().name(), decision.message(), "Allow", decision.took());
            else act(selected, shown, decision, denials);
        }
        annotations.add(policy, decisions.annotations());
        // What an audit cannot be told refuses the call, whatever is done about the checks.
        for (var failed : decisions.failed()) deny(selected, failed, denials);
    }

    private void act(
            PolicySelection.Selected<ValidatingPolicy> selected,
            Shown shown,
            ValidatingPolicy.Decision decision,
            List<Denial> denials) {
        var policy = selected.facts().name();
        var binding = selected.binding();
        var remarks = shown.call().remarks();
        for (var action : binding.actions()) {
            switch (action) {
                case DENY -> deny(selected, decision, denials);
                case AUDIT -> {
                    remarks.annotate(FAILURE, told(decision, policy, binding));
                    metrics.checked(policy, binding.name(), decision.message(), action.text(), decision.took());
                }
                case WARN -> {
                    remarks.warn("Validation failed for ValidatingAdmissionPolicy '" + policy + "' with binding '"
                            + binding.name() + "': " + decision.message());
                    metrics.checked(policy, binding.name(), decision.message(), action.text(), decision.took());
                }
                default -> {}
            }
        }
    }

    private void deny(
            PolicySelection.Selected<ValidatingPolicy> selected,
            ValidatingPolicy.Decision decision,
            List<Denial> denials) {
        var binding = selected.binding();
        denials.add(new Denial(selected.facts(), Optional.of(binding), decision.message(), decision.reason()));
        metrics.checked(
                selected.facts().name(),
                binding.name(),
                decision.message(),
                ValidationAction.DENY.text(),
                decision.took());
    }

    /// A list, as there may be more in it one day.
    private static String told(ValidatingPolicy.Decision decision, String policy, PolicyBinding binding) {
        return Json.writeString(List.of(Trees.map(
                "message",
                decision.message(),
                "policy",
                policy,
                "binding",
                binding.name(),
                "expressionIndex",
                (long) decision.number(),
                "validationActions",
                binding.actions().stream().map(ValidationAction::text).toList())));
    }

    private ValidatingPolicy.Decisions matching(
            PolicySelection.Selected<ValidatingPolicy> selected, Shown shown, Map<String, Object> seen, Steps steps) {
        var facts = selected.facts();
        if (facts.conditions().none()) return selected.policy().decide(seen, steps);
        var cost = new Cost(Cost.OF_CONDITIONS, steps);
        var outcome = facts.conditions().evaluate(facts.variables().with(seen, cost), cost);
        metrics.conditions(facts.name(), "policy", "validate", shown.call().operation(), outcome);
        if (outcome.refused()) return selected.policy().only(outcome.error());
        return outcome.matches() ? selected.policy().decide(seen, steps) : ValidatingPolicy.Decisions.NONE;
    }

    private static ApiException refusal(AdmissionCall call, View object, Denial denial) {
        var words = "ValidatingAdmissionPolicy '" + denial.policy.name() + "'"
                + denial.binding
                        .map(binding -> " with binding '" + binding.name() + "'")
                        .orElse("")
                + " denied request: " + denial.message;
        var forbidden = PolicyRefusal.of(call, object, words);
        var reason = switch (denial.reason) {
            case "Forbidden" -> ApiException.Reason.FORBIDDEN;
            case "Unauthorized" -> ApiException.Reason.UNAUTHORIZED;
            case "RequestEntityTooLarge" -> ApiException.Reason.REQUEST_ENTITY_TOO_LARGE;
            default -> ApiException.Reason.INVALID;
        };
        var details = Trees.copy(forbidden.details());
        details.put(StatusDetails.CAUSES, List.of(Trees.map(StatusCause.MESSAGE, words)));
        return new ApiException(reason, forbidden.message(), details);
    }
}
