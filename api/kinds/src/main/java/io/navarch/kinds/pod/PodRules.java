package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What a pod's spec must be, for pods and templates, beyond what the overlay says of single fields.
public final class PodRules {
    private PodRules() {}

    /// Only `Always` restarts make sense where a controller keeps pods running.
    public static void alwaysRestarts(View template, String path, Check check) {
        var policy = template.spec().get("restartPolicy").string();
        if (!policy.isEmpty() && !policy.equals("Always"))
            check.add(FieldError.notSupported(path + ".spec.restartPolicy", policy, Set.of("Always")));
        if (!template.spec().get("ephemeralContainers").list().isEmpty())
            check.add(FieldError.forbidden(
                    path + ".spec.ephemeralContainers", "ephemeral containers not allowed in pod template"));
    }

    /// A template's metadata.
    public static void template(View template, String path, Check check) {
        check.labels(template.metadata().get("labels"), path + ".labels");
        template.metadata()
                .get("annotations")
                .map()
                .keySet()
                .forEach(key ->
                        check.name(key, path + ".annotations", Names.qualifiedName(key.toLowerCase(Locale.ROOT))));
    }

    /// A pod's spec, wherever it stands.
    public static void spec(View spec, String path, Check check) {
        var volumes = new HashMap<String, View>();
        boolean account = !spec.get("serviceAccountName").string().isEmpty();
        int i = 0;
        for (var volume : spec.get("volumes").views()) {
            var at = path + ".volumes[" + i++ + "]";
            var name = volume.get("name").string();
            if (volumes.containsKey(name)) check.add(FieldError.duplicate(at + ".name", name));
            int wrong = check.errors().size();
            VolumeRules.check(volume, account, at, check);
            // A volume with errors is none that could be mounted.
            if (check.errors().size() == wrong && !name.isEmpty()) volumes.putIfAbsent(name, volume);
        }
        var names = new HashSet<String>();
        for (var field : List.of("containers", "initContainers", "ephemeralContainers")) {
            i = 0;
            for (var container : spec.get(field).views()) {
                ContainerRules.check(container, field, path + "." + field + "[" + i++ + "]", volumes, names, check);
            }
        }
        hostPorts(spec, path, check);
        if (spec.get("hostNetwork").bool()) {
            i = 0;
            for (var container : spec.get("containers").views())
                hostNetworkPorts(container, path + ".containers[" + i++ + "]", check);
        }
        check.labels(spec.get("nodeSelector"), path + ".nodeSelector");
        dns(spec, path + ".dnsConfig", check);
        SecurityRules.pod(spec.get("securityContext"), path + ".securityContext", check);
        i = 0;
        for (var gate : spec.get("readinessGates").views()) {
            var type = gate.get("conditionType").string();
            check.name(type, path + ".readinessGates[" + i++ + "].conditionType", Names.qualifiedName(type));
        }
        if (spec.get("shareProcessNamespace").bool() && spec.get("hostPID").bool())
            check.add(FieldError.invalid(
                    path + ".shareProcessNamespace", true, "ShareProcessNamespace and HostPID cannot both be enabled"));
        i = 0;
        for (var alias : spec.get("hostAliases").views()) {
            var at = path + ".hostAliases[" + i++ + "]";
            int j = 0;
            for (var host : alias.get("hostnames").strings())
                check.name(host, at + ".hostnames[" + j++ + "]", Names.dnsSubdomain(host));
        }
        AffinityRules.check(spec.get("affinity"), path + ".affinity", check);
        spreads(spec.get("topologySpreadConstraints"), path + ".topologySpreadConstraints", check);
        if (!spec.get("schedulingGates").list().isEmpty()
                && !spec.get("nodeName").string().isEmpty())
            check.add(FieldError.forbidden(
                    path + ".nodeName", "cannot be set until all schedulingGates have been cleared"));
    }

    private static void hostNetworkPorts(View container, String path, Check check) {
        int i = 0;
        for (var port : container.get("ports").views()) {
            var at = path + ".ports[" + i++ + "].containerPort";
            if (port.get("hostPort").longOr(0) != port.get("containerPort").longOr(0))
                check.add(FieldError.invalid(
                        at, port.get("containerPort").value(), "must match `hostPort` when `hostNetwork` is true"));
        }
    }

    private static void hostPorts(View spec, String path, Check check) {
        var taken = new HashSet<String>();
        int i = 0;
        for (var container : spec.get("containers").views()) {
            int j = 0;
            for (var port : container.get("ports").views()) {
                long number = port.get("hostPort").longOr(0);
                var key =
                        port.get("protocol").string() + "/" + port.get("hostIP").string() + "/" + number;
                if (number != 0 && !taken.add(key))
                    check.add(FieldError.duplicate(path + ".containers[" + i + "].ports[" + j + "].hostPort", key));
                j++;
            }
            i++;
        }
    }

    private static void spreads(View constraints, String path, Check check) {
        var all = constraints.views();
        int i = 0;
        for (var constraint : all) {
            var at = path + "[" + i++ + "]";
            var skew = constraint.get("maxSkew");
            if (skew.longOr(0) <= 0)
                check.add(FieldError.invalid(at + ".maxSkew", skew.value(), "must be greater than zero"));
            if (constraint.get("topologyKey").string().isEmpty())
                check.add(FieldError.required(at + ".topologyKey", "can not be empty"));
            check.oneOf(
                    constraint.get("whenUnsatisfiable"),
                    at + ".whenUnsatisfiable",
                    Set.of("DoNotSchedule", "ScheduleAnyway"));
            var key = spread(constraint);
            if (all.stream().skip(i).anyMatch(later -> spread(later).equals(key)))
                check.add(FieldError.duplicate(at + ".{topologyKey, whenUnsatisfiable}", key));
            if (constraint.get("minDomains").exists()
                    && !constraint.get("whenUnsatisfiable").string().equals("DoNotSchedule"))
                check.add(FieldError.invalid(
                        at + ".minDomains",
                        constraint.get("minDomains").value(),
                        "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not "
                                + constraint.get("whenUnsatisfiable").string()));
        }
    }

    private static String spread(View constraint) {
        return "{" + constraint.get("topologyKey").string() + ", "
                + constraint.get("whenUnsatisfiable").string() + "}";
    }

    private static void dns(View spec, String path, Check check) {
        var config = spec.get("dnsConfig");
        if (spec.get("dnsPolicy").string().equals("None")) {
            if (!config.exists()) {
                check.add(FieldError.required(path, "must provide `dnsConfig` when `dnsPolicy` is None"));
            } else if (config.get("nameservers").list().isEmpty()) {
                check.add(FieldError.required(
                        path + ".nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None"));
                return;
            }
        }
        var servers = config.get("nameservers").strings();
        if (servers.size() > 3)
            check.add(FieldError.invalid(path + ".nameservers", servers, "must not have more than 3 nameservers"));
        int i = 0;
        for (var server : servers) check.name(server, path + ".nameservers[" + i++ + "]", Names.ip(server));
        var searches = config.get("searches").strings();
        if (searches.size() > 32)
            check.add(FieldError.invalid(path + ".searches", searches, "must not have more than 32 search paths"));
        if (String.join(" ", searches).length() > 2048)
            check.add(FieldError.invalid(
                    path + ".searches",
                    searches,
                    "must not have more than 2048 characters (including spaces) in the search list"));
        i = 0;
        for (var search : searches) {
            var at = path + ".searches[" + i++ + "]";
            var name = search.endsWith(".") ? search.substring(0, search.length() - 1) : search;
            // A single dot is the root; underscores are used for service discovery.
            if (!search.equals(".")) check.name(name, at, Names.dnsSubdomain(name.replace('_', 'a')));
        }
        i = 0;
        for (var option : config.get("options").views()) {
            if (option.get("name").string().isEmpty())
                check.add(FieldError.required(path + ".options[" + i + "]", "must not be empty"));
            i++;
        }
    }

    public static void toleration(View toleration, String at, Check check) {
        var effect = toleration.get("effect");
        var operator = toleration.get("operator").string();
        if (toleration.get("key").string().isEmpty() && !operator.equals("Exists")) {
            check.add(FieldError.invalid(
                    at + ".operator",
                    operator,
                    "operator must be Exists when `key` is empty, which means \"match all values and all keys\""));
        }
        if (operator.equals("Exists") && !toleration.get("value").string().isEmpty())
            check.add(FieldError.invalid(
                    at + ".operator", toleration.map(), "value must be empty when `operator` is 'Exists'"));
        if (operator.isEmpty() || operator.equals("Equal")) {
            var value = toleration.get("value").string();
            Names.labelValue(value).forEach(text -> check.add(FieldError.invalid(at + ".operator", value, text)));
        }
        if (toleration.get("tolerationSeconds").exists() && !effect.string().equals("NoExecute")) {
            check.add(FieldError.invalid(
                    at + ".effect", effect.string(), "effect must be 'NoExecute' when `tolerationSeconds` is set"));
        }
    }
}
