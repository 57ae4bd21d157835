package io.navarch.apiserver.access;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.objects.View;
import io.navarch.schema.admission.User;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// All roles and bindings, compiled; made anew when one of them has changed.
///
/// @param version counts the changes it was made after
/// @param bindings by namespace; those of the whole cluster under `""`
/// @param node what nodes may do without a binding
record RbacPolicy(long version, Map<String, List<Binding>> bindings, List<PolicyRule> node) {
    static final RbacPolicy NONE = new RbacPolicy(-1, Map.of(), List.of());
    static final String SERVICE_ACCOUNT = "system:serviceaccount:";
    private static final String NODE_ROLE = "system:node";

    /// A binding, with the rules of the role that it names.
    ///
    /// @param subjects users as `u:name`, groups as `g:name`
    /// @param role the role as reasons name it
    record Binding(String name, String namespace, Set<String> subjects, List<PolicyRule> rules, String role) {
        boolean appliesTo(User user) {
            if (subjects.contains("u:" + user.name())) return true;
            for (var group : user.groups()) {
                if (subjects.contains("g:" + group)) return true;
            }
            return false;
        }

        boolean allows(AccessAttributes call) {
            return appliesTo(call.user()) && rules.stream().anyMatch(rule -> rule.allows(call));
        }
    }

    static RbacPolicy of(
            long version,
            List<StoredObject> clusterRoles,
            List<StoredObject> clusterBindings,
            List<StoredObject> roles,
            List<StoredObject> bindings) {
        var rules = new HashMap<String, List<PolicyRule>>();
        for (var role : clusterRoles) rules.put("/" + role.name(), rules(role));
        for (var role : roles) rules.put(role.namespace() + "/" + role.name(), rules(role));
        var compiled = new HashMap<String, List<Binding>>();
        for (var list : List.of(clusterBindings, bindings)) {
            for (var stored : list) {
                compiled.computeIfAbsent(stored.namespace(), key -> new ArrayList<>())
                        .add(binding(stored.read(), rules));
            }
        }
        return new RbacPolicy(version, compiled, rules.getOrDefault("/" + NODE_ROLE, List.of()));
    }

    private static List<PolicyRule> rules(StoredObject role) {
        return role.read().get("rules").stream().map(PolicyRule::of).toList();
    }

    private static Binding binding(View binding, Map<String, List<PolicyRule>> rules) {
        var reference = binding.get("roleRef");
        var kind = reference.get("kind").string();
        var name = reference.get("name").string();
        var namespace = kind.equals("ClusterRole") ? "" : binding.namespace();
        var subjects = new HashSet<String>();
        for (var subject : binding.get("subjects").views()) {
            var who = subject.get("name").string();
            switch (subject.get("kind").string()) {
                case "User" -> subjects.add("u:" + who);
                case "Group" -> subjects.add("g:" + who);
                case "ServiceAccount" -> {
                    var home = subject.get("namespace").stringOr(binding.namespace());
                    subjects.add("u:" + SERVICE_ACCOUNT + home + ":" + who);
                }
                default -> {}
            }
        }
        return new Binding(
                binding.name(),
                binding.namespace(),
                subjects,
                rules.getOrDefault(namespace + "/" + name, List.of()),
                kind + " \"" + name + "\"");
    }

    /// The bindings of a namespace, or of the whole cluster with `""`.
    List<Binding> bindings(String namespace) {
        return bindings.getOrDefault(namespace, List.of());
    }
}
