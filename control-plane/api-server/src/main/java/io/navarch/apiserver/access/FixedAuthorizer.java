package io.navarch.apiserver.access;

import io.navarch.schema.admission.User;
import java.util.List;

/// Says the same whoever asks for what: for clusters that have no users, or that are closed.
public record FixedAuthorizer(Decision answer, Rules everybody) implements Authorizer {
    private static final List<String> ALL = List.of(PolicyRule.ALL);

    public static FixedAuthorizer allowing() {
        return new FixedAuthorizer(
                Decision.allow(""),
                new Rules(
                        List.of(
                                new PolicyRule(ALL, ALL, ALL, List.of(), List.of()),
                                new PolicyRule(ALL, List.of(), List.of(), List.of(), ALL)),
                        false,
                        ""));
    }

    public static FixedAuthorizer denying() {
        return new FixedAuthorizer(Decision.noOpinion("Everything is forbidden."), Rules.NONE);
    }

    @Override
    public Decision authorize(AccessAttributes attributes) {
        return answer;
    }

    @Override
    public Rules rules(User user, String namespace) {
        return everybody;
    }
}
