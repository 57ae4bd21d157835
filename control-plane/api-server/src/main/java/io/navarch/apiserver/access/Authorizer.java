package io.navarch.apiserver.access;

import io.navarch.schema.admission.User;
import java.util.List;

/// Decides whether a user may do something.
public interface Authorizer {
    enum Verdict {
        ALLOW,
        /// Whatever others say.
        DENY,
        /// Others may allow it; when nobody does, it is refused.
        NO_OPINION
    }

    /// @param reason why it is decided like this; may be empty
    /// @param error what kept it from being decided by what was asked; may be empty
    record Decision(Verdict verdict, String reason, String error) {
        public static Decision allow(String reason) {
            return new Decision(Verdict.ALLOW, reason, "");
        }

        public static Decision deny(String reason) {
            return new Decision(Verdict.DENY, reason, "");
        }

        public static Decision noOpinion(String reason) {
            return new Decision(Verdict.NO_OPINION, reason, "");
        }

        public boolean allowed() {
            return verdict == Verdict.ALLOW;
        }
    }

    /// The rules that apply to a user in a namespace, for `SelfSubjectRulesReview`.
    ///
    /// @param incomplete whether the user has rights that no rule tells of
    /// @param error what could not be found out; may be empty
    record Rules(List<PolicyRule> rules, boolean incomplete, String error) {
        public static final Rules NONE = new Rules(List.of(), false, "");
    }

    Decision authorize(AccessAttributes attributes);

    Rules rules(User user, String namespace);
}
