package io.navarch.bootstrap;

import io.navarch.model.Resources;
import io.navarch.schema.KindDefinition;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A version of a group that this server answers itself, as its APIService tells it.
record LocalApi(String group, String version) {
    /// Which group comes first where clients look for a resource by its name alone.
    private static final Map<String, Integer> PRIORITIES = Map.ofEntries(
            Map.entry("", 18_000),
            Map.entry("apps", 17_800),
            Map.entry("events.k8s.io", 17_750),
            Map.entry("authentication.k8s.io", 17_700),
            Map.entry("authorization.k8s.io", 17_600),
            Map.entry("autoscaling", 17_500),
            Map.entry("batch", 17_400),
            Map.entry("certificates.k8s.io", 17_300),
            Map.entry("networking.k8s.io", 17_200),
            Map.entry("policy", 17_100),
            Map.entry("rbac.authorization.k8s.io", 17_000),
            Map.entry("storage.k8s.io", 16_800),
            Map.entry("admissionregistration.k8s.io", 16_700),
            Map.entry("apiextensions.k8s.io", 16_700),
            Map.entry("scheduling.k8s.io", 16_600),
            Map.entry("coordination.k8s.io", 16_500),
            Map.entry("node.k8s.io", 16_300),
            Map.entry("discovery.k8s.io", 16_200),
            Map.entry("resource.k8s.io", 16_200),
            Map.entry("flowcontrol.apiserver.k8s.io", 16_100));

    private static final int LEAST = 16_000;

    /// The priorities of versions that differ from that of nearly all.
    private static final Map<String, Integer> VERSIONS =
            Map.of("v1.", 1, "v2.autoscaling", 30, "v1.flowcontrol.apiserver.k8s.io", 21, "v1.resource.k8s.io", 21);

    /// Every version of every group once, in the order of the kinds. That of the APIServices themselves has none.
    static Set<LocalApi> of(List<KindDefinition> kinds) {
        var result = new LinkedHashSet<LocalApi>();
        for (var kind : kinds) {
            if (kind.group().equals(Resources.API_SERVICES.group())) continue;
            for (var version : kind.versions()) result.add(new LocalApi(kind.group(), version.name()));
        }
        return result;
    }

    String name() {
        return version + "." + group;
    }

    int groupPriority() {
        return PRIORITIES.getOrDefault(group, LEAST);
    }

    int versionPriority() {
        return VERSIONS.getOrDefault(name(), 15);
    }
}
