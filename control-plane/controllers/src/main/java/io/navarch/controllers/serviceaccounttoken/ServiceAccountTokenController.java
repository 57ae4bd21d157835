package io.navarch.controllers.serviceaccounttoken;

import io.navarch.client.Caches;
import io.navarch.model.ConfigMap;
import io.navarch.model.Resources;
import io.navarch.model.Secret;
import io.navarch.model.ServiceAccount;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Fills Secrets of type `kubernetes.io/service-account-token`, and deletes those whose account is gone. The
/// token comes from a read step.
///
/// Source: https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets
public final class ServiceAccountTokenController implements Controller<ServiceAccountTokenController.Seen> {
    static final String TYPE = "kubernetes.io/service-account-token";
    static final String ACCOUNT = "kubernetes.io/service-account.name";
    private static final String UID = "kubernetes.io/service-account.uid";
    private static final String TOKEN = "token";

    private static final ObjectKey PUBLISHED_AT = new ObjectKey("kube-system", "extension-apiserver-authentication");

    /// @param account absent when there is none of the name that the Secret names
    /// @param trusted the authorities, as PEM text, which come from a read step
    /// @param token `""` unless one had to be made
    public record Seen(Secret secret, ServiceAccount account, String token, String trusted) {
        public Seen trusting(String authorities) {
            return new Seen(secret, account, token, authorities);
        }

        /// Whether the account is the one that the Secret was made for; one without a uid is for whoever has the name.
        boolean ofAccount() {
            var uid = secret.annotation(UID);
            return account.exists() && (uid.isEmpty() || uid.equals(account.uid()));
        }

        public boolean needsToken() {
            return ofAccount() && !secret.data().containsKey(TOKEN);
        }
    }

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("tokens-controller")
                .queue("serviceaccount_tokens_secret")
                .watches(Resources.SECRETS, secret -> is(secret) ? List.of(secret.key()) : List.of())
                .watches(Resources.SERVICE_ACCOUNTS, ServiceAccountTokenController::secretsOf)
                .watches(Resources.CONFIG_MAPS, ServiceAccountTokenController::follow)
                .may("", "secrets", "update,delete")
                .build();
    }

    private static List<ObjectKey> secretsOf(Caches caches, ServiceAccount account) {
        return caches.of(Resources.SECRETS).inNamespace(account.namespace()).stream()
                .filter(secret -> is(secret) && secret.annotation(ACCOUNT).equals(account.name()))
                .map(Secret::key)
                .toList();
    }

    /// Where the authorities are published: its change is the news that all Secrets have to change.
    private static Collection<ObjectKey> follow(Caches caches, ConfigMap map) {
        if (!map.key().equals(PUBLISHED_AT)) return List.of();
        return caches.of(Resources.SECRETS).all().stream()
                .filter(ServiceAccountTokenController::is)
                .map(Secret::key)
                .toList();
    }

    private static boolean is(Secret secret) {
        return secret.type().equals(TYPE);
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var secret = caches.of(Resources.SECRETS).get(key);
        var name = secret.annotation(ACCOUNT);
        if (!secret.exists() || secret.deleting() || name.isEmpty()) return Optional.empty();
        var account = caches.of(Resources.SERVICE_ACCOUNTS).get(new ObjectKey(key.namespace(), name));
        return Optional.of(new Seen(secret, account, "", ""));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var secret = seen.secret;
        if (!seen.ofAccount()) return Decision.of(new Action.Delete(Resources.SECRETS, secret));
        Map<String, byte[]> data = new LinkedHashMap<>(secret.data());
        if (seen.needsToken()) data.put(TOKEN, seen.token.getBytes(StandardCharsets.UTF_8));
        data.put("ca.crt", seen.trusted.getBytes(StandardCharsets.UTF_8));
        data.put("namespace", secret.namespace().getBytes(StandardCharsets.UTF_8));
        var filled = secret.toBuilder()
                .data(data)
                .metadata(metadata -> metadata.putAnnotations(UID, seen.account.uid()))
                .build();
        if (filled.semanticEquals(secret)) return Decision.NOTHING;
        return Decision.of(new Action.Update(Resources.SECRETS, filled, ""));
    }
}
