package io.navarch.kinds.service;

import io.navarch.kinds.support.Check;
import io.navarch.model.LoadBalancerIngress;
import io.navarch.model.Service;
import io.navarch.model.ServiceAffinity;
import io.navarch.model.ServicePort;
import io.navarch.model.ServiceSpec;
import io.navarch.model.ServiceType;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Rules of Service.
final class ServiceRules {
    static final String TOPOLOGY_HINTS = "service.kubernetes.io/topology-aware-hints";
    static final String TOPOLOGY_MODE = "service.kubernetes.io/topology-mode";
    private static final String SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";
    private static final String NEEDS_BALANCER = "may only be used when `type` is 'LoadBalancer'";

    private ServiceRules() {}

    static List<FieldError> check(Service service, Service old) {
        var check = new Check();
        var spec = service.spec();
        if (old.exists()) update(spec, old.spec(), check);
        topology(service, check);
        type(spec, check);
        ports(spec, check);
        check.labels(spec.selector(), "spec.selector");
        affinity(spec, check);
        new ServiceAddresses(check).related(spec);
        Check.each(spec.externalIPs(), "spec.externalIPs", (address, at) -> {
            var wrong = Names.ip(address);
            check.name(address, at, wrong.isEmpty() ? Names.endpointIp(address) : wrong);
        });
        nodePorts(spec, check);
        sourceRanges(service, old, check);
        if (spec.hasAllocateLoadBalancerNodePorts() && !Services.balanced(spec))
            check.forbidden("spec.allocateLoadBalancerNodePorts", NEEDS_BALANCER);
        balancerClass(spec, check);
        externalTraffic(spec, check);
        healthCheck(spec, "spec.healthCheckNodePort", check);
        return check.errors();
    }

    private static void update(ServiceSpec spec, ServiceSpec before, Check check) {
        new ServiceAddresses(check).update(spec, before);
        boolean otherClass = !Trees.same(
                spec.raw(ServiceSpec.LOAD_BALANCER_CLASS).value(),
                before.raw(ServiceSpec.LOAD_BALANCER_CLASS).value());
        if (Services.balanced(spec) && Services.balanced(before)) {
            if (otherClass)
                check.invalid(
                        "spec.loadBalancerClass",
                        spec.raw(ServiceSpec.LOAD_BALANCER_CLASS).value(),
                        "may not change once set");
        }
        // It is told a second time.
        balancerClass(spec, check);
        int port = spec.healthCheckNodePort();
        boolean checkedBoth = Services.hasHealthCheck(spec) && Services.hasHealthCheck(before);
        if (checkedBoth && port != 0 && port != before.healthCheckNodePort())
            check.forbidden("spec.healthCheckNodePort", "field is immutable");
    }

    private static void topology(Service service, Check check) {
        var mode = service.annotations().get(TOPOLOGY_MODE);
        var hints = service.annotations().get(TOPOLOGY_HINTS);
        if (mode != null && hints != null && !mode.equals(hints))
            check.invalid(
                    "metadata.annotations[" + TOPOLOGY_MODE + "]",
                    mode,
                    "must match annotations[" + TOPOLOGY_HINTS + "] when both are specified");
    }

    private static void type(ServiceSpec spec, Check check) {
        boolean named = spec.type() == ServiceType.EXTERNAL_NAME;
        if (!Services.headless(spec) && !named) check.required(spec.ports(), "spec.ports");
        if (Services.headless(spec) && Services.external(spec))
            check.invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for " + spec.type() + " services");
        if (!named) return;
        var why = "may not be set for ExternalName services";
        if (!spec.clusterIPs().isEmpty()) check.forbidden("spec.clusterIPs", why);
        if (!spec.ipFamilies().isEmpty()) check.forbidden("spec.ipFamilies", why);
        if (spec.hasIpFamilyPolicy()) check.forbidden("spec.ipFamilyPolicy", why);
        var name = spec.externalName();
        var trimmed = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (check.required(trimmed, "spec.externalName"))
            check.name(trimmed, "spec.externalName", Names.dnsSubdomain(trimmed));
    }

    private static void ports(ServiceSpec spec, Check check) {
        var names = new HashSet<String>();
        boolean several = spec.ports().size() > 1;
        Check.each(spec.ports(), "spec.ports", (port, at) -> {
            var name = port.name();
            if (!name.isEmpty()) check.name(name, at + ".name", Names.dnsLabel(name));
            else if (several) check.add(FieldError.required(at + ".name"));
            if (!name.isEmpty() && !names.add(name)) check.duplicate(at + ".name", name);
            check.port(port.port(), at + ".port");
            check.portOrName(port.targetPort(), at + ".targetPort");
        });
    }

    private static void affinity(ServiceSpec spec, Check check) {
        var client = spec.sessionAffinityConfig().clientIP();
        if (spec.sessionAffinity() != ServiceAffinity.CLIENT_IP || !client.hasTimeoutSeconds()) return;
        if (client.timeoutSeconds() <= 0 || client.timeoutSeconds() > 86400)
            check.invalid(
                    "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
                    client.timeoutSeconds(),
                    "must be greater than 0 and less than 86400");
    }

    private static void nodePorts(ServiceSpec spec, Check check) {
        var nodePorts = new HashSet<String>();
        var used = new HashSet<String>();
        if (spec.type() == ServiceType.CLUSTER_IP)
            Check.each(spec.ports(), "spec.ports", (port, at) -> {
                if (port.nodePort() != 0)
                    check.forbidden(at + ".nodePort", "may not be used when `type` is 'ClusterIP'");
            });
        Check.each(spec.ports(), "spec.ports", (port, at) -> {
            if (port.nodePort() != 0 && !nodePorts.add(protocol(port) + "/" + port.nodePort()))
                check.duplicate(at + ".nodePort", port.nodePort());
        });
        Check.each(spec.ports(), "spec.ports", (port, at) -> {
            if (!used.add(protocol(port) + "/" + port.port())) check.duplicate(at, shown(port));
        });
    }

    private static String protocol(ServicePort port) {
        return port.raw(ServicePort.PROTOCOL).string();
    }

    /// A port as the original shows what makes it the same as another.
    private static Object shown(ServicePort port) {
        var shown = new LinkedHashMap<String, @Nullable Object>();
        shown.put("Name", "");
        shown.put("Protocol", protocol(port));
        shown.put("AppProtocol", null);
        shown.put("Port", port.port());
        shown.put("TargetPort", 0);
        shown.put("NodePort", 0);
        return shown;
    }

    private static void sourceRanges(Service service, Service old, Check check) {
        boolean balanced = Services.balanced(service.spec());
        // The capital letter is the original's.
        var path = "spec.LoadBalancerSourceRanges";
        var ranges = service.spec().loadBalancerSourceRanges();
        if (!ranges.isEmpty()) {
            if (!balanced) check.forbidden(path, NEEDS_BALANCER);
            Check.each(ranges, path, (range, at) -> check.name(range.strip(), at, Names.cidr(range.strip())));
            return;
        }
        var written = service.annotations().get(SOURCE_RANGES);
        if (written == null) return;
        var at = "metadata.annotations[" + SOURCE_RANGES + "]";
        if (!balanced) check.forbidden(at, NEEDS_BALANCER);
        if (written.isBlank() || written.equals(old.annotations().get(SOURCE_RANGES))) return;
        for (var range : written.split(",", -1)) check.name(range.strip(), at, Names.cidr(range.strip()));
    }

    private static void balancerClass(ServiceSpec spec, Check check) {
        if (!spec.hasLoadBalancerClass()) return;
        var path = "spec.loadBalancerClass";
        var name = spec.loadBalancerClass();
        if (Services.balanced(spec)) check.name(name, path, Names.qualifiedName(name));
        else check.forbidden(path, NEEDS_BALANCER);
    }

    private static void externalTraffic(ServiceSpec spec, Check check) {
        var path = "spec.externalTrafficPolicy";
        var policy = spec.raw(ServiceSpec.EXTERNAL_TRAFFIC_POLICY).string();
        if (Services.reachable(spec)) {
            var known = Set.of("Cluster", "Local");
            if (check.required(policy, path) && !known.contains(policy)) check.notSupported(path, policy, known);
        } else if (!policy.isEmpty()) {
            check.invalid(path, policy, "may only be set for externally-accessible services");
        }
    }

    private static void healthCheck(ServiceSpec spec, String path, Check check) {
        int port = spec.healthCheckNodePort();
        if (port == 0) return;
        if (Services.hasHealthCheck(spec)) check.port(port, path);
        else
            check.invalid(
                    path, port, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
    }

    static List<FieldError> checkStatus(Service service, Service old) {
        var check = new Check();
        var path = "status.loadBalancer.ingress";
        var points = service.status().loadBalancer().ingress();
        if (!points.isEmpty() && !Services.balanced(service.spec()))
            check.forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'");
        else Check.each(points, path, (point, at) -> point(point, at, check));
        return check.errors();
    }

    private static void point(LoadBalancerIngress point, String path, Check check) {
        if (!point.ip().isEmpty()) check.name(point.ip(), path + ".ip", Names.ip(point.ip()));
        var mode = point.raw(LoadBalancerIngress.IP_MODE);
        var known = Set.of("Proxy", "VIP");
        if (!mode.exists()) {
            if (!point.ip().isEmpty()) check.missing(path + ".ipMode", "must be specified when `ip` is set");
        } else if (point.ip().isEmpty()) {
            check.forbidden(path + ".ipMode", "may not be specified when `ip` is not set");
        } else if (!known.contains(mode.string())) {
            check.notSupported(path + ".ipMode", mode.string(), known);
        }
        if (!point.hostname().isEmpty())
            check.name(point.hostname(), path + ".hostname", Names.dnsName(point.hostname()));
    }
}
