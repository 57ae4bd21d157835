package io.navarch.agent;

import java.nio.file.Path;

/// What an agent must know. `root` is the directory of pod volumes (the kubelet's `/var/lib/kubelet`).
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
