package io.navarch.kinds.secret;

import io.navarch.model.Secret;
import io.navarch.objects.Timestamps;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// A bootstrap token as its Secret holds it.
public record BootstrapToken(Secret secret) {
    public static final String NAMESPACE = "kube-system";

    /// What the names of the Secrets begin with.
    public static final String NAME = "bootstrap-token-";

    static final String TYPE = "bootstrap.kubernetes.io/token";

    public static boolean is(Secret secret) {
        return secret.namespace().equals(NAMESPACE) && secret.type().equals(TYPE);
    }

    /// A field, `""` when there is none.
    private String field(String name) {
        var value = secret.data().get(name);
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    public String id() {
        return field("token-id");
    }

    public String value() {
        return field("token-secret");
    }

    public boolean expires() {
        return !field("expiration").isEmpty();
    }

    /// When it expires. An expiration that cannot be read has passed: no token must live forever by mistake.
    public Instant expiration() {
        return Timestamps.parse(field("expiration")).orElse(Instant.MIN);
    }

    public boolean alive(Instant now) {
        return !expires() || expiration().isAfter(now);
    }

    /// Whether whoever shows the token is known by it.
    boolean authenticates(Instant now) {
        return whole(now) && field("usage-bootstrap-authentication").equals("true");
    }

    /// What somebody said about it.
    public String description() {
        return field("description");
    }

    /// What it is for: `authentication`, `signing`.
    public List<String> usages() {
        return Stream.of("authentication", "signing")
                .filter(usage -> field("usage-bootstrap-" + usage).equals("true"))
                .toList();
    }

    /// Further groups of whoever shows the token, as they stand there.
    public String groups() {
        return field("auth-extra-groups");
    }

    /// Whether the token may sign what joining nodes need to know.
    public boolean signs(Instant now) {
        return whole(now) && field("usage-bootstrap-signing").equals("true");
    }

    private boolean whole(Instant now) {
        return alive(now)
                && id().matches("[a-z0-9]{6}")
                && secret.name().equals(NAME + id())
                && value().matches("[a-z0-9]{16}");
    }
}
