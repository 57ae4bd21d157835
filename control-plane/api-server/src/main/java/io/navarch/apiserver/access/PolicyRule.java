package io.navarch.apiserver.access;

import io.navarch.objects.View;
import java.util.List;

/// What a role allows: verbs on resources of API groups, perhaps only those of certain names; or verbs on URLs.
public record PolicyRule(
        List<String> verbs, List<String> groups, List<String> resources, List<String> names, List<String> urls) {
    private static final String ALL = "*";

    static PolicyRule of(View rule) {
        return new PolicyRule(
                rule.get("verbs").strings(),
                rule.get("apiGroups").strings(),
                rule.get("resources").strings(),
                rule.get("resourceNames").strings(),
                rule.get("nonResourceURLs").strings());
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
