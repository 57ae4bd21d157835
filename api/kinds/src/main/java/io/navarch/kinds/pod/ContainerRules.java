package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.ResourceRequirements;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a container must be, beyond what the overlay says of single fields.
final class ContainerRules {
    private static final List<String> PROBES = List.of("livenessProbe", "readinessProbe", "startupProbe");

    private ContainerRules() {}

    /// @param field the list it stands in
    /// @param volumes the pod's volumes by name
    /// @param names the names of containers so far
    static void check(
            View container, String field, String path, Map<String, View> volumes, Set<String> names, Check check) {
        var name = container.get("name").string();
        if (!name.isEmpty() && !names.add(name)) check.add(FieldError.duplicate(path + ".name", name));
        var image = container.get("image").string();
        if (!image.isEmpty() && !image.equals(image.strip()))
            check.add(FieldError.invalid(path + ".image", image, "must not have leading or trailing whitespace"));
        ports(container.get("ports"), path + ".ports", check);
        environment(container.get("env"), path + ".env", check);
        sources(container.get("envFrom"), path + ".envFrom", check);
        MountRules.check(container, path, volumes, check);
        var policy = container.get("terminationMessagePolicy");
        if (!Set.of("File", "FallbackToLogsOnError").contains(policy.string()))
            check.add(FieldError.invalid(
                    path + ".terminationMessagePolicy", policy.string(), "must be 'File' or 'FallbackToLogsOnError'"));
        var resources = ResourceRequirements.of(container.get("resources"));
        check.resources(resources.limits(), resources.requests(), path + ".resources");
        boolean restarts = container.get("restartPolicy").string().equals("Always");
        if (field.equals("ephemeralContainers")) {
            for (var probe : List.of("livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "ports"))
                if (container.get(probe).exists())
                    check.add(FieldError.forbidden(path + "." + probe, "cannot be set for an Ephemeral Container"));
            if (!container.get("resources").map().isEmpty())
                check.add(FieldError.forbidden(path + ".resources", "cannot be set for an Ephemeral Container"));
            return;
        }
        if (field.equals("initContainers") && !restarts) {
            for (var probe : List.of("livenessProbe", "readinessProbe", "startupProbe", "lifecycle"))
                if (container.get(probe).exists())
                    check.add(FieldError.forbidden(
                            path + "." + probe, "may not be set for init containers without restartPolicy=Always"));
        }
        for (var probe : PROBES) probe(container.get(probe), path + "." + probe, probe, check);
        for (var hook : List.of("postStart", "preStop")) {
            var action = container.get("lifecycle", hook);
            if (action.exists())
                action(action, path + ".lifecycle." + hook, List.of("exec", "httpGet", "tcpSocket", "sleep"), check);
        }
        security(container.get("securityContext"), path + ".securityContext", check);
    }

    private static void security(View context, String path, Check check) {
        SecurityRules.seccomp(context.get("seccompProfile"), path + ".seccompProfile", check);
        SecurityRules.appArmor(context.get("appArmorProfile"), path + ".appArmorProfile", check);
        var escalation = context.get("allowPrivilegeEscalation");
        if (!escalation.exists() || escalation.bool()) return;
        if (context.get("privileged").bool())
            check.add(FieldError.invalid(
                    path, context.map(), "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"));
        if (context.get("capabilities", "add").strings().contains("CAP_SYS_ADMIN"))
            check.add(FieldError.invalid(
                    path,
                    context.map(),
                    "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"));
    }

    private static void ports(View ports, String path, Check check) {
        var names = new HashSet<String>();
        int i = 0;
        for (var port : ports.views()) {
            var number = port.get("containerPort");
            if (number.longOr(0) == 0) check.add(FieldError.required(path + "[" + i + "].containerPort"));
            else check.port(number, path + "[" + i + "].containerPort");
            var name = port.get("name").string();
            if (!name.isEmpty() && !names.add(name)) check.add(FieldError.duplicate(path + "[" + i + "].name", name));
            i++;
        }
    }

    private static void environment(View variables, String path, Check check) {
        int i = 0;
        for (var variable : variables.views()) {
            var at = path + "[" + i++ + "]";
            var name = variable.get("name").string();
            if (!name.isEmpty()) check.name(name, at + ".name", Names.envName(name));
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
            if (from.get("fieldRef").exists())
                DownwardFields.fieldRef(
                        from.get("fieldRef"), DownwardFields.environment(), at + ".valueFrom.fieldRef", check);
            if (from.get("resourceFieldRef").exists())
                DownwardFields.resourceRef(
                        from.get("resourceFieldRef"), false, at + ".valueFrom.resourceFieldRef", check);
        }
    }

    private static void sources(View sources, String path, Check check) {
        int i = 0;
        for (var source : sources.views()) {
            var at = path + "[" + i++ + "]";
            boolean map = source.get("configMapRef").exists();
            boolean secret = source.get("secretRef").exists();
            if (!map && !secret)
                check.add(FieldError.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`"));
            if (map && secret)
                check.add(FieldError.invalid(path, "", "may not have more than one field specified at a time"));
            for (var field : List.of("configMapRef", "secretRef")) {
                if (!source.get(field).exists()) continue;
                var name = source.get(field, "name").string();
                if (name.isEmpty()) check.add(FieldError.required(at + "." + field + ".name"));
                else check.name(name, at + "." + field + ".name", Names.dnsSubdomain(name));
            }
            var prefix = source.get("prefix").string();
            if (!prefix.isEmpty()) check.name(prefix, at + ".prefix", Names.envName(prefix));
        }
    }

    private static void probe(View probe, String path, String kind, Check check) {
        if (!probe.exists()) return;
        action(probe, path, List.of("exec", "httpGet", "tcpSocket", "grpc"), check);
        if (kind.equals("readinessProbe")) {
            if (probe.get("terminationGracePeriodSeconds").exists())
                check.add(FieldError.invalid(
                        path + ".terminationGracePeriodSeconds",
                        probe.get("terminationGracePeriodSeconds").value(),
                        "must not be set for readinessProbes"));
        } else if (probe.get("successThreshold").longOr(1) != 1) {
            check.add(FieldError.invalid(
                    path + ".successThreshold", probe.get("successThreshold").value(), "must be 1"));
        }
    }

    private static void action(View action, String path, List<String> kinds, Check check) {
        var given = kinds.stream().filter(kind -> action.get(kind).exists()).toList();
        if (given.isEmpty()) check.add(FieldError.required(path, "must specify a handler type"));
        for (var more : given.stream().skip(1).toList())
            check.add(FieldError.forbidden(path + "." + more, "may not specify more than 1 handler type"));
        for (var kind : List.of("httpGet", "tcpSocket")) {
            if (!action.get(kind).exists()) continue;
            var port = action.get(kind, "port");
            var at = path + "." + kind + ".port";
            if (port.exists()) check.portOrName(port, at);
            else check.add(FieldError.invalid(at, 0L, "must be between 1 and 65535, inclusive"));
        }
        for (var header : action.get("httpGet", "httpHeaders").views()) {
            var name = header.get("name").string();
            if (!name.matches("[-A-Za-z0-9]+"))
                check.add(FieldError.invalid(
                        path + ".httpGet.httpHeaders",
                        name,
                        "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name',"
                                + " regex used for validation is '[-A-Za-z0-9]+')"));
        }
    }
}
