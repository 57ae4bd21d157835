package io.navarch.controllers.serviceaccounttoken;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.Pods;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;

/// Takes tokens out of use that the cluster once made by itself and that nobody has used for a year, and deletes them a
/// year later.
///
/// Source:
/// https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#legacy-serviceaccount-token-cleaner
public final class LegacyTokenCleanerController implements LegacyController<LegacyTokenCleanerController.Seen> {
    /// kube-controller-manager's `--legacy-service-account-token-clean-up-period`.
    private static final Duration UNUSED = Duration.ofDays(365);

    private static final String LAST_USED = "kubernetes.io/legacy-token-last-used";
    private static final String INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";

    private static final ObjectKey TRACKING =
            new ObjectKey("kube-system", "kube-apiserver-legacy-service-account-token-tracking");

    /// @param mounted whether a pod has the Secret mounted
    /// @param tracked since when the use of tokens is written down, a date, `""` when it is not
    public record Seen(View secret, View account, boolean mounted, String tracked) {}

    @Override
    public String name() {
        return "legacy-service-account-token-cleaner";
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(
                        Resources.SECRETS.untyped(),
                        secret -> secret.get("type").string().equals("kubernetes.io/service-account-token")
                                ? List.of(secret.key())
                                : List.of()),
                Input.lookedAt(Resources.SERVICE_ACCOUNTS.untyped()),
                Input.lookedAt(Resources.CONFIG_MAPS.untyped()),
                Input.lookedAt(Resources.PODS.untyped()));
    }

    @Override
    public List<Permission> permissions() {
        return List.of(Permission.of("", "secrets", "patch,delete"));
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var secret = caches.of(Resources.SECRETS.untyped()).get(key);
        if (!secret.exists() || secret.deleting()) return null;
        var account = caches.of(Resources.SERVICE_ACCOUNTS.untyped())
                .get(new ObjectKey(key.namespace(), secret.annotation("kubernetes.io/service-account.name")));
        // Only what the account lists was made by itself; what users made is theirs.
        if (!account.get("secrets").find("name", key.name()).exists()) return null;
        boolean mounted = caches.of(Resources.PODS.untyped()).inNamespace(key.namespace()).stream()
                .anyMatch(pod -> pod.spec().get("volumes").stream()
                        .anyMatch(volume ->
                                volume.get("secret", "secretName").string().equals(key.name())));
        var tracked = caches.of(Resources.CONFIG_MAPS.untyped()).get(TRACKING).get("data", "since");
        return new Seen(secret, account, mounted, tracked.string());
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var secret = seen.secret;
        // One without a date has not been used since dates are written down; before that nobody can say.
        var used = date(secret.labels().getOrDefault(LAST_USED, seen.tracked));
        if (used == null) return Decision.NOTHING;
        if (seen.mounted
                || Pods.created(secret).plus(UNUSED).isAfter(now)
                || used.plus(UNUSED).isAfter(now)) return LegacyController.decision(List.of(), Duration.ofDays(1));
        var since = date(secret.labels().getOrDefault(INVALID_SINCE, ""));
        if (since == null) {
            var today = LocalDate.ofInstant(now, ZoneOffset.UTC).toString();
            return LegacyController.decision(
                    List.of(new Action.Patch(
                            Resources.SECRETS.untyped(),
                            secret.key(),
                            "",
                            Trees.map(
                                    "metadata",
                                    Trees.map("uid", secret.uid(), "labels", Trees.map(INVALID_SINCE, today))))),
                    Duration.ofDays(1));
        }
        if (since.plus(UNUSED).isAfter(now)) return LegacyController.decision(List.of(), Duration.ofDays(1));
        return Decision.of(List.of(new Action.Delete(Resources.SECRETS.untyped(), secret.key(), secret.uid())));
    }

    private static Instant date(String text) {
        try {
            return text.isEmpty()
                    ? null
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
