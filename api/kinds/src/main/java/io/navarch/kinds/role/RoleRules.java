package io.navarch.kinds.role;

import io.navarch.kinds.support.Check;
import io.navarch.model.ApiObject;
import io.navarch.model.PolicyRule;
import io.navarch.model.Resources;
import io.navarch.model.RoleBinding;
import io.navarch.model.RoleRef;
import io.navarch.model.Subject;
import io.navarch.model.SubjectKind;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import io.navarch.schema.ColumnList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Rules that Role and ClusterRole share, and those of their bindings: a ClusterRoleBinding has the fields of a
/// RoleBinding and is read as one.
public final class RoleRules {
    public static final String GROUP = Resources.ROLES.group();

    private RoleRules() {}

    /// @param namespaced whether the rules belong to a Role, which cannot grant access to URLs
    public static void role(List<PolicyRule> rules, boolean namespaced, Check check) {
        int i = 0;
        for (var rule : rules) {
            var at = "rules[" + i++ + "]";
            if (rule.verbs().isEmpty())
                check.add(FieldError.required(at + ".verbs", "verbs must contain at least one value"));
            if (!rule.nonResourceURLs().isEmpty()) {
                urls(rule, at + ".nonResourceURLs", namespaced, check);
                continue;
            }
            if (rule.apiGroups().isEmpty())
                check.add(FieldError.required(at + ".apiGroups", "resource rules must supply at least one api group"));
            if (rule.resources().isEmpty())
                check.add(FieldError.required(at + ".resources", "resource rules must supply at least one resource"));
        }
    }

    private static void urls(PolicyRule rule, String at, boolean namespaced, Check check) {
        var urls = rule.raw(PolicyRule.NON_RESOURCE_URLS).list();
        if (namespaced) check.add(FieldError.invalid(at, urls, "namespaced rules cannot apply to non-resource URLs"));
        if (!rule.apiGroups().isEmpty()
                || !rule.resources().isEmpty()
                || !rule.resourceNames().isEmpty())
            check.add(
                    FieldError.invalid(at, urls, "rules cannot apply to both regular resources and non-resource URLs"));
    }

    public static void bindingDefaults(Map<String, Object> binding) {
        RoleBinding.edit(binding).editSubjects(builder -> {
            var subject = builder.build();
            boolean global = subject.kind() == SubjectKind.USER || subject.kind() == SubjectKind.GROUP;
            if (global && !subject.hasApiGroup()) builder.apiGroup(GROUP);
        });
    }

    public static List<FieldError> check(ApiObject object, ApiObject before, boolean namespaced) {
        var check = new Check();
        var binding = binding(object);
        var old = binding(before);
        var role = binding.roleRef();
        if (!GROUP.equals(role.apiGroup()))
            check.add(FieldError.notSupported("roleRef.apiGroup", role.apiGroup(), Set.of(GROUP)));
        var kinds = namespaced
                ? List.of(Resources.ROLES.kind(), Resources.CLUSTER_ROLES.kind())
                : List.of(Resources.CLUSTER_ROLES.kind());
        if (!kinds.contains(role.kind())) check.add(FieldError.notSupported("roleRef.kind", role.kind(), kinds));
        if (check.required(role.raw(RoleRef.NAME), "roleRef.name"))
            check.name(role.name(), "roleRef.name", Names.pathSegment(role.name()));
        if (old.exists() && !role.semanticEquals(old.roleRef()))
            check.add(FieldError.invalid("roleRef", role.view().map(), "cannot change roleRef"));
        int i = 0;
        for (var subject : binding.subjects()) subject(subject, "subjects[" + i++ + "]", namespaced, check);
        return check.errors();
    }

    private static void subject(Subject subject, String at, boolean namespaced, Check check) {
        check.required(subject.raw(Subject.NAME), at + ".name");
        var group = subject.apiGroup();
        switch (subject.kind()) {
            case SERVICE_ACCOUNT -> {
                var name = subject.name();
                if (!name.isEmpty()) check.name(name, at + ".name", Names.dnsSubdomain(name));
                if (!group.isEmpty()) check.add(FieldError.notSupported(at + ".apiGroup", group, Set.of("")));
                if (!namespaced) check.required(subject.raw(Subject.NAMESPACE), at + ".namespace");
            }
            case USER, GROUP -> {
                if (!group.equals(GROUP)) check.add(FieldError.notSupported(at + ".apiGroup", group, Set.of(GROUP)));
            }
            default ->
                check.add(FieldError.notSupported(
                        at + ".kind", subject.raw(Subject.KIND).string(), List.of("ServiceAccount", "User", "Group")));
        }
    }

    /// The columns of both kinds of bindings.
    public static void bindingColumns(ColumnList<? extends ApiObject> columns) {
        columns.name()
                .text("Role", binding -> role(binding(binding).roleRef()))
                .age()
                .wide("Users", binding -> subjects(binding(binding), SubjectKind.USER))
                .wide("Groups", binding -> subjects(binding(binding), SubjectKind.GROUP))
                .wide("ServiceAccounts", binding -> subjects(binding(binding), SubjectKind.SERVICE_ACCOUNT));
    }

    private static RoleBinding binding(ApiObject binding) {
        return RoleBinding.of(View.over(binding));
    }

    private static String role(RoleRef role) {
        return role.kind() + "/" + role.name();
    }

    private static String subjects(RoleBinding binding, SubjectKind kind) {
        boolean placed = kind == SubjectKind.SERVICE_ACCOUNT;
        return binding.subjects().stream()
                .filter(subject -> subject.kind() == kind)
                .map(subject -> placed ? subject.namespace() + "/" + subject.name() : subject.name())
                .collect(Collectors.joining(", "));
    }
}
