package io.navarch.controllers.serviceaccounttoken;

import io.navarch.client.Caches;
import io.navarch.model.Resources;
import io.navarch.model.Secret;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/// Invalidates tokens that the cluster once made by itself and that nobody has used for a year, and deletes them a year
/// later.
///
/// Source:
/// https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#legacy-serviceaccount-token-cleaner
public final class LegacyTokenCleanerController implements Controller<LegacyTokenCleanerController.Seen> {
    /// kube-controller-manager's `--legacy-service-account-token-clean-up-period`.
    private static final Duration UNUSED = Duration.ofDays(365);

    private static final Decision TOMORROW =
            Decision.builder().requeueAfter(Duration.ofDays(1)).build();
    private static final String LAST_USED = "kubernetes.io/legacy-token-last-used";
    private static final String INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";

    private static final ObjectKey TRACKING =
            new ObjectKey("kube-system", "kube-apiserver-legacy-service-account-token-tracking");

    /// @param mounted whether a pod mounts the Secret
    /// @param tracked the date since when uses of tokens have been recorded, `""` when they are not
    public record Seen(Secret secret, boolean mounted, String tracked) {}

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("legacy-service-account-token-cleaner")
                .watches(
                        Resources.SECRETS,
                        secret -> secret.type().equals(ServiceAccountTokenController.TYPE)
                                ? List.of(secret.key())
                                : List.of())
                .reads(Resources.SERVICE_ACCOUNTS)
                .reads(Resources.CONFIG_MAPS)
                .reads(Resources.PODS)
                .may("", "secrets", "patch,delete")
                .build();
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var secret = caches.of(Resources.SECRETS).get(key);
        if (!secret.exists() || secret.deleting()) return Optional.empty();
        var account = caches.of(Resources.SERVICE_ACCOUNTS)
                .get(new ObjectKey(key.namespace(), secret.annotation(ServiceAccountTokenController.ACCOUNT)));
        // Only tokens that an account lists were made by the cluster; those that users made are theirs.
        if (account.secrets().stream().noneMatch(each -> each.name().equals(key.name()))) return Optional.empty();
        boolean mounted = caches.of(Resources.PODS).inNamespace(key.namespace()).stream()
                .flatMap(pod -> pod.spec().volumes().stream())
                .anyMatch(volume -> volume.secret().secretName().equals(key.name()));
        var tracking = caches.of(Resources.CONFIG_MAPS).get(TRACKING);
        return Optional.of(new Seen(secret, mounted, tracking.data().getOrDefault("since", "")));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var secret = seen.secret;
        // A token without a date has not been used since uses are recorded; before that nobody can say.
        var used = date(secret.labels().getOrDefault(LAST_USED, seen.tracked));
        if (used.isEmpty()) return Decision.NOTHING;
        var created = secret.metadata().creationTimestamp().orElse(Instant.EPOCH);
        if (seen.mounted || recent(created, now) || recent(used.get(), now)) return TOMORROW;
        var invalid = date(secret.labels().getOrDefault(INVALID_SINCE, ""));
        if (invalid.isEmpty()) {
            var today = LocalDate.ofInstant(now, ZoneOffset.UTC).toString();
            var marked = Secret.builder().metadata(it -> it.uid(secret.uid()).putLabels(INVALID_SINCE, today));
            return Decision.builder()
                    .change(Action.Patch.of(Resources.SECRETS, secret, marked.build()))
                    .requeueAfter(Duration.ofDays(1))
                    .build();
        }
        return recent(invalid.get(), now) ? TOMORROW : Decision.of(new Action.Delete(Resources.SECRETS, secret));
    }

    private static boolean recent(Instant time, Instant now) {
        return time.plus(UNUSED).isAfter(now);
    }

    private static Optional<Instant> date(String text) {
        try {
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
