package io.navarch.controllers.bootstraptoken;

import io.navarch.client.Caches;
import io.navarch.kinds.secret.BootstrapToken;
import io.navarch.model.Resources;
import io.navarch.model.Secret;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Deletes bootstrap tokens once they have expired.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/
public final class TokenCleanerController implements Controller<Secret> {
    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("token-cleaner")
                .queue("token_cleaner")
                .watches(Resources.SECRETS, secret -> BootstrapToken.is(secret) ? List.of(secret.key()) : List.of())
                .may("", "secrets", "delete")
                .build();
    }

    @Override
    public Optional<Secret> observe(Caches caches, ObjectKey key) {
        return Optional.of(caches.of(Resources.SECRETS).get(key)).filter(BootstrapToken::is);
    }

    @Override
    public Decision decide(Secret secret, Instant now) {
        var token = new BootstrapToken(secret);
        if (!token.expires()) return Decision.NOTHING;
        if (!token.alive(now)) return Decision.of(new Action.Delete(Resources.SECRETS, secret));
        return Decision.builder()
                .requeueAfter(Duration.between(now, token.expiration()).plusMillis(10))
                .build();
    }
}
