package io.navarch.kinds.resourcequota;

import io.navarch.kinds.pod.PodResources;
import io.navarch.kinds.pod.Pods;
import io.navarch.kinds.pod.Qos;
import io.navarch.kinds.service.Services;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.Affinity;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Pod;
import io.navarch.model.PodAffinity;
import io.navarch.model.PodAffinityTerm;
import io.navarch.model.PodQosClass;
import io.navarch.model.PodSpec;
import io.navarch.model.ResourceQuotaScope;
import io.navarch.model.ResourceQuotaSpec;
import io.navarch.model.ScopeSelectorOperator;
import io.navarch.model.ScopedResourceSelectorRequirement;
import io.navarch.model.Service;
import io.navarch.model.ServiceSpec;
import io.navarch.model.WeightedPodAffinityTerm;
import io.navarch.objects.Lens;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What an object uses of a quota, and which quotas it counts against.
///
/// Source: https://kubernetes.io/docs/concepts/policy/resource-quotas/
public final class QuotaUsage {
    private static final Quantity ONE = Quantity.parse("1");
    private static final String CLASS = ".storageclass.storage.k8s.io/";
    private static final String PODS = "pods";
    private static final String CLAIMS = "persistentvolumeclaims";
    private static final String NODE_PORTS = "services.nodeports";
    private static final String LOAD_BALANCERS = "services.loadbalancers";
    private static final String STORAGE = "requests.storage";
    private static final Set<String> COUNTED = Set.of(
            PODS,
            "services",
            NODE_PORTS,
            LOAD_BALANCERS,
            "replicationcontrollers",
            "resourcequotas",
            "secrets",
            "configmaps",
            CLAIMS);

    private QuotaUsage() {}

    /// Whether a limit is a number of objects.
    public static boolean countsObjects(String limit) {
        return COUNTED.contains(limit) || limit.startsWith("count/") || limit.endsWith(CLASS + CLAIMS);
    }

    /// The resource whose objects a limit counts, as `resource` or `resource.group`; `pods` for amounts of what
    /// containers use.
    public static String resourceOf(String limit) {
        if (limit.startsWith("count/")) return limit.substring("count/".length());
        if (limit.startsWith("services")) return "services";
        if (limit.endsWith(CLAIMS) || limit.endsWith(STORAGE)) return CLAIMS;
        return COUNTED.contains(limit) ? limit : PODS;
    }

    /// Everything that one object uses.
    public static Map<String, Quantity> of(String group, String resource, Lens object) {
        var usage = new TreeMap<String, Quantity>();
        usage.put("count/" + resource + (group.isEmpty() ? "" : "." + group), ONE);
        if (!group.isEmpty()) return usage;
        if (COUNTED.contains(resource) && !resource.equals(PODS)) usage.put(resource, ONE);
        switch (resource) {
            case PODS -> pod(Pod.of(View.over(object)), usage);
            case "services" -> service(Service.of(View.over(object)).spec(), usage);
            case CLAIMS -> claim(PersistentVolumeClaim.of(View.over(object)), usage);
            default -> {}
        }
        return usage;
    }

    private static void service(ServiceSpec spec, Map<String, Quantity> usage) {
        usage.put(LOAD_BALANCERS, Services.balanced(spec) ? ONE : Quantity.ZERO);
        long ports = Services.hasNodePorts(spec) ? spec.ports().size() : 0;
        usage.put(NODE_PORTS, Quantity.parse(ports));
    }

    private static void claim(PersistentVolumeClaim claim, Map<String, Quantity> usage) {
        var requests = claim.spec().resources().requests();
        var amount = requests.getOrDefault(ResourceNames.STORAGE, Quantity.ZERO);
        usage.put(STORAGE, amount);
        var name = claim.spec().storageClassName();
        if (name.isEmpty()) return;
        usage.put(name + CLASS + STORAGE, amount);
        usage.put(name + CLASS + CLAIMS, ONE);
    }

    private static void pod(Pod pod, Map<String, Quantity> usage) {
        if (Pods.ended(pod)) return;
        usage.put(PODS, ONE);
        var limits = PodResources.limits(pod.spec());
        PodResources.requests(pod.spec()).forEach((name, amount) -> {
            boolean compute = ResourceNames.containers(name);
            if (compute) usage.put(name, amount);
            if (compute || ResourceNames.extended(name)) usage.put("requests." + name, amount);
        });
        for (var name : ResourceNames.COMPUTE) {
            if (limits.containsKey(name)) usage.put("limits." + name, limits.get(name));
        }
    }

    /// Whether an object counts against a quota with these scopes: all of them must hold, and they speak of pods only.
    public static boolean inScope(ResourceQuotaSpec quota, String group, String resource, Lens object) {
        var expressions = quota.scopeSelector().matchExpressions();
        if (quota.scopes().isEmpty() && expressions.isEmpty()) return true;
        if (!group.isEmpty() || !resource.equals(PODS)) return false;
        var spec = Pod.of(View.over(object)).spec();
        return quota.scopes().stream().allMatch(scope -> matches(scope, ScopeSelectorOperator.EXISTS, List.of(), spec))
                && expressions.stream().allMatch(each -> matches(each, spec));
    }

    private static boolean matches(ScopedResourceSelectorRequirement requirement, PodSpec spec) {
        return matches(requirement.scopeName(), requirement.operator(), requirement.values(), spec);
    }

    private static boolean matches(
            ResourceQuotaScope scope, ScopeSelectorOperator operator, List<String> values, PodSpec spec) {
        return switch (scope) {
            case TERMINATING -> spec.hasActiveDeadlineSeconds();
            case NOT_TERMINATING -> !spec.hasActiveDeadlineSeconds();
            case BEST_EFFORT -> Qos.of(spec) == PodQosClass.BEST_EFFORT;
            case NOT_BEST_EFFORT -> Qos.of(spec) != PodQosClass.BEST_EFFORT;
            case PRIORITY_CLASS -> named(spec.priorityClassName(), operator, values);
            case CROSS_NAMESPACE_POD_AFFINITY -> crossesNamespaces(spec.affinity());
            case VOLUME_ATTRIBUTES_CLASS, UNSET, UNRECOGNIZED -> false;
        };
    }

    private static boolean named(String name, ScopeSelectorOperator operator, List<String> values) {
        return switch (operator) {
            case IN -> values.contains(name);
            case NOT_IN -> !values.contains(name);
            case DOES_NOT_EXIST -> name.isEmpty();
            case EXISTS, UNSET, UNRECOGNIZED -> !name.isEmpty();
        };
    }

    private static boolean crossesNamespaces(Affinity affinity) {
        // Anti-affinity has the same fields.
        var anti = PodAffinity.of(affinity.podAntiAffinity().view());
        return Stream.of(affinity.podAffinity(), anti)
                .flatMap(QuotaUsage::terms)
                .anyMatch(term -> !term.namespaces().isEmpty() || term.hasNamespaceSelector());
    }

    private static Stream<PodAffinityTerm> terms(PodAffinity affinity) {
        return Stream.concat(
                affinity.requiredDuringSchedulingIgnoredDuringExecution().stream(),
                affinity.preferredDuringSchedulingIgnoredDuringExecution().stream()
                        .map(WeightedPodAffinityTerm::podAffinityTerm));
    }
}
