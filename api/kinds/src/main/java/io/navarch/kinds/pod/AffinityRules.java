package io.navarch.kinds.pod;

import io.navarch.kinds.Check;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import java.util.List;

/// What a pod's affinities must be.
final class AffinityRules {
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

    private AffinityRules() {}

    static void check(View affinity, String path, Check check) {
        var node = affinity.get("nodeAffinity");
        terms(
                node.get(REQUIRED).get("nodeSelectorTerms"),
                path + ".nodeAffinity." + REQUIRED + ".nodeSelectorTerms",
                check);
        int i = 0;
        for (var preferred : node.get(PREFERRED).views())
            term(preferred.get("preference"), path + ".nodeAffinity." + PREFERRED + "[" + i++ + "].preference", check);
        for (var side : List.of("podAffinity", "podAntiAffinity")) {
            i = 0;
            for (var term : affinity.get(side, REQUIRED).views())
                pods(term, path + "." + side + "." + REQUIRED + "[" + i++ + "]", check);
            i = 0;
            for (var weighted : affinity.get(side, PREFERRED).views())
                pods(
                        weighted.get("podAffinityTerm"),
                        path + "." + side + "." + PREFERRED + "[" + i++ + "].podAffinityTerm",
                        check);
        }
    }

    private static void pods(View term, String path, Check check) {
        int i = 0;
        for (var namespace : term.get("namespaces").strings())
            check.name(namespace, path + ".namespaces[" + i++ + "]", Names.dnsLabel(namespace));
    }

    static void terms(View terms, String path, Check check) {
        int i = 0;
        for (var term : terms.views()) term(term, path + "[" + i++ + "]", check);
    }

    private static void term(View term, String path, Check check) {
        for (var field : List.of("matchExpressions", "matchFields")) {
            int i = 0;
            for (var requirement : term.get(field).views())
                requirement(requirement, field, path + "." + field + "[" + i++ + "]", check);
        }
    }

    private static void requirement(View requirement, String field, String path, Check check) {
        int values = requirement.get("values").list().size();
        switch (requirement.get("operator").string()) {
            case "In", "NotIn" -> {
                if (values == 0)
                    check.add(FieldError.required(
                            path + ".values", "must be specified when `operator` is 'In' or 'NotIn'"));
            }
            case "Exists", "DoesNotExist" -> {
                if (values > 0)
                    check.add(FieldError.forbidden(
                            path + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
            }
            case "Gt", "Lt" -> {
                if (values != 1)
                    check.add(FieldError.required(
                            path + ".values", "must be specified single value when `operator` is 'Lt' or 'Gt'"));
            }
            default -> {}
        }
        var key = requirement.get("key").string();
        if (field.equals("matchExpressions")) check.name(key, path + ".key", Names.qualifiedName(key));
        else if (!key.equals("metadata.name"))
            check.add(FieldError.invalid(path + ".key", key, "not a valid field selector key"));
    }
}
