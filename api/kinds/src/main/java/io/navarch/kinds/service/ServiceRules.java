package io.navarch.kinds.service;

import io.navarch.kinds.support.Check;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import java.util.HashSet;
import java.util.List;

/// Rules of Service.
final class ServiceRules {
    private ServiceRules() {}

    static List<FieldError> check(View service, View old) {
        var check = new Check();
        var spec = service.spec();
        var type = spec.get("type").string();
        check.labels(spec.get("selector"), "spec.selector");
        boolean headless = spec.get("clusterIP").string().equals("None");
        if (spec.get("ports").list().isEmpty() && !headless && !type.equals("ExternalName")) {
            check.add(FieldError.required("spec.ports"));
        }
        if (type.equals("ExternalName")) {
            var name = spec.get("externalName").string();
            var trimmed = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
            if (name.isEmpty()) check.add(FieldError.required("spec.externalName"));
            else check.name(name, "spec.externalName", Names.dnsSubdomain(trimmed));
        }
        if (headless && (type.equals("NodePort") || type.equals("LoadBalancer"))) {
            check.add(FieldError.invalid(
                    "spec.clusterIPs[0]", "None", "may not be set to 'None' for " + type + " services"));
        }
        if (spec.get("externalTrafficPolicy").exists()
                && !type.equals("NodePort")
                && !type.equals("LoadBalancer")
                && spec.get("externalIPs").list().isEmpty())
            check.add(FieldError.invalid(
                    "spec.externalTrafficPolicy",
                    spec.get("externalTrafficPolicy").string(),
                    "may only be set for externally-accessible services"));
        if (!type.equals("LoadBalancer")) {
            for (var field : List.of("loadBalancerClass", "allocateLoadBalancerNodePorts"))
                if (spec.get(field).exists())
                    check.add(FieldError.forbidden("spec." + field, "may only be used when `type` is 'LoadBalancer'"));
        }
        if (!type.equals("LoadBalancer")
                && !spec.get("loadBalancerSourceRanges").list().isEmpty())
            check.add(FieldError.forbidden(
                    "spec.LoadBalancerSourceRanges", "may only be used when `type` is 'LoadBalancer'"));
        boolean local = type.equals("LoadBalancer")
                && spec.get("externalTrafficPolicy").string().equals("Local");
        long health = spec.get("healthCheckNodePort").longOr(0);
        if (health != 0 && !local)
            check.add(FieldError.invalid(
                    "spec.healthCheckNodePort",
                    health,
                    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"));
        else if (health != 0) check.port(spec.get("healthCheckNodePort"), "spec.healthCheckNodePort");
        var timeout = spec.path("sessionAffinityConfig.clientIP.timeoutSeconds");
        if (timeout.exists() && (timeout.longOr(0) <= 0 || timeout.longOr(0) > 86400))
            check.add(FieldError.invalid(
                    "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
                    timeout.value(),
                    "must be greater than 0 and less than 86400"));
        int i = 0;
        var addresses = spec.get("clusterIPs").strings();
        for (var address : addresses.isEmpty() ? List.of(spec.get("clusterIP").string()) : addresses) {
            var at = "spec.clusterIPs[" + i++ + "]";
            if (!address.equals("None") && !address.isEmpty()) check.name(address, at, Names.ip(address));
        }
        i = 0;
        for (var address : spec.get("externalIPs").strings())
            check.name(address, "spec.externalIPs[" + i++ + "]", Names.ip(address));
        i = 0;
        for (var cidr : spec.get("loadBalancerSourceRanges").strings())
            check.name(cidr.strip(), "spec.LoadBalancerSourceRanges[" + i++ + "]", Names.cidr(cidr.strip()));
        ports(spec.get("ports"), type, check);
        var before = old.spec().get("clusterIP").string();
        if (!before.isEmpty()
                && !type.equals("ExternalName")
                && !before.equals(spec.get("clusterIP").string())
                && !old.spec().get("type").string().equals("ExternalName")) {
            check.add(FieldError.invalid(
                    "spec.clusterIPs[0]", spec.get("clusterIP").string(), "may not change once set"));
        }
        return check.errors();
    }

    private static void ports(View ports, String type, Check check) {
        var names = new HashSet<String>();
        var used = new HashSet<String>();
        var nodePorts = new HashSet<String>();
        int i = 0;
        int count = ports.list().size();
        for (var port : ports.views()) {
            var at = "spec.ports[" + i++ + "]";
            var name = port.get("name").string();
            if (name.isEmpty()) {
                if (count > 1) check.add(FieldError.required(at + ".name"));
            } else {
                check.name(name, at + ".name", Names.dnsLabel(name));
                if (!names.add(name)) check.add(FieldError.duplicate(at + ".name", name));
            }
            if (!port.get("port").exists())
                check.add(FieldError.invalid(at + ".port", 0L, "must be between 1 and 65535, inclusive"));
            check.port(port.get("port"), at + ".port");
            check.portOrName(port.get("targetPort"), at + ".targetPort");
            if (type.equals("ClusterIP") && port.get("nodePort").longOr(0) != 0) {
                check.add(FieldError.forbidden(at + ".nodePort", "may not be used when `type` is 'ClusterIP'"));
            }
            long nodePort = port.get("nodePort").longOr(0);
            if (nodePort != 0 && !nodePorts.add(port.get("protocol").string() + "/" + nodePort))
                check.add(FieldError.duplicate(at + ".nodePort", nodePort));
            if (!used.add(port.get("protocol").string() + "/" + port.get("port").text())) {
                check.add(FieldError.duplicate(at, port.value()));
            }
        }
    }
}
