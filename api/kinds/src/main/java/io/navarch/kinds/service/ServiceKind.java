package io.navarch.kinds.service;

import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.LoadBalancerIngress;
import io.navarch.model.LoadBalancerIpMode;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.model.ServiceAffinity;
import io.navarch.model.ServicePort;
import io.navarch.model.ServiceSpec;
import io.navarch.model.ServiceTrafficPolicy;
import io.navarch.model.ServiceType;
import io.navarch.objects.IntOrString;
import io.navarch.objects.Names;
import io.navarch.schema.ColumnList;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.ArrayList;

/// Service. Its addresses and node ports are given out by [ServiceAllocator].
public final class ServiceKind {
    private static final int AFFINITY_SECONDS = 10_800;

    private ServiceKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.SERVICES)
                .showsDeleted()
                .version(types.get("V1Service"), ServiceKind::columns)
                .shortNames("svc")
                .categories("all")
                .storedUnder("/registry/services/specs/")
                .named(Names::dnsLabel)
                .withStatus()
                .createsOnUpdate()
                .defaultedBy(Service::edit, ServiceKind::defaults)
                .ruledBy(ServiceRules::check)
                .statusRuledBy(ServiceRules::checkStatus)
                .warning((service, old) -> ServiceWarnings.of(service))
                .field("spec.clusterIP", service -> service.spec().clusterIP())
                .field(
                        "spec.type",
                        service -> service.spec().raw(ServiceSpec.TYPE).string())
                .connect("proxy", "ServiceProxyOptions", "", "", "create", "delete", "get", "patch", "update")
                .build();
    }

    private static void columns(ColumnList<Service> columns) {
        columns.name()
                .text("Type", service -> service.spec().type().text())
                .text("Cluster-IP", service -> Columns.orNone(service.spec().clusterIP()))
                .text("External-IP", ServiceKind::externalIp)
                .text("Port(s)", ServiceKind::ports)
                .age()
                .wide("Selector", service -> Columns.labels(service.spec().selector()));
    }

    private static void defaults(Service.Builder service) {
        service.spec(ServiceKind::defaults);
        boolean balanced = Services.balanced(service.build().spec());
        service.status(status -> status.loadBalancer(balancer -> {
            if (balanced) balancer.editIngress(ServiceKind::mode);
        }));
    }

    private static void mode(LoadBalancerIngress.Builder point) {
        var given = point.build();
        if (!given.ip().isEmpty() && !given.hasIpMode()) point.ipMode(LoadBalancerIpMode.VIP);
    }

    private static void defaults(ServiceSpec.Builder spec) {
        var given = spec.build();
        affinity(spec);
        spec.editPorts(ServiceKind::targetPort);
        if (Services.reachable(given) && !given.hasExternalTrafficPolicy())
            spec.externalTrafficPolicy(ServiceTrafficPolicy.CLUSTER);
        if (Services.balanced(given) && !given.hasAllocateLoadBalancerNodePorts())
            spec.allocateLoadBalancerNodePorts(true);
        boolean internal = Services.external(given) || given.type() == ServiceType.CLUSTER_IP;
        if (internal && !given.hasInternalTrafficPolicy()) spec.internalTrafficPolicy(ServiceTrafficPolicy.CLUSTER);
    }

    private static void affinity(ServiceSpec.Builder spec) {
        if (spec.build().sessionAffinity() == ServiceAffinity.NONE) spec.clearSessionAffinityConfig();
        if (spec.build().sessionAffinity() != ServiceAffinity.CLIENT_IP) return;
        if (!spec.build().sessionAffinityConfig().clientIP().hasTimeoutSeconds())
            spec.sessionAffinityConfig(config -> config.clientIP(ip -> ip.timeoutSeconds(AFFINITY_SECONDS)));
    }

    private static void targetPort(ServicePort.Builder port) {
        var target = port.build().targetPort();
        boolean open = target.isText() ? target.text().isEmpty() : target.number() == 0;
        if (open) port.targetPort(IntOrString.of(port.build().port()));
    }

    private static String externalIp(Service service) {
        var spec = service.spec();
        if (spec.type() == ServiceType.EXTERNAL_NAME) return spec.externalName();
        if (!Services.balanced(spec)) return Columns.joined(spec.externalIPs());
        var addresses = new ArrayList<String>();
        for (var ingress : service.status().loadBalancer().ingress()) addresses.add(ingress.ipOr(ingress.hostname()));
        addresses.addAll(spec.externalIPs());
        return addresses.isEmpty() ? "<pending>" : String.join(",", addresses);
    }

    private static String ports(Service service) {
        var parts = new ArrayList<String>();
        for (var port : service.spec().ports())
            parts.add(port.port() + (port.nodePort() > 0 ? ":" + port.nodePort() : "") + "/" + port.protocol());
        return Columns.joined(parts);
    }
}
