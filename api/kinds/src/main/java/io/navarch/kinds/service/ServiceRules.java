package io.navarch.kinds.service;

import io.navarch.kinds.support.Check;
import io.navarch.model.Service;
import io.navarch.model.ServicePort;
import io.navarch.model.ServiceSpec;
import io.navarch.model.ServiceType;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.util.HashSet;
import java.util.List;

/// Rules of Service.
final class ServiceRules {
    private ServiceRules() {}

    static List<FieldError> check(Service service, Service old) {
        var check = new Check();
        var spec = service.spec();
        boolean named = spec.type() == ServiceType.EXTERNAL_NAME;
        check.labels(spec.selector(), "spec.selector");
        if (!Services.headless(spec) && !named) check.required(spec.ports(), "spec.ports");
        if (named) externalName(spec.externalName(), "spec.externalName", check);
        if (Services.headless(spec) && Services.external(spec))
            check.invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for " + spec.type() + " services");
        externalTraffic(spec, check);
        if (!Services.balanced(spec)) withoutBalancer(spec, check);
        healthCheck(spec, "spec.healthCheckNodePort", check);
        var affinity = spec.sessionAffinityConfig().clientIP();
        if (affinity.hasTimeoutSeconds() && (affinity.timeoutSeconds() <= 0 || affinity.timeoutSeconds() > 86400))
            check.invalid(
                    "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
                    affinity.timeoutSeconds(),
                    "must be greater than 0 and less than 86400");
        addresses(spec, check);
        ports(spec, check);
        var before = old.spec();
        boolean fixed = !named
                && before.type() != ServiceType.EXTERNAL_NAME
                && !before.clusterIP().isEmpty();
        if (fixed && !before.clusterIP().equals(spec.clusterIP()))
            check.invalid("spec.clusterIPs[0]", spec.clusterIP(), "may not change once set");
        return check.errors();
    }

    private static void externalName(String name, String path, Check check) {
        var trimmed = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (check.required(name, path)) check.name(name, path, Names.dnsSubdomain(trimmed));
    }

    private static void externalTraffic(ServiceSpec spec, Check check) {
        boolean reachable = Services.external(spec) || !spec.externalIPs().isEmpty();
        if (spec.hasExternalTrafficPolicy() && !reachable)
            check.invalid(
                    "spec.externalTrafficPolicy",
                    spec.raw(ServiceSpec.EXTERNAL_TRAFFIC_POLICY).string(),
                    "may only be set for externally-accessible services");
    }

    private static void withoutBalancer(ServiceSpec spec, Check check) {
        var why = "may only be used when `type` is 'LoadBalancer'";
        for (var field : List.of(ServiceSpec.LOAD_BALANCER_CLASS, ServiceSpec.ALLOCATE_LOAD_BALANCER_NODE_PORTS)) {
            if (spec.raw(field).exists()) check.forbidden("spec." + field, why);
        }
        if (!spec.loadBalancerSourceRanges().isEmpty()) check.forbidden("spec.LoadBalancerSourceRanges", why);
    }

    private static void healthCheck(ServiceSpec spec, String path, Check check) {
        int port = spec.healthCheckNodePort();
        if (port == 0) return;
        if (Services.hasHealthCheck(spec)) check.port(port, path);
        else
            check.invalid(
                    path, port, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
    }

    private static void addresses(ServiceSpec spec, Check check) {
        var addresses = spec.clusterIPs().isEmpty() ? List.of(spec.clusterIP()) : spec.clusterIPs();
        Check.each(addresses, "spec.clusterIPs", (address, at) -> {
            if (!address.equals(Services.NO_ADDRESS) && !address.isEmpty()) check.name(address, at, Names.ip(address));
        });
        Check.each(spec.externalIPs(), "spec.externalIPs", (address, at) -> check.name(address, at, Names.ip(address)));
        // The capital letter is the original's.
        Check.each(
                spec.loadBalancerSourceRanges(),
                "spec.LoadBalancerSourceRanges",
                (range, at) -> check.name(range.strip(), at, Names.cidr(range.strip())));
    }

    private static void ports(ServiceSpec spec, Check check) {
        var names = new HashSet<String>();
        var used = new HashSet<String>();
        var nodePorts = new HashSet<String>();
        boolean several = spec.ports().size() > 1;
        Check.each(spec.ports(), "spec.ports", (port, at) -> {
            var name = port.name();
            if (!name.isEmpty()) check.name(name, at + ".name", Names.dnsLabel(name));
            else if (several) check.add(FieldError.required(at + ".name"));
            if (!name.isEmpty() && !names.add(name)) check.duplicate(at + ".name", name);
            numbers(port, spec.type(), at, check);
            if (port.nodePort() != 0 && !nodePorts.add(port.protocol() + "/" + port.nodePort()))
                check.duplicate(at + ".nodePort", port.nodePort());
            if (!used.add(port.protocol() + "/" + port.port()))
                check.duplicate(at, port.view().value());
        });
    }

    private static void numbers(ServicePort port, ServiceType type, String path, Check check) {
        check.port(port.port(), path + ".port");
        check.portOrName(port.targetPort(), path + ".targetPort");
        if (type == ServiceType.CLUSTER_IP && port.nodePort() != 0)
            check.forbidden(path + ".nodePort", "may not be used when `type` is 'ClusterIP'");
    }
}
