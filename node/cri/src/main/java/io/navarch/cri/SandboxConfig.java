package io.navarch.cri;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// How a pod's sandbox is to be: the namespaces, network and cgroup that its containers share.
///
/// @param hostname `""` for the node's own
/// @param handler of the runtime's configuration that runs its containers, `""` for the usual one
public record SandboxConfig(
        String podName,
        String podNamespace,
        String podUid,
        int attempt,
        String hostname,
        String logDirectory,
        Dns dns,
        Map<String, String> labels,
        Security security,
        String handler) {

    public record Dns(List<String> servers, List<String> searches, List<String> options) {}

    /// @param privileged whether any container of the pod is
    public record Security(
            String cgroupParent,
            Map<String, String> sysctls,
            Namespaces namespaces,
            OptionalLong runAsUser,
            boolean privileged,
            Profile seccomp,
            SeLinux seLinux) {}

    /// Whose namespace a process is in.
    public enum Namespace {
        CONTAINER,
        POD,
        NODE,
        /// That of another container of the pod.
        TARGET
    }

    /// @param target the id of the container whose processes are shared, `""` for none
    public record Namespaces(Namespace network, Namespace pid, Namespace ipc, String target) {
        public Namespaces(Namespace network, Namespace pid, Namespace ipc) {
            this(network, pid, ipc, "");
        }

        /// Among the processes of another container, unless those of all are shared anyway.
        public Namespaces targeting(String container) {
            return pid == Namespace.CONTAINER ? new Namespaces(network, Namespace.TARGET, ipc, container) : this;
        }
    }

    /// Which confinement of the kernel's a process is under.
    public sealed interface Profile {
        record Unconfined() implements Profile {}

        record RuntimeDefault() implements Profile {}

        /// @param reference a file's path for seccomp, a loaded profile's name for AppArmor
        record Localhost(String reference) implements Profile {}
    }

    /// Empty strings stand for what the runtime says.
    public record SeLinux(String user, String role, String type, String level) {
        public static final SeLinux NONE = new SeLinux("", "", "", "");
    }
}
