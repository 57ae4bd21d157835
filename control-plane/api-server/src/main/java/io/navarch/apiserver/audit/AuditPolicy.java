package io.navarch.apiserver.audit;

import io.navarch.apiserver.request.AuditLevel;
import io.navarch.apiserver.request.RequestInfo;
import io.navarch.schema.admission.User;
import java.util.List;
import java.util.Set;

/// Which calls are written down: the first rule that fits decides. Pure.
///
/// Source: https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/#audit-policy
public record AuditPolicy(List<Rule> rules) {
    /// @param group `*` for all
    /// @param resources none for all
    record GroupResources(String group, List<String> resources, List<String> names) {}

    /// Of what is empty everything fits.
    record Rule(
            Decision decision,
            Set<String> users,
            Set<String> groups,
            Set<String> verbs,
            List<GroupResources> resources,
            Set<String> namespaces,
            List<String> paths) {}

    /// @param omitted stages that are not written
    public record Decision(AuditLevel level, Set<AuditStage> omitted, boolean managedFields) {
        static final Decision NOTHING = new Decision(AuditLevel.NONE, Set.of(), true);
    }

    /// @param user who calls, not who he acts as
    Decision decide(User user, RequestInfo info) {
        for (var rule : rules) if (fits(rule, user, info)) return rule.decision;
        return Decision.NOTHING;
    }

    private static boolean fits(Rule rule, User user, RequestInfo info) {
        if (!rule.users.isEmpty() && !rule.users.contains(user.name())) return false;
        if (!rule.groups.isEmpty() && user.groups().stream().noneMatch(rule.groups::contains)) return false;
        if (!rule.verbs.isEmpty() && !rule.verbs.contains(info.verb())) return false;
        if (!rule.namespaces.isEmpty() || !rule.resources.isEmpty()) return ofResource(rule, info);
        return rule.paths.isEmpty() || ofPath(rule, info);
    }

    private static boolean ofPath(Rule rule, RequestInfo info) {
        return !info.resourceRequest()
                && rule.paths.stream()
                        .anyMatch(path -> path.equals("*")
                                || path.equals(info.path())
                                || path.endsWith("*") && info.path().startsWith(path.substring(0, path.length() - 1)));
    }

    private static boolean ofResource(Rule rule, RequestInfo info) {
        if (!info.resourceRequest()) return false;
        if (!rule.namespaces.isEmpty() && !rule.namespaces.contains(info.namespace())) return false;
        return rule.resources.isEmpty() || rule.resources.stream().anyMatch(each -> fits(each, info));
    }

    private static boolean fits(GroupResources listed, RequestInfo info) {
        if (!listed.group.equals("*") && !listed.group.equals(info.group())) return false;
        if (listed.resources.isEmpty()) return true;
        if (!listed.names.isEmpty() && !listed.names.contains(info.name())) return false;
        var sub = info.subresource();
        return listed.resources.stream()
                .anyMatch(resource -> resource.equals("*")
                        || resource.equals(info.qualifiedResource())
                        || !sub.isEmpty() && resource.equals("*/" + sub)
                        || resource.equals(info.resource() + "/*"));
    }
}
