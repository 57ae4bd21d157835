package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.Affinity;
import io.navarch.model.NodeAffinity;
import io.navarch.model.NodeSelector;
import io.navarch.model.NodeSelectorOperator;
import io.navarch.model.NodeSelectorRequirement;
import io.navarch.model.NodeSelectorTerm;
import io.navarch.model.PodAffinity;
import io.navarch.model.PodAffinityTerm;
import io.navarch.objects.Names;

/// What a pod's affinities, and selectors of nodes elsewhere, must be.
public final class AffinityRules {
    private static final String REQUIRED = "." + NodeAffinity.REQUIRED_DURING_SCHEDULING_IGNORED_DURING_EXECUTION;
    private static final String PREFERRED = "." + NodeAffinity.PREFERRED_DURING_SCHEDULING_IGNORED_DURING_EXECUTION;

    private AffinityRules() {}

    static void check(Affinity affinity, String path, Check check) {
        nodes(affinity.nodeAffinity(), path + ".nodeAffinity", check);
        pods(affinity.podAffinity(), path + ".podAffinity", check);
        // Anti-affinity has the same fields.
        pods(PodAffinity.of(affinity.podAntiAffinity().view()), path + ".podAntiAffinity", check);
    }

    private static void nodes(NodeAffinity affinity, String path, Check check) {
        var required = affinity.requiredDuringSchedulingIgnoredDuringExecution();
        if (required.exists()) nodeSelector(required, path + REQUIRED, check);
        Check.each(affinity.preferredDuringSchedulingIgnoredDuringExecution(), path + PREFERRED, (preferred, at) -> {
            weight(preferred.weight(), at, check);
            term(preferred.preference(), false, at + ".preference", check);
        });
    }

    private static void pods(PodAffinity affinity, String path, Check check) {
        Check.each(
                affinity.requiredDuringSchedulingIgnoredDuringExecution(),
                path + REQUIRED,
                (term, at) -> pods(term, at, check));
        Check.each(affinity.preferredDuringSchedulingIgnoredDuringExecution(), path + PREFERRED, (preferred, at) -> {
            weight(preferred.weight(), at, check);
            pods(preferred.podAffinityTerm(), at + ".podAffinityTerm", check);
        });
    }

    private static void weight(int weight, String path, Check check) {
        if (weight <= 0 || weight > 100) check.invalid(path + ".weight", weight, "must be in the range 1-100");
    }

    private static void pods(PodAffinityTerm term, String path, Check check) {
        for (var namespace : term.namespaces()) check.name(namespace, path + ".namespace", Names.dnsLabel(namespace));
        SchedulingRules.matchKeys(term.matchLabelKeys(), term.mismatchLabelKeys(), term.labelSelector(), path, check);
        var key = term.topologyKey();
        if (key.isEmpty()) check.missing(path + ".topologyKey", "can not be empty");
        check.name(key, path + ".topologyKey", Names.qualifiedName(key));
    }

    /// A selector that must hold: at least one term.
    public static void nodeSelector(NodeSelector selector, String path, Check check) {
        if (selector.nodeSelectorTerms().isEmpty())
            check.missing(path + ".nodeSelectorTerms", "must have at least one node selector term");
        Check.each(
                selector.nodeSelectorTerms(), path + ".nodeSelectorTerms", (term, at) -> term(term, true, at, check));
    }

    /// @param required whether the term must hold: values that no label can have are only refused there
    private static void term(NodeSelectorTerm term, boolean required, String path, Check check) {
        Check.each(
                term.matchExpressions(), path + ".matchExpressions", (each, at) -> labels(each, required, at, check));
        Check.each(term.matchFields(), path + ".matchFields", (each, at) -> fields(each, at, check));
    }

    private static void labels(NodeSelectorRequirement requirement, boolean required, String path, Check check) {
        var values = requirement.values();
        switch (requirement.operator()) {
            case IN, NOT_IN -> {
                if (values.isEmpty())
                    check.missing(path + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
            }
            case EXISTS, DOES_NOT_EXIST -> {
                if (!values.isEmpty())
                    check.forbidden(
                            path + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
            }
            case GT, LT -> {
                if (values.size() != 1)
                    check.missing(path + ".values", "must be specified single value when `operator` is 'Lt' or 'Gt'");
            }
            case UNSET, UNRECOGNIZED -> unknownOperator(requirement, path, check);
        }
        check.name(requirement.key(), path + ".key", Names.qualifiedName(requirement.key()));
        if (!required) return;
        Check.each(values, path + ".values", (value, at) -> check.name(value, at, Names.labelValue(value)));
    }

    private static void unknownOperator(NodeSelectorRequirement requirement, String path, Check check) {
        check.invalid(
                path + ".operator",
                requirement.raw(NodeSelectorRequirement.OPERATOR).string(),
                "not a valid selector operator");
    }

    private static void fields(NodeSelectorRequirement requirement, String path, Check check) {
        var operator = requirement.operator();
        if (operator != NodeSelectorOperator.IN && operator != NodeSelectorOperator.NOT_IN)
            unknownOperator(requirement, path, check);
        else if (requirement.values().size() != 1)
            check.missing(
                    path + ".values",
                    "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        if (!requirement.key().equals("metadata.name")) {
            check.invalid(path + ".key", requirement.key(), "not a valid field selector key");
            return;
        }
        Check.each(
                requirement.values(),
                path + ".values",
                (value, at) -> check.name(value, at, Names.dnsSubdomain(value)));
    }
}
