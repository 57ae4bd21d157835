package io.navarch.bootstrap;

import io.navarch.kinds.rbac.DefaultRoles;
import io.navarch.model.ClusterRole;
import io.navarch.model.ClusterRoleBinding;
import io.navarch.model.PolicyRule;
import io.navarch.model.Resources;
import io.navarch.model.SubjectKind;
import io.navarch.reconcile.ControllerWiring;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// The controllers' roles, derived from what their wiring says they read and write, so that no list has to be kept in
/// step.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#controller-roles
public final class ControllerRoles {
    private ControllerRoles() {}

    /// The ServiceAccount that a controller acts as.
    public static String account(String controller) {
        return "system:serviceaccount:kube-system:" + controller;
    }

    /// A ClusterRole and a ClusterRoleBinding for each.
    public static List<Map<String, Object>> of(List<ControllerWiring> controllers) {
        var result = new ArrayList<Map<String, Object>>();
        for (var controller : controllers) {
            var name = "system:controller:" + controller.name();
            var role = ClusterRole.builder().rules(rules(controller));
            var binding = ClusterRoleBinding.builder()
                    .roleRef(reference -> reference
                            .apiGroup(Resources.CLUSTER_ROLES.group())
                            .kind(Resources.CLUSTER_ROLES.kind())
                            .name(name))
                    .addSubjects(subject -> subject.kind(SubjectKind.SERVICE_ACCOUNT)
                            .name(controller.name())
                            .namespace("kube-system"));
            result.add(DefaultRoles.object(Resources.CLUSTER_ROLES.kind(), name, new LinkedHashMap<>(), role.map()));
            result.add(DefaultRoles.object(
                    Resources.CLUSTER_ROLE_BINDINGS.kind(), name, new LinkedHashMap<>(), binding.map()));
        }
        return result;
    }

    private static List<PolicyRule> rules(ControllerWiring controller) {
        var read = new TreeMap<String, TreeSet<String>>();
        for (var input : controller.inputs()) {
            var type = input.type();
            if (!type.plural().equals("*"))
                read.computeIfAbsent(type.group(), group -> new TreeSet<>()).add(type.plural());
        }
        var rules = new ArrayList<PolicyRule>();
        read.forEach(
                (group, resources) -> rules.add(rule(group, List.copyOf(resources), List.of("get", "list", "watch"))));
        for (var output : controller.outputs()) rules.add(rule(output.group(), output.resources(), output.verbs()));
        rules.add(rule("", List.of("events"), List.of("create", "patch", "update")));
        return rules;
    }

    private static PolicyRule rule(String group, List<String> resources, List<String> verbs) {
        return PolicyRule.builder()
                .addApiGroups(group)
                .resources(resources)
                .verbs(verbs)
                .build();
    }
}
