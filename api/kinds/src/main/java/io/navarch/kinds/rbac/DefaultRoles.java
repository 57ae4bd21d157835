package io.navarch.kinds.rbac;

import io.navarch.objects.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The roles and bindings that a cluster begins with, as far as this build serves what they are about.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
public final class DefaultRoles {
    private static final String READ = "get,list,watch";
    private static final String WRITE = "create,delete,deletecollection,patch,update";
    private static final String RBAC = "rbac.authorization.k8s.io";

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
        bind("cluster-admin", "Group", "system:masters");
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
        aggregated("view", List.of("view"), "edit", view);
        aggregated("edit", List.of("edit"), "admin", edit);
        aggregated("admin", List.of("admin"), "", admin);
    }

    private void discovery() {
        var paths = "/api,/api/*,/apis,/apis/*,/healthz,/livez,/openapi,/openapi/*,/readyz,/version,/version/";
        role("system:discovery", urls(paths, "get"));
        bind("system:discovery", "Group", "system:authenticated");
        role("system:public-info-viewer", urls("/healthz,/livez,/readyz,/version,/version/", "get"));
        bind("system:public-info-viewer", "Group", "system:authenticated", "system:unauthenticated");
        role(
                "system:basic-user",
                rule("authorization.k8s.io", "selfsubjectaccessreviews,selfsubjectrulesreviews", "create"),
                rule("authentication.k8s.io", "selfsubjectreviews", "create"));
        bind("system:basic-user", "Group", "system:authenticated");
        role(
                "system:service-account-issuer-discovery",
                urls(
                        "/.well-known/openid-configuration,/.well-known/openid-configuration/,/openid/v1/jwks,/openid/v1/jwks/",
                        "get"));
        bind("system:service-account-issuer-discovery", "Group", "system:serviceaccounts");
        role("system:monitoring", urls("/healthz,/healthz/*,/livez,/livez/*,/metrics,/readyz,/readyz/*", "get"));
        bind("system:monitoring", "Group", "system:monitoring");
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
        bind("system:node");
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
        bind("system:kube-scheduler", "User", "system:kube-scheduler");
        role(
                "system:kube-controller-manager",
                // It looks at everything; what is written, each controller writes as its own account.
                rule("*", "*", READ),
                rule("", "events", "create,patch,update"),
                rule("events.k8s.io", "events", "create,patch,update"),
                rule("authentication.k8s.io", "tokenreviews", "create"),
                rule("authorization.k8s.io", "subjectaccessreviews", "create"),
                rule("", "serviceaccounts/token", "create"),
                urls("*", "get"));
        bind("system:kube-controller-manager", "User", "system:kube-controller-manager");
        role(
                "system:node-proxier",
                rule("", "endpoints,services,nodes", READ),
                rule("discovery.k8s.io", "endpointslices", READ),
                rule("", "events", "create,patch,update"));
        bind("system:node-proxier", "User", "system:kube-proxy");
        role(
                "system:kube-dns",
                rule("", "endpoints,services,pods,namespaces", READ),
                rule("discovery.k8s.io", "endpointslices", READ));
        bind("system:kube-dns", "User", "system:kube-dns");
    }

    private static Map<String, Object> rule(String groups, String resources, String verbs) {
        return Trees.map(
                "apiGroups",
                List.of(groups.split(",", -1)),
                "resources",
                List.of(resources.split(",")),
                "verbs",
                List.of(verbs.split(",")));
    }

    private static Map<String, Object> urls(String paths, String verbs) {
        return Trees.map("nonResourceURLs", List.of(paths.split(",")), "verbs", List.of(verbs.split(",")));
    }

    @SafeVarargs
    private void role(String name, Map<String, Object>... rules) {
        objects.add(object("ClusterRole", name, Trees.map(), Trees.map("rules", List.of(rules))));
    }

    /// A role that gathers others by label, and the first of those others, itself gathered into the next role.
    private void aggregated(String name, List<String> gathers, String into, List<Map<String, Object>> rules) {
        var selectors = new ArrayList<Object>();
        for (var gathered : gathers) {
            selectors.add(
                    Trees.map("matchLabels", Trees.map("rbac.authorization.k8s.io/aggregate-to-" + gathered, "true")));
        }
        var labels = into.isEmpty() ? Trees.map() : Trees.map("rbac.authorization.k8s.io/aggregate-to-" + into, "true");
        var gathering = new ArrayList<Object>(List.of(Trees.map("clusterRoleSelectors", selectors)));
        var role = object(
                "ClusterRole", name, labels, Trees.map("aggregationRule", gathering.getFirst(), "rules", List.of()));
        objects.add(role);
        var parts = Trees.map("rbac.authorization.k8s.io/aggregate-to-" + name, "true");
        // What a reader may see an editor may too: each part counts for the roles above it as well.
        for (var above : above(name)) parts.put("rbac.authorization.k8s.io/aggregate-to-" + above, "true");
        objects.add(object("ClusterRole", "system:aggregate-to-" + name, parts, Trees.map("rules", rules)));
    }

    private static List<String> above(String name) {
        return switch (name) {
            case "view" -> List.of("edit", "admin");
            case "edit" -> List.of("admin");
            default -> List.of();
        };
    }

    private void bind(String role, String... kindAndNames) {
        var subjects = new ArrayList<Object>();
        for (int i = 1; i < kindAndNames.length; i++) {
            subjects.add(Trees.map("kind", kindAndNames[0], "apiGroup", RBAC, "name", kindAndNames[i]));
        }
        objects.add(object(
                "ClusterRoleBinding",
                role,
                Trees.map(),
                Trees.map(
                        "roleRef",
                        Trees.map("apiGroup", RBAC, "kind", "ClusterRole", "name", role),
                        "subjects",
                        subjects.isEmpty() ? null : subjects)));
    }

    /// A role or binding that every cluster begins with, and that is completed at every start.
    public static Map<String, Object> object(
            String kind, String name, Map<String, Object> labels, Map<String, Object> body) {
        labels.put("kubernetes.io/bootstrapping", "rbac-defaults");
        var object = Trees.map(
                "apiVersion",
                RBAC + "/v1",
                "kind",
                kind,
                "metadata",
                Trees.map(
                        "name",
                        name,
                        "labels",
                        labels,
                        "annotations",
                        Trees.map("rbac.authorization.kubernetes.io/autoupdate", "true")));
        object.putAll(body);
        return object;
    }
}
