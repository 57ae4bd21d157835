package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.Pod;
import io.navarch.model.PodResourceClaim;
import io.navarch.model.PodSpec;
import io.navarch.model.PodTemplateSpec;
import io.navarch.model.RestartPolicy;
import io.navarch.model.Toleration;
import io.navarch.objects.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a pod's spec must be, in pods and in templates.
public final class PodRules {
    private static final List<String> RESTARTS = List.of("Always", "OnFailure", "Never");
    private static final List<String> DNS = List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
    private static final List<String> PREEMPTION = List.of("PreemptLowerPriority", "Never");

    private PodRules() {}

    /// Only `Always` restarts make sense where a controller keeps pods running.
    public static void alwaysRestarts(PodTemplateSpec template, String path, Check check) {
        if (template.spec().restartPolicy() != RestartPolicy.ALWAYS)
            check.notSupported(
                    path + ".spec.restartPolicy",
                    template.spec().raw(PodSpec.RESTART_POLICY).string(),
                    Set.of("Always"));
    }

    /// A template of pods, wherever it stands.
    public static void template(PodTemplateSpec template, String path, Check check) {
        check.labels(template.labels(), path + ".labels");
        AnnotationRules.keys(template.annotations(), path + ".annotations", check);
        AnnotationRules.check(template.annotations(), template.spec(), path + ".annotations", check);
        spec(template.spec(), "", path + ".spec", check);
        AnnotationRules.profiles(template.annotations(), template.spec(), path + ".spec", check);
        if (!template.spec().ephemeralContainers().isEmpty())
            check.forbidden(path + ".spec.ephemeralContainers", "ephemeral containers not allowed in pod template");
    }

    /// A pod's own spec and what its annotations say of it.
    static void pod(Pod pod, Check check) {
        var spec = pod.spec();
        AnnotationRules.check(pod.annotations(), spec, "metadata.annotations", check);
        spec(spec, pod.name(), "spec", check);
        if (spec.serviceAccountName().isEmpty())
            Check.each(
                    spec.volumes(),
                    "spec.volumes",
                    (volume, at) ->
                            Check.each(volume.projected().sources(), at + ".projected.sources", (source, here) -> {
                                if (source.hasServiceAccountToken())
                                    check.forbidden(
                                            here + ".serviceAccountToken",
                                            "must not be specified when serviceAccountName is not set");
                            }));
        Check.each(spec.containers(), "spec.containers", (container, at) -> ContainerRules.image(container, at, check));
        Check.each(
                spec.initContainers(),
                "spec.initContainers",
                (container, at) -> ContainerRules.image(container, at, check));
    }

    /// @param pod the pod's name, `""` in a template
    private static void spec(PodSpec spec, String pod, String path, Check check) {
        var volumes = VolumeRules.check(spec.volumes(), pod, path + ".volumes", check);
        claims(spec.resourceClaims(), path + ".resourceClaims", check);
        var context = new PodContext(spec, volumes, check);
        ContainerRules.check(context, path);
        ResourceRules.pod(spec, context.claims(), path + ".resources", check);
        if (spec.hostNetwork()) hostNetworkPorts(spec, !pod.isEmpty(), path + ".containers", check);
        closed(spec, PodSpec.RESTART_POLICY, RESTARTS, path, check);
        closed(spec, PodSpec.DNS_POLICY, DNS, path, check);
        check.labels(spec.nodeSelector(), path + ".nodeSelector");
        SecurityRules.pod(spec, path, check);
        AffinityRules.check(spec.affinity(), path + ".affinity", check);
        DnsRules.config(spec, path + ".dnsConfig", check);
        Check.each(
                spec.readinessGates(),
                path + ".readinessGates",
                (gate, at) -> check.name(
                        gate.conditionType(), at + ".conditionType", Names.qualifiedName(gate.conditionType())));
        SchedulingRules.gates(spec.schedulingGates(), path + ".schedulingGates", check);
        SchedulingRules.spreads(spec.topologySpreadConstraints(), path + ".topologySpreadConstraints", check);
        WindowsRules.hostProcess(spec, path, check);
        hostUsers(spec, path, check);
        DnsRules.override(spec, path + ".hostnameOverride", check);
        names(spec, path, check);
        ResourceRules.overhead(spec.overhead(), path + ".overhead", check);
        WindowsRules.system(spec, path, check);
        EnvironmentRules.files(spec, path, check);
    }

    private static void names(PodSpec spec, String path, Check check) {
        subdomain(spec.serviceAccountName(), path + ".serviceAccountName", check);
        subdomain(spec.nodeName(), path + ".nodeName", check);
        if (spec.hasActiveDeadlineSeconds())
            check.range(spec.activeDeadlineSeconds(), path + ".activeDeadlineSeconds", 1, Integer.MAX_VALUE);
        label(spec.hostname(), path + ".hostname", check);
        label(spec.subdomain(), path + ".subdomain", check);
        DnsRules.aliases(spec.hostAliases(), path + ".hostAliases", check);
        subdomain(spec.priorityClassName(), path + ".priorityClassName", check);
        if (spec.hasRuntimeClassName())
            check.name(
                    spec.runtimeClassName(), path + ".runtimeClassName", Names.dnsSubdomain(spec.runtimeClassName()));
        if (spec.hasPreemptionPolicy()) closed(spec, PodSpec.PREEMPTION_POLICY, PREEMPTION, path, check);
    }

    private static void subdomain(String name, String path, Check check) {
        if (!name.isEmpty()) check.name(name, path, Names.dnsSubdomain(name));
    }

    private static void label(String name, String path, Check check) {
        if (!name.isEmpty()) check.name(name, path, Names.dnsLabel(name));
    }

    private static void closed(PodSpec spec, String field, List<String> values, String path, Check check) {
        var value = spec.raw(field).string();
        if (check.required(value, path + "." + field) && !values.contains(value))
            check.notSupported(path + "." + field, value, values);
    }

    private static void claims(List<PodResourceClaim> claims, String path, Check check) {
        var names = new HashSet<String>();
        Check.each(claims, path, (claim, at) -> {
            var name = claim.name();
            if (check.required(name, at + ".name")) {
                if (names.add(name)) check.name(name, at + ".name", Names.dnsLabel(name));
                else check.duplicate(at + ".name", name);
            }
            boolean own = claim.hasResourceClaimName();
            boolean made = claim.hasResourceClaimTemplateName();
            if (own && made)
                check.invalid(
                        at,
                        GoForm.claim(claim),
                        "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified");
            if (!own && !made)
                check.invalid(
                        at,
                        GoForm.claim(claim),
                        "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
            if (own)
                check.name(
                        claim.resourceClaimName(),
                        at + ".resourceClaimName",
                        Names.dnsSubdomain(claim.resourceClaimName()));
            if (made)
                check.name(
                        claim.resourceClaimTemplateName(),
                        at + ".resourceClaimTemplateName",
                        Names.dnsSubdomain(claim.resourceClaimTemplateName()));
        });
    }

    /// @param pod whether it is a pod's own spec: only these have been completed
    private static void hostNetworkPorts(PodSpec spec, boolean pod, String path, Check check) {
        Check.each(
                spec.containers(),
                path,
                (container, in) -> Check.each(container.ports(), in + ".ports", (port, at) -> {
                    boolean given = pod || port.hostPort() != 0;
                    if (given && port.hostPort() != port.containerPort())
                        check.invalid(
                                at + ".hostPort",
                                port.hostPort(),
                                "must match `containerPort` when `hostNetwork` is true");
                }));
    }

    /// Users of its own leave a pod fewer of the node's other things.
    private static void hostUsers(PodSpec spec, String path, Check check) {
        if (spec.hostUsersOr(true)) return;
        var why = "when `hostUsers` is false";
        if (spec.hostNetwork()) check.forbidden(path + ".hostNetwork", why);
        // As the original writes them.
        if (spec.hostPID()) check.forbidden(path + ".HostPID", why);
        if (spec.hostIPC()) check.forbidden(path + ".HostIPC", why);
        ContainerVisit.each(spec, path, (container, at) -> {
            if (!container.volumeDevices().isEmpty()) check.forbidden(at + ".volumeDevices", why);
        });
    }

    public static void toleration(Toleration toleration, String at, Check check) {
        SchedulingRules.toleration(toleration, at, check);
    }
}
