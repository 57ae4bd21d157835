package io.navarch.admission;

import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.expressions.value.Steps;
import io.navarch.model.Status;
import io.navarch.model.StatusCause;
import io.navarch.model.StatusDetails;
import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The policies that may change one write, one after the other. What a later one has changed, those that want it see
/// once more.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/
final class MutatingPolicies {
    /// What they need of others.
    record Surroundings(
            PolicySource<MutatingPolicy> source,
            PolicySelection selection,
            CallVariables variables,
            AdmissionMetrics metrics) {}

    private record Failure(PolicyFacts policy, Optional<PolicyBinding> binding, String why, boolean evaluated) {
        String words() {
            return binding.map(bound -> "policy '" + policy.name() + "' with binding '" + bound.name() + "'")
                            .orElse("policy \"" + policy.name() + "\"")
                    + " denied request: " + why;
        }
    }

    private static final String FAILURE = "Failure";

    private final Surroundings surroundings;
    private final AdmissionCall call;
    private final View old;

    private final Set<List<String>> seen = new HashSet<>();
    private final Set<List<String>> wanted = new HashSet<>();
    private @Nullable Map<String, Object> last;
    private final Steps steps = new Steps(Cost.EVALUATIONS);
    private boolean repeated;
    private boolean changed;

    MutatingPolicies(Surroundings surroundings, AdmissionCall call, View old) {
        this.surroundings = surroundings;
        this.call = call;
        this.old = old;
    }

    boolean changed() {
        return changed;
    }

    /// @throws ApiException when one of them cannot be asked, and calls do not go on without it
    Map<String, Object> pass(Map<String, Object> object) {
        var policies = surroundings.source.all();
        if (policies.isEmpty()) return object;
        if (repeated && !Trees.semanticEquals(last, object)) wantAgain();
        var failures = new ArrayList<Failure>();
        var selection = surroundings.selection.of(policies, call, View.of(object), old);
        for (var each : selection.misconfigured())
            failures.add(new Failure(each.policy(), each.binding(), each.why(), false));
        var result = object;
        for (var each : selection.selected()) result = ask(each, result, failures);
        last = result;
        repeated = true;
        if (!failures.isEmpty()) throw refusal(View.of(object), failures);
        return result;
    }

    private void wantAgain() {
        wanted.addAll(seen);
        seen.clear();
    }

    private Map<String, Object> ask(
            PolicySelection.Selected<MutatingPolicy> selected, Map<String, Object> object, List<Failure> failures) {
        if (!matches(selected, object, failures)) return object;
        var key = List.of(
                selected.facts().name(),
                selected.binding().name(),
                selected.parameter().namespace(),
                selected.parameter().name());
        if (repeated && !wanted.contains(key)) return object;
        var result = object;
        for (var change : selected.policy().changes()) {
            long began = System.nanoTime();
            var wrong = "";
            try {
                var shown = Shown.of(call, selected.as(), View.of(result), old);
                result = selected.policy().apply(change, shown, variables(selected, shown), steps);
            } catch (MutatingPolicy.FailedException e) {
                wrong = String.valueOf(e.getMessage());
                fail(selected, wrong, failures);
            }
            surroundings.metrics.changed(
                    selected.facts().name(),
                    selected.binding().name(),
                    wrong,
                    Duration.ofNanos(System.nanoTime() - began));
        }
        if (!Trees.semanticEquals(object, result)) {
            wantAgain();
            changed = true;
        }
        if (selected.policy().repeatable()) seen.add(key);
        return result;
    }

    private boolean matches(
            PolicySelection.Selected<MutatingPolicy> selected, Map<String, Object> object, List<Failure> failures) {
        var facts = selected.facts();
        if (facts.conditions().none()) return true;
        var shown = Shown.of(call, selected.as(), View.of(object), old);
        var cost = new Cost(Cost.OF_CONDITIONS, steps);
        var outcome = facts.conditions().evaluate(facts.variables().with(variables(selected, shown), cost), cost);
        surroundings.metrics.conditions(facts.name(), "policy", "validate", call.operation(), outcome);
        if (outcome.refused()) fail(selected, outcome.error(), failures);
        return outcome.matches();
    }

    private Map<String, @Nullable Object> variables(PolicySelection.Selected<MutatingPolicy> selected, Shown shown) {
        var variables = surroundings.variables.of(shown);
        if (selected.facts().parameters().exists())
            variables.put(Parameters.VARIABLE, selected.parameter().value());
        return variables;
    }

    private static void fail(PolicySelection.Selected<MutatingPolicy> selected, String why, List<Failure> failures) {
        if (!selected.facts().ignored())
            failures.add(new Failure(selected.facts(), Optional.of(selected.binding()), why, true));
    }

    /// All failures; the first one gives its words and its reason.
    private ApiException refusal(View object, List<Failure> failures) {
        var first = failures.getFirst();
        var forbidden = PolicyRefusal.of(call, object, "");
        var details = Trees.copy(forbidden.details());
        var causes = new ArrayList<Object>();
        for (var failure : failures) causes.add(Trees.map(StatusCause.MESSAGE, failure.words()));
        details.put(StatusDetails.CAUSES, causes);
        var reason = first.evaluated ? ApiException.Reason.INVALID : ApiException.Reason.FORBIDDEN;
        return ApiException.told(Trees.map(
                Status.STATUS,
                FAILURE,
                Status.MESSAGE,
                first.words(),
                Status.REASON,
                reason.text(),
                Status.DETAILS,
                details,
                Status.CODE,
                (long) forbidden.code()));
    }
}
