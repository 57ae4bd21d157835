package io.navarch.controllers.endpoints;

import io.navarch.controllers.Pods;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which zone each endpoint of a Service is meant for, so that every zone has a share of them like its share of the
/// processors: at first its own, then what one zone has too many of goes to those that have too few.
///
/// Source: https://kubernetes.io/docs/concepts/services-networking/topology-aware-routing/
///
/// @param zones of ready endpoints, by uid; empty when there can be no hints
/// @param refusal why there are none, `""` when there are
record ZoneHints(Map<String, String> zones, String refusal) {
    /// So much more than its share the endpoints of a zone may get.
    private static final double OVERLOAD = 0.2;

    static ZoneHints refused(String why) {
        return new ZoneHints(Map.of(), why);
    }

    /// Whether a Service asks for such hints.
    static boolean wanted(View service) {
        var mode = service.annotation("service.kubernetes.io/topology-mode");
        if (mode.isEmpty()) mode = service.annotation("service.kubernetes.io/topology-aware-hints");
        return mode.equals("Auto") || mode.equals("auto");
    }

    static String zone(View node) {
        return node.labels().getOrDefault("topology.kubernetes.io/zone", "");
    }

    /// Each zone's share of the processors of ready nodes; empty when not every such node says where it is and what it
    /// has.
    static Map<String, Double> shares(Collection<View> nodes) {
        var shares = new TreeMap<String, Double>();
        double all = 0;
        for (var node : nodes) {
            boolean control = node.labels().containsKey("node-role.kubernetes.io/control-plane")
                    || node.labels().containsKey("node-role.kubernetes.io/master");
            if (control || !Pods.ready(node)) continue;
            double cpu = Quantity.parseOr(
                            node.status().get("allocatable", "cpu").value(), Quantity.ZERO)
                    .milli();
            if (zone(node).isEmpty() || cpu == 0) return Map.of();
            shares.merge(zone(node), cpu, Double::sum);
            all += cpu;
        }
        double total = all;
        shares.replaceAll((zone, cpu) -> cpu / total);
        return shares;
    }

    /// @param endpoints the zones that ready endpoints are in, by uid, in their order
    static ZoneHints of(Map<String, String> endpoints, Map<String, Double> shares) {
        int count = endpoints.size();
        if (shares.isEmpty())
            return refused("Insufficient Node information: allocatable CPU or zone not specified on one or more nodes");
        if (shares.size() < 2) return refused("Nodes only ready in one zone");
        if (shares.size() > count) return refused("Insufficient number of endpoints");
        var desired = new TreeMap<String, Double>();
        int least = 0;
        for (var share : shares.entrySet()) {
            double exact = share.getValue() * count;
            int minimum = (int) Math.ceil(exact / (1 + OVERLOAD));
            least += minimum;
            desired.put(share.getKey(), Math.max(exact, minimum));
        }
        if (least > count)
            return refused(
                    "Unable to allocate minimum required endpoints to each zone without exceeding overload threshold");
        if (endpoints.containsValue("")) return refused("No zone specified for one or more endpoints");
        var hints = new LinkedHashMap<>(endpoints);
        redistribute(hints, desired);
        return new ZoneHints(hints, "");
    }

    private static void redistribute(Map<String, String> hints, Map<String, Double> desired) {
        var counts = new TreeMap<String, Integer>();
        for (var zone : hints.values()) counts.merge(zone, 1, Integer::sum);
        var spare = new TreeMap<String, Double>();
        var lacking = new TreeMap<String, Double>();
        desired.forEach((zone, wanted) -> {
            double more = counts.getOrDefault(zone, 0) - wanted;
            if (more > 0) spare.put(zone, more);
            if (more < 0) lacking.put(zone, -more);
        });
        // What is of a zone without nodes is of no use there.
        counts.forEach((zone, count) -> {
            if (!desired.containsKey(zone)) spare.put(zone, (double) count);
        });
        while (true) {
            var giver = most(spare);
            var taker = most(lacking);
            if (giver == null || taker == null) return;
            double give = spare.get(giver);
            double take = lacking.get(taker);
            if (give < 1 && take < 1 || give < 0.5 || take < 0.5) return;
            for (var hint : hints.entrySet())
                if (hint.getValue().equals(giver)) {
                    hint.setValue(taker);
                    break;
                }
            spare.put(giver, give - 1);
            lacking.put(taker, take - 1);
        }
    }

    private static String most(Map<String, Double> zones) {
        return zones.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    /// The hints as an endpoint has them.
    static Map<String, Object> forZone(String zone) {
        return Map.of("forZones", List.of(Map.of("name", zone)));
    }
}
