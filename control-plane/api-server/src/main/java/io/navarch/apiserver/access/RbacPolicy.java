package io.navarch.apiserver.access;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.model.Role;
import io.navarch.model.RoleBinding;
import io.navarch.model.Subject;
import io.navarch.objects.GoText;
import io.navarch.schema.admission.User;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/// All roles and bindings, compiled; made anew when one of them has changed.
///
/// @param version counts the changes it was made after
/// @param bindings by namespace; those of the whole cluster under `""`
/// @param roles by namespace and name; those of the whole cluster have no namespace
record RbacPolicy(long version, Map<String, Bindings> bindings, Map<String, List<PolicyRule>> roles) {
    static final RbacPolicy NONE = new RbacPolicy(-1, Map.of(), Map.of());
    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";
    private static final String CLUSTER_ROLE = "ClusterRole";
    private static final String USER = "u:";
    private static final String GROUP = "g:";

    /// A binding, with the rules of the role that it names.
    ///
    /// @param subjects users as `u:name`, groups as `g:name`, and how reasons call them, in the binding's order
    /// @param rules empty when there is no such role
    /// @param role the role as reasons name it
    /// @param missing what to say when there is no such role
    record Binding(
            String name,
            String namespace,
            Map<String, String> subjects,
            Optional<List<PolicyRule>> rules,
            String role,
            String missing) {
        boolean allows(AccessAttributes call) {
            return rules.isPresent() && rules.get().stream().anyMatch(rule -> rule.allows(call));
        }

        /// Why the user may do it: by which binding, as which of its subjects.
        String reason(User user) {
            var subject = subjects.entrySet().stream()
                    .filter(each -> each.getKey().equals(USER + user.name())
                            || each.getKey().startsWith(GROUP)
                                    && user.in(each.getKey().substring(GROUP.length())))
                    .findFirst()
                    .map(Map.Entry::getValue)
                    .orElse("");
            var by = namespace.isEmpty()
                    ? "ClusterRoleBinding " + GoText.quoted(name)
                    : "RoleBinding " + GoText.quoted(name + "/" + namespace);
            return "RBAC: allowed by " + by + " of " + role + " to " + subject;
        }
    }

    /// Bindings in their order, and the places of those that name somebody, by `u:name` and `g:name`: most of them
    /// concern nobody who calls.
    record Bindings(List<Binding> all, Map<String, List<Integer>> places) {
        static final Bindings NONE = new Bindings(List.of(), Map.of());

        static Bindings of(List<Binding> all) {
            var places = new HashMap<String, List<Integer>>();
            for (int i = 0; i < all.size(); i++)
                for (var subject : all.get(i).subjects.keySet())
                    places.computeIfAbsent(subject, key -> new ArrayList<>()).add(i);
            return new Bindings(all, places);
        }

        List<Binding> naming(User user) {
            var found = new TreeSet<>(places.getOrDefault(USER + user.name(), List.of()));
            for (var group : user.groups()) found.addAll(places.getOrDefault(GROUP + group, List.of()));
            return found.stream().map(all::get).toList();
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
        var indexed = new HashMap<String, Bindings>();
        compiled.forEach((namespace, all) -> indexed.put(namespace, Bindings.of(all)));
        return new RbacPolicy(version, indexed, rules);
    }

    /// A binding of either kind: both have the same fields, and those of cluster roles no namespace.
    private static Binding binding(RoleBinding binding, Map<String, List<PolicyRule>> rules) {
        var role = binding.roleRef();
        var subjects = new LinkedHashMap<String, String>();
        for (var subject : binding.subjects()) subject(binding, subject, subjects);
        return new Binding(
                binding.name(),
                binding.namespace(),
                subjects,
                Optional.ofNullable(rules.get(key(role.kind(), binding.namespace(), role.name()))),
                role.kind() + " " + GoText.quoted(role.name()),
                missing(role.kind(), role.name()));
    }

    private static void subject(RoleBinding binding, Subject subject, Map<String, String> into) {
        switch (subject.kind()) {
            case USER -> into.putIfAbsent(USER + subject.name(), "User " + GoText.quoted(subject.name()));
            case GROUP -> into.putIfAbsent(GROUP + subject.name(), "Group " + GoText.quoted(subject.name()));
            case SERVICE_ACCOUNT -> {
                var home = subject.namespaceOr(binding.namespace());
                // Without a namespace it is nobody: no account is outside of all namespaces.
                if (home.isEmpty()) return;
                into.putIfAbsent(
                        USER + SERVICE_ACCOUNT + home + ":" + subject.name(),
                        "ServiceAccount " + GoText.quoted(subject.name() + "/" + home));
            }
            case UNSET, UNRECOGNIZED -> {}
        }
    }

    private static String key(String kind, String namespace, String name) {
        return (kind.equals(CLUSTER_ROLE) ? "" : namespace) + "/" + name;
    }

    /// What there is to say about a role that is not there.
    static String missing(String kind, String name) {
        return (kind.equals(CLUSTER_ROLE) ? "clusterrole" : "role") + ".rbac.authorization.k8s.io "
                + GoText.quoted(name) + " not found";
    }

    /// The rules of the role that a binding in this namespace names; empty when there is none.
    Optional<List<PolicyRule>> role(String kind, String namespace, String name) {
        return Optional.ofNullable(roles.get(key(kind, namespace, name)));
    }

    /// The bindings that name a user and count in a namespace, or for the whole cluster with `""`: those of the cluster
    /// come first.
    Iterable<Binding> bindings(String namespace, User user) {
        var everywhere = bindings.getOrDefault("", Bindings.NONE).naming(user);
        if (namespace.isEmpty()) return everywhere;
        var here = bindings.getOrDefault(namespace, Bindings.NONE).naming(user);
        return () -> Stream.concat(everywhere.stream(), here.stream()).iterator();
    }
}
