package io.navarch.kinds.service;

import io.navarch.kinds.support.AddressWarnings;
import io.navarch.kinds.support.Check;
import io.navarch.model.Service;
import io.navarch.model.ServiceAffinity;
import io.navarch.model.ServiceSpec;
import io.navarch.model.ServiceType;
import io.navarch.model.TrafficDistribution;
import java.util.ArrayList;
import java.util.List;

/// What is said of a Service's fields that do nothing, or not for long.
final class ServiceWarnings {
    private ServiceWarnings() {}

    static List<String> of(Service service) {
        var result = new ArrayList<String>();
        var spec = service.spec();
        boolean headless = spec.type() == ServiceType.CLUSTER_IP && Services.headless(spec);
        boolean named = spec.type() == ServiceType.EXTERNAL_NAME;
        boolean external = !spec.externalIPs().isEmpty();
        if (service.annotations().containsKey(ServiceRules.TOPOLOGY_HINTS))
            result.add("annotation " + ServiceRules.TOPOLOGY_HINTS + " is deprecated, please use "
                    + ServiceRules.TOPOLOGY_MODE + " instead");
        Check.each(spec.clusterIPs(), "spec.clusterIPs", (ip, at) -> result.addAll(AddressWarnings.ip(at, ip)));
        if (headless) ignored(spec, result);
        Check.each(spec.externalIPs(), "spec.externalIPs", (ip, at) -> result.addAll(AddressWarnings.ip(at, ip)));
        if (external && !headless && !named)
            result.add("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
        result.addAll(AddressWarnings.ip("spec.loadBalancerIP", spec.loadBalancerIP()));
        Check.each(
                spec.loadBalancerSourceRanges(),
                "spec.loadBalancerSourceRanges",
                (range, at) -> result.addAll(AddressWarnings.cidr(at, range)));
        if (named && external) result.add("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
        if (!named && !spec.externalName().isEmpty())
            result.add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
        if (spec.trafficDistribution() == TrafficDistribution.PREFER_CLOSE)
            result.add("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"");
        return result;
    }

    private static void ignored(ServiceSpec spec, List<String> warnings) {
        var why = " is ignored for headless services";
        if (!spec.loadBalancerIP().isEmpty()) warnings.add("spec.loadBalancerIP" + why);
        if (!spec.externalIPs().isEmpty()) warnings.add("spec.externalIPs" + why);
        if (spec.sessionAffinity() != ServiceAffinity.NONE) warnings.add("spec.SessionAffinity" + why);
    }
}
