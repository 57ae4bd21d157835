package io.navarch.agent.decide;

import io.navarch.cri.SandboxConfig.Profile;
import io.navarch.kinds.node.Taints;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.OsName;
import io.navarch.model.Pod;
import io.navarch.model.PodQosClass;
import io.navarch.model.SupplementalGroupsPolicy;
import io.navarch.model.Taint;
import io.navarch.model.TaintEffect;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Whether this node can run a pod as the pod wants to be run. What it cannot give, above all what confines a pod, is
/// refused: it is never left out.
///
/// @param appArmor whether the node confines by AppArmor profiles
public record PodAdmission(AgentConfig.Hardening hardening, boolean appArmor) {
    /// From this priority on, a pod is there for the system itself.
    private static final int SYSTEM_CRITICAL = 2_000_000_000;

    private static final String OS = "kubernetes.io/os";
    private static final String LINUX = "linux";

    /// The end of a pod that may not run here.
    ///
    /// @param message of the event; the status says it in full
    public record Rejection(String reason, String message) {
        public String statusMessage() {
            return "Pod was rejected: " + message;
        }
    }

    /// @param pressures what the node is short of
    public Optional<Rejection> rejection(Pod pod, Set<Pressure> pressures) {
        if (!pressures.isEmpty() && !critical(pod) && !takenDespite(pod, pressures)) {
            var conditions = pressures.stream().map(Pressure::condition).collect(Collectors.joining(" ", "[", "]"));
            return reject("Evicted", "The node had condition: " + conditions + ". ");
        }
        if (!LINUX.equals(pod.metadata().labels().getOrDefault(OS, LINUX)))
            return reject(
                    "PodOSSelectorNodeLabelDoesNotMatch",
                    "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label");
        if (pod.spec().os().name() == OsName.WINDOWS)
            return reject("PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS");
        if (pod.spec().securityContext().supplementalGroupsPolicy() == SupplementalGroupsPolicy.STRICT)
            return reject(
                    "SupplementalGroupsPolicyNotSupported",
                    "SupplementalGroupsPolicy=Strict is not supported in this node");
        return sysctls(pod).or(() -> appArmor(pod));
    }

    /// While only memory is short, pods that said how much they need are taken, and those that do not mind.
    private static boolean takenDespite(Pod pod, Set<Pressure> pressures) {
        if (!pressures.equals(Set.of(Pressure.MEMORY))) return false;
        var taint = Taint.builder()
                .key(Taints.MEMORY_PRESSURE)
                .effect(TaintEffect.NO_SCHEDULE)
                .build();
        return pod.status().qosClass() != PodQosClass.BEST_EFFORT || Taints.toleratedBy(pod, taint);
    }

    /// Whether it is there for the system itself, as all that the node runs by itself.
    public static boolean critical(Pod pod) {
        return pod.spec().priority() >= SYSTEM_CRITICAL || StaticPod.is(pod);
    }

    private Optional<Rejection> sysctls(Pod pod) {
        var spec = pod.spec();
        var sysctls = new Sysctls(hardening.unsafeSysctls());
        return spec.securityContext().sysctls().stream()
                .flatMap(sysctl -> sysctls.forbidden(sysctl.name(), spec.hostNetwork(), spec.hostIPC()).stream())
                .findFirst()
                .flatMap(why -> reject("SysctlForbidden", "forbidden sysctl: " + why));
    }

    private Optional<Rejection> appArmor(Pod pod) {
        for (var spec : Pods.containers(pod.spec())) {
            var profile = Confinement.appArmor(pod, spec);
            if (profile.isEmpty() || profile.get() instanceof Profile.Unconfined) continue;
            if (!appArmor) return reject("AppArmor", "Cannot enforce AppArmor: AppArmor is not enabled on the host");
            if (profile.get() instanceof Profile.Localhost(var name) && name.isBlank())
                return reject("AppArmor", "Cannot enforce AppArmor: invalid empty AppArmor profile name");
        }
        return Optional.empty();
    }

    private static Optional<Rejection> reject(String reason, String message) {
        return Optional.of(new Rejection(reason, message));
    }
}
