package io.navarch.authorization;

import java.util.Optional;

/// One of those that are asked, and how.
///
/// @param webhook of one that is asked over the network, and only of that
public record ConfiguredAuthorizer(AuthorizerType type, String name, Optional<WebhookConfiguration> webhook) {
    static ConfiguredAuthorizer of(AuthorizerType type) {
        return new ConfiguredAuthorizer(type, type.ownName(), Optional.empty());
    }
}
