package io.navarch.controllers.serviceaccount;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Every namespace has a ServiceAccount `default` and a ConfigMap `kube-root-ca.crt` with the cluster's authority.
public final class ServiceAccountController implements LegacyController<ServiceAccountController.Seen> {
    private static final Metric PUBLISHED = Metric.counter(
            "root_ca_cert_publisher_sync_total", "[ALPHA] Looks at a namespace's copy of the authority.", "code");
    private static final Metric DURATION = Metric.histogram(
            "root_ca_cert_publisher_sync_duration_seconds",
            "[ALPHA] How long such a look took.",
            Metric.exponential(0.001, 2, 15),
            "code");

    private static final String ROOT_CA = "kube-root-ca.crt";

    private final String authority;

    /// @param authority PEM text
    public ServiceAccountController(String authority) {
        this.authority = authority;
    }

    public record Seen(View namespace, View account, View configMap) {}

    @Override
    public String name() {
        return "service-account-controller";
    }

    @Override
    public String queue() {
        return "serviceaccount";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(PUBLISHED, DURATION);
    }

    @Override
    public List<Metric.Sample> looked(Seen seen, Decision decision, Duration took, ApiException failure) {
        var code = String.valueOf(failure == null ? 200 : failure.code());
        return List.of(PUBLISHED.once(code), DURATION.of(took.toNanos() / 1e9, code));
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.NAMESPACES.untyped(), namespace -> List.of(new ObjectKey("", namespace.name()))),
                new Input(
                        Resources.SERVICE_ACCOUNTS.untyped(),
                        account -> account.name().equals("default")
                                ? List.of(new ObjectKey("", account.namespace()))
                                : List.of()),
                new Input(
                        Resources.CONFIG_MAPS.untyped(),
                        map -> map.name().equals(ROOT_CA) ? List.of(new ObjectKey("", map.namespace())) : List.of()));
    }

    @Override
    public List<Permission> permissions() {
        return List.of(
                Permission.of("", "serviceaccounts", "create"), Permission.of("", "configmaps", "create,update"));
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var namespace = caches.of(Resources.NAMESPACES.untyped()).get(key);
        if (!namespace.exists() || namespace.deleting()) return null;
        return new Seen(
                namespace,
                caches.of(Resources.SERVICE_ACCOUNTS.untyped()).get(new ObjectKey(key.name(), "default")),
                caches.of(Resources.CONFIG_MAPS.untyped()).get(new ObjectKey(key.name(), ROOT_CA)));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var actions = new ArrayList<Action>();
        var namespace = seen.namespace.name();
        if (!seen.account.exists()) {
            actions.add(new Action.Create(
                    Resources.SERVICE_ACCOUNTS.untyped(),
                    Trees.map("metadata", Trees.map("name", "default", "namespace", namespace))));
        }
        if (!seen.configMap.exists()) {
            actions.add(new Action.Create(
                    Resources.CONFIG_MAPS.untyped(),
                    Trees.map(
                            "metadata",
                                    Trees.map(
                                            "name", ROOT_CA,
                                            "namespace", namespace,
                                            "annotations",
                                                    Trees.map(
                                                            "kubernetes.io/description",
                                                            "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.")),
                            "data", Trees.map("ca.crt", authority))));
        } else if (!seen.configMap.get("data", "ca.crt").string().equals(authority)) {
            var map = Trees.copy(seen.configMap.map());
            map.put("data", Trees.map("ca.crt", authority));
            actions.add(new Action.Update(Resources.CONFIG_MAPS.untyped(), map, ""));
        }
        return Decision.of(actions);
    }
}
