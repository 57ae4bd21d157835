package io.navarch.agent.decide;

import java.nio.file.Path;

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
        String version) {}
