package io.navarch.admission;

import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.Resources;
import io.navarch.model.ValidatingAdmissionPolicyBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The policies of one sort that are bound, in the order of their names.
final class PolicySource<P> {
    /// A policy, and where it counts.
    record Bound<P>(P policy, PolicyFacts facts, List<PolicyBinding> bindings) {}

    private record State<P>(List<P> policies, List<PolicyBinding> bindings, List<Bound<P>> bound) {}

    private final Compiled<P> policies;
    private final Compiled<PolicyBinding> bindings;
    private final Function<P, PolicyFacts> facts;
    private volatile State<P> state = new State<>(List.of(), List.of(), List.of());

    PolicySource(
            Resources resources, String plural, Function<StoredObject, P> compile, Function<P, PolicyFacts> facts) {
        policies = new Compiled<>(resources, plural, compile);
        bindings = new Compiled<>(
                resources,
                plural.replace("policies", "policybindings"),
                stored -> PolicyBinding.of(stored.name(), stored.read().get(ValidatingAdmissionPolicyBinding.SPEC)));
        this.facts = facts;
    }

    List<Bound<P>> all() {
        var current = bindings.all();
        // Whoever has policies that are not bound does not wait for them to be compiled.
        if (current.isEmpty()) return List.of();
        var compiled = policies.all();
        var known = state;
        if (known.policies == compiled && known.bindings == current) return known.bound;
        var byPolicy = current.stream().collect(Collectors.groupingBy(PolicyBinding::policy));
        var bound = new ArrayList<Bound<P>>();
        for (var policy : compiled) {
            var own = facts.apply(policy);
            var its = byPolicy.getOrDefault(own.name(), List.of());
            if (!its.isEmpty()) bound.add(new Bound<>(policy, own, its));
        }
        state = new State<>(compiled, current, List.copyOf(bound));
        return state.bound;
    }

    /// Whether the rules of one of them are for this call.
    boolean any(AdmissionCall call) {
        for (var each : all()) if (each.facts.match().resource(call).isPresent()) return true;
        return false;
    }
}
