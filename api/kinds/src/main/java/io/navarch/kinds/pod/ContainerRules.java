package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.Container;
import io.navarch.model.ContainerPort;
import io.navarch.model.EnvFromSource;
import io.navarch.model.EnvVar;
import io.navarch.model.HTTPGetAction;
import io.navarch.model.Lifecycle;
import io.navarch.model.LifecycleHandler;
import io.navarch.model.PodSpec;
import io.navarch.model.Probe;
import io.navarch.model.SecurityContext;
import io.navarch.model.Structure;
import io.navarch.model.TCPSocketAction;
import io.navarch.model.Volume;
import io.navarch.objects.FieldError;
import io.navarch.objects.IntOrString;
import io.navarch.objects.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a container must be, beyond what the overlay says of single fields.
final class ContainerRules {
    /// What a container needs that keeps running: neither init containers nor ephemeral ones have it.
    private static final List<String> UPKEEP =
            List.of(Container.LIVENESS_PROBE, Container.READINESS_PROBE, Container.STARTUP_PROBE, Container.LIFECYCLE);

    private static final List<String> PROBE_ACTIONS = List.of(Probe.EXEC, Probe.HTTP_GET, Probe.TCP_SOCKET, Probe.GRPC);
    private static final List<String> HOOK_ACTIONS = List.of(
            LifecycleHandler.EXEC, LifecycleHandler.HTTP_GET, LifecycleHandler.TCP_SOCKET, LifecycleHandler.SLEEP);

    private ContainerRules() {}

    /// @param field the list it stands in
    /// @param volumes the pod's volumes by name
    /// @param names the names of containers so far
    static void check(
            Container container,
            String field,
            String path,
            Map<String, Volume> volumes,
            Set<String> names,
            Check check) {
        var name = container.name();
        if (!name.isEmpty() && !names.add(name)) check.duplicate(path + ".name", name);
        var image = container.image();
        if (!image.equals(image.strip()))
            check.invalid(path + ".image", image, "must not have leading or trailing whitespace");
        ports(container.ports(), path + ".ports", check);
        Check.each(container.env(), path + ".env", (variable, at) -> environment(variable, at, check));
        Check.each(
                container.envFrom(), path + ".envFrom", (source, at) -> source(source, path + ".envFrom", at, check));
        MountRules.check(container, path, volumes, check);
        if (!container.terminationMessagePolicy().known())
            check.invalid(
                    path + ".terminationMessagePolicy",
                    container.raw(Container.TERMINATION_MESSAGE_POLICY).string(),
                    "must be 'File' or 'FallbackToLogsOnError'");
        check.resources(container.resources().limits(), container.resources().requests(), path + ".resources");
        if (field.equals(PodSpec.EPHEMERAL_CONTAINERS)) {
            ephemeral(container, path, check);
            return;
        }
        if (field.equals(PodSpec.INIT_CONTAINERS) && !Pods.sidecar(container))
            without(container, UPKEEP, path, "may not be set for init containers without restartPolicy=Always", check);
        upkeep(container, path, check);
        security(container.securityContext(), path + ".securityContext", check);
    }

    private static void ephemeral(Container container, String path, Check check) {
        var why = "cannot be set for an Ephemeral Container";
        without(container, UPKEEP, path, why, check);
        without(container, List.of(Container.PORTS), path, why, check);
        if (!container.raw(Container.RESOURCES).map().isEmpty()) check.forbidden(path + ".resources", why);
    }

    private static void without(Container container, List<String> fields, String path, String why, Check check) {
        for (var field : fields) {
            if (container.raw(field).exists()) check.forbidden(path + "." + field, why);
        }
    }

    private static void upkeep(Container container, String path, Check check) {
        probe(container.livenessProbe(), path + ".livenessProbe", check);
        var readiness = container.readinessProbe();
        handler(readiness, readiness.httpGet(), readiness.tcpSocket(), PROBE_ACTIONS, path + ".readinessProbe", check);
        if (readiness.hasTerminationGracePeriodSeconds())
            check.invalid(
                    path + ".readinessProbe.terminationGracePeriodSeconds",
                    readiness.terminationGracePeriodSeconds(),
                    "must not be set for readinessProbes");
        probe(container.startupProbe(), path + ".startupProbe", check);
        var lifecycle = path + "." + Container.LIFECYCLE + ".";
        hook(container.lifecycle().postStart(), lifecycle + Lifecycle.POST_START, check);
        hook(container.lifecycle().preStop(), lifecycle + Lifecycle.PRE_STOP, check);
    }

    private static void probe(Probe probe, String path, Check check) {
        handler(probe, probe.httpGet(), probe.tcpSocket(), PROBE_ACTIONS, path, check);
        if (probe.successThresholdOr(1) != 1)
            check.invalid(path + ".successThreshold", probe.successThreshold(), "must be 1");
    }

    private static void hook(LifecycleHandler hook, String path, Check check) {
        handler(hook, hook.httpGet(), hook.tcpSocket(), HOOK_ACTIONS, path, check);
    }

    /// @param actions the fields of which one must be set
    private static void handler(
            Structure handler,
            HTTPGetAction http,
            TCPSocketAction tcp,
            List<String> actions,
            String path,
            Check check) {
        if (!handler.exists()) return;
        var given =
                actions.stream().filter(action -> handler.raw(action).exists()).toList();
        if (given.isEmpty()) check.missing(path, "must specify a handler type");
        for (var more : given.stream().skip(1).toList())
            check.forbidden(path + "." + more, "may not specify more than 1 handler type");
        if (http.exists()) port(http.port(), path + ".httpGet.port", check);
        if (tcp.exists()) port(tcp.port(), path + ".tcpSocket.port", check);
        for (var header : http.httpHeaders()) {
            if (!header.name().matches("[-A-Za-z0-9]+"))
                check.invalid(
                        path + ".httpGet.httpHeaders",
                        header.name(),
                        "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name',"
                                + " regex used for validation is '[-A-Za-z0-9]+')");
        }
    }

    private static void port(IntOrString port, String path, Check check) {
        if (port.isText()) check.portName(port.text(), path);
        else check.port(port.number(), path);
    }

    private static void security(SecurityContext context, String path, Check check) {
        SecurityRules.seccomp(context.seccompProfile(), path + ".seccompProfile", check);
        SecurityRules.appArmor(context.appArmorProfile(), path + ".appArmorProfile", check);
        if (context.allowPrivilegeEscalationOr(true)) return;
        var value = context.view().map();
        if (context.privileged())
            check.invalid(path, value, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
        if (context.capabilities().add().contains("CAP_SYS_ADMIN"))
            check.invalid(
                    path, value, "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
    }

    private static void ports(List<ContainerPort> ports, String path, Check check) {
        var names = new HashSet<String>();
        Check.each(ports, path, (port, at) -> {
            if (port.containerPort() == 0) check.add(FieldError.required(at + ".containerPort"));
            else check.port(port.containerPort(), at + ".containerPort");
            if (port.name().isEmpty() || names.add(port.name())) return;
            check.duplicate(at + ".name", port.name());
        });
    }

    private static void environment(EnvVar variable, String at, Check check) {
        if (!variable.name().isEmpty()) check.name(variable.name(), at + ".name", Names.envName(variable.name()));
        var from = variable.valueFrom();
        var path = at + ".valueFrom";
        if (!from.exists()) return;
        if (!variable.value().isEmpty()) check.invalid(path, "", "may not be specified when `value` is not empty");
        int sources = from.view().map().size();
        if (sources == 0)
            check.invalid(
                    path,
                    "",
                    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`");
        if (sources > 1) check.invalid(path, "", "may not have more than one field specified at a time");
        if (from.fieldRef().exists())
            DownwardFields.fieldRef(from.fieldRef(), DownwardFields.environment(), path + ".fieldRef", check);
        if (from.resourceFieldRef().exists())
            DownwardFields.resourceRef(from.resourceFieldRef(), false, path + ".resourceFieldRef", check);
    }

    /// @param list the path of the whole list, which the original blames for some errors
    private static void source(EnvFromSource source, String list, String at, Check check) {
        var map = source.configMapRef();
        var secret = source.secretRef();
        if (!map.exists() && !secret.exists())
            check.invalid(list, "", "must specify one of: `configMapRef` or `secretRef`");
        if (map.exists() && secret.exists())
            check.invalid(list, "", "may not have more than one field specified at a time");
        if (map.exists()) reference(map.name(), at + ".configMapRef.name", check);
        if (secret.exists()) reference(secret.name(), at + ".secretRef.name", check);
        if (!source.prefix().isEmpty()) check.name(source.prefix(), at + ".prefix", Names.envName(source.prefix()));
    }

    private static void reference(String name, String path, Check check) {
        if (check.required(name, path)) check.name(name, path, Names.dnsSubdomain(name));
    }
}
