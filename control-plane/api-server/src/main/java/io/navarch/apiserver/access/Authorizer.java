package io.navarch.apiserver.access;

import io.navarch.schema.admission.User;
import java.util.List;

/// Decides whether a user may do something.
public interface Authorizer {
    /// @param reason why it is allowed; empty when no rule says so
    record Decision(boolean allowed, String reason) {}

    Decision authorize(AccessAttributes attributes);

    /// The rules that apply to a user in a namespace, for `SelfSubjectRulesReview`.
    List<PolicyRule> rules(User user, String namespace);
}
