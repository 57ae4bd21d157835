package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import java.util.List;
import java.util.Set;

/// What a pod's affinities, and selectors of nodes elsewhere, must be.
public final class AffinityRules {
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
    private static final Set<String> OPERATORS = Set.of("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt");

    private AffinityRules() {}

    static void check(View affinity, String path, Check check) {
        var node = affinity.get("nodeAffinity");
        if (node.get(REQUIRED).exists()) nodeSelector(node.get(REQUIRED), path + ".nodeAffinity." + REQUIRED, check);
        int i = 0;
        for (var preferred : node.get(PREFERRED).views()) {
            var at = path + ".nodeAffinity." + PREFERRED + "[" + i++ + "]";
            weight(preferred, at, check);
            term(preferred.get("preference"), at + ".preference", check);
        }
        for (var side : List.of("podAffinity", "podAntiAffinity")) {
            i = 0;
            for (var term : affinity.get(side, REQUIRED).views())
                pods(term, path + "." + side + "." + REQUIRED + "[" + i++ + "]", check);
            i = 0;
            for (var weighted : affinity.get(side, PREFERRED).views()) {
                var at = path + "." + side + "." + PREFERRED + "[" + i++ + "]";
                weight(weighted, at, check);
                pods(weighted.get("podAffinityTerm"), at + ".podAffinityTerm", check);
            }
        }
    }

    private static void weight(View preferred, String path, Check check) {
        long weight = preferred.get("weight").longOr(0);
        if (weight <= 0 || weight > 100)
            check.add(FieldError.invalid(path + ".weight", weight, "must be in the range 1-100"));
    }

    private static void pods(View term, String path, Check check) {
        for (var namespace : term.get("namespaces").strings())
            check.name(namespace, path + ".namespace", Names.dnsLabel(namespace));
        var key = term.get("topologyKey").string();
        if (key.isEmpty()) check.add(FieldError.required(path + ".topologyKey", "can not be empty"));
        check.name(key, path + ".topologyKey", Names.qualifiedName(key));
        matchKeys(term, path, check);
    }

    /// Keys of the pod's own labels that are added to the selector: not both ways, not those it names already.
    private static void matchKeys(View term, String path, Check check) {
        var both = term.get("matchLabelKeys").strings();
        var not = term.get("mismatchLabelKeys").strings();
        if (both.isEmpty() && not.isEmpty()) return;
        if (!term.get("labelSelector").exists()) {
            if (!both.isEmpty())
                check.add(FieldError.forbidden(
                        path + ".matchLabelKeys", "must not be specified when labelSelector is not set"));
            if (!not.isEmpty())
                check.add(FieldError.forbidden(
                        path + ".mismatchLabelKeys", "must not be specified when labelSelector is not set"));
        }
        int i = 0;
        for (var key : both) {
            var at = path + ".matchLabelKeys[" + i++ + "]";
            check.name(key, at, Names.qualifiedName(key));
            if (not.contains(key))
                check.add(FieldError.invalid(at, key, "exists in both matchLabelKeys and mismatchLabelKeys"));
        }
        i = 0;
        for (var key : not) check.name(key, path + ".mismatchLabelKeys[" + i++ + "]", Names.qualifiedName(key));
    }

    /// A selector that must hold: at least one term.
    public static void nodeSelector(View selector, String path, Check check) {
        if (selector.get("nodeSelectorTerms").list().isEmpty())
            check.add(FieldError.required(path + ".nodeSelectorTerms", "must have at least one node selector term"));
        int i = 0;
        for (var term : selector.get("nodeSelectorTerms").views())
            term(term, path + ".nodeSelectorTerms[" + i++ + "]", check);
    }

    private static void term(View term, String path, Check check) {
        int i = 0;
        for (var requirement : term.get("matchExpressions").views())
            labels(requirement, path + ".matchExpressions[" + i++ + "]", check);
        i = 0;
        for (var requirement : term.get("matchFields").views())
            fields(requirement, path + ".matchFields[" + i++ + "]", check);
    }

    private static void labels(View requirement, String path, Check check) {
        var values = requirement.get("values").strings();
        var operator = requirement.get("operator").string();
        switch (operator) {
            case "In", "NotIn" -> {
                if (values.isEmpty())
                    check.add(FieldError.required(
                            path + ".values", "must be specified when `operator` is 'In' or 'NotIn'"));
            }
            case "Exists", "DoesNotExist" -> {
                if (!values.isEmpty())
                    check.add(FieldError.forbidden(
                            path + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
            }
            case "Gt", "Lt" -> {
                if (values.size() != 1)
                    check.add(FieldError.required(
                            path + ".values", "must be specified single value when `operator` is 'Lt' or 'Gt'"));
            }
            default -> check.add(FieldError.invalid(path + ".operator", operator, "not a valid selector operator"));
        }
        var key = requirement.get("key").string();
        check.name(key, path + ".key", Names.qualifiedName(key));
        if (!OPERATORS.contains(operator)) return;
        int i = 0;
        for (var value : values) check.name(value, path + ".values[" + i++ + "]", Names.labelValue(value));
    }

    private static void fields(View requirement, String path, Check check) {
        var values = requirement.get("values").strings();
        var operator = requirement.get("operator").string();
        if (!operator.equals("In") && !operator.equals("NotIn"))
            check.add(FieldError.invalid(path + ".operator", operator, "not a valid selector operator"));
        else if (values.size() != 1)
            check.add(FieldError.required(
                    path + ".values",
                    "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"));
        var key = requirement.get("key").string();
        if (!key.equals("metadata.name")) {
            check.add(FieldError.invalid(path + ".key", key, "not a valid field selector key"));
            return;
        }
        int i = 0;
        for (var value : values) check.name(value, path + ".values[" + i++ + "]", Names.dnsSubdomain(value));
    }
}
