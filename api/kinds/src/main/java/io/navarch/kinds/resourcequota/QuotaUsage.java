package io.navarch.kinds.resourcequota;

import io.navarch.kinds.pod.Qos;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.PodQosClass;
import io.navarch.model.PodSpec;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What an object uses of a quota, and which quotas it counts against.
///
/// Source: https://kubernetes.io/docs/concepts/policy/resource-quotas/
public final class QuotaUsage {
    private static final Quantity ONE = Quantity.parse("1");
    private static final String CLASS = ".storageclass.storage.k8s.io/";
    private static final Set<String> COUNTED = Set.of(
            "pods",
            "services",
            "services.nodeports",
            "services.loadbalancers",
            "replicationcontrollers",
            "resourcequotas",
            "secrets",
            "configmaps",
            "persistentvolumeclaims");
    private static final List<String> COMPUTE = List.of("cpu", "memory", "ephemeral-storage");

    private QuotaUsage() {}

    /// Whether a limit is a number of objects.
    public static boolean countsObjects(String limit) {
        return COUNTED.contains(limit)
                || limit.startsWith("count/")
                || limit.endsWith(CLASS + "persistentvolumeclaims");
    }

    /// The resource whose objects a limit counts, as `resource` or `resource.group`; `""` when no kind is known for it.
    public static String resourceOf(String limit) {
        if (limit.startsWith("count/")) return limit.substring("count/".length());
        if (limit.startsWith("services")) return "services";
        if (limit.endsWith("persistentvolumeclaims") || limit.endsWith("requests.storage"))
            return "persistentvolumeclaims";
        return COUNTED.contains(limit) ? limit : "pods";
    }

    /// Everything that one object uses.
    public static Map<String, Quantity> of(String group, String resource, View object) {
        var usage = new TreeMap<String, Quantity>();
        usage.put("count/" + resource + (group.isEmpty() ? "" : "." + group), ONE);
        if (!group.isEmpty()) return usage;
        if (COUNTED.contains(resource) && !resource.equals("pods")) usage.put(resource, ONE);
        switch (resource) {
            case "pods" -> {
                var phase = object.status().get("phase").string();
                if (!phase.equals("Failed") && !phase.equals("Succeeded")) pod(object.spec(), usage);
            }
            case "services" -> service(object.spec(), usage);
            case "persistentvolumeclaims" -> claim(object, usage);
            default -> {}
        }
        return usage;
    }

    private static void service(View spec, Map<String, Quantity> usage) {
        var type = spec.get("type").string();
        boolean balanced = type.equals("LoadBalancer");
        if (balanced) usage.put("services.loadbalancers", ONE);
        boolean ports = type.equals("NodePort")
                || balanced && spec.get("allocateLoadBalancerNodePorts").boolOr(true);
        usage.put(
                "services.nodeports",
                ports ? Quantity.parse((long) spec.get("ports").list().size()) : Quantity.ZERO);
        usage.putIfAbsent("services.loadbalancers", Quantity.ZERO);
    }

    private static void claim(View claim, Map<String, Quantity> usage) {
        var amount = Quantity.parseOr(
                claim.spec().get("resources", "requests", "storage").value(), Quantity.ZERO);
        usage.put("requests.storage", amount);
        var name = claim.spec().get("storageClassName").string();
        if (name.isEmpty()) return;
        usage.put(name + CLASS + "requests.storage", amount);
        usage.put(name + CLASS + "persistentvolumeclaims", ONE);
    }

    private static void pod(View spec, Map<String, Quantity> usage) {
        usage.put("pods", ONE);
        var requests = PodResources.of(spec, "requests");
        var limits = PodResources.of(spec, "limits");
        for (var name : COMPUTE) {
            if (requests.containsKey(name)) {
                usage.put(name, requests.get(name));
                usage.put("requests." + name, requests.get(name));
            }
            if (limits.containsKey(name)) usage.put("limits." + name, limits.get(name));
        }
        requests.forEach((name, amount) -> {
            if (name.startsWith("hugepages-")) usage.put(name, amount);
            if (name.startsWith("hugepages-") || ResourceNames.extended(name)) usage.put("requests." + name, amount);
        });
    }

    /// Whether an object counts against a quota with these scopes.
    public static boolean inScope(View quota, String group, String resource, View object) {
        boolean pod = group.isEmpty() && resource.equals("pods");
        var spec = object.spec();
        for (var scope : quota.get("scopes").strings()) {
            if (!pod || !matches(scope, "Exists", List.of(), spec)) return false;
        }
        for (var expression : quota.path("scopeSelector.matchExpressions").views()) {
            var scope = expression.get("scopeName").string();
            if (!pod
                    || !matches(
                            scope,
                            expression.get("operator").string(),
                            expression.get("values").strings(),
                            spec)) return false;
        }
        return true;
    }

    private static boolean matches(String scope, String operator, List<String> values, View spec) {
        boolean deadline = spec.get("activeDeadlineSeconds").exists();
        boolean bestEffort = Qos.of(PodSpec.of(spec)) == PodQosClass.BEST_EFFORT;
        return switch (scope) {
            case "Terminating" -> deadline;
            case "NotTerminating" -> !deadline;
            case "BestEffort" -> bestEffort;
            case "NotBestEffort" -> !bestEffort;
            case "PriorityClass" -> named(spec.get("priorityClassName").string(), operator, values);
            case "CrossNamespacePodAffinity" -> crossesNamespaces(spec.get("affinity"));
            default -> false;
        };
    }

    private static boolean named(String name, String operator, List<String> values) {
        return switch (operator) {
            case "In" -> values.contains(name);
            case "NotIn" -> !values.contains(name);
            case "DoesNotExist" -> name.isEmpty();
            default -> !name.isEmpty();
        };
    }

    private static boolean crossesNamespaces(View affinity) {
        for (var side : List.of("podAffinity", "podAntiAffinity")) {
            for (var field : affinity.get(side).map().keySet()) {
                for (var element : affinity.get(side, field).views()) {
                    var term = element.get("podAffinityTerm").exists() ? element.get("podAffinityTerm") : element;
                    if (!term.get("namespaces").list().isEmpty()
                            || term.get("namespaceSelector").exists()) return true;
                }
            }
        }
        return false;
    }
}
