package io.navarch.controllers.serviceaccount;

import io.navarch.client.Caches;
import io.navarch.model.ConfigMap;
import io.navarch.model.Namespace;
import io.navarch.model.Resources;
import io.navarch.model.ServiceAccount;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Every namespace has a ServiceAccount `default` and a ConfigMap `kube-root-ca.crt` with the cluster's authority.
public final class ServiceAccountController implements Controller<ServiceAccountController.Seen> {
    private static final Metric PUBLISHED = Metric.counter(
            "root_ca_cert_publisher_sync_total", "[ALPHA] Looks at a namespace's copy of the authority.", "code");
    private static final Metric DURATION = Metric.histogram(
            "root_ca_cert_publisher_sync_duration_seconds",
            "[ALPHA] How long such a look took.",
            Metric.exponential(0.001, 2, 15),
            "code");

    private static final ObjectKey PUBLISHED_AT = new ObjectKey("kube-system", "extension-apiserver-authentication");
    private static final String DEFAULT = "default";
    private static final String CERTIFICATE = "ca.crt";
    private static final String ROOT_CA = "kube-root-ca.crt";
    private static final String DESCRIPTION =
            "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as"
                    + " the internal service IP or kubernetes.default.svc. No other usage is guaranteed across"
                    + " distributions of Kubernetes clusters.";

    /// @param trusted the authorities, as PEM text, which come from a read step
    public record Seen(Namespace namespace, ServiceAccount account, ConfigMap authority, String trusted) {
        public Seen trusting(String authorities) {
            return new Seen(namespace, account, authority, authorities);
        }
    }

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("service-account-controller")
                .queue("serviceaccount")
                .watches(Resources.NAMESPACES, Controller::self)
                .watches(Resources.SERVICE_ACCOUNTS, account -> namespaceOf(account.key(), DEFAULT))
                .watches(Resources.CONFIG_MAPS, ServiceAccountController::follow)
                .may("", "serviceaccounts", "create")
                .may("", "configmaps", "create,update")
                .metrics(PUBLISHED, DURATION)
                .build();
    }

    /// Where the authorities are published: its change is the news that all others have to change.
    private static Collection<ObjectKey> follow(Caches caches, ConfigMap map) {
        return map.key().equals(PUBLISHED_AT)
                ? caches.of(Resources.NAMESPACES).all().stream()
                        .map(Namespace::key)
                        .toList()
                : namespaceOf(map.key(), ROOT_CA);
    }

    private static List<ObjectKey> namespaceOf(ObjectKey key, String name) {
        return key.name().equals(name) ? List.of(new ObjectKey("", key.namespace())) : List.of();
    }

    @Override
    public List<Metric.Sample> syncMetrics(Seen seen, Decision decision, Duration took, boolean failed) {
        var code = failed ? "500" : "200";
        return List.of(PUBLISHED.once(code), DURATION.of(took.toNanos() / 1e9, code));
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var namespace = caches.of(Resources.NAMESPACES).get(key);
        if (!namespace.exists() || namespace.deleting()) return Optional.empty();
        return Optional.of(new Seen(
                namespace,
                caches.of(Resources.SERVICE_ACCOUNTS).get(new ObjectKey(key.name(), DEFAULT)),
                caches.of(Resources.CONFIG_MAPS).get(new ObjectKey(key.name(), ROOT_CA)),
                ""));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var decision = Decision.builder();
        var namespace = seen.namespace.name();
        if (!seen.account.exists()) {
            var account =
                    ServiceAccount.builder().metadata(it -> it.name(DEFAULT).namespace(namespace));
            decision.change(new Action.Create(Resources.SERVICE_ACCOUNTS, account.build()));
        }
        var published = Map.of(CERTIFICATE, seen.trusted);
        if (!seen.authority.exists()) {
            var authority = ConfigMap.builder()
                    .metadata(it -> it.name(ROOT_CA)
                            .namespace(namespace)
                            .putAnnotations("kubernetes.io/description", DESCRIPTION))
                    .data(published);
            decision.change(new Action.Create(Resources.CONFIG_MAPS, authority.build()));
        } else if (!published.equals(seen.authority.data())) {
            var corrected = seen.authority.toBuilder().data(published).build();
            decision.change(new Action.Update(Resources.CONFIG_MAPS, corrected, ""));
        }
        return decision.build();
    }
}
