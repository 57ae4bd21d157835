package io.navarch.apiserver.access;

import io.navarch.model.AnyObject;
import io.navarch.model.ClusterRole;
import io.navarch.model.ObjectMeta;
import io.navarch.model.Role;
import io.navarch.model.RoleBinding;
import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.User;
import java.util.List;

/// Nobody gives rights that he has not himself, neither by a role nor by binding one, unless he may `escalate` or
/// `bind`
/// it.
///
/// Source:
/// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
public final class EscalationCheck {
    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final List<PolicyRule> EVERYTHING = List.of(
            new PolicyRule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of()),
            new PolicyRule(List.of("*"), List.of(), List.of(), List.of(), List.of("*")));

    private final Authorizer authorizer;
    private final RbacAuthorizer rbac;

    /// @param rbac knows the roles and who has them
    public EscalationCheck(Authorizer authorizer, RbacAuthorizer rbac) {
        this.authorizer = authorizer;
        this.rbac = rbac;
    }

    /// @param call the write
    /// @param object what is to be stored
    /// @param old what is stored; absent for a new object
    /// @throws ApiException 403 when it would give more than the caller has
    public void check(AccessAttributes call, View object, View old) {
        boolean ours = call.group().equals(GROUP) && call.subresource().isEmpty();
        if (!ours || call.user().in(User.MASTERS)) return;
        switch (call.kindPlural()) {
            case "roles", "clusterroles" -> role(call, object, old);
            case "rolebindings", "clusterrolebindings" -> binding(call, object, old);
            default -> {}
        }
    }

    private void role(AccessAttributes call, View object, View old) {
        if (allows(call.doing("escalate")) || onlyCollected(object, old)) return;
        require(call, object, PolicyRule.of(Role.of(object)));
        boolean aggregates = aggregates(object) || aggregates(old);
        if (!aggregates || missing(call, EVERYTHING).isEmpty()) return;
        throw refused(call, object, "must have cluster-admin privileges to use the aggregationRule");
    }

    private static boolean aggregates(View role) {
        return !ClusterRole.of(role).aggregationRule().clusterRoleSelectors().isEmpty();
    }

    private void binding(AccessAttributes call, View object, View old) {
        if (onlyCollected(object, old)) return;
        var role = RoleBinding.of(object).roleRef();
        var plural = role.kind().equals("ClusterRole") ? "clusterroles" : "roles";
        var known = List.of("ClusterRole", "Role").contains(role.kind());
        var right = AccessAttributes.ofResource(
                call.user(), "bind", role.apiGroup(), "*", plural, call.namespace(), role.name());
        if (known && allows(right)) return;
        if (!known)
            throw new ApiException(
                    ApiException.Reason.INTERNAL_ERROR,
                    "Internal error occurred: unsupported role reference kind: " + GoText.quoted(role.kind()));
        var rules = rbac.role(role.kind(), call.namespace(), role.name())
                .orElseThrow(() -> ApiException.notFound(call.kindPlural(), GROUP, role.name()));
        require(call, object, rules);
    }

    private boolean allows(AccessAttributes right) {
        var plain = AccessAttributes.ofResource(
                right.user(), right.verb(), right.group(), "*", right.kindPlural(), right.namespace(), right.name());
        return authorizer.authorize(plain).allowed();
    }

    private List<PolicyRule> missing(AccessAttributes call, List<PolicyRule> wanted) {
        return RuleCoverage.missing(rbac.rules(call.user(), call.namespace()).rules(), wanted);
    }

    private void require(AccessAttributes call, View object, List<PolicyRule> wanted) {
        var missing = missing(call, wanted);
        if (missing.isEmpty()) return;
        var user = call.user();
        var error = rbac.rules(user, call.namespace()).error();
        throw refused(
                call,
                object,
                "user " + GoText.quoted(user.name()) + " (groups=" + RuleCoverage.quoted(user.groups())
                        + ") is attempting to grant RBAC permissions not currently held:\n"
                        + String.join("\n", RuleCoverage.described(missing))
                        + (error.isEmpty() ? "" : "; resolution errors: [" + error + "]"));
    }

    private static ApiException refused(AccessAttributes call, View object, String why) {
        return ApiException.forbidden(call.kindPlural(), call.group(), object.name(), why);
    }

    /// Whether a write only changes what the garbage collector has to: owners and finalizers. It must be able
    /// to let go of roles that it could not give.
    private static boolean onlyCollected(View object, View old) {
        return old.exists()
                && Trees.semanticEquals(rest(object).value(), rest(old).value());
    }

    private static View rest(View object) {
        var copy = Trees.copy(object.map());
        for (var field : List.of(
                ObjectMeta.OWNER_REFERENCES,
                ObjectMeta.FINALIZERS,
                ObjectMeta.MANAGED_FIELDS,
                ObjectMeta.RESOURCE_VERSION)) Trees.remove(copy, AnyObject.METADATA, field);
        return View.of(copy);
    }
}
