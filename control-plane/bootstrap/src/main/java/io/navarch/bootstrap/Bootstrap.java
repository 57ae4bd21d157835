package io.navarch.bootstrap;

import io.navarch.client.Client;
import io.navarch.kinds.flowschema.DefaultFlowControl;
import io.navarch.kinds.rbac.DefaultRoles;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The objects that every cluster has from the beginning. What is there already stays as it is.
public final class Bootstrap {
    private static final ResourceType<View> API_SERVICES =
            ResourceType.untyped("apiregistration.k8s.io", "v1", "apiservices", "APIService", false);

    private final Client client;

    public Bootstrap(Client client) {
        this.client = client;
    }

    /// What the objects say of this cluster.
    ///
    /// @param apiServerServiceAddress the address of the Service `kubernetes`
    /// @param advertiseAddress where pods and nodes reach the API server
    public record Cluster(
            String serviceCidr, String apiServerServiceAddress, String advertiseAddress, int apiServerPort) {}

    /// @param roles of the controllers
    public void run(Cluster cluster, List<KindDefinition> kinds, List<Map<String, Object>> roles, Instant now) {
        for (var name : List.of("kube-system", "default", "kube-public", "kube-node-lease")) {
            create(Resources.NAMESPACES.untyped(), Trees.map("metadata", Trees.map("name", name)));
        }
        // All the rest at once, so that the store makes them durable in a few groups.
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = new ArrayList<Future<?>>();
            var all = new ArrayList<>(DefaultRoles.all());
            all.addAll(roles);
            for (var object : all) {
                boolean role = View.of(object).get("kind").string().equals("ClusterRole");
                tasks.add(threads.submit(() -> reconcile(
                        role ? Resources.CLUSTER_ROLES.untyped() : Resources.CLUSTER_ROLE_BINDINGS.untyped(), object)));
            }
            tasks.add(
                    threads.submit(
                            () -> priorityClass(
                                    "system-cluster-critical",
                                    2_000_000_000L,
                                    "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.")));
            tasks.add(threads.submit(() -> priorityClass(
                    "system-node-critical",
                    2_000_001_000L,
                    "Used for system critical pods that must not be moved from their current node.")));
            tasks.add(threads.submit(() -> apiService(cluster)));
            tasks.add(threads.submit(() -> create(
                    Resources.INGRESS_CLASSES.untyped(),
                    Trees.map(
                            "metadata",
                            Trees.map(
                                    "name",
                                    "navarch",
                                    "annotations",
                                    Trees.map("ingressclass.kubernetes.io/is-default-class", "true")),
                            "spec",
                            Trees.map("controller", "navarch.io/ingress")))));
            for (var object : DefaultFlowControl.all()) {
                boolean schema = View.of(object).get("kind").string().equals("FlowSchema");
                tasks.add(threads.submit(() -> create(
                        schema ? Resources.FLOW_SCHEMAS.untyped() : Resources.PRIORITY_LEVEL_CONFIGURATIONS.untyped(),
                        object)));
            }
            tasks.add(threads.submit(() -> serviceCidr(cluster.serviceCidr())));
            tasks.add(threads.submit(() -> legacyTokenTracking(now)));
            for (var version : localVersions(kinds)) tasks.add(threads.submit(() -> localApi(version)));
            for (var task : tasks) await(task);
        }
    }

    /// Since when the last use of tokens in Secrets is written down.
    private void legacyTokenTracking(Instant now) {
        create(
                Resources.CONFIG_MAPS.untyped(),
                Trees.map(
                        "metadata",
                        Trees.map(
                                "name",
                                "kube-apiserver-legacy-service-account-token-tracking",
                                "namespace",
                                "kube-system"),
                        "data",
                        Trees.map(
                                "since",
                                LocalDate.ofInstant(now, ZoneOffset.UTC).toString())));
    }

    private void serviceCidr(String cidr) {
        create(
                Resources.SERVICE_CIDRS.untyped(),
                Trees.map("metadata", Trees.map("name", "kubernetes"), "spec", Trees.map("cidrs", List.of(cidr))));
        tell(
                Resources.SERVICE_CIDRS.untyped(),
                "kubernetes",
                condition("Ready", "", "Kubernetes Service CIDR is ready"));
    }

    /// Every `group/version` once, in the order of the kinds.
    private static Set<String> localVersions(List<KindDefinition> kinds) {
        var result = new LinkedHashSet<String>();
        for (var kind : kinds) for (var version : kind.versions()) result.add(kind.group() + "/" + version.name());
        return result;
    }

    /// An APIService that says: this group and version is served here.
    private void localApi(String groupVersion) {
        int slash = groupVersion.indexOf('/');
        var group = groupVersion.substring(0, slash);
        var version = groupVersion.substring(slash + 1);
        var name = version + "." + group;
        create(
                API_SERVICES,
                Trees.map(
                        "metadata",
                        Trees.map(
                                "name",
                                name,
                                "labels",
                                Trees.map("kube-aggregator.kubernetes.io/automanaged", "onstart")),
                        "spec",
                        Trees.map(
                                "group",
                                group.isEmpty() ? null : group,
                                "version",
                                version,
                                "groupPriorityMinimum",
                                group.isEmpty() ? 18000L : 17000L,
                                "versionPriority",
                                15L)));
        tell(API_SERVICES, name, condition("Available", "Local", "Local APIServices are always available"));
    }

    private static Map<String, Object> condition(String type, String reason, String message) {
        return Trees.map(
                "type",
                type,
                "status",
                "True",
                "lastTransitionTime",
                Timestamps.seconds(Instant.now()),
                "reason",
                reason,
                "message",
                message);
    }

    /// Writes a condition to the status, once: also when a start was cut off between object and status.
    private void tell(ResourceType<View> type, String name, Map<String, Object> condition) {
        var kind = View.of(condition).get("type").string();
        if (!client.get(type, new ObjectKey("", name)).condition(kind).isEmpty()) return;
        client.mergePatch(
                type,
                new ObjectKey("", name),
                "status",
                Trees.map("status", Trees.map("conditions", List.of(condition))));
    }

    private static void await(Future<?> task) {
        try {
            task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    private void priorityClass(String name, long value, String description) {
        create(
                Resources.PRIORITY_CLASSES.untyped(),
                Trees.map("metadata", Trees.map("name", name), "value", value, "description", description));
    }

    /// The API as a Service: `kubernetes.default`.
    private void apiService(Cluster cluster) {
        create(
                Resources.SERVICES.untyped(),
                Trees.map(
                        "metadata",
                                Trees.map(
                                        "name",
                                        "kubernetes",
                                        "namespace",
                                        "default",
                                        "labels",
                                        Trees.map("component", "apiserver", "provider", "kubernetes")),
                        "spec",
                                Trees.map(
                                        "clusterIP", cluster.apiServerServiceAddress(),
                                        "ports",
                                                List.of(Trees.map(
                                                        "name",
                                                        "https",
                                                        "port",
                                                        443L,
                                                        "protocol",
                                                        "TCP",
                                                        "targetPort",
                                                        (long) cluster.apiServerPort())))));
        new ServiceEndpoints(
                        new ObjectKey("default", "kubernetes"),
                        "https",
                        cluster.advertiseAddress(),
                        cluster.apiServerPort(),
                        List.of("TCP"))
                .apply(client);
    }

    /// Creates a role or binding, or adds the rules that it lacks, unless its owner has forbidden that.
    ///
    /// Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#auto-reconciliation
    private void reconcile(ResourceType<View> type, Map<String, Object> object) {
        var known = client.find(type, new ObjectKey("", View.of(object).name()));
        if (!known.exists()) {
            make(type, object);
            return;
        }
        var wanted = View.of(object).get("rules").list();
        var rules = new ArrayList<>(known.get("rules").list());
        boolean kept =
                known.annotation("rbac.authorization.kubernetes.io/autoupdate").equals("false")
                        || known.get("aggregationRule").exists();
        boolean more = false;
        for (var rule : wanted)
            if (rules.stream().noneMatch(each -> Trees.semanticEquals(each, rule))) more |= rules.add(rule);
        if (more && !kept) client.mergePatch(type, known.key(), "", Trees.map("rules", rules));
    }

    private void create(ResourceType<View> type, Map<String, Object> object) {
        var key = new ObjectKey(View.of(object).namespace(), View.of(object).name());
        if (!client.find(type, key).exists()) make(type, object);
    }

    private void make(ResourceType<View> type, Map<String, Object> object) {
        try {
            client.create(type, object);
        } catch (ApiException e) {
            if (e.reason() != ApiException.Reason.ALREADY_EXISTS) throw e;
        }
    }
}
