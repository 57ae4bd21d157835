package io.navarch.controllers.bootstraptoken;

import io.navarch.model.Secret;
import io.navarch.objects.Timestamps;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// A bootstrap token as its Secret holds it.
record BootstrapToken(Secret secret) {
    static final String NAMESPACE = "kube-system";

    static boolean is(Secret secret) {
        return secret.namespace().equals(NAMESPACE) && secret.type().equals("bootstrap.kubernetes.io/token");
    }

    /// A field, `""` when there is none.
    private String field(String name) {
        var value = secret.data().get(name);
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    String id() {
        return field("token-id");
    }

    String value() {
        return field("token-secret");
    }

    boolean expires() {
        return !field("expiration").isEmpty();
    }

    /// When it expires. An expiration that cannot be read has passed: no token must live forever by mistake.
    Instant expiration() {
        return Timestamps.parse(field("expiration")).orElse(Instant.MIN);
    }

    boolean alive(Instant now) {
        return !expires() || expiration().isAfter(now);
    }

    /// Whether the token may sign what joining nodes need to know.
    boolean signs(Instant now) {
        return alive(now)
                && id().matches("[a-z0-9]{6}")
                && secret.name().equals("bootstrap-token-" + id())
                && value().matches("[a-z0-9]{16}")
                && field("usage-bootstrap-signing").equals("true");
    }
}
