package io.navarch.admission;

import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.apiserver.admission.ServedResource;
import io.navarch.model.NamedRuleWithOperations;
import io.navarch.model.RuleWithOperations;
import io.navarch.objects.View;
import io.navarch.schema.admission.Operation;
import java.util.List;

/// Which calls somebody wants to be asked about.
///
/// Source:
/// https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#matching-requests-rules
///
/// @param names of the objects; empty for all
/// @param resources `pods`, `pods/status`, `pods/*`, `*/scale`, `*/*`; `*` stands for all without a subresource
public record CallRule(
        List<String> operations,
        List<String> groups,
        List<String> versions,
        List<String> resources,
        Scope scope,
        List<String> names) {
    private static final String ANY = "*";

    /// For every call.
    static final CallRule ALL =
            new CallRule(List.of(ANY), List.of(ANY), List.of(ANY), List.of("*/*"), Scope.ALL, List.of());

    enum Scope {
        ALL,
        CLUSTER,
        NAMESPACED;

        static Scope of(String text) {
            return switch (text) {
                case "Cluster" -> CLUSTER;
                case "Namespaced" -> NAMESPACED;
                default -> ALL;
            };
        }
    }

    /// A rule as webhooks and policies have it.
    static CallRule of(View rule) {
        return new CallRule(
                rule.get(RuleWithOperations.OPERATIONS).strings(),
                rule.get(RuleWithOperations.API_GROUPS).strings(),
                rule.get(RuleWithOperations.API_VERSIONS).strings(),
                rule.get(RuleWithOperations.RESOURCES).strings(),
                Scope.of(rule.get(RuleWithOperations.SCOPE).string()),
                rule.get(NamedRuleWithOperations.RESOURCE_NAMES).strings());
    }

    boolean matches(AdmissionCall call, ServedResource resource) {
        return matches(call.operation(), resource, call.subresource(), call.namespace())
                && (names.isEmpty() || names.contains(call.name()));
    }

    private boolean matches(Operation operation, ServedResource resource, String subresource, String namespace) {
        return has(operations, operation.name())
                && has(groups, resource.group())
                && has(versions, resource.version())
                && names(resource.plural(), subresource)
                && inScope(resource, namespace);
    }

    private static boolean has(List<String> wanted, String value) {
        return wanted.contains(value) || wanted.contains(ANY);
    }

    private boolean names(String plural, String subresource) {
        for (var each : resources) {
            int slash = each.indexOf('/');
            var resource = slash < 0 ? each : each.substring(0, slash);
            var sub = slash < 0 ? "" : each.substring(slash + 1);
            boolean same = resource.equals(ANY) || resource.equals(plural);
            if (same && (sub.equals(ANY) || sub.equals(subresource))) return true;
        }
        return false;
    }

    /// A namespace is not in itself, although calls for it say its name.
    private boolean inScope(ServedResource resource, String namespace) {
        boolean cluster = namespace.isEmpty()
                || namespaceItself(resource) && resource.version().equals("v1");
        return scope == Scope.ALL || cluster == (scope == Scope.CLUSTER);
    }

    static boolean namespaceItself(ServedResource resource) {
        return resource.group().isEmpty() && resource.plural().equals("namespaces");
    }
}
