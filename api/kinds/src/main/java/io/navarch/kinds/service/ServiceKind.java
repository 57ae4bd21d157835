package io.navarch.kinds.service;

import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Service. Its addresses and node ports are given out by [ServiceAllocator].
public final class ServiceKind {
    private ServiceKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("", "Service", "services")
                .version(
                        "v1",
                        types.get("V1Service"),
                        Columns.NAME,
                        Columns.text("Type", s -> s.spec().get("type").string()),
                        Columns.text(
                                "Cluster-IP",
                                s -> Columns.orNone(s.spec().get("clusterIP").string())),
                        Columns.text("External-IP", ServiceKind::externalIp),
                        Columns.text("Port(s)", ServiceKind::ports),
                        Columns.AGE,
                        Columns.wide(
                                "Selector",
                                s -> Columns.orNone(LabelSelector.ofLabels(
                                                s.spec().get("selector").stringMap())
                                        .toString())))
                .shortNames("svc")
                .categories("all")
                .storedUnder("/registry/services/specs/")
                .named(Names::dns1035Label)
                .withStatus()
                .createsOnUpdate()
                .defaultedBy(ServiceKind::defaults)
                .ruledBy(ServiceRules::check)
                .preparedBy(ServiceKind::prepare)
                .field("spec.clusterIP", s -> s.spec().get("clusterIP").string())
                .field("spec.type", s -> s.spec().get("type").string())
                .connect("proxy", "ServiceProxyOptions", "", "", "create", "delete", "get", "patch", "update");
    }

    private static void defaults(Map<String, Object> service) {
        var spec = Trees.child(service, "spec");
        var view = View.of(spec);
        if (view.get("sessionAffinity").string().equals("ClientIP")) {
            Trees.putIfAbsent(spec, 10800L, "sessionAffinityConfig", "clientIP", "timeoutSeconds");
        } else {
            spec.remove("sessionAffinityConfig");
        }
        for (var port : view.get("ports").list()) {
            if (!(port instanceof Map<?, ?>)) continue;
            @SuppressWarnings("unchecked")
            var map = (Map<String, Object>) port;
            var target = map.get("targetPort");
            if (target == null || target.equals("") || View.of(target).longOr(1) == 0)
                map.put("targetPort", map.get("port"));
        }
        var type = view.get("type").string();
        if (type.equals("NodePort") || type.equals("LoadBalancer"))
            Trees.putIfAbsent(spec, "Cluster", "externalTrafficPolicy");
        if (type.equals("LoadBalancer")) Trees.putIfAbsent(spec, true, "allocateLoadBalancerNodePorts");
        if (!type.equals("ExternalName")) {
            Trees.putIfAbsent(spec, "Cluster", "internalTrafficPolicy");
            Trees.putIfAbsent(spec, Trees.list("IPv4"), "ipFamilies");
            Trees.putIfAbsent(spec, "SingleStack", "ipFamilyPolicy");
        }
        Trees.putIfAbsent(service, Trees.map(), "status", "loadBalancer");
    }

    private static void prepare(Map<String, Object> service, View old) {
        var spec = Trees.child(service, "spec");
        if (!old.exists()) return;
        // A client that writes back what it once created must not lose the address it was given.
        var before = old.spec();
        boolean stays = !View.of(spec).get("type").string().equals("ExternalName")
                && !before.get("type").string().equals("ExternalName");
        if (stays && View.of(spec).get("clusterIP").string().isEmpty()) {
            if (before.get("clusterIP").exists())
                spec.put("clusterIP", before.get("clusterIP").value());
        }
        if (stays
                && View.of(spec).get("clusterIPs").list().isEmpty()
                && before.get("clusterIPs").exists()) {
            spec.put("clusterIPs", Trees.copy(before.get("clusterIPs").value()));
        }
    }

    private static String externalIp(View service) {
        var spec = service.spec();
        return switch (spec.get("type").string()) {
            case "ExternalName" -> spec.get("externalName").string();
            case "LoadBalancer" -> {
                var addresses = new ArrayList<String>();
                for (var ingress :
                        service.status().get("loadBalancer", "ingress").views()) {
                    addresses.add(
                            ingress.get("ip").stringOr(ingress.get("hostname").string()));
                }
                addresses.addAll(spec.get("externalIPs").strings());
                yield addresses.isEmpty() ? "<pending>" : String.join(",", addresses);
            }
            default -> Columns.joined(spec.get("externalIPs").strings());
        };
    }

    private static String ports(View service) {
        List<String> parts = new ArrayList<>();
        for (var port : service.spec().get("ports").views()) {
            long node = port.get("nodePort").longOr(0);
            parts.add(port.get("port").text() + (node > 0 ? ":" + node : "") + "/"
                    + port.get("protocol").string());
        }
        return Columns.joined(parts);
    }
}
