package io.navarch.authentication;

import io.navarch.schema.admission.User;
import java.util.List;
import java.util.Optional;

/// Recognises some tokens.
public interface TokenAuthenticator extends AutoCloseable {
    /// @param audiences one of these the token must be meant for
    /// @return empty when the token is none of those that this one knows, or not valid
    Optional<User> recognise(String token, List<String> audiences);

    /// Lets go of the connections to whoever is asked, if anybody is.
    @Override
    default void close() {}
}
