package io.navarch.kinds.service;

import io.navarch.model.ServiceSpec;
import io.navarch.model.ServiceTrafficPolicy;
import io.navarch.model.ServiceType;

/// What a service's fields mean, for everyone who asks.
///
/// Source: https://kubernetes.io/docs/concepts/services-networking/service/
public final class Services {
    /// The cluster IP of services that have none.
    public static final String NO_ADDRESS = "None";

    private Services() {}

    public static boolean headless(ServiceSpec spec) {
        return spec.clusterIP().equals(NO_ADDRESS);
    }

    /// Whether its type makes it reachable from outside of the cluster.
    public static boolean external(ServiceSpec spec) {
        return spec.type() == ServiceType.NODE_PORT || balanced(spec);
    }

    /// Whether it can be reached from outside of the cluster, be it only by addresses that somebody routes.
    static boolean reachable(ServiceSpec spec) {
        return external(spec)
                || spec.type() == ServiceType.CLUSTER_IP && !spec.externalIPs().isEmpty();
    }

    public static boolean balanced(ServiceSpec spec) {
        return spec.type() == ServiceType.LOAD_BALANCER;
    }

    public static boolean hasNodePorts(ServiceSpec spec) {
        return spec.type() == ServiceType.NODE_PORT || balanced(spec) && spec.allocateLoadBalancerNodePortsOr(true);
    }

    /// Whether a load balancer has to ask each node for endpoints of its own.
    public static boolean hasHealthCheck(ServiceSpec spec) {
        return balanced(spec) && spec.externalTrafficPolicy() == ServiceTrafficPolicy.LOCAL;
    }
}
