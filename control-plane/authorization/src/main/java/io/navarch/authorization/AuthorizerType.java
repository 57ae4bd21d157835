package io.navarch.authorization;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Who can be asked whether somebody may do something, as `--authorization-mode` and configurations name them. ABAC is
/// not among them: its policies are files that nobody can see through the API.
public enum AuthorizerType {
    ALWAYS_ALLOW("AlwaysAllow"),
    ALWAYS_DENY("AlwaysDeny"),
    NODE("Node"),
    RBAC("RBAC"),
    WEBHOOK("Webhook");

    private final String text;

    AuthorizerType(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /// How the only authorizer of this type is named.
    String ownName() {
        return text.toLowerCase(Locale.ROOT);
    }

    static Optional<AuthorizerType> of(String text) {
        return Stream.of(values()).filter(type -> type.text.equals(text)).findFirst();
    }

    static List<String> names() {
        return Stream.of(values()).map(AuthorizerType::text).toList();
    }
}
