package io.navarch.kinds.support;

import java.util.List;
import java.util.Set;

/// The names of resources that pods ask for and quotas limit.
///
/// Source: https://kubernetes.io/docs/concepts/policy/resource-quotas/
public final class ResourceNames {
    public static final String CPU = "cpu";
    public static final String MEMORY = "memory";
    public static final String EPHEMERAL_STORAGE = "ephemeral-storage";
    public static final String STORAGE = "storage";
    public static final String PODS = "pods";
    public static final String HUGE_PAGES = "hugepages-";

    /// What containers ask for of a node itself, apart from huge pages.
    public static final List<String> COMPUTE = List.of(CPU, MEMORY, EPHEMERAL_STORAGE);

    private static final Set<String> QUOTA = Set.of(
            "cpu",
            "memory",
            "ephemeral-storage",
            "requests.cpu",
            "requests.memory",
            "requests.storage",
            "requests.ephemeral-storage",
            "limits.cpu",
            "limits.memory",
            "limits.ephemeral-storage",
            "pods",
            "resourcequotas",
            "services",
            "replicationcontrollers",
            "secrets",
            "persistentvolumeclaims",
            "configmaps",
            "services.nodeports",
            "services.loadbalancers");

    private ResourceNames() {}

    public static boolean containers(String name) {
        return COMPUTE.contains(name) || name.startsWith(HUGE_PAGES);
    }

    public static boolean standard(String name) {
        return containers(name)
                || QUOTA.contains(name)
                || name.equals(STORAGE)
                || name.startsWith("requests.hugepages-");
    }

    public static boolean quota(String name) {
        return QUOTA.contains(name) || name.startsWith(HUGE_PAGES) || name.startsWith("requests.hugepages-");
    }

    /// A resource of a device vendor, counted in whole ones.
    public static boolean extended(String name) {
        int slash = name.indexOf('/');
        return slash > 0 && !name.substring(0, slash).endsWith("kubernetes.io") && !name.startsWith("requests.");
    }

    /// Whether more may be promised than there is.
    public static boolean overcommits(String name) {
        return !extended(name) && !name.startsWith(HUGE_PAGES);
    }
}
