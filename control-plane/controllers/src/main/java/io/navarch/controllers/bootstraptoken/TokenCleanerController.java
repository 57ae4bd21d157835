package io.navarch.controllers.bootstraptoken;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Timestamps;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Deletes bootstrap tokens when they have expired.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/
public final class TokenCleanerController implements LegacyController<View> {
    @Override
    public String name() {
        return "token-cleaner";
    }

    @Override
    public String queue() {
        return "token_cleaner";
    }

    @Override
    public List<Input> inputs() {
        return List.of(new Input(
                Resources.SECRETS.untyped(), secret -> BootstrapTokens.is(secret) ? List.of(secret.key()) : List.of()));
    }

    @Override
    public List<Permission> permissions() {
        return List.of(Permission.of("", "secrets", "delete"));
    }

    @Override
    public View look(Caches caches, ObjectKey key) {
        var secret = caches.of(Resources.SECRETS.untyped()).get(key);
        return BootstrapTokens.is(secret) ? secret : null;
    }

    @Override
    public Decision decide(View secret, Instant now) {
        var text = BootstrapTokens.data(secret, "expiration");
        if (text.isEmpty()) return Decision.NOTHING;
        var end = Timestamps.parse(text);
        // What cannot be read has expired: a token must not live for ever by mistake.
        if (end != null && end.isAfter(now))
            return LegacyController.decision(
                    List.of(), Duration.between(now, end).plusMillis(10));
        return Decision.of(List.of(new Action.Delete(Resources.SECRETS.untyped(), secret.key(), secret.uid())));
    }
}
