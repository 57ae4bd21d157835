package io.navarch.admission;

import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.apiserver.admission.ServedResource;
import io.navarch.model.MatchPolicy;
import io.navarch.model.MatchResources;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.View;
import io.navarch.schema.admission.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Whether somebody wants to be asked about a call, and as what.
///
/// @param equivalent whether a call counts under all names of its resource
/// @param namespaces of those whose namespace has such labels; a call for none counts always
/// @param objects of those where the object, as it was or will be, has such labels
/// @param excluded calls that do not count
record CallMatch(
        List<CallRule> rules,
        List<CallRule> excluded,
        boolean equivalent,
        LabelSelector namespaces,
        LabelSelector objects) {
    /// The labels of the objects of a call.
    ///
    /// @param namespace asked only if it matters
    /// @param objects of the new and the old one, of those that there are
    record Labels(Supplier<Map<String, String>> namespace, List<Map<String, String>> objects) {}

    /// What policies and their bindings are asked about.
    static CallMatch of(MatchResources match) {
        var rules = rules(match.raw(MatchResources.RESOURCE_RULES));
        return new CallMatch(
                rules.isEmpty() ? List.of(CallRule.ALL) : rules,
                rules(match.raw(MatchResources.EXCLUDE_RESOURCE_RULES)),
                match.matchPolicy() != MatchPolicy.EXACT,
                LabelSelector.ofObject(match.namespaceSelector()),
                LabelSelector.ofObject(match.objectSelector()));
    }

    private static List<CallRule> rules(View rules) {
        return rules.stream().map(CallRule::of).toList();
    }

    /// By rules alone: as what a call is to be shown; as it was called where possible.
    Optional<ServedResource> resource(AdmissionCall call) {
        if (!excluded.isEmpty() && named(excluded, call).isPresent()) return Optional.empty();
        return named(rules, call);
    }

    private Optional<ServedResource> named(List<CallRule> those, AdmissionCall call) {
        for (var rule : those) if (rule.matches(call, call.asked())) return Optional.of(call.asked());
        if (!equivalent) return Optional.empty();
        var others = call.forms().equivalents();
        // A rule that stands earlier decides.
        for (var rule : those)
            for (var other : others)
                if (!other.equals(call.asked()) && rule.matches(call, other)) return Optional.of(other);
        return Optional.empty();
    }

    boolean selects(AdmissionCall call, Labels labels) {
        return selectsNamespace(call, labels) && selectsObject(labels);
    }

    private boolean selectsNamespace(AdmissionCall call, Labels labels) {
        boolean none = call.namespace().isEmpty() && !CallRule.namespaceItself(call.asked());
        return none || namespaces.isEmpty() || namespaces.matches(labels.namespace.get());
    }

    private boolean selectsObject(Labels labels) {
        return objects.isEmpty() || labels.objects.stream().anyMatch(objects::matches);
    }

    /// Whether the labels of a namespace are those that the call writes.
    static boolean writesNamespace(AdmissionCall call) {
        return CallRule.namespaceItself(call.asked())
                && call.subresource().isEmpty()
                && (call.operation() == Operation.CREATE || call.operation() == Operation.UPDATE);
    }
}
