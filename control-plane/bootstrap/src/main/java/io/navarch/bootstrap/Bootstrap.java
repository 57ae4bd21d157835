package io.navarch.bootstrap;

import io.navarch.client.Client;
import io.navarch.kinds.flowschema.DefaultFlowControl;
import io.navarch.kinds.ipaddress.ServiceAddresses;
import io.navarch.kinds.rbac.DefaultRoles;
import io.navarch.model.APIService;
import io.navarch.model.AnyObject;
import io.navarch.model.ApiObject;
import io.navarch.model.ClusterRole;
import io.navarch.model.ConditionStatus;
import io.navarch.model.ConfigMap;
import io.navarch.model.IngressClass;
import io.navarch.model.Namespace;
import io.navarch.model.PriorityClass;
import io.navarch.model.Protocol;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.model.ServiceCIDR;
import io.navarch.model.StatusCondition;
import io.navarch.objects.ApiException;
import io.navarch.objects.IntOrString;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.TaskScope;
import io.navarch.schema.KindDefinition;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Creates the objects that every cluster starts with. What exists is left as it is.
public final class Bootstrap {
    /// What may be answered otherwise later.
    private static final Set<ApiException.Reason> PASSING = EnumSet.of(
            ApiException.Reason.TIMEOUT,
            ApiException.Reason.TOO_MANY_REQUESTS,
            ApiException.Reason.SERVICE_UNAVAILABLE);

    private static final String MANAGED = "kube-aggregator.kubernetes.io/automanaged";
    private static final String ON_START = "onstart";
    private static final int TRIES = 30;
    private static final long PAUSE_MILLIS = 500;

    private final Client client;

    public Bootstrap(Client client) {
        this.client = client;
    }

    /// What the objects say about this cluster.
    ///
    /// @param apiServerServiceAddress the address of the Service `kubernetes`
    /// @param advertiseAddress where pods and nodes reach the API server
    public record Cluster(
            String serviceCidr, String apiServerServiceAddress, String advertiseAddress, int apiServerPort) {}

    /// @param controllerRoles ClusterRoles and ClusterRoleBindings of the controllers
    public void run(
            Cluster cluster, List<KindDefinition> kinds, List<Map<String, Object>> controllerRoles, Instant now) {
        patiently(Stream.of("kube-system", "default", "kube-public", "kube-node-lease")
                .<Runnable>map(name -> () -> namespace(name))
                .toList());
        var tasks = new ArrayList<Runnable>();
        for (var object : DefaultRoles.all()) tasks.add(() -> role(object));
        for (var object : controllerRoles) tasks.add(() -> role(object));
        for (var role : NamespaceRoles.roles()) tasks.add(() -> create(Resources.ROLES, role));
        for (var binding : NamespaceRoles.bindings()) tasks.add(() -> create(Resources.ROLE_BINDINGS, binding));
        for (var object : DefaultFlowControl.all()) tasks.add(() -> flowControl(object));
        for (var api : LocalApi.of(kinds)) tasks.add(() -> localApi(api, now));
        tasks.add(
                () -> priorityClass(
                        "system-cluster-critical",
                        2_000_000_000,
                        "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary."));
        tasks.add(() -> priorityClass(
                "system-node-critical",
                2_000_001_000,
                "Used for system critical pods that must not be moved from their current node."));
        tasks.add(() -> apiServerService(cluster));
        tasks.add(this::ingressClass);
        tasks.add(() -> serviceCidr(cluster.serviceCidr(), now));
        tasks.add(() -> legacyTokenTracking(now));
        patiently(tasks);
    }

    /// A machine that has too much to do answers late, and a start that takes long is better than none.
    private static void patiently(List<Runnable> tasks) {
        SideBySide.run(
                tasks.stream().<Runnable>map(task -> () -> patiently(task)).toList());
    }

    private static void patiently(Runnable task) {
        for (int tries = 1; ; tries++) {
            try {
                task.run();
                return;
            } catch (ApiException e) {
                if (!PASSING.contains(e.reason()) || tries == TRIES) throw e;
            }
            try {
                TaskScope.pause(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    private void namespace(String name) {
        create(
                Resources.NAMESPACES,
                Namespace.builder().metadata(metadata -> metadata.name(name)).build());
    }

    private void role(Map<String, Object> object) {
        if (kind(object).equals(Resources.CLUSTER_ROLES.kind())) reconcile(new ClusterRole(object));
        else create(Resources.CLUSTER_ROLE_BINDINGS, Resources.CLUSTER_ROLE_BINDINGS.read(View.of(object)));
    }

    private static String kind(Map<String, Object> object) {
        return new AnyObject(object).kind();
    }

    /// Creates a role, or adds the rules that it lacks, unless its owner has forbidden that.
    ///
    /// Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#auto-reconciliation
    private void reconcile(ClusterRole wanted) {
        var known = client.find(Resources.CLUSTER_ROLES, wanted.key());
        if (!known.exists()) {
            make(client, Resources.CLUSTER_ROLES, wanted);
            return;
        }
        boolean kept =
                known.annotation("rbac.authorization.kubernetes.io/autoupdate").equals("false")
                        || known.hasAggregationRule();
        var rules = new ArrayList<>(known.rules());
        for (var rule : wanted.rules()) {
            if (rules.stream()
                    .noneMatch(each -> Trees.semanticEquals(
                            each.view().value(), rule.view().value()))) rules.add(rule);
        }
        if (kept || rules.size() == known.rules().size()) return;
        client.mergePatch(
                Resources.CLUSTER_ROLES,
                known.key(),
                "",
                ClusterRole.builder().rules(rules).map());
    }

    private void flowControl(Map<String, Object> object) {
        var view = View.of(object);
        if (kind(object).equals(Resources.FLOW_SCHEMAS.kind()))
            flowControl(Resources.FLOW_SCHEMAS, Resources.FLOW_SCHEMAS.read(view));
        else flowControl(Resources.PRIORITY_LEVEL_CONFIGURATIONS, Resources.PRIORITY_LEVEL_CONFIGURATIONS.read(view));
    }

    private <T extends ApiObject> void flowControl(ResourceType<T> type, T object) {
        create(client.as("api-priority-and-fairness-config-producer-v1"), type, object);
    }

    private void priorityClass(String name, int value, String description) {
        create(
                Resources.PRIORITY_CLASSES,
                PriorityClass.builder()
                        .metadata(metadata -> metadata.name(name))
                        .value(value)
                        .description(description)
                        .build());
    }

    private void ingressClass() {
        create(
                Resources.INGRESS_CLASSES,
                IngressClass.builder()
                        .metadata(metadata -> metadata.name("navarch")
                                .putAnnotations("ingressclass.kubernetes.io/is-default-class", "true"))
                        .spec(spec -> spec.controller("navarch.io/ingress"))
                        .build());
    }

    /// The API as a Service: `kubernetes.default`.
    private void apiServerService(Cluster cluster) {
        var key = new ObjectKey("default", "kubernetes");
        var service = Service.builder()
                .metadata(metadata -> metadata.name(key.name())
                        .namespace(key.namespace())
                        .putLabels("component", "apiserver")
                        .putLabels("provider", "kubernetes"))
                .spec(spec -> spec.clusterIP(cluster.apiServerServiceAddress())
                        .addPorts(port -> port.name("https")
                                .port(443)
                                .protocol(Protocol.TCP)
                                .targetPort(IntOrString.of(cluster.apiServerPort()))))
                .build();
        create(Resources.SERVICES, service);
        create(Resources.IP_ADDRESSES, ServiceAddresses.of(cluster.apiServerServiceAddress(), service));
        ServiceEndpoints.https(key, cluster.advertiseAddress(), cluster.apiServerPort())
                .apply(client);
    }

    private void serviceCidr(String cidr, Instant now) {
        var key = new ObjectKey("", "kubernetes");
        create(
                Resources.SERVICE_CIDRS,
                ServiceCIDR.builder()
                        .metadata(metadata -> metadata.name(key.name()))
                        .spec(spec -> spec.addCidrs(cidr))
                        .build());
        var known = client.get(Resources.SERVICE_CIDRS, key).status().conditions();
        if (StatusCondition.status(known, "Ready") != ConditionStatus.UNSET) return;
        // Also written when an earlier start was cut off between the object and its status.
        var ready = ServiceCIDR.builder()
                .metadata(metadata -> metadata.name(key.name()))
                .status(status -> status.addConditions(condition -> condition
                        .type("Ready")
                        .status(ConditionStatus.TRUE)
                        .lastTransitionTime(now)
                        .message("Kubernetes default Service CIDR is ready")));
        client.as("kubernetes-service-cidr-controller").apply(Resources.SERVICE_CIDRS, ready.map(), "status");
    }

    /// An APIService that says: this group and version is served here. Every start says so again, unless somebody has
    /// taken it over.
    private void localApi(LocalApi api, Instant now) {
        var key = new ObjectKey("", api.name());
        var service = APIService.builder()
                .metadata(metadata -> metadata.name(key.name()).putLabels(MANAGED, ON_START))
                .spec(spec -> spec.version(api.version())
                        .groupPriorityMinimum(api.groupPriority())
                        .versionPriority(api.versionPriority()));
        if (!api.group().isEmpty()) service.editSpec(spec -> spec.group(api.group()));
        create(Resources.API_SERVICES, service.build());
        var known = client.get(Resources.API_SERVICES, key);
        boolean ours = known.metadata().labels().getOrDefault(MANAGED, "").equals(ON_START);
        if (ours && !known.spec().semanticEquals(service.build().spec()))
            client.update(
                    Resources.API_SERVICES,
                    known.toBuilder().spec(service.build().spec()).build(),
                    "");
        if (StatusCondition.status(known.status().conditions(), "Available") != ConditionStatus.UNSET) return;
        var available = APIService.builder()
                .status(status -> status.addConditions(condition -> condition
                        .type("Available")
                        .status(ConditionStatus.TRUE)
                        .lastTransitionTime(now)
                        .reason("Local")
                        .message("Local APIServices are always available")));
        client.mergePatch(Resources.API_SERVICES, key, "status", available.map());
    }

    /// The day since which the last use of tokens in Secrets is recorded: see [LegacyTokenUse].
    private void legacyTokenTracking(Instant now) {
        create(
                Resources.CONFIG_MAPS,
                ConfigMap.builder()
                        .metadata(metadata -> metadata.name("kube-apiserver-legacy-service-account-token-tracking")
                                .namespace("kube-system"))
                        .putData(
                                "since",
                                LocalDate.ofInstant(now, ZoneOffset.UTC).toString())
                        .build());
    }

    private <T extends ApiObject> void create(ResourceType<T> type, T object) {
        create(client, type, object);
    }

    private static <T extends ApiObject> void create(Client as, ResourceType<T> type, T object) {
        if (!as.find(type, object.key()).exists()) make(as, type, object);
    }

    private static <T extends ApiObject> void make(Client as, ResourceType<T> type, T object) {
        try {
            as.create(type, object);
        } catch (ApiException e) {
            if (e.reason() != ApiException.Reason.ALREADY_EXISTS) throw e;
        }
    }
}
