package io.navarch.agent.cpus;

import io.navarch.agent.numa.GoBoolean;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which processors containers get that have some for themselves.
///
/// Source: https://kubernetes.io/docs/tasks/administer-cluster/cpu-management-policies/
///
/// @param chosen names of those that are on
public record CpuOptions(Set<String> chosen) {
    public static final CpuOptions NONE = new CpuOptions(Set.of());

    static final String WHOLE_CORES = "full-pcpus-only";
    static final String ACROSS_NODES = "distribute-cpus-across-numa";
    static final String STRICT = "strict-cpu-reservation";
    static final String BY_CACHE = "prefer-align-cpus-by-uncorecache";

    private static final Set<String> KNOWN = Set.of(WHOLE_CORES, ACROSS_NODES, STRICT, BY_CACHE);
    /// Those of the original's that are behind a gate that is off.
    private static final Set<String> ALPHA = Set.of("align-by-socket", "distribute-cpus-across-cores");

    /// @throws IllegalArgumentException in the kubelet's words
    public static CpuOptions parse(Map<String, String> options) {
        var chosen = new TreeSet<String>();
        options.forEach((name, value) -> {
            if (ALPHA.contains(name))
                throw new IllegalArgumentException(
                        "CPU Manager Policy Alpha-level Options not enabled, but option \"" + name + "\" provided");
            if (!KNOWN.contains(name))
                throw new IllegalArgumentException("unknown CPU Manager Policy option: \"" + name + "\"");
            if (GoBoolean.option(name, value)) chosen.add(name);
        });
        if (chosen.contains(BY_CACHE) && chosen.contains(ACROSS_NODES))
            throw new IllegalArgumentException(
                    "static policy options " + BY_CACHE + " and " + ACROSS_NODES + " can not be used at the same time");
        return new CpuOptions(Set.copyOf(chosen));
    }

    /// Whether no two containers share a core.
    boolean wholeCores() {
        return chosen.contains(WHOLE_CORES);
    }

    /// Whether those that need several nodes get as many of each.
    boolean acrossNodes() {
        return chosen.contains(ACROSS_NODES);
    }

    /// Whether also those that share processors keep off what is reserved.
    boolean strict() {
        return chosen.contains(STRICT);
    }

    /// Whether those are better that share a cache.
    boolean byCache() {
        return chosen.contains(BY_CACHE);
    }
}
