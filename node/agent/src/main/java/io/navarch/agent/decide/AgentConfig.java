package io.navarch.agent.decide;

import java.nio.file.Path;
import java.util.List;

/// What an agent must know of its node and cluster.
///
/// @param port of the node's API, 0 when it has none
/// @param root the directory of pod volumes (the kubelet's `/var/lib/kubelet`)
/// @param podCidr `""` when the node does not give out addresses
public record AgentConfig(
        String nodeName,
        String nodeAddress,
        int port,
        Path root,
        Path logs,
        String clusterDns,
        String clusterDomain,
        String podCidr,
        String version,
        Hardening hardening) {
    /// What the node does beyond, or in spite of, what pods say.
    ///
    /// @param seccompDefault whether pods that say nothing are confined as the runtime does it
    /// @param unsafeSysctls names, or beginnings of names followed by `*`, that pods may set all the same
    public record Hardening(boolean seccompDefault, List<String> unsafeSysctls) {
        public static final Hardening NONE = new Hardening(false, List.of());
    }
}
