package io.navarch.agent.decide;

import io.navarch.objects.Quantity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What an agent must know of its node and cluster.
///
/// @param port of the node's API, 0 when it has none
/// @param root the directory of pod volumes (the kubelet's `/var/lib/kubelet`)
/// @param images where the runtime keeps images and what containers write
/// @param manifests the directory with the pods that the node runs by itself
/// @param podCidr `""` when the node does not give out addresses
public record AgentConfig(
        String nodeName,
        String nodeAddress,
        int port,
        Path root,
        Path images,
        Path logs,
        Path manifests,
        String clusterDns,
        String clusterDomain,
        String podCidr,
        String version,
        Hardening hardening,
        Eviction eviction,
        ShutdownPeriods shutdown,
        ResourceConfig resources) {
    /// What of a node can be given to pods.
    public Map<String, Quantity> allocatable(Map<String, Quantity> capacity) {
        return resources
                .reservation()
                .allocatable(capacity, eviction.thresholds().kept(capacity));
    }

    /// What of a node is kept from pods.
    public Map<String, Quantity> kept(Map<String, Quantity> capacity) {
        return resources.reservation().kept(eviction.thresholds().kept(capacity));
    }

    /// What the node does beyond, or in spite of, what pods say, and what it lets others do.
    ///
    /// @param seccompDefault whether pods that say nothing are confined as the runtime does it
    /// @param unsafeSysctls names, or beginnings of names followed by `*`, that pods may set all the same
    /// @param logQueries whether those who may see the machine's logs may ask for them by service
    public record Hardening(boolean seccompDefault, List<String> unsafeSysctls, boolean logQueries) {
        public static final Hardening NONE = new Hardening(false, List.of());

        public Hardening(boolean seccompDefault, List<String> unsafeSysctls) {
            this(seccompDefault, unsafeSysctls, false);
        }
    }

    /// When the node is short of something.
    ///
    /// @param transition how long a shortage counts after it was last seen
    /// @param mostGraceSeconds that pods have when they are ended for a soft threshold
    public record Eviction(EvictionThresholds thresholds, Duration transition, long mostGraceSeconds) {
        public static final Eviction NONE = new Eviction(EvictionThresholds.NONE, Duration.ZERO);

        public Eviction(EvictionThresholds thresholds, Duration transition) {
            this(thresholds, transition, 0);
        }
    }
}
