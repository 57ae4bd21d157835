package io.navarch.controllers.serviceaccounttoken;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.BiFunction;

/// Fills Secrets of type `kubernetes.io/service-account-token`, and deletes those whose account is gone.
///
/// Source: https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets
public final class ServiceAccountTokenController implements LegacyController<ServiceAccountTokenController.Seen> {
    private static final String ACCOUNT = "kubernetes.io/service-account.name";
    private static final String UID = "kubernetes.io/service-account.uid";

    private final BiFunction<View, View, String> signer;
    private final String authority;

    /// @param signer makes the token of an account that is bound to a Secret
    /// @param authority PEM text
    public ServiceAccountTokenController(BiFunction<View, View, String> signer, String authority) {
        this.signer = signer;
        this.authority = authority;
    }

    /// @param account absent when there is none of the name that the Secret names
    public record Seen(View secret, View account) {}

    @Override
    public String name() {
        return "tokens-controller";
    }

    @Override
    public String queue() {
        return "serviceaccount_tokens_secret";
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.SECRETS.untyped(), secret -> is(secret) ? List.of(secret.key()) : List.of()),
                new Input(
                        Resources.SERVICE_ACCOUNTS.untyped(),
                        (caches, account) ->
                                caches.of(Resources.SECRETS.untyped()).inNamespace(account.namespace()).stream()
                                        .filter(secret -> is(secret)
                                                && secret.annotation(ACCOUNT).equals(account.name()))
                                        .map(View::key)
                                        .toList()));
    }

    private static boolean is(View secret) {
        return secret.get("type").string().equals("kubernetes.io/service-account-token");
    }

    @Override
    public List<Permission> permissions() {
        return List.of(Permission.of("", "secrets", "update,delete"));
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var secret = caches.of(Resources.SECRETS.untyped()).get(key);
        if (!secret.exists() || secret.deleting()) return null;
        var name = secret.annotation(ACCOUNT);
        return name.isEmpty()
                ? null
                : new Seen(
                        secret,
                        caches.of(Resources.SERVICE_ACCOUNTS.untyped()).get(new ObjectKey(key.namespace(), name)));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var uid = seen.secret.annotation(UID);
        if (!seen.account.exists() || !uid.isEmpty() && !uid.equals(seen.account.uid()))
            return Decision.of(
                    List.of(new Action.Delete(Resources.SECRETS.untyped(), seen.secret.key(), seen.secret.uid())));
        var data = Trees.copy(seen.secret.get("data").map());
        data.putIfAbsent("token", encode(signer.apply(seen.account, seen.secret)));
        data.put("ca.crt", encode(authority));
        data.put("namespace", encode(seen.secret.namespace()));
        if (!uid.isEmpty() && Trees.semanticEquals(data, seen.secret.get("data").value())) return Decision.NOTHING;
        var object = Trees.copy(seen.secret.map());
        object.put("data", data);
        Trees.put(object, seen.account.uid(), "metadata", "annotations", UID);
        return Decision.of(List.of(new Action.Update(Resources.SECRETS.untyped(), object, "")));
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
