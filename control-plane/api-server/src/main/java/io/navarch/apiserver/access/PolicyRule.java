package io.navarch.apiserver.access;

import io.navarch.model.Role;
import java.util.List;

/// What a role allows: verbs on resources of API groups, perhaps only those of certain names; or verbs on URLs.
public record PolicyRule(
        List<String> verbs, List<String> groups, List<String> resources, List<String> names, List<String> urls) {
    static final String ALL = "*";

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

    static boolean covers(List<String> allowed, String wanted) {
        return allowed.contains(ALL) || allowed.contains(wanted);
    }

    private boolean coversResource(AccessAttributes call) {
        if (call.subresource().isEmpty()) return covers(resources, call.kindPlural());
        return covers(resources, call.qualifiedResource()) || resources.contains("*/" + call.subresource());
    }

    /// A URL matches itself, or everything that begins with what comes before the stars at its end.
    static boolean matches(String url, String path) {
        if (url.equals(path)) return true;
        int end = url.length();
        while (end > 0 && url.charAt(end - 1) == '*') end--;
        return end < url.length() && path.startsWith(url.substring(0, end));
    }
}
