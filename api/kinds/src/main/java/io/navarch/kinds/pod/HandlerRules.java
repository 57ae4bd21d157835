package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.Container;
import io.navarch.model.HTTPGetAction;
import io.navarch.model.Lifecycle;
import io.navarch.model.LifecycleHandler;
import io.navarch.model.Probe;
import io.navarch.objects.IntOrString;
import java.util.List;
import java.util.Set;

/// What probes and hooks must be. Of several actions only the first is looked at; the others are one too many.
final class HandlerRules {
    private static final List<String> ACTIONS = List.of(
            LifecycleHandler.EXEC,
            LifecycleHandler.HTTP_GET,
            LifecycleHandler.TCP_SOCKET,
            Probe.GRPC,
            LifecycleHandler.SLEEP);
    private static final Set<String> SCHEMES = Set.of("HTTP", "HTTPS");
    private static final String HEADER = "[-A-Za-z0-9]+";

    private HandlerRules() {}

    /// @param grace how many seconds the pod is given to end
    static void upkeep(Container container, long grace, String path, Check check) {
        var lifecycle = path + "." + Container.LIFECYCLE + ".";
        hook(container.lifecycle().postStart(), grace, lifecycle + Lifecycle.POST_START, check);
        hook(container.lifecycle().preStop(), grace, lifecycle + Lifecycle.PRE_STOP, check);
        once(container.livenessProbe(), path + ".livenessProbe", check);
        var readiness = container.readinessProbe();
        probe(readiness, path + ".readinessProbe", check);
        if (readiness.hasTerminationGracePeriodSeconds())
            check.invalid(
                    path + ".readinessProbe.terminationGracePeriodSeconds",
                    readiness.terminationGracePeriodSeconds(),
                    "must not be set for readinessProbes");
        once(container.startupProbe(), path + ".startupProbe", check);
    }

    /// A probe that has succeeded when it succeeds once.
    private static void once(Probe probe, String path, Check check) {
        probe(probe, path, check);
        if (probe.exists() && probe.successThreshold() != 1)
            check.invalid(path + ".successThreshold", probe.successThreshold(), "must be 1");
    }

    private static void probe(Probe probe, String path, Check check) {
        if (!probe.exists()) return;
        // What probes and hooks have in common they call alike.
        var first = first(LifecycleHandler.of(probe.view()), path, check);
        if (first.equals(Probe.GRPC)) check.port(probe.grpc().port(), path + ".grpc.port");
        else action(first, LifecycleHandler.of(probe.view()), 0, path, check);
        check.notNegative(probe.initialDelaySeconds(), path + ".initialDelaySeconds");
        check.notNegative(probe.timeoutSeconds(), path + ".timeoutSeconds");
        check.notNegative(probe.periodSeconds(), path + ".periodSeconds");
        check.notNegative(probe.successThreshold(), path + ".successThreshold");
        check.notNegative(probe.failureThreshold(), path + ".failureThreshold");
        if (probe.hasTerminationGracePeriodSeconds() && probe.terminationGracePeriodSeconds() <= 0)
            check.invalid(
                    path + ".terminationGracePeriodSeconds",
                    probe.terminationGracePeriodSeconds(),
                    "must be greater than 0");
    }

    private static void hook(LifecycleHandler hook, long grace, String path, Check check) {
        if (hook.exists()) action(first(hook, path, check), hook, grace, path, check);
    }

    /// @return the field of the action that counts, or `""`
    private static String first(LifecycleHandler handler, String path, Check check) {
        var given =
                ACTIONS.stream().filter(action -> handler.raw(action).exists()).toList();
        if (given.isEmpty()) {
            check.missing(path, "must specify a handler type");
            return "";
        }
        for (var more : given.stream().skip(1).toList())
            check.forbidden(path + "." + more, "may not specify more than 1 handler type");
        return given.getFirst();
    }

    private static void action(String field, LifecycleHandler handler, long grace, String path, Check check) {
        var at = path + "." + field;
        switch (field) {
            case LifecycleHandler.EXEC -> check.required(handler.exec().command(), at + ".command");
            case LifecycleHandler.HTTP_GET -> http(handler.httpGet(), at, check);
            case LifecycleHandler.TCP_SOCKET -> port(handler.tcpSocket().port(), at + ".port", check);
            case LifecycleHandler.SLEEP -> {
                long seconds = handler.sleep().seconds();
                if (seconds < 0 || seconds > grace)
                    check.invalid(
                            at,
                            seconds,
                            "must be non-negative and less than terminationGracePeriodSeconds (" + grace + ")");
            }
            default -> {}
        }
    }

    private static void http(HTTPGetAction http, String path, Check check) {
        check.required(http.path(), path + ".path");
        port(http.port(), path + ".port", check);
        var scheme = http.raw(HTTPGetAction.SCHEME).string();
        if (!SCHEMES.contains(scheme)) check.notSupported(path + ".scheme", scheme, SCHEMES);
        for (var header : http.httpHeaders()) {
            if (!header.name().matches(HEADER))
                check.invalid(
                        path + ".httpHeaders",
                        header.name(),
                        "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name',"
                                + " regex used for validation is '[-A-Za-z0-9]+')");
        }
    }

    private static void port(IntOrString port, String path, Check check) {
        if (port.isText()) check.portName(port.text(), path);
        else check.port(port.number(), path);
    }
}
