package io.navarch.bootstrap;

import io.navarch.kinds.rbac.DefaultRoles;
import io.navarch.model.PolicyRule;
import io.navarch.model.Resources;
import io.navarch.model.Role;
import io.navarch.model.RoleBinding;
import io.navarch.model.Subject;
import io.navarch.model.SubjectKind;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The Roles that every cluster begins with, in the namespaces of the system, and who has them.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
final class NamespaceRoles {
    private static final String SYSTEM = "kube-system";
    private static final String PUBLIC = "kube-public";
    private static final String EXTENSIONS = "extension-apiserver-authentication-reader";
    private static final String CONTROLLER = "system:controller:";
    private static final String LOCKING = "system::leader-locking-";
    private static final String MANAGER = "kube-controller-manager";
    private static final String SCHEDULER = "kube-scheduler";

    private final List<Role> roles = new ArrayList<>();
    private final List<RoleBinding> bindings = new ArrayList<>();

    private NamespaceRoles() {
        role(SYSTEM, EXTENSIONS, rule("get,list,watch", "configmaps", "extension-apiserver-authentication"));
        bind(SYSTEM, "system::" + EXTENSIONS, EXTENSIONS, user("system:" + MANAGER), user("system:" + SCHEDULER));
        controller(SYSTEM, "bootstrap-signer", rule("get,list,watch", "secrets"));
        controller(SYSTEM, "cloud-provider", rule("create,get,list,watch", "configmaps"));
        controller(SYSTEM, "token-cleaner", rule("get,list,watch,delete", "secrets"), events());
        controller(
                PUBLIC,
                "bootstrap-signer",
                rule("get,list,watch", "configmaps"),
                rule("update", "configmaps", "cluster-info"),
                events());
        locking(MANAGER, account(MANAGER), account("leader-election-controller"));
        locking(SCHEDULER, account(SCHEDULER));
    }

    static List<Role> roles() {
        return List.copyOf(new NamespaceRoles().roles);
    }

    static List<RoleBinding> bindings() {
        return List.copyOf(new NamespaceRoles().bindings);
    }

    private void controller(String namespace, String name, PolicyRule... rules) {
        role(namespace, CONTROLLER + name, rules);
        bind(namespace, CONTROLLER + name, CONTROLLER + name, account(name));
    }

    private void locking(String component, Subject... accounts) {
        var verbs = "get,watch,list,create,update";
        role(SYSTEM, LOCKING + component, lease(verbs, "leases"), lease(verbs, "leasecandidates"));
        var subjects = new ArrayList<>(List.of(user("system:" + component)));
        subjects.addAll(List.of(accounts));
        bind(SYSTEM, LOCKING + component, LOCKING + component, subjects.toArray(Subject[]::new));
    }

    private void role(String namespace, String name, PolicyRule... rules) {
        var body = Role.builder().rules(List.of(rules));
        roles.add(Resources.ROLES.read(View.of(placed(namespace, Resources.ROLES.kind(), name, body.map()))));
    }

    private void bind(String namespace, String name, String role, Subject... subjects) {
        var body = RoleBinding.builder()
                .roleRef(reference -> reference
                        .apiGroup(Resources.ROLES.group())
                        .kind(Resources.ROLES.kind())
                        .name(role))
                .subjects(List.of(subjects));
        bindings.add(Resources.ROLE_BINDINGS.read(
                View.of(placed(namespace, Resources.ROLE_BINDINGS.kind(), name, body.map()))));
    }

    private static Map<String, Object> placed(String namespace, String kind, String name, Map<String, Object> body) {
        var object = DefaultRoles.object(kind, name, new LinkedHashMap<>(), body);
        return Role.of(View.of(object)).toBuilder()
                .metadata(metadata -> metadata.namespace(namespace))
                .map();
    }

    private static PolicyRule events() {
        return PolicyRule.builder()
                .apiGroups(List.of("", "events.k8s.io"))
                .addResources("events")
                .verbs(List.of("create", "patch", "update"))
                .build();
    }

    private static PolicyRule rule(String verbs, String resource, String... names) {
        var rule = PolicyRule.builder()
                .addApiGroups("")
                .addResources(resource)
                .verbs(Stream.of(verbs.split(",")).sorted().toList());
        if (names.length > 0) rule.resourceNames(List.of(names));
        return rule.build();
    }

    private static PolicyRule lease(String verbs, String resource) {
        return PolicyRule.builder()
                .addApiGroups(Resources.LEASES.group())
                .addResources(resource)
                .verbs(Stream.of(verbs.split(",")).sorted().toList())
                .build();
    }

    private static Subject user(String name) {
        return Subject.builder()
                .apiGroup(Resources.ROLES.group())
                .kind(SubjectKind.USER)
                .name(name)
                .build();
    }

    private static Subject account(String name) {
        return Subject.builder()
                .kind(SubjectKind.SERVICE_ACCOUNT)
                .name(name)
                .namespace(SYSTEM)
                .build();
    }
}
