package io.navarch.kinds.rbac;

import io.navarch.kinds.Check;
import io.navarch.kinds.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Role, RoleBinding, ClusterRole and ClusterRoleBinding.
public final class RbacKinds {
    private static final String GROUP = "rbac.authorization.k8s.io";

    private RbacKinds() {}

    public static KindDefinition role(Types types) {
        return role("Role", "roles", types);
    }

    public static KindDefinition clusterRole(Types types) {
        return role("ClusterRole", "clusterroles", types).clusterScoped();
    }

    public static KindDefinition roleBinding(Types types) {
        return binding("RoleBinding", "rolebindings", types);
    }

    public static KindDefinition clusterRoleBinding(Types types) {
        return binding("ClusterRoleBinding", "clusterrolebindings", types).clusterScoped();
    }

    private static KindDefinition role(String kind, String plural, Types types) {
        return KindDefinition.of(GROUP, kind, plural)
                .version(
                        "v1",
                        types.get("V1" + kind),
                        Columns.NAME,
                        Columns.text(
                                "Created At",
                                r -> r.metadata().get("creationTimestamp").string()))
                .named(Names::pathSegment)
                .createsOnUpdate()
                .ruledBy((role, old) -> {
                    var check = new Check();
                    int i = 0;
                    for (var rule : role.get("rules").views()) {
                        var at = "rules[" + i++ + "]";
                        check.required(rule.get("verbs"), at + ".verbs");
                        boolean urls = !rule.get("nonResourceURLs").list().isEmpty();
                        if (urls && kind.equals("Role")) {
                            check.add(FieldError.invalid(
                                    at + ".nonResourceURLs",
                                    rule.get("nonResourceURLs").list(),
                                    "namespaced rules cannot apply to non-resource URLs"));
                        } else if (!urls) {
                            check.required(rule.get("apiGroups"), at + ".apiGroups");
                            check.required(rule.get("resources"), at + ".resources");
                        }
                    }
                    return check.errors();
                });
    }

    private static KindDefinition binding(String kind, String plural, Types types) {
        return KindDefinition.of(GROUP, kind, plural)
                .version(
                        "v1",
                        types.get("V1" + kind),
                        Columns.NAME,
                        Columns.text(
                                "Role",
                                b -> b.get("roleRef", "kind").string() + "/"
                                        + b.get("roleRef", "name").string()),
                        Columns.AGE,
                        Columns.wide("Users", b -> subjects(b, "User")),
                        Columns.wide("Groups", b -> subjects(b, "Group")),
                        Columns.wide("ServiceAccounts", b -> subjects(b, "ServiceAccount")))
                .named(Names::pathSegment)
                .createsOnUpdate()
                .defaultedBy(RbacKinds::defaults)
                .ruledBy((binding, old) -> {
                    var check = new Check();
                    var role = binding.get("roleRef");
                    if (!GROUP.equals(role.get("apiGroup").string())) {
                        check.add(FieldError.notSupported(
                                "roleRef.apiGroup", role.get("apiGroup").string(), Set.of(GROUP)));
                    }
                    check.oneOf(role.get("kind"), "roleRef.kind", Set.of("ClusterRole", "Role"));
                    check.required(role.get("name"), "roleRef.name");
                    if (old.exists()
                            && !Trees.semanticEquals(
                                    role.value(), old.get("roleRef").value())) {
                        check.add(FieldError.invalid("roleRef", role.map(), "cannot change roleRef"));
                    }
                    int i = 0;
                    for (var subject : binding.get("subjects").views()) {
                        var at = "subjects[" + i++ + "]";
                        check.required(subject.get("name"), at + ".name");
                        check.oneOf(subject.get("kind"), at + ".kind", Set.of("Group", "ServiceAccount", "User"));
                        if (subject.get("kind").string().equals("ServiceAccount")
                                && kind.equals("ClusterRoleBinding")) {
                            check.required(subject.get("namespace"), at + ".namespace");
                        }
                    }
                    return check.errors();
                });
    }

    @SuppressWarnings("unchecked")
    private static void defaults(Map<String, Object> binding) {
        Trees.putIfAbsent(binding, GROUP, "roleRef", "apiGroup");
        for (var element : View.of(binding).get("subjects").list()) {
            var subject = (Map<String, Object>) element;
            boolean account = "ServiceAccount".equals(subject.get("kind"));
            if (!account) Trees.putIfAbsent(subject, GROUP, "apiGroup");
            if (account
                    && View.of(subject).get("namespace").string().isEmpty()
                    && !View.of(binding).namespace().isEmpty()) {
                subject.put("namespace", View.of(binding).namespace());
            }
        }
    }

    private static String subjects(View binding, String kind) {
        List<String> names = binding.get("subjects").stream()
                .filter(subject -> subject.get("kind").string().equals(kind))
                .map(subject -> kind.equals("ServiceAccount")
                        ? subject.get("namespace").string() + "/"
                                + subject.get("name").string()
                        : subject.get("name").string())
                .toList();
        return String.join(", ", names);
    }
}
