package io.navarch.apiserver.access;

import io.navarch.model.Role;
import java.util.List;

/// What a role allows: verbs on resources of API groups, perhaps only those of certain names; or verbs on URLs.
public record PolicyRule(
        List<String> verbs, List<String> groups, List<String> resources, List<String> names, List<String> urls) {
    private static final String ALL = "*";

    /// The rules of a role, or of a cluster role: both have them in the same field.
    static List<PolicyRule> of(Role role) {
        return role.rules().stream()
                .map(rule -> new PolicyRule(
                        List.copyOf(rule.verbs()),
                        List.copyOf(rule.apiGroups()),
                        List.copyOf(rule.resources()),
                        List.copyOf(rule.resourceNames()),
                        List.copyOf(rule.nonResourceURLs())))
                .toList();
    }

    boolean allows(AccessAttributes call) {
        if (!covers(verbs, call.verb())) return false;
        if (!call.resource()) return urls.stream().anyMatch(url -> matches(url, call.path()));
        return covers(groups, call.group()) && coversResource(call) && (names.isEmpty() || names.contains(call.name()));
    }

    private static boolean covers(List<String> allowed, String wanted) {
        return allowed.contains(ALL) || allowed.contains(wanted);
    }

    private boolean coversResource(AccessAttributes call) {
        if (call.subresource().isEmpty()) return covers(resources, call.kindPlural());
        return covers(resources, call.kindPlural() + "/" + call.subresource())
                || resources.contains("*/" + call.subresource());
    }

    private static boolean matches(String url, String path) {
        return url.endsWith(ALL) ? path.startsWith(url.substring(0, url.length() - 1)) : url.equals(path);
    }
}
