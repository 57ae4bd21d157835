package io.navarch.admission;

import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.apiserver.admission.ServedResource;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which policies are asked about a call, and with which parameters.
record PolicySelection(Admission.Lookup objects, Parameters parameters) {
    /// One evaluation of a policy.
    ///
    /// @param as what it is shown the objects as
    /// @param parameter absent for none
    record Selected<P>(P policy, PolicyFacts facts, PolicyBinding binding, ServedResource as, View parameter) {}

    /// A policy cannot be asked.
    ///
    /// @param binding empty when it is the policy itself
    record Misconfigured(PolicyFacts policy, Optional<PolicyBinding> binding, String why) {}

    record Selection<P>(List<Selected<P>> selected, List<Misconfigured> misconfigured) {}

    <P> Selection<P> of(List<PolicySource.Bound<P>> policies, AdmissionCall call, View object, View old) {
        var selection = new Selection<P>(new ArrayList<>(), new ArrayList<>());
        var labels = CallLabels.of(objects, call, object, old);
        for (var bound : policies) {
            var as = bound.facts().match().resource(call);
            if (as.isEmpty()) continue;
            try {
                if (bound.facts().match().selects(call, labels)) select(bound, as.get(), call, labels, selection);
            } catch (ApiException e) {
                add(selection, bound.facts(), Optional.empty(), e.message());
            }
        }
        return selection;
    }

    private <P> void select(
            PolicySource.Bound<P> bound,
            ServedResource as,
            AdmissionCall call,
            CallMatch.Labels labels,
            Selection<P> selection) {
        var facts = bound.facts();
        for (var binding : bound.bindings()) {
            try {
                var narrower = binding.match();
                boolean counts = narrower.isEmpty()
                        || narrower.get().resource(call).isPresent()
                                && narrower.get().selects(call, labels);
                if (!counts) continue;
                for (var parameter : parameters.of(facts.parameters(), binding.parameters(), call.namespace()))
                    selection.selected.add(new Selected<>(bound.policy(), facts, binding, as, parameter));
            } catch (Parameters.MisconfiguredException e) {
                var at = e.policy ? Optional.<PolicyBinding>empty() : Optional.of(binding);
                add(selection, facts, at, String.valueOf(e.getMessage()));
                if (e.policy) return;
            } catch (ApiException e) {
                add(selection, facts, Optional.of(binding), e.message());
            }
        }
    }

    private static void add(Selection<?> selection, PolicyFacts policy, Optional<PolicyBinding> binding, String why) {
        if (policy.ignored()) return;
        var what = binding.isPresent() ? "failed to configure binding: " : "failed to configure policy: ";
        selection.misconfigured.add(new Misconfigured(policy, binding, what + why));
    }
}
