package io.navarch.apiserver.access;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.model.Role;
import io.navarch.model.RoleBinding;
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
        for (var role : clusterRoles) rules.put("/" + role.name(), PolicyRule.of(Role.of(role.read())));
        for (var role : roles) rules.put(role.namespace() + "/" + role.name(), PolicyRule.of(Role.of(role.read())));
        var compiled = new HashMap<String, List<Binding>>();
        for (var list : List.of(clusterBindings, bindings)) {
            for (var stored : list) {
                compiled.computeIfAbsent(stored.namespace(), key -> new ArrayList<>())
                        .add(binding(RoleBinding.of(stored.read()), rules));
            }
        }
        return new RbacPolicy(version, compiled, rules.getOrDefault("/" + NODE_ROLE, List.of()));
    }

    /// A binding of either kind: both have the same fields, and those of cluster roles no namespace.
    private static Binding binding(RoleBinding binding, Map<String, List<PolicyRule>> rules) {
        var role = binding.roleRef();
        var namespace = role.kind().equals("ClusterRole") ? "" : binding.namespace();
        var subjects = new HashSet<String>();
        for (var subject : binding.subjects()) {
            switch (subject.kind()) {
                case USER -> subjects.add("u:" + subject.name());
                case GROUP -> subjects.add("g:" + subject.name());
                case SERVICE_ACCOUNT -> {
                    var home = subject.namespaceOr(binding.namespace());
                    subjects.add("u:" + SERVICE_ACCOUNT + home + ":" + subject.name());
                }
                case UNSET, UNRECOGNIZED -> {}
            }
        }
        return new Binding(
                binding.name(),
                binding.namespace(),
                subjects,
                rules.getOrDefault(namespace + "/" + role.name(), List.of()),
                role.kind() + " \"" + role.name() + "\"");
    }

    /// The bindings of a namespace, or of the whole cluster with `""`.
    List<Binding> bindings(String namespace) {
        return bindings.getOrDefault(namespace, List.of());
    }
}
