package io.navarch.kinds.rbac;

import io.navarch.model.ClusterRole;
import io.navarch.model.ClusterRoleBinding;
import io.navarch.model.PolicyRule;
import io.navarch.model.Resources;
import io.navarch.model.SubjectKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The roles and bindings that a cluster begins with; rules for what this server does not have are left out.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
public final class DefaultRoles {
    private static final String READ = "get,list,watch";
    private static final String WRITE = "create,delete,deletecollection,patch,update";
    private static final String RBAC = Resources.CLUSTER_ROLES.group();
    private static final String AGGREGATE_TO = "rbac.authorization.k8s.io/aggregate-to-";

    private final List<Map<String, Object>> objects = new ArrayList<>();

    private DefaultRoles() {}

    /// ClusterRoles and ClusterRoleBindings, ready to be created.
    public static List<Map<String, Object>> all() {
        var roles = new DefaultRoles();
        roles.userFacing();
        roles.discovery();
        roles.components();
        return roles.objects;
    }

    private void userFacing() {
        role("cluster-admin", rule("*", "*", "*"), urls("*", "*"));
        bind("cluster-admin", SubjectKind.GROUP, "system:masters");
        var view = List.of(
                rule(
                        "",
                        "configmaps,endpoints,persistentvolumeclaims,pods,replicationcontrollers,serviceaccounts,services,bindings,events,limitranges,namespaces,pods/log,pods/status,services/status,resourcequotas",
                        READ),
                rule(
                        "apps",
                        "controllerrevisions,daemonsets,deployments,deployments/scale,deployments/status,replicasets,replicasets/scale,replicasets/status,statefulsets",
                        READ),
                rule("batch", "cronjobs,jobs", READ),
                rule("discovery.k8s.io", "endpointslices", READ),
                rule("networking.k8s.io,extensions", "ingresses,ingresses/status,networkpolicies", READ),
                rule("autoscaling", "horizontalpodautoscalers", READ),
                rule("policy", "poddisruptionbudgets", READ));
        var edit = List.of(
                rule("", "pods/attach,pods/exec,pods/portforward,pods/proxy,services/proxy,secrets", READ),
                rule("", "serviceaccounts", "impersonate"),
                rule(
                        "",
                        "pods,pods/attach,pods/exec,pods/portforward,pods/proxy,configmaps,events,persistentvolumeclaims,replicationcontrollers,secrets,serviceaccounts,services,services/proxy",
                        WRITE),
                rule("", "pods/eviction,serviceaccounts/token", "create"),
                rule(
                        "apps",
                        "daemonsets,deployments,deployments/rollback,deployments/scale,replicasets,replicasets/scale,statefulsets,statefulsets/scale",
                        WRITE),
                rule("batch", "cronjobs,jobs", WRITE),
                rule("networking.k8s.io,extensions", "ingresses,networkpolicies", WRITE),
                rule("coordination.k8s.io", "leases", READ + "," + WRITE),
                rule("autoscaling", "horizontalpodautoscalers", WRITE),
                rule("policy", "poddisruptionbudgets", WRITE));
        var admin = List.of(
                rule("authorization.k8s.io", "localsubjectaccessreviews", "create"),
                rule(RBAC, "rolebindings,roles", READ + "," + WRITE));
        aggregated("view", "edit", view);
        aggregated("edit", "admin", edit);
        aggregated("admin", "", admin);
    }

    private void discovery() {
        var paths = "/api,/api/*,/apis,/apis/*,/healthz,/livez,/openapi,/openapi/*,/readyz,/version,/version/";
        role("system:discovery", urls(paths, "get"));
        bind("system:discovery", SubjectKind.GROUP, "system:authenticated");
        role("system:public-info-viewer", urls("/healthz,/livez,/readyz,/version,/version/", "get"));
        bind("system:public-info-viewer", SubjectKind.GROUP, "system:authenticated", "system:unauthenticated");
        role(
                "system:basic-user",
                rule("authorization.k8s.io", "selfsubjectaccessreviews,selfsubjectrulesreviews", "create"),
                rule("authentication.k8s.io", "selfsubjectreviews", "create"));
        bind("system:basic-user", SubjectKind.GROUP, "system:authenticated");
        role(
                "system:service-account-issuer-discovery",
                urls(
                        "/.well-known/openid-configuration,/.well-known/openid-configuration/,/openid/v1/jwks,/openid/v1/jwks/",
                        "get"));
        bind("system:service-account-issuer-discovery", SubjectKind.GROUP, "system:serviceaccounts");
        role("system:monitoring", urls("/healthz,/healthz/*,/livez,/livez/*,/metrics,/readyz,/readyz/*", "get"));
        bind("system:monitoring", SubjectKind.GROUP, "system:monitoring");
        role(
                "system:auth-delegator",
                rule("authentication.k8s.io", "tokenreviews", "create"),
                rule("authorization.k8s.io", "subjectaccessreviews", "create"));
        role(
                "system:kubelet-api-admin",
                rule("", "nodes", "get,list,watch,proxy"),
                rule(
                        "",
                        "nodes/log,nodes/metrics,nodes/proxy,nodes/stats,nodes/configz,nodes/healthz,nodes/pods",
                        "*"));
    }

    private void components() {
        role(
                "system:node",
                rule("authentication.k8s.io", "tokenreviews", "create"),
                rule("authorization.k8s.io", "localsubjectaccessreviews,subjectaccessreviews", "create"),
                rule("", "services", READ),
                rule("", "nodes", "create,get,list,watch,patch,update"),
                rule("", "nodes/status", "patch,update"),
                rule("", "events", "create,patch,update"),
                rule("", "pods", "get,list,watch,create,delete"),
                rule("", "pods/status", "patch,update"),
                rule("", "pods/eviction,serviceaccounts/token", "create"),
                rule("", "configmaps,secrets", READ),
                rule("coordination.k8s.io", "leases", "create,delete,get,patch,update"),
                // DNS, service proxy and ingress run in the node's process.
                rule("discovery.k8s.io", "endpointslices", READ),
                rule("", "namespaces", READ),
                rule("networking.k8s.io", "ingresses,ingressclasses", READ),
                rule("networking.k8s.io", "ingresses/status", "patch,update"));
        bind("system:node", SubjectKind.GROUP);
        role(
                "system:kube-scheduler",
                rule("", "events", "create,patch,update"),
                rule("events.k8s.io", "events", "create,patch,update"),
                rule(
                        "",
                        "nodes,namespaces,pods,services,replicationcontrollers,persistentvolumeclaims,persistentvolumes",
                        READ),
                rule("", "pods", "delete,patch"),
                rule("", "bindings,pods/binding", "create"),
                rule("", "pods/status", "patch,update"),
                rule("apps", "replicasets,statefulsets", READ),
                rule("scheduling.k8s.io", "priorityclasses", READ),
                rule("coordination.k8s.io", "leases", "create,get,list,update,watch"));
        bind("system:kube-scheduler", SubjectKind.USER, "system:kube-scheduler");
        role(
                "system:kube-controller-manager",
                // It reads everything; each controller writes as its own account.
                rule("*", "*", READ),
                rule("", "events", "create,patch,update"),
                rule("events.k8s.io", "events", "create,patch,update"),
                rule("authentication.k8s.io", "tokenreviews", "create"),
                rule("authorization.k8s.io", "subjectaccessreviews", "create"),
                rule("", "serviceaccounts/token", "create"),
                urls("*", "get"));
        bind("system:kube-controller-manager", SubjectKind.USER, "system:kube-controller-manager");
        role(
                "system:node-proxier",
                rule("", "endpoints,services,nodes", READ),
                rule("discovery.k8s.io", "endpointslices", READ),
                rule("", "events", "create,patch,update"));
        bind("system:node-proxier", SubjectKind.USER, "system:kube-proxy");
        role(
                "system:kube-dns",
                rule("", "endpoints,services,pods,namespaces", READ),
                rule("discovery.k8s.io", "endpointslices", READ));
        bind("system:kube-dns", SubjectKind.USER, "system:kube-dns");
    }

    private static PolicyRule rule(String groups, String resources, String verbs) {
        return PolicyRule.builder()
                .apiGroups(List.of(groups.split(",", -1)))
                .resources(List.of(resources.split(",")))
                .verbs(List.of(verbs.split(",")))
                .build();
    }

    private static PolicyRule urls(String paths, String verbs) {
        return PolicyRule.builder()
                .nonResourceURLs(List.of(paths.split(",")))
                .verbs(List.of(verbs.split(",")))
                .build();
    }

    private void role(String name, PolicyRule... rules) {
        role(name, Map.of(), ClusterRole.builder().rules(List.of(rules)));
    }

    private void role(String name, Map<String, Object> labels, ClusterRole.Builder role) {
        objects.add(object(Resources.CLUSTER_ROLES.kind(), name, labels, role.map()));
    }

    /// A role that is the sum of those labelled for it, the first of which has these rules; `into` is the role that
    /// this one is itself a part of.
    private void aggregated(String name, String into, List<PolicyRule> rules) {
        role(
                name,
                into.isEmpty() ? Map.of() : Map.of(AGGREGATE_TO + into, "true"),
                ClusterRole.builder()
                        .rules(List.of())
                        .aggregationRule(sum -> sum.addClusterRoleSelectors(
                                selector -> selector.putMatchLabels(AGGREGATE_TO + name, "true"))));
        // What a reader may see an editor may too: each part counts for the roles above it as well.
        var parts = new LinkedHashMap<String, Object>();
        parts.put(AGGREGATE_TO + name, "true");
        for (var above : above(name)) parts.put(AGGREGATE_TO + above, "true");
        role("system:aggregate-to-" + name, parts, ClusterRole.builder().rules(rules));
    }

    private static List<String> above(String name) {
        return switch (name) {
            case "view" -> List.of("edit", "admin");
            case "edit" -> List.of("admin");
            default -> List.of();
        };
    }

    private void bind(String role, SubjectKind kind, String... names) {
        var binding = ClusterRoleBinding.builder()
                .roleRef(reference -> reference
                        .apiGroup(RBAC)
                        .kind(Resources.CLUSTER_ROLES.kind())
                        .name(role));
        for (var name : names)
            binding.addSubjects(subject -> subject.kind(kind).apiGroup(RBAC).name(name));
        objects.add(object(Resources.CLUSTER_ROLE_BINDINGS.kind(), role, Map.of(), binding.map()));
    }

    /// A role or binding that every cluster begins with, and that is completed at every start.
    public static Map<String, Object> object(
            String kind, String name, Map<String, Object> labels, Map<String, Object> body) {
        var object = ClusterRole.builder()
                .apiVersion(Resources.CLUSTER_ROLES.apiVersion())
                .kind(kind)
                .metadata(metadata -> {
                    metadata.name(name).putAnnotations("rbac.authorization.kubernetes.io/autoupdate", "true");
                    labels.forEach((key, value) -> metadata.putLabels(key, String.valueOf(value)));
                    metadata.putLabels("kubernetes.io/bootstrapping", "rbac-defaults");
                })
                .map();
        object.putAll(body);
        return object;
    }
}
