package io.navarch.apiserver.access;

import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.User;
import java.util.ArrayList;
import java.util.List;

/// Asks one authorizer after the other until one has an opinion. Members of `system:masters` may do everything, whoever
/// is asked: whoever locked everybody out could not be helped otherwise. Who is asked may change while the server runs.
public final class AuthorizerChain implements Authorizer {
    private static final Decision UNRESTRICTED = Decision.allow("");

    private volatile List<Authorizer> authorizers;

    public AuthorizerChain(List<Authorizer> authorizers) {
        this.authorizers = List.copyOf(authorizers);
    }

    /// Asks these from now on.
    public void use(List<Authorizer> others) {
        authorizers = List.copyOf(others);
    }

    @Override
    public Decision authorize(AccessAttributes attributes) {
        if (attributes.user().in(User.MASTERS)) return UNRESTRICTED;
        var reasons = new ArrayList<String>();
        var errors = new ArrayList<String>();
        for (var authorizer : authorizers) {
            var decision = authorizer.authorize(attributes);
            if (decision.verdict() != Verdict.NO_OPINION) return decision;
            if (!decision.reason().isEmpty()) reasons.add(decision.reason());
            if (!decision.error().isEmpty()) errors.add(decision.error());
        }
        return new Decision(Verdict.NO_OPINION, String.join("\n", reasons), Forbidden.joined(errors));
    }

    /// Whether the caller of a write may also do this ([Admission.Permission]).
    public boolean permits(
            Admission.Attributes call, String verb, String group, String resource, String namespace, String name) {
        var user = new User(call.user(), "", call.groups(), call.extra());
        return authorize(AccessAttributes.ofResource(user, verb, group, "*", resource, namespace, name))
                .allowed();
    }

    @Override
    public Rules rules(User user, String namespace) {
        var rules = new ArrayList<PolicyRule>();
        var errors = new ArrayList<String>();
        boolean incomplete = false;
        for (var authorizer : authorizers) {
            var found = authorizer.rules(user, namespace);
            rules.addAll(found.rules());
            incomplete |= found.incomplete();
            if (!found.error().isEmpty()) errors.add(found.error());
        }
        return new Rules(rules, incomplete, Forbidden.joined(errors));
    }
}
