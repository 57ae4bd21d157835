package io.navarch.schema.admission;

import java.util.Locale;
import java.util.Optional;

/// The verbs of requests for resources.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb
public enum Verb {
    GET,
    LIST,
    WATCH,
    CREATE,
    UPDATE,
    PATCH,
    DELETE,
    DELETECOLLECTION;

    private final String text = name().toLowerCase(Locale.ROOT);

    /// The verb as roles and discovery write it.
    public String text() {
        return text;
    }

    public static Optional<Verb> of(String text) {
        for (var verb : values()) {
            if (verb.text.equals(text)) return Optional.of(verb);
        }
        return Optional.empty();
    }
}
