package io.navarch.controllers.bootstraptoken;

import io.navarch.objects.Timestamps;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/// Bootstrap tokens as Secrets.
final class BootstrapTokens {
    static final String NAMESPACE = "kube-system";

    private BootstrapTokens() {}

    static boolean is(View secret) {
        return secret.namespace().equals(NAMESPACE)
                && secret.get("type").string().equals("bootstrap.kubernetes.io/token");
    }

    /// A field, `""` when there is none that can be read.
    static String data(View secret, String field) {
        try {
            return new String(
                    Base64.getDecoder().decode(secret.get("data", field).string()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /// Whether a token may sign what those who join need to know.
    static boolean signs(View secret, Instant now) {
        var id = data(secret, "token-id");
        var end = Timestamps.parse(data(secret, "expiration"));
        boolean alive = data(secret, "expiration").isEmpty() || end != null && end.isAfter(now);
        return is(secret)
                && alive
                && id.matches("[a-z0-9]{6}")
                && secret.name().equals("bootstrap-token-" + id)
                && data(secret, "token-secret").matches("[a-z0-9]{16}")
                && data(secret, "usage-bootstrap-signing").equals("true");
    }
}
