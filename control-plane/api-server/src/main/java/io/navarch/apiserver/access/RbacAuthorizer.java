package io.navarch.apiserver.access;

import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.apiserver.registry.Resources;
import io.navarch.schema.admission.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Role-based access control.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
public final class RbacAuthorizer implements Authorizer {
    private static final String GROUP = "rbac.authorization.k8s.io";

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

    @Override
    public Decision authorize(AccessAttributes call) {
        var errors = new ArrayList<String>();
        for (var binding : policy().bindings(call.namespace(), call.user())) {
            if (binding.rules().isEmpty()) errors.add(binding.missing());
            else if (binding.allows(call)) return Decision.allow(binding.reason(call.user()));
        }
        return Decision.noOpinion(errors.isEmpty() ? "" : "RBAC: " + Forbidden.joined(errors));
    }

    @Override
    public Rules rules(User user, String namespace) {
        var rules = new ArrayList<PolicyRule>();
        var errors = new ArrayList<String>();
        for (var binding : policy().bindings(namespace, user)) {
            binding.rules().ifPresentOrElse(rules::addAll, () -> errors.add(binding.missing()));
        }
        return new Rules(rules, false, Forbidden.joined(errors));
    }

    /// The rules of the role that a binding in this namespace names; empty when there is none.
    Optional<List<PolicyRule>> role(String kind, String namespace, String name) {
        return policy().role(kind, namespace, name);
    }
}
