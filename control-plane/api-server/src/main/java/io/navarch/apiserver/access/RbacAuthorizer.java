package io.navarch.apiserver.access;

import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.apiserver.registry.Resources;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.User;
import java.util.ArrayList;
import java.util.List;

/// Role-based access control, and the fixed rights of `system:masters` and of nodes.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
public final class RbacAuthorizer implements Authorizer {
    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final Decision NO_OPINION = new Decision(false, "");
    private static final Decision UNRESTRICTED = new Decision(true, "");

    private final Resources resources;
    /// The policy as of the last change of a role or binding that somebody has noticed.
    private volatile RbacPolicy policy = RbacPolicy.NONE;

    public RbacAuthorizer(Resources resources) {
        this.resources = resources;
    }

    private ObjectCache cache(String plural) {
        return resources.storage().cache(resources.kind(GROUP, plural).orElseThrow());
    }

    private RbacPolicy policy() {
        var clusterRoles = cache("clusterroles");
        var clusterBindings = cache("clusterrolebindings");
        var roles = cache("roles");
        var bindings = cache("rolebindings");
        long version = clusterRoles.changes() + clusterBindings.changes() + roles.changes() + bindings.changes();
        var known = policy;
        if (known.version() == version) return known;
        var made = RbacPolicy.of(version, clusterRoles.all(), clusterBindings.all(), roles.all(), bindings.all());
        policy = made;
        return made;
    }

    /// Whether the caller of a write may also do this ([Admission.Permission]).
    public boolean permits(Admission.Attributes call, String verb, String group, String resource, String name) {
        var user = User.of(call.user(), call.groups().toArray(String[]::new));
        return authorize(AccessAttributes.ofResource(user, verb, group, "*", resource, name))
                .allowed();
    }

    @Override
    public Decision authorize(AccessAttributes call) {
        if (call.user().in(User.MASTERS)) return UNRESTRICTED;
        var current = policy();
        for (var binding : current.bindings("")) {
            if (binding.allows(call)) return allowed("ClusterRoleBinding \"" + binding.name(), binding, call.user());
        }
        if (!call.namespace().isEmpty()) {
            for (var binding : current.bindings(call.namespace())) {
                if (!binding.allows(call)) continue;
                return allowed("RoleBinding \"" + binding.name() + "/" + binding.namespace(), binding, call.user());
            }
        }
        boolean node = call.user().in(User.NODES) && current.node().stream().anyMatch(rule -> rule.allows(call));
        return node ? UNRESTRICTED : NO_OPINION;
    }

    private static Decision allowed(String by, RbacPolicy.Binding binding, User user) {
        return new Decision(true, "RBAC: allowed by " + by + "\" of " + binding.role() + " to " + who(user));
    }

    private static String who(User user) {
        return user.name().startsWith(RbacPolicy.SERVICE_ACCOUNT)
                ? "ServiceAccount \""
                        + user.name()
                                .substring(RbacPolicy.SERVICE_ACCOUNT.length())
                                .replace(":", "/") + "\""
                : "User \"" + user.name() + "\"";
    }

    @Override
    public List<PolicyRule> rules(User user, String namespace) {
        var all = List.of("*");
        if (user.in(User.MASTERS)) {
            return List.of(
                    new PolicyRule(all, all, all, List.of(), List.of()),
                    new PolicyRule(all, List.of(), List.of(), List.of(), all));
        }
        var current = policy();
        var result = new ArrayList<PolicyRule>();
        for (var scope : namespace.isEmpty() ? List.of("") : List.of("", namespace)) {
            for (var binding : current.bindings(scope)) {
                if (binding.appliesTo(user)) result.addAll(binding.rules());
            }
        }
        return result;
    }
}
