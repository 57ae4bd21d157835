package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.LabelSelector;
import io.navarch.model.LabelSelectorRequirement;
import io.navarch.model.PodSchedulingGate;
import io.navarch.model.TaintEffect;
import io.navarch.model.Toleration;
import io.navarch.model.TolerationOperator;
import io.navarch.model.TopologySpreadConstraint;
import io.navarch.model.UnsatisfiableConstraintAction;
import io.navarch.objects.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a pod says about where it may run, apart from affinities.
final class SchedulingRules {
    private static final Set<String> ACTIONS = Set.of("DoNotSchedule", "ScheduleAnyway");
    private static final Set<String> POLICIES = Set.of("Honor", "Ignore");
    private static final List<String> EFFECTS = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");
    private static final List<String> OPERATORS = List.of("Equal", "Exists");
    private static final List<String> MORE_OPERATORS = List.of("Equal", "Exists", "Lt", "Gt");

    private SchedulingRules() {}

    static void gates(List<PodSchedulingGate> gates, String path, Check check) {
        var seen = new HashSet<String>();
        Check.each(gates, path, (gate, at) -> {
            check.name(gate.name(), at, Names.qualifiedName(gate.name()));
            if (!seen.add(gate.name())) check.duplicate(at, gate.name());
        });
    }

    static void spreads(List<TopologySpreadConstraint> all, String path, Check check) {
        int i = 0;
        for (var constraint : all) {
            var at = path + "[" + i++ + "]";
            var action =
                    constraint.raw(TopologySpreadConstraint.WHEN_UNSATISFIABLE).string();
            if (constraint.maxSkew() <= 0)
                check.invalid(at + ".maxSkew", constraint.maxSkew(), "must be greater than zero");
            if (constraint.topologyKey().isEmpty()) check.missing(at + ".topologyKey", "can not be empty");
            if (!ACTIONS.contains(action)) check.notSupported(at + ".whenUnsatisfiable", action, ACTIONS);
            var key = spread(constraint);
            if (all.stream().skip(i).anyMatch(later -> spread(later).equals(key)))
                check.duplicate(at + ".{topologyKey, whenUnsatisfiable}", key);
            if (constraint.hasMinDomains()) domains(constraint, action, at + ".minDomains", check);
            var affinity = TopologySpreadConstraint.NODE_AFFINITY_POLICY;
            check.oneOf(constraint.raw(affinity), at + "." + affinity, POLICIES);
            var taints = TopologySpreadConstraint.NODE_TAINTS_POLICY;
            check.oneOf(constraint.raw(taints), at + "." + taints, POLICIES);
            matchKeys(constraint.matchLabelKeys(), List.of(), constraint.labelSelector(), at, check);
        }
    }

    private static void domains(TopologySpreadConstraint constraint, String action, String path, Check check) {
        int least = constraint.minDomains();
        if (least <= 0) check.invalid(path, least, "must be greater than zero");
        if (constraint.whenUnsatisfiable() != UnsatisfiableConstraintAction.DO_NOT_SCHEDULE)
            check.invalid(path, least, "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + action);
    }

    private static String spread(TopologySpreadConstraint constraint) {
        return "{" + constraint.topologyKey() + ", "
                + constraint.raw(TopologySpreadConstraint.WHEN_UNSATISFIABLE).string() + "}";
    }

    /// Keys of the pod's own labels that are added to the selector: not both ways, not those it names already.
    ///
    /// @param path of the structure that has the keys and the selector
    static void matchKeys(List<String> both, List<String> not, LabelSelector selector, String path, Check check) {
        keys(both, selector, path + ".matchLabelKeys", check);
        keys(not, selector, path + ".mismatchLabelKeys", check);
        if (selector.exists()) {
            var named = new HashSet<>(selector.matchLabels().keySet());
            for (var key : selector.matchExpressions().stream()
                    .map(LabelSelectorRequirement::key)
                    .toList()) {
                int index = both.lastIndexOf(key);
                // The original counts the keys but blames an element of what holds them.
                if (index >= 0 && named.contains(key))
                    check.invalid(path + "[" + index + "]", key, "exists in both matchLabelKeys and labelSelector");
                named.add(key);
            }
        }
        Check.each(both, path + ".matchLabelKeys", (key, at) -> {
            if (not.contains(key)) check.invalid(at, key, "exists in both matchLabelKeys and mismatchLabelKeys");
        });
    }

    private static void keys(List<String> keys, LabelSelector selector, String path, Check check) {
        if (keys.isEmpty()) return;
        if (!selector.exists()) check.forbidden(path, "must not be specified when labelSelector is not set");
        else Check.each(keys, path, (key, at) -> check.name(key, at, Names.qualifiedName(key)));
    }

    static void toleration(Toleration toleration, String at, Check check) {
        var operator = toleration.operator();
        var written = toleration.raw(Toleration.OPERATOR).string();
        var key = toleration.key();
        if (!key.isEmpty()) check.name(key, at + ".key", Names.qualifiedName(key));
        if (key.isEmpty() && operator != TolerationOperator.EXISTS)
            check.invalid(
                    at + ".operator",
                    written,
                    "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        var effect = toleration.raw(Toleration.EFFECT).string();
        if (toleration.hasTolerationSeconds() && toleration.effect() != TaintEffect.NO_EXECUTE)
            check.invalid(at + ".effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
        var value = toleration.value();
        switch (operator) {
            case UNSET, EQUAL -> {
                var wrong = Names.labelValue(value);
                if (!wrong.isEmpty()) check.invalid(at + ".operator", value, String.join(";", wrong));
            }
            case EXISTS -> {
                if (!value.isEmpty())
                    check.invalid(at + ".operator", value, "value must be empty when `operator` is 'Exists'");
            }
            case UNRECOGNIZED ->
                check.notSupported(
                        at + ".operator", written, MORE_OPERATORS.contains(written) ? MORE_OPERATORS : OPERATORS);
        }
        if (!effect.isEmpty() && !EFFECTS.contains(effect)) check.notSupported(at + ".effect", effect, EFFECTS);
    }
}
