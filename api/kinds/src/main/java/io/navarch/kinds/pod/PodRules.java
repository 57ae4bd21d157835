package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.Container;
import io.navarch.model.DnsPolicy;
import io.navarch.model.PodDNSConfig;
import io.navarch.model.PodSpec;
import io.navarch.model.PodTemplateSpec;
import io.navarch.model.RestartPolicy;
import io.navarch.model.TaintEffect;
import io.navarch.model.Toleration;
import io.navarch.model.TolerationOperator;
import io.navarch.model.TopologySpreadConstraint;
import io.navarch.model.UnsatisfiableConstraintAction;
import io.navarch.model.Volume;
import io.navarch.objects.Names;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What a pod's spec must be, for pods and templates, beyond what the overlay says of single fields.
public final class PodRules {
    private PodRules() {}

    /// Only `Always` restarts make sense where a controller keeps pods running.
    public static void alwaysRestarts(PodTemplateSpec template, String path, Check check) {
        var policy = template.spec().restartPolicy();
        if (policy != RestartPolicy.UNSET && policy != RestartPolicy.ALWAYS)
            check.notSupported(
                    path + ".spec.restartPolicy",
                    template.spec().raw(PodSpec.RESTART_POLICY).string(),
                    Set.of("Always"));
        if (!template.spec().ephemeralContainers().isEmpty())
            check.forbidden(path + ".spec.ephemeralContainers", "ephemeral containers not allowed in pod template");
    }

    /// A template's metadata.
    public static void template(PodTemplateSpec template, String path, Check check) {
        check.labels(template.labels(), path + ".labels");
        for (var key : template.annotations().keySet())
            check.name(key, path + ".annotations", Names.qualifiedName(key.toLowerCase(Locale.ROOT)));
    }

    /// A pod's spec, wherever it stands.
    public static void spec(PodSpec spec, String path, Check check) {
        containers(spec, volumes(spec, path, check), path, check);
        hostPorts(spec, path, check);
        if (spec.hostNetwork())
            Check.each(spec.containers(), path + ".containers", (each, at) -> hostNetworkPorts(each, at, check));
        check.labels(spec.nodeSelector(), path + ".nodeSelector");
        dns(spec, path + ".dnsConfig", check);
        SecurityRules.pod(spec.securityContext(), path + ".securityContext", check);
        Check.each(
                spec.readinessGates(),
                path + ".readinessGates",
                (gate, at) -> check.name(
                        gate.conditionType(), at + ".conditionType", Names.qualifiedName(gate.conditionType())));
        if (spec.shareProcessNamespace() && spec.hostPID())
            check.invalid(
                    path + ".shareProcessNamespace", true, "ShareProcessNamespace and HostPID cannot both be enabled");
        Check.each(
                spec.hostAliases(),
                path + ".hostAliases",
                (alias, at) -> Check.each(
                        alias.hostnames(),
                        at + ".hostnames",
                        (host, here) -> check.name(host, here, Names.dnsSubdomain(host))));
        AffinityRules.check(spec.affinity(), path + ".affinity", check);
        spreads(spec.topologySpreadConstraints(), path + ".topologySpreadConstraints", check);
        if (!spec.schedulingGates().isEmpty() && !spec.nodeName().isEmpty())
            check.forbidden(path + ".nodeName", "cannot be set until all schedulingGates have been cleared");
    }

    /// @return the volumes that can be mounted, by name
    private static Map<String, Volume> volumes(PodSpec spec, String path, Check check) {
        var volumes = new HashMap<String, Volume>();
        boolean account = !spec.serviceAccountName().isEmpty();
        Check.each(spec.volumes(), path + ".volumes", (volume, at) -> {
            var name = volume.name();
            if (volumes.containsKey(name)) check.duplicate(at + ".name", name);
            int wrong = check.errors().size();
            VolumeRules.check(volume, account, at, check);
            if (check.errors().size() == wrong && !name.isEmpty()) volumes.putIfAbsent(name, volume);
        });
        return volumes;
    }

    private static void containers(PodSpec spec, Map<String, Volume> volumes, String path, Check check) {
        var names = new HashSet<String>();
        for (var field : List.of(PodSpec.CONTAINERS, PodSpec.INIT_CONTAINERS, PodSpec.EPHEMERAL_CONTAINERS)) {
            var containers = spec.raw(field).stream().map(Container::of).toList();
            Check.each(
                    containers,
                    path + "." + field,
                    (container, at) -> ContainerRules.check(container, field, at, volumes, names, check));
        }
    }

    private static void hostNetworkPorts(Container container, String path, Check check) {
        Check.each(container.ports(), path + ".ports", (port, at) -> {
            if (port.hostPort() != port.containerPort())
                check.invalid(
                        at + ".containerPort",
                        port.containerPort(),
                        "must match `hostPort` when `hostNetwork` is true");
        });
    }

    private static void hostPorts(PodSpec spec, String path, Check check) {
        var taken = new HashSet<String>();
        Check.each(
                spec.containers(),
                path + ".containers",
                (container, in) -> Check.each(container.ports(), in + ".ports", (port, at) -> {
                    var key = port.protocol() + "/" + port.hostIP() + "/" + port.hostPort();
                    if (port.hostPort() != 0 && !taken.add(key)) check.duplicate(at + ".hostPort", key);
                }));
    }

    private static void spreads(List<TopologySpreadConstraint> all, String path, Check check) {
        int i = 0;
        for (var constraint : all) {
            var at = path + "[" + i++ + "]";
            var raw = constraint.raw(TopologySpreadConstraint.WHEN_UNSATISFIABLE);
            if (constraint.maxSkew() <= 0)
                check.invalid(at + ".maxSkew", constraint.maxSkew(), "must be greater than zero");
            if (constraint.topologyKey().isEmpty()) check.missing(at + ".topologyKey", "can not be empty");
            check.oneOf(raw, at + ".whenUnsatisfiable", Set.of("DoNotSchedule", "ScheduleAnyway"));
            var key = spread(constraint);
            if (all.stream().skip(i).anyMatch(later -> spread(later).equals(key)))
                check.duplicate(at + ".{topologyKey, whenUnsatisfiable}", key);
            if (constraint.hasMinDomains()
                    && constraint.whenUnsatisfiable() != UnsatisfiableConstraintAction.DO_NOT_SCHEDULE)
                check.invalid(
                        at + ".minDomains",
                        constraint.minDomains(),
                        "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + raw.string());
        }
    }

    private static String spread(TopologySpreadConstraint constraint) {
        return "{" + constraint.topologyKey() + ", "
                + constraint.raw(TopologySpreadConstraint.WHEN_UNSATISFIABLE).string() + "}";
    }

    private static void dns(PodSpec spec, String path, Check check) {
        var config = spec.dnsConfig();
        if (spec.dnsPolicy() == DnsPolicy.NONE) {
            if (!config.exists()) {
                check.missing(path, "must provide `dnsConfig` when `dnsPolicy` is None");
            } else if (config.nameservers().isEmpty()) {
                check.missing(
                        path + ".nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None");
                return;
            }
        }
        var servers = config.nameservers();
        if (servers.size() > 3) check.invalid(path + ".nameservers", servers, "must not have more than 3 nameservers");
        Check.each(servers, path + ".nameservers", (server, at) -> check.name(server, at, Names.ip(server)));
        searches(config, path + ".searches", check);
        Check.each(config.options(), path + ".options", (option, at) -> {
            if (option.name().isEmpty()) check.missing(at, "must not be empty");
        });
    }

    private static void searches(PodDNSConfig config, String path, Check check) {
        var searches = config.searches();
        if (searches.size() > 32) check.invalid(path, searches, "must not have more than 32 search paths");
        if (String.join(" ", searches).length() > 2048)
            check.invalid(
                    path, searches, "must not have more than 2048 characters (including spaces) in the search list");
        Check.each(searches, path, (search, at) -> {
            var name = search.endsWith(".") ? search.substring(0, search.length() - 1) : search;
            // A single dot is the root; underscores are used for service discovery.
            if (!search.equals(".")) check.name(name, at, Names.dnsSubdomain(name.replace('_', 'a')));
        });
    }

    public static void toleration(Toleration toleration, String at, Check check) {
        var operator = toleration.operator();
        if (toleration.key().isEmpty() && operator != TolerationOperator.EXISTS)
            check.invalid(
                    at + ".operator",
                    toleration.raw(Toleration.OPERATOR).string(),
                    "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        if (operator == TolerationOperator.EXISTS && !toleration.value().isEmpty())
            check.invalid(at + ".operator", toleration.view().map(), "value must be empty when `operator` is 'Exists'");
        if (operator == TolerationOperator.UNSET || operator == TolerationOperator.EQUAL)
            check.name(toleration.value(), at + ".operator", Names.labelValue(toleration.value()));
        if (toleration.hasTolerationSeconds() && toleration.effect() != TaintEffect.NO_EXECUTE)
            check.invalid(
                    at + ".effect",
                    toleration.raw(Toleration.EFFECT).string(),
                    "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
}
