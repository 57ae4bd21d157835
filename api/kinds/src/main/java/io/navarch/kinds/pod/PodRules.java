package io.navarch.kinds.pod;

import io.navarch.kinds.Check;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a pod's spec must be, for pods and templates, and what may change once a pod exists.
public final class PodRules {
    private static final Set<String> PULL_POLICIES = Set.of("Always", "IfNotPresent", "Never");
    private static final List<String> PROBES = List.of("livenessProbe", "readinessProbe", "startupProbe");

    private PodRules() {}

    static List<FieldError> check(View pod, View old) {
        var check = new Check();
        spec(pod.spec(), "spec", check);
        if (old.exists()) update(pod, old, check);
        return check.errors();
    }

    /// Checks a pod template below `path`; only `Always` restarts make sense where a controller keeps pods running.
    public static void template(View template, String path, boolean alwaysRestart, Check check) {
        check.labels(template.metadata().get("labels"), path + ".metadata.labels");
        spec(template.spec(), path + ".spec", check);
        var policy = template.spec().get("restartPolicy").string();
        if (alwaysRestart && !policy.isEmpty() && !policy.equals("Always")) {
            check.add(FieldError.notSupported(path + ".spec.restartPolicy", policy, Set.of("Always")));
        }
    }

    private static void spec(View spec, String path, Check check) {
        var volumes = new HashSet<String>();
        int i = 0;
        for (var volume : spec.get("volumes").views()) volume(volume, path + ".volumes[" + i++ + "]", volumes, check);
        check.required(spec.get("containers"), path + ".containers");
        var names = new HashSet<String>();
        for (var field : List.of("containers", "initContainers", "ephemeralContainers")) {
            i = 0;
            for (var container : spec.get(field).views()) {
                container(container, path + "." + field + "[" + i++ + "]", volumes, names, check);
            }
        }
        check.oneOf(spec.get("restartPolicy"), path + ".restartPolicy", Set.of("Always", "OnFailure", "Never"));
        check.oneOf(
                spec.get("dnsPolicy"),
                path + ".dnsPolicy",
                Set.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"));
        check.notNegative(spec.get("terminationGracePeriodSeconds"), path + ".terminationGracePeriodSeconds");
        if (spec.get("activeDeadlineSeconds").exists()) {
            check.range(spec.get("activeDeadlineSeconds"), path + ".activeDeadlineSeconds", 1, Integer.MAX_VALUE);
        }
        var account = spec.get("serviceAccountName").string();
        if (!account.isEmpty()) check.name(account, path + ".serviceAccountName", Names.dnsSubdomain(account));
        var node = spec.get("nodeName").string();
        if (!node.isEmpty()) check.name(node, path + ".nodeName", Names.dnsSubdomain(node));
        var hostname = spec.get("hostname").string();
        if (!hostname.isEmpty()) check.name(hostname, path + ".hostname", Names.dnsLabel(hostname));
        check.labels(spec.get("nodeSelector"), path + ".nodeSelector");
        tolerations(spec.get("tolerations"), path + ".tolerations", check);
        if (spec.get("dnsPolicy").string().equals("None")
                && spec.get("dnsConfig", "nameservers").list().isEmpty()) {
            check.add(FieldError.required(
                    path + ".dnsConfig.nameservers",
                    "must provide at least one DNS nameserver when `dnsPolicy` is None"));
        }
    }

    private static void tolerations(View tolerations, String path, Check check) {
        int i = 0;
        for (var toleration : tolerations.views()) {
            var at = path + "[" + i++ + "]";
            check.oneOf(toleration.get("operator"), at + ".operator", Set.of("Equal", "Exists"));
            var effect = toleration.get("effect");
            if (!effect.string().isEmpty())
                check.oneOf(effect, at + ".effect", Set.of("NoSchedule", "PreferNoSchedule", "NoExecute"));
            if (toleration.get("key").string().isEmpty()
                    && !toleration.get("operator").string().equals("Exists")) {
                check.add(FieldError.invalid(
                        at + ".operator",
                        toleration.get("operator").string(),
                        "operator must be Exists when `key` is empty, which means \"match all values and all keys\""));
            }
            if (toleration.get("tolerationSeconds").exists() && !effect.string().equals("NoExecute")) {
                check.add(FieldError.invalid(
                        at + ".effect", effect.string(), "effect must be 'NoExecute' when `tolerationSeconds` is set"));
            }
        }
    }

    private static void volume(View volume, String path, Set<String> names, Check check) {
        var name = volume.get("name").string();
        if (check.required(volume.get("name"), path + ".name")) {
            check.name(name, path + ".name", Names.dnsLabel(name));
            if (!names.add(name)) check.add(FieldError.duplicate(path + ".name", name));
        }
        var sources = new HashSet<>(volume.map().keySet());
        sources.remove("name");
        if (sources.isEmpty()) check.add(FieldError.required(path, "must specify a volume type"));
        if (sources.size() > 1) {
            check.add(FieldError.forbidden(
                    path + "."
                            + volume.map().keySet().stream()
                                    .filter(sources::contains)
                                    .skip(1)
                                    .findFirst()
                                    .orElse(""),
                    "may not specify more than 1 volume type"));
        }
        if (volume.get("hostPath").isMap()) check.required(volume.get("hostPath", "path"), path + ".hostPath.path");
        if (volume.get("secret").isMap())
            check.required(volume.get("secret", "secretName"), path + ".secret.secretName");
        if (volume.get("configMap").isMap()) check.required(volume.get("configMap", "name"), path + ".configMap.name");
        for (var source : List.of("secret", "configMap", "projected", "downwardAPI")) {
            var mode = volume.get(source, "defaultMode");
            if (mode.exists() && (mode.longOr(0) < 0 || mode.longOr(0) > 0777)) {
                check.add(FieldError.invalid(
                        path + "." + source + ".defaultMode",
                        mode.value(),
                        "must be a number between 0 and 0777 (octal), both inclusive"));
            }
        }
    }

    private static void container(View container, String path, Set<String> volumes, Set<String> names, Check check) {
        var name = container.get("name").string();
        if (check.required(container.get("name"), path + ".name")) {
            check.name(name, path + ".name", Names.dnsLabel(name));
            if (!names.add(name)) check.add(FieldError.duplicate(path + ".name", name));
        }
        var image = container.get("image");
        if (check.required(image, path + ".image")
                && !image.string().equals(image.string().strip())) {
            check.add(FieldError.invalid(
                    path + ".image", image.string(), "must not have leading or trailing whitespace"));
        }
        check.oneOf(container.get("imagePullPolicy"), path + ".imagePullPolicy", PULL_POLICIES);
        check.oneOf(
                container.get("terminationMessagePolicy"),
                path + ".terminationMessagePolicy",
                Set.of("File", "FallbackToLogsOnError"));
        ports(container.get("ports"), path + ".ports", check);
        environment(container.get("env"), path + ".env", check);
        mounts(container.get("volumeMounts"), path + ".volumeMounts", volumes, check);
        check.resources(container.get("resources"), path + ".resources");
        for (var probe : PROBES) probe(container.get(probe), path + "." + probe, probe, check);
        for (var hook : List.of("postStart", "preStop")) {
            var action = container.get("lifecycle", hook);
            if (action.exists())
                action(action, path + ".lifecycle." + hook, List.of("exec", "httpGet", "tcpSocket", "sleep"), check);
        }
    }

    private static void ports(View ports, String path, Check check) {
        var names = new HashSet<String>();
        int i = 0;
        for (var port : ports.views()) {
            var at = path + "[" + i++ + "]";
            if (port.get("name").exists() && !port.get("name").string().isEmpty()) {
                check.portName(port.get("name").string(), at + ".name");
                if (!names.add(port.get("name").string()))
                    check.add(
                            FieldError.duplicate(at + ".name", port.get("name").string()));
            }
            if (!port.get("containerPort").exists() || port.get("containerPort").longOr(0) == 0) {
                check.add(FieldError.required(at + ".containerPort"));
            } else {
                check.port(port.get("containerPort"), at + ".containerPort");
            }
            if (port.get("hostPort").longOr(0) != 0) check.port(port.get("hostPort"), at + ".hostPort");
            check.oneOf(port.get("protocol"), at + ".protocol", Set.of("TCP", "UDP", "SCTP"));
        }
    }

    private static void environment(View variables, String path, Check check) {
        int i = 0;
        for (var variable : variables.views()) {
            var at = path + "[" + i++ + "]";
            if (check.required(variable.get("name"), at + ".name")) {
                var name = variable.get("name").string();
                check.name(name, at + ".name", Names.envName(name));
            }
            var from = variable.get("valueFrom");
            if (!from.exists()) continue;
            if (!variable.get("value").string().isEmpty()) {
                check.add(FieldError.invalid(at + ".valueFrom", "", "may not be specified when `value` is not empty"));
            }
            if (from.map().size() != 1) {
                check.add(FieldError.invalid(
                        at + ".valueFrom",
                        "",
                        from.map().isEmpty()
                                ? "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"
                                : "may not have more than one field specified at a time"));
            }
            var field = from.get("fieldRef", "fieldPath").string();
            if (from.get("fieldRef").exists() && !DownwardFields.forEnvironment(field)) {
                check.add(FieldError.invalid(
                        at + ".valueFrom.fieldRef.fieldPath",
                        field,
                        "error converting fieldPath: field label not supported: " + field));
            }
        }
    }

    private static void mounts(View mounts, String path, Set<String> volumes, Check check) {
        var paths = new HashSet<String>();
        int i = 0;
        for (var mount : mounts.views()) {
            var at = path + "[" + i++ + "]";
            if (check.required(mount.get("name"), at + ".name")
                    && !volumes.contains(mount.get("name").string())) {
                check.add(FieldError.notFound(at + ".name", mount.get("name").string()));
            }
            if (check.required(mount.get("mountPath"), at + ".mountPath")
                    && !paths.add(mount.get("mountPath").string())) {
                check.add(FieldError.invalid(
                        at + ".mountPath", mount.get("mountPath").string(), "must be unique"));
            }
            var sub = mount.get("subPath").string();
            if (sub.startsWith("/")) check.add(FieldError.invalid(at + ".subPath", sub, "must be a relative path"));
            if (List.of(sub.split("/")).contains(".."))
                check.add(FieldError.invalid(at + ".subPath", sub, "must not contain '..'"));
        }
    }

    private static void probe(View probe, String path, String kind, Check check) {
        if (!probe.exists()) return;
        action(probe, path, List.of("exec", "httpGet", "tcpSocket", "grpc"), check);
        for (var field : List.of(
                "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")) {
            check.notNegative(probe.get(field), path + "." + field);
        }
        if (!kind.equals("readinessProbe") && probe.get("successThreshold").longOr(1) != 1) {
            check.add(FieldError.invalid(
                    path + ".successThreshold", probe.get("successThreshold").value(), "must be 1"));
        }
    }

    private static void action(View action, String path, List<String> kinds, Check check) {
        long given = kinds.stream().filter(kind -> action.get(kind).exists()).count();
        if (given == 0) check.add(FieldError.required(path, "must specify a handler type"));
        if (given > 1) {
            var second = kinds.stream()
                    .filter(kind -> action.get(kind).exists())
                    .skip(1)
                    .findFirst()
                    .orElse("");
            check.add(FieldError.forbidden(path + "." + second, "may not specify more than 1 handler type"));
        }
        if (action.get("exec").exists()) check.required(action.get("exec", "command"), path + ".exec.command");
        for (var kind : List.of("httpGet", "tcpSocket")) {
            if (action.get(kind).exists()) check.portOrName(action.get(kind, "port"), path + "." + kind + ".port");
        }
        if (action.get("httpGet").exists()) {
            check.required(action.get("httpGet", "path"), path + ".httpGet.path");
            check.oneOf(action.get("httpGet", "scheme"), path + ".httpGet.scheme", Set.of("HTTP", "HTTPS"));
        }
    }

    private static void update(View pod, View old, Check check) {
        var before = comparable(old);
        var after = comparable(pod);
        if (!Trees.semanticEquals(before, after)) {
            check.add(
                    FieldError.forbidden(
                            "spec",
                            "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"));
        }
        if (!pod.spec()
                .get("tolerations")
                .list()
                .containsAll(old.spec().get("tolerations").list())) {
            check.add(FieldError.forbidden(
                    "spec.tolerations", "existing toleration can not be modified except its tolerationSeconds"));
        }
    }

    private static Map<String, Object> comparable(View pod) {
        var spec = Trees.copy(pod.spec().map());
        for (var field : List.of("activeDeadlineSeconds", "tolerations", "ephemeralContainers")) spec.remove(field);
        for (var field : List.of("containers", "initContainers")) {
            for (var container : View.of(spec).get(field).list()) {
                if (container instanceof Map<?, ?> map) map.remove("image");
            }
        }
        return spec;
    }
}
