package io.navarch.controllers.endpoints;

import io.navarch.kinds.node.Nodes;
import io.navarch.model.Node;
import io.navarch.model.Service;
import io.navarch.objects.Quantity;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Which zone each endpoint of a Service is meant for, so that every zone has a share of them like its share of the
/// processors: at first its own, then what one zone has too many of goes to those that have too few.
///
/// Source: https://kubernetes.io/docs/concepts/services-networking/topology-aware-routing/
///
/// @param zones of ready endpoints, by uid; empty when there can be no hints
/// @param refusal why there are none
record ZoneHints(Map<String, String> zones, Optional<HintRefusal> refusal) {
    /// How much more than its share the endpoints of a zone may get.
    private static final double OVERLOAD = 0.2;

    private static ZoneHints refused(HintRefusal why) {
        return new ZoneHints(Map.of(), Optional.of(why));
    }

    /// Whether a Service asks for such hints.
    static boolean wanted(Service service) {
        var mode = service.annotation("service.kubernetes.io/topology-mode");
        if (mode.isEmpty()) mode = service.annotation("service.kubernetes.io/topology-aware-hints");
        return mode.equals("Auto") || mode.equals("auto");
    }

    /// Each zone's share of the processors of ready nodes; empty when not every such node says where it is and what it
    /// has.
    static Map<String, Double> shares(Collection<Node> nodes) {
        var shares = new TreeMap<String, Double>();
        double all = 0;
        for (var node : nodes) {
            if (!counts(node)) continue;
            double cpu = cpu(node);
            var zone = Nodes.zone(node);
            if (zone.isEmpty() || cpu == 0) return Map.of();
            shares.merge(zone, cpu, Double::sum);
            all += cpu;
        }
        double total = all;
        shares.replaceAll((zone, cpu) -> cpu / total);
        return shares;
    }

    private static boolean counts(Node node) {
        boolean control = node.labels().containsKey("node-role.kubernetes.io/control-plane")
                || node.labels().containsKey("node-role.kubernetes.io/master");
        return node.exists() && !control && Nodes.ready(node);
    }

    private static long cpu(Node node) {
        return node.status().allocatable().getOrDefault("cpu", Quantity.ZERO).milli();
    }

    /// Whether a change of a node leaves every zone's share as it was, as a heartbeat does.
    static boolean sameShare(Node old, Node now) {
        return counts(old) == counts(now)
                && Nodes.zone(old).equals(Nodes.zone(now))
                && (!counts(now) || cpu(old) == cpu(now));
    }

    /// @param endpoints the zones that ready endpoints are in, by uid, in their order
    static ZoneHints of(Map<String, String> endpoints, Map<String, Double> shares) {
        int count = endpoints.size();
        if (shares.isEmpty()) return refused(HintRefusal.NO_NODE_INFORMATION);
        if (shares.size() < 2) return refused(HintRefusal.ONE_ZONE);
        if (shares.size() > count) return refused(HintRefusal.FEW_ENDPOINTS);
        var desired = new TreeMap<String, Double>();
        int least = 0;
        for (var share : shares.entrySet()) {
            double exact = share.getValue() * count;
            int minimum = (int) Math.ceil(exact / (1 + OVERLOAD));
            least += minimum;
            desired.put(share.getKey(), Math.max(exact, minimum));
        }
        if (least > count) return refused(HintRefusal.OVERLOAD);
        if (endpoints.containsValue("")) return refused(HintRefusal.NO_ZONE);
        var hints = new LinkedHashMap<>(endpoints);
        redistribute(hints, desired);
        return new ZoneHints(hints, Optional.empty());
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
        // The endpoints of a zone without nodes are of no use there.
        counts.forEach((zone, count) -> {
            if (!desired.containsKey(zone)) spare.put(zone, (double) count);
        });
        while (!spare.isEmpty() && !lacking.isEmpty()) {
            var giver = most(spare);
            var taker = most(lacking);
            double give = giver.getValue();
            double take = taker.getValue();
            if (give < 1 && take < 1 || give < 0.5 || take < 0.5) return;
            hints.entrySet().stream()
                    .filter(hint -> hint.getValue().equals(giver.getKey()))
                    .findFirst()
                    .ifPresent(hint -> hint.setValue(taker.getKey()));
            giver.setValue(give - 1);
            taker.setValue(take - 1);
        }
    }

    private static Map.Entry<String, Double> most(Map<String, Double> zones) {
        return Collections.max(zones.entrySet(), Map.Entry.comparingByValue());
    }
}
