package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.ContainerStatus;
import io.navarch.model.HostIP;
import io.navarch.model.Pod;
import io.navarch.model.PodConditionType;
import io.navarch.model.PodIP;
import io.navarch.model.PodStatus;
import io.navarch.model.RestartPolicy;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a pod's status must be when its node agent writes it.
final class PodStatusRules {
    /// Conditions of Kubernetes itself; others have qualified names.
    private static final Set<String> OWN =
            Set.of(PodConditionType.POD_SCHEDULED, PodConditionType.READY, PodConditionType.INITIALIZED);

    private PodStatusRules() {}

    static List<FieldError> check(Pod pod, Pod old) {
        var check = new Check();
        var now = pod.status();
        var before = old.status();
        // The original's path.
        Check.each(now.conditions(), "metadata.conditions", (condition, at) -> {
            if (!OWN.contains(condition.type()))
                check.name(condition.type(), at + ".Type", Names.qualifiedName(condition.type()));
        });
        addresses(
                now.raw(PodStatus.POD_IPS), now.podIPs().stream().map(PodIP::ip).toList(), "status.podIPs", check);
        addresses(
                now.raw(PodStatus.HOST_IPS),
                now.hostIPs().stream().map(HostIP::ip).toList(),
                "status.hostIPs",
                check);
        transitions(pod, now.containerStatuses(), before.containerStatuses(), "status.containerStatuses", check);
        transitions(
                pod,
                now.initContainerStatuses(),
                before.initContainerStatuses(),
                "status.initContainerStatuses",
                check);
        return check.errors();
    }

    /// At most one address of each family.
    private static void addresses(View raw, List<String> addresses, String path, Check check) {
        var seen = new HashSet<String>();
        var families = new HashSet<Boolean>();
        Check.each(addresses, path, (address, at) -> {
            check.name(address, at, Names.ip(address));
            if (!seen.add(address)) check.duplicate(at, Map.of("ip", address));
        });
        boolean crowded = addresses.stream()
                .filter(Addresses::isAddress)
                .anyMatch(address -> !families.add(Addresses.six(address)));
        if (crowded || addresses.size() > 2)
            check.invalid(path, raw.list(), "may specify no more than one IP for each IP family");
    }

    /// A container that ended for good does not run again.
    private static void transitions(
            Pod pod, List<ContainerStatus> now, List<ContainerStatus> before, String path, Check check) {
        var policy = pod.spec().restartPolicy();
        if (policy == RestartPolicy.ALWAYS) return;
        Check.each(now, path, (status, at) -> {
            var ended = before.stream()
                    .filter(old -> old.name().equals(status.name()))
                    .findFirst()
                    .map(old -> old.state().terminated());
            if (ended.isEmpty() || !ended.get().exists() || status.state().hasTerminated()) return;
            boolean again = policy == RestartPolicy.ON_FAILURE && ended.get().exitCode() != 0;
            if (!again && !Pods.sidecar(Pods.initContainer(pod, status.name())))
                check.forbidden(at + ".state", "must not be transitioned to non-terminated state");
        });
    }

    /// The first address has a field of its own; where they differ, that field is right.
    static void complete(PodStatus.Builder status) {
        var now = status.build();
        var first = now.podIPs().isEmpty() ? "" : now.podIPs().getFirst().ip();
        if (now.podIP().isEmpty() && !first.isEmpty()) status.podIP(first);
        if (!now.podIP().isEmpty() && !now.podIP().equals(first))
            status.podIPs(List.of(PodIP.builder().ip(now.podIP()).build()));
    }
}
