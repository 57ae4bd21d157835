package io.navarch.bootstrap;

import io.navarch.kinds.rbac.DefaultRoles;
import io.navarch.objects.Trees;
import io.navarch.reconcile.ControllerWiring;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// The roles of controllers, made from what they read and write: nobody keeps a list beside the code.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#controller-roles
public final class ControllerRoles {
    private static final String RBAC = "rbac.authorization.k8s.io";

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
            result.add(DefaultRoles.object("ClusterRole", name, Trees.map(), Trees.map("rules", rules(controller))));
            result.add(DefaultRoles.object(
                    "ClusterRoleBinding",
                    name,
                    Trees.map(),
                    Trees.map(
                            "roleRef",
                            Trees.map("apiGroup", RBAC, "kind", "ClusterRole", "name", name),
                            "subjects",
                            List.of(Trees.map(
                                    "kind",
                                    "ServiceAccount",
                                    "name",
                                    controller.name(),
                                    "namespace",
                                    "kube-system")))));
        }
        return result;
    }

    private static List<Object> rules(ControllerWiring controller) {
        var read = new TreeMap<String, TreeSet<String>>();
        for (var input : controller.inputs())
            if (!input.type().plural().equals("*"))
                read.computeIfAbsent(input.type().group(), group -> new TreeSet<>())
                        .add(input.type().plural());
        var rules = new ArrayList<Object>();
        read.forEach(
                (group, resources) -> rules.add(rule(group, List.copyOf(resources), List.of("get", "list", "watch"))));
        for (var permission : controller.outputs())
            rules.add(rule(permission.group(), permission.resources(), permission.verbs()));
        rules.add(rule("", List.of("events"), List.of("create", "patch", "update")));
        return rules;
    }

    private static Map<String, Object> rule(String group, List<String> resources, List<String> verbs) {
        return Trees.map("apiGroups", List.of(group), "resources", resources, "verbs", verbs);
    }
}
