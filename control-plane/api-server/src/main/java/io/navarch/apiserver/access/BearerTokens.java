package io.navarch.apiserver.access;

import io.navarch.schema.admission.User;
import java.util.List;
import java.util.Optional;

/// Recognizes bearer tokens.
public interface BearerTokens {
    /// The user of a token; empty when it is forged, expired, or meant for others.
    ///
    /// @param audiences whom the token must be meant for, one of these; none means this server
    Optional<User> verify(String token, List<String> audiences);

    /// Whom a token is meant for, given that it is valid.
    List<String> audiences(String token);

    /// The names that this server goes by as an audience.
    List<String> own();
}
