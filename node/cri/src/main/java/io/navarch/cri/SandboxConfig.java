package io.navarch.cri;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// How a pod's sandbox is to be: the namespaces, network and cgroup that its containers share.
///
/// @param hostname `""` for the node's own
public record SandboxConfig(
        String podName,
        String podNamespace,
        String podUid,
        int attempt,
        String hostname,
        String logDirectory,
        Dns dns,
        Map<String, String> labels,
        Security security) {

    public record Dns(List<String> servers, List<String> searches, List<String> options) {}

    /// @param privileged whether any container of the pod is
    public record Security(
            String cgroupParent,
            Map<String, String> sysctls,
            Namespaces namespaces,
            OptionalLong runAsUser,
            boolean privileged,
            Seccomp seccomp) {}

    /// Whose namespace a process is in.
    public enum Namespace {
        CONTAINER,
        POD,
        NODE
    }

    public record Namespaces(Namespace network, Namespace pid, Namespace ipc) {}

    public enum Seccomp {
        UNCONFINED,
        RUNTIME_DEFAULT,
        LOCALHOST
    }
}
