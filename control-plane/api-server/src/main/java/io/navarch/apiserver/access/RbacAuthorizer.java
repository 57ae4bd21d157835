package io.navarch.apiserver.access;

import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.User;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Role-based access control, and the fixed rights of `system:masters` and of nodes.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
public final class RbacAuthorizer implements Authorizer {
    private static final String GROUP = "rbac.authorization.k8s.io";

    /// A policy rule of a role.
    public record Rule(
            List<String> verbs, List<String> groups, List<String> resources, List<String> names, List<String> urls) {
        public static Rule of(View rule) {
            return new Rule(
                    rule.get("verbs").strings(),
                    rule.get("apiGroups").strings(),
                    rule.get("resources").strings(),
                    rule.get("resourceNames").strings(),
                    rule.get("nonResourceURLs").strings());
        }

        boolean allows(Attributes call) {
            if (!verbs.contains("*") && !verbs.contains(call.verb())) return false;
            if (!call.resource()) {
                for (var url : urls) {
                    if (url.equals("*") || url.equals(call.path())) return true;
                    if (url.endsWith("*") && call.path().startsWith(url.substring(0, url.length() - 1))) return true;
                }
                return false;
            }
            if (!groups.contains("*") && !groups.contains(call.group())) return false;
            var wanted =
                    call.subresource().isEmpty() ? call.kindPlural() : call.kindPlural() + "/" + call.subresource();
            boolean resource = resources.contains("*")
                    || resources.contains(wanted)
                    || !call.subresource().isEmpty() && resources.contains("*/" + call.subresource());
            return resource && (names.isEmpty() || names.contains(call.name()));
        }
    }

    private record Binding(String name, String namespace, Set<String> subjects, List<Rule> rules, String role) {}

    /// Everything, compiled; made anew when one of the four kinds has changed.
    private record Policy(
            long version, List<Binding> cluster, Map<String, List<Binding>> namespaced, List<Rule> node) {}

    private final Resources resources;
    private volatile Policy policy = new Policy(-1, List.of(), Map.of(), List.of());

    public RbacAuthorizer(Resources resources) {
        this.resources = resources;
    }

    private ObjectCache cache(String plural) {
        return resources.storage().cache(resources.kind(GROUP, plural));
    }

    private Policy policy() {
        long version = 0;
        for (var plural : List.of("clusterroles", "clusterrolebindings", "roles", "rolebindings")) {
            version += cache(plural).changes();
        }
        var known = policy;
        if (known.version == version) return known;
        var clusterRoles = rules("clusterroles");
        var roles = rules("roles");
        var cluster = new ArrayList<Binding>();
        for (var stored : cache("clusterrolebindings").all()) {
            cluster.add(binding(stored.read(), clusterRoles, roles));
        }
        var namespaced = new HashMap<String, List<Binding>>();
        for (var stored : cache("rolebindings").all()) {
            namespaced
                    .computeIfAbsent(stored.namespace(), key -> new ArrayList<>())
                    .add(binding(stored.read(), clusterRoles, roles));
        }
        var made = new Policy(version, cluster, namespaced, clusterRoles.getOrDefault("/system:node", List.of()));
        policy = made;
        return made;
    }

    private Map<String, List<Rule>> rules(String plural) {
        var views = cache(plural).all().stream().map(StoredObject::read).toList();
        var result = new HashMap<String, List<Rule>>();
        for (var role : views) {
            var rules = new ArrayList<>(role.get("rules").stream().map(Rule::of).toList());
            result.put(role.namespace() + "/" + role.name(), rules);
        }
        return result;
    }

    private static Binding binding(View binding, Map<String, List<Rule>> clusterRoles, Map<String, List<Rule>> roles) {
        var reference = binding.get("roleRef");
        var name = reference.get("name").string();
        var rules = reference.get("kind").string().equals("ClusterRole")
                ? clusterRoles.getOrDefault("/" + name, List.of())
                : roles.getOrDefault(binding.namespace() + "/" + name, List.of());
        var subjects = new HashSet<String>();
        for (var subject : binding.get("subjects").views()) {
            var who = subject.get("name").string();
            switch (subject.get("kind").string()) {
                case "User" -> subjects.add("u:" + who);
                case "Group" -> subjects.add("g:" + who);
                case "ServiceAccount" -> {
                    var namespace = subject.get("namespace").stringOr(binding.namespace());
                    subjects.add("u:system:serviceaccount:" + namespace + ":" + who);
                }
                default -> {}
            }
        }
        return new Binding(
                binding.name(),
                binding.namespace(),
                subjects,
                rules,
                reference.get("kind").string() + " \"" + name + "\"");
    }

    private static boolean applies(Binding binding, User user) {
        if (binding.subjects.contains("u:" + user.name())) return true;
        for (var group : user.groups()) if (binding.subjects.contains("g:" + group)) return true;
        return false;
    }

    /// Whether the caller of a write may also do this ([Admission.Permission]).
    public boolean permits(Admission.Attributes call, String verb, String group, String resource, String name) {
        var user = User.of(call.user(), call.groups().toArray(String[]::new));
        return authorize(new Attributes(user, verb, true, group, "*", resource, "", "", name, ""))
                .allowed();
    }

    @Override
    public Decision authorize(Attributes call) {
        if (call.user().in(User.MASTERS)) return new Decision(true, "");
        var current = policy();
        for (var binding : current.cluster) {
            if (applies(binding, call.user()) && binding.rules.stream().anyMatch(rule -> rule.allows(call))) {
                return new Decision(
                        true,
                        "RBAC: allowed by ClusterRoleBinding \"" + binding.name + "\" of " + binding.role + " to "
                                + who(call.user()));
            }
        }
        if (!call.namespace().isEmpty()) {
            for (var binding : current.namespaced.getOrDefault(call.namespace(), List.of())) {
                if (applies(binding, call.user()) && binding.rules.stream().anyMatch(rule -> rule.allows(call))) {
                    return new Decision(
                            true,
                            "RBAC: allowed by RoleBinding \"" + binding.name + "/" + binding.namespace + "\" of "
                                    + binding.role + " to " + who(call.user()));
                }
            }
        }
        boolean node = call.user().in("system:nodes") && current.node.stream().anyMatch(rule -> rule.allows(call));
        return new Decision(node, "");
    }

    private static String who(User user) {
        return user.name().startsWith("system:serviceaccount:")
                ? "ServiceAccount \"" + user.name().substring(22).replace(":", "/") + "\""
                : "User \"" + user.name() + "\"";
    }

    @Override
    public List<Rule> rules(User user, String namespace) {
        if (user.in(User.MASTERS)) {
            return List.of(
                    new Rule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of()),
                    new Rule(List.of("*"), List.of(), List.of(), List.of(), List.of("*")));
        }
        var current = policy();
        var result = new ArrayList<Rule>();
        for (var binding : current.cluster) if (applies(binding, user)) result.addAll(binding.rules);
        for (var binding : current.namespaced.getOrDefault(namespace, List.of())) {
            if (applies(binding, user)) result.addAll(binding.rules);
        }
        return result;
    }
}
