package io.navarch.authorization;

import io.navarch.apiserver.access.AccessAttributes;
import io.navarch.apiserver.access.Authorizer;
import io.navarch.schema.admission.User;

/// Counts what an authorizer decides, unless it leaves it to others.
record CountedAuthorizer(ConfiguredAuthorizer configured, Authorizer authorizer, AuthorizationMetrics metrics)
        implements Authorizer {
    @Override
    public Decision authorize(AccessAttributes attributes) {
        var decision = authorizer.authorize(attributes);
        switch (decision.verdict()) {
            case ALLOW -> metrics.decided(configured, "allowed");
            case DENY -> metrics.decided(configured, "denied");
            case NO_OPINION -> {}
        }
        return decision;
    }

    @Override
    public Rules rules(User user, String namespace) {
        return authorizer.rules(user, namespace);
    }
}
