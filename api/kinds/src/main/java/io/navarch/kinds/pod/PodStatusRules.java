package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.Container;
import io.navarch.model.ContainerStatus;
import io.navarch.model.HostIP;
import io.navarch.model.Pod;
import io.navarch.model.PodConditionType;
import io.navarch.model.PodIP;
import io.navarch.model.PodResourceClaim;
import io.navarch.model.PodSpec;
import io.navarch.model.PodStatus;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a pod's status must be when its node agent writes it.
final class PodStatusRules {
    /// Conditions of Kubernetes itself; others have qualified names.
    private static final Set<String> OWN =
            Set.of(PodConditionType.POD_SCHEDULED, PodConditionType.READY, PodConditionType.INITIALIZED);

    private final Pod pod;
    private final PodStatus now;
    private final PodStatus before;
    private final Check check = new Check();

    private PodStatusRules(Pod pod, Pod old) {
        this.pod = pod;
        now = pod.status();
        before = old.status();
    }

    static List<FieldError> check(Pod pod, Pod old) {
        var rules = new PodStatusRules(pod, old);
        PodUpdate.annotations(pod, old, rules.check);
        rules.conditions();
        rules.node(old.spec());
        rules.fixed();
        rules.transitions(old.spec());
        rules.claims();
        rules.addresses(
                PodStatus.POD_IPS,
                rules.now.podIPs().stream().map(PodIP::ip).toList(),
                rules.before.podIPs().stream().map(PodIP::ip).toList());
        rules.hostAddresses();
        new ContainerStatusRules(pod, rules.check).check();
        return rules.check.errors();
    }

    private void fixed() {
        long generation = now.observedGeneration();
        if (generation < 0) check.invalid("status.observedGeneration", generation, "must be a non-negative integer");
        var quality = now.raw(PodStatus.QOS_CLASS).string();
        if (!quality.equals(before.raw(PodStatus.QOS_CLASS).string()))
            check.invalid("status.qosClass", quality, "field is immutable");
    }

    private void conditions() {
        Check.each(now.conditions(), "status.conditions", (condition, at) -> {
            if (condition.observedGeneration() < 0)
                check.invalid(
                        at + ".observedGeneration", condition.observedGeneration(), "must be a non-negative integer");
            if (!OWN.contains(condition.type()))
                check.name(condition.type(), at + ".Type", Names.qualifiedName(condition.type()));
        });
    }

    private void node(PodSpec old) {
        if (!pod.spec().nodeName().equals(old.nodeName()))
            check.forbidden("status.nodeName", "may not be changed directly");
        var nominated = now.nominatedNodeName();
        if (nominated.isEmpty() || nominated.equals(before.nominatedNodeName())) return;
        var path = "status.nominatedNodeName";
        check.name(nominated, path, Names.dnsSubdomain(nominated));
        if (!old.nodeName().isEmpty()) check.forbidden(path, "may not be set on pods that are already bound to a node");
    }

    private void claims() {
        var names = new HashSet<String>();
        var known =
                pod.spec().resourceClaims().stream().map(PodResourceClaim::name).toList();
        Check.each(now.resourceClaimStatuses(), "status.resourceClaimStatuses", (claim, at) -> {
            var name = claim.name();
            if (!known.contains(name))
                check.invalid(at + ".name", name, "must match the name of an entry in `spec.resourceClaims`");
            if (!names.add(name)) check.duplicate(at + ".name", name);
            if (claim.hasResourceClaimName())
                check.name(
                        claim.resourceClaimName(),
                        at + ".resourceClaimName",
                        Names.dnsSubdomain(claim.resourceClaimName()));
        });
        extended();
    }

    private void extended() {
        var status = now.extendedResourceClaimStatus();
        if (!status.exists()) return;
        var path = "status.extendedResourceClaimStatus";
        if (status.requestMappings().isEmpty())
            check.missing(path + ".requestMappings", "at least one request mapping is required");
        var containers = new LinkedHashMap<String, Container>();
        for (var container : Pods.containers(pod.spec())) containers.put(container.name(), container);
        var seen = new HashSet<Object>();
        Check.each(status.requestMappings(), path + ".requestMappings", (mapping, at) -> {
            var container = containers.get(mapping.containerName());
            if (container == null)
                check.invalid(
                        at + ".containerName",
                        mapping.containerName(),
                        "must match the name of an entry in spec.initContainers.name or spec.containers.name");
            else if (!container.resources().requests().containsKey(mapping.resourceName()))
                check.invalid(
                        at + ".resourceName",
                        mapping.resourceName(),
                        "must match the extended resource name of an entry in spec.initContainers.resources.requests"
                                + " or spec.containers.resources.requests");
            check.name(mapping.requestName(), path + ".requestName", Names.dnsLabel(mapping.requestName()));
            if (seen.add(List.of(mapping.containerName(), mapping.resourceName(), mapping.requestName()))) return;
            check.duplicate(at + ".containerName", mapping.containerName());
            check.duplicate(at + ".resourceName", mapping.resourceName());
            check.duplicate(at + ".requestName", mapping.requestName());
        });
        var claim = status.resourceClaimName();
        if (check.required(claim, path + ".resourceClaimName"))
            check.name(claim, path + ".resourceClaimName", Names.dnsSubdomain(claim));
    }

    /// At most one address of each family; what is there already may stay.
    private void addresses(String field, List<String> addresses, List<String> old) {
        var path = "status." + field;
        Check.each(addresses, path, (address, at) -> {
            if (!old.contains(address)) check.name(address, at, Names.ip(address));
        });
        if (addresses.size() < 2) return;
        if (!addresses.stream().allMatch(Addresses::isAddress)) {
            int i = 0;
            while (Addresses.isAddress(addresses.get(i))) i++;
            check.add(new FieldError(
                    FieldError.Type.INTERNAL,
                    path,
                    null,
                    "failed to check for dual stack with error:invalid IP[" + i + "]: " + addresses.get(i)));
        }
        var families = new HashSet<Boolean>();
        addresses.stream().filter(Addresses::isAddress).forEach(address -> families.add(Addresses.six(address)));
        boolean dual = families.size() == 2 && addresses.stream().allMatch(Addresses::isAddress);
        if (!dual || addresses.size() > 2)
            check.invalid(
                    path,
                    addresses.stream().map(address -> Map.of("IP", address)).toList(),
                    "may specify no more than one IP for each IP family");
    }

    private void hostAddresses() {
        var addresses = now.hostIPs().stream().map(HostIP::ip).toList();
        if (addresses.isEmpty()) return;
        if (!now.hostIP().equals(addresses.getFirst()))
            check.invalid("status.hostIPs[0].ip", addresses.getFirst(), "must be equal to `hostIP`");
        addresses(
                PodStatus.HOST_IPS,
                addresses,
                before.hostIPs().stream().map(HostIP::ip).toList());
    }

    /// A container that ended for good does not run again.
    private void transitions(PodSpec old) {
        if (!restartsAll(old)) {
            transitions(
                    now.containerStatuses(), before.containerStatuses(), "containerStatuses", old, old.containers());
            transitions(
                    now.initContainerStatuses(),
                    before.initContainerStatuses(),
                    "initContainerStatuses",
                    old,
                    old.initContainers());
        }
        transitions(
                now.ephemeralContainerStatuses(),
                before.ephemeralContainerStatuses(),
                "ephemeralContainerStatuses",
                old,
                List.of());
    }

    /// Whether the end of some container may start all of them anew.
    private static boolean restartsAll(PodSpec spec) {
        return Pods.containers(spec).stream()
                .flatMap(container -> container.restartPolicyRules().stream())
                .anyMatch(rule -> rule.action().equals("RestartAllContainers"));
    }

    /// @param containers those of the kind that may run again
    private void transitions(
            List<ContainerStatus> statuses,
            List<ContainerStatus> old,
            String field,
            PodSpec spec,
            List<Container> containers) {
        Check.each(old, "status." + field, (status, at) -> {
            var ended = status.state().terminated();
            if (!ended.exists()) return;
            var again = statuses.stream()
                    .filter(each -> each.name().equals(status.name()))
                    .filter(each -> !each.state().hasTerminated())
                    .findFirst();
            if (again.isEmpty()) return;
            boolean allowed = containers.stream()
                    .filter(container -> container.name().equals(status.name()))
                    .findFirst()
                    .filter(container -> Pods.restarts(container, spec, ended.exitCode()))
                    .isPresent();
            if (!allowed) check.forbidden(at + ".state", "may not be transitioned to non-terminated state");
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
