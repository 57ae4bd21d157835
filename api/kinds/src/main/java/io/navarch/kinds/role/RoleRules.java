package io.navarch.kinds.role;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition.Column;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Rules that Role and ClusterRole share, and those of the two kinds of bindings.
public final class RoleRules {
    public static final String GROUP = "rbac.authorization.k8s.io";

    private RoleRules() {}

    /// @param namespaced whether the role is for a namespace and cannot speak of paths
    public static void role(View role, boolean namespaced, Check check) {
        int i = 0;
        for (var rule : role.get("rules").views()) {
            var at = "rules[" + i++ + "]";
            if (rule.get("verbs").list().isEmpty())
                check.add(FieldError.required(at + ".verbs", "verbs must contain at least one value"));
            boolean urls = !rule.get("nonResourceURLs").list().isEmpty();
            if (urls) {
                if (namespaced)
                    check.add(FieldError.invalid(
                            at + ".nonResourceURLs",
                            rule.get("nonResourceURLs").list(),
                            "namespaced rules cannot apply to non-resource URLs"));
                if (!rule.get("apiGroups").list().isEmpty()
                        || !rule.get("resources").list().isEmpty()
                        || !rule.get("resourceNames").list().isEmpty())
                    check.add(FieldError.invalid(
                            at + ".nonResourceURLs",
                            rule.get("nonResourceURLs").list(),
                            "rules cannot apply to both regular resources and non-resource URLs"));
                continue;
            }
            if (rule.get("apiGroups").list().isEmpty())
                check.add(FieldError.required(at + ".apiGroups", "resource rules must supply at least one api group"));
            if (rule.get("resources").list().isEmpty())
                check.add(FieldError.required(at + ".resources", "resource rules must supply at least one resource"));
        }
    }

    @SuppressWarnings("unchecked")
    public static void bindingDefaults(Map<String, Object> binding) {
        for (var element : View.of(binding).get("subjects").list()) {
            if (!(element instanceof Map<?, ?> map)) continue;
            var kind = map.get("kind");
            if ("User".equals(kind) || "Group".equals(kind))
                Trees.putIfAbsent((Map<String, Object>) map, GROUP, "apiGroup");
        }
    }

    public static List<FieldError> binding(View binding, View old, boolean namespaced) {
        var check = new Check();
        var role = binding.get("roleRef");
        if (!GROUP.equals(role.get("apiGroup").string())) {
            check.add(FieldError.notSupported(
                    "roleRef.apiGroup", role.get("apiGroup").string(), Set.of(GROUP)));
        }
        var kinds = namespaced ? Set.of("ClusterRole", "Role") : Set.of("ClusterRole");
        if (!kinds.contains(role.get("kind").string()))
            check.add(FieldError.notSupported("roleRef.kind", role.get("kind").string(), kinds));
        if (check.required(role.get("name"), "roleRef.name"))
            check.name(
                    role.get("name").string(),
                    "roleRef.name",
                    Names.pathSegment(role.get("name").string()));
        if (old.exists()
                && !Trees.semanticEquals(role.value(), old.get("roleRef").value()))
            check.add(FieldError.invalid("roleRef", role.map(), "cannot change roleRef"));
        int i = 0;
        for (var subject : binding.get("subjects").views())
            subject(subject, "subjects[" + i++ + "]", namespaced, check);
        return check.errors();
    }

    private static void subject(View subject, String at, boolean namespaced, Check check) {
        check.required(subject.get("name"), at + ".name");
        var group = subject.get("apiGroup").string();
        switch (subject.get("kind").string()) {
            case "ServiceAccount" -> {
                var name = subject.get("name").string();
                if (!name.isEmpty()) check.name(name, at + ".name", Names.dnsSubdomain(name));
                if (!group.isEmpty()) check.add(FieldError.notSupported(at + ".apiGroup", group, Set.of("")));
                if (!namespaced) check.required(subject.get("namespace"), at + ".namespace");
            }
            case "User", "Group" -> {
                if (!group.equals(GROUP)) check.add(FieldError.notSupported(at + ".apiGroup", group, Set.of(GROUP)));
            }
            default ->
                check.add(FieldError.notSupported(
                        at + ".kind", subject.get("kind").string(), Set.of("Group", "ServiceAccount", "User")));
        }
    }

    /// The columns of both kinds of bindings.
    public static Column[] bindingColumns() {
        return new Column[] {
            Columns.NAME,
            Columns.text(
                    "Role",
                    b -> b.get("roleRef", "kind").string() + "/"
                            + b.get("roleRef", "name").string()),
            Columns.AGE,
            Columns.wide("Users", b -> subjects(b, "User")),
            Columns.wide("Groups", b -> subjects(b, "Group")),
            Columns.wide("ServiceAccounts", b -> subjects(b, "ServiceAccount"))
        };
    }

    private static String subjects(View binding, String kind) {
        return binding.get("subjects").stream()
                .filter(subject -> subject.get("kind").string().equals(kind))
                .map(subject -> kind.equals("ServiceAccount")
                        ? subject.get("namespace").string() + "/"
                                + subject.get("name").string()
                        : subject.get("name").string())
                .collect(Collectors.joining(", "));
    }
}
