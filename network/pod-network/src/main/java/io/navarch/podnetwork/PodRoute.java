package io.navarch.podnetwork;

import io.navarch.objects.Addresses;
import java.util.List;
import java.util.Map;

/// Where packets for the pods of another node go.
///
/// @param network such as `10.244.1.0/24`
/// @param gateway the node's address
record PodRoute(String network, String gateway) {
    /// The routes of a node, from what the cluster says of all. It is not believed to be more than that: no route leads
    /// away from this node's own pods, out of the cluster's network, or to what is no node.
    ///
    /// @param gateways by network, the address of the node that has it
    static List<PodRoute> wanted(Map<String, String> gateways, OwnNetwork own) {
        return gateways.entrySet().stream()
                .map(each -> new PodRoute(each.getKey(), each.getValue()))
                .filter(each -> each.sound(own.clusterCidr()))
                .filter(each -> !each.gateway.equals(own.address()) && !overlap(each.network, own.podCidr()))
                .toList();
    }

    private boolean sound(String cluster) {
        return Addresses.prefix(network) >= Addresses.prefix(cluster)
                && Addresses.contains(cluster, first(network))
                && Addresses.network(network).equals(network)
                && !Addresses.six(gateway)
                && Addresses.globalUnicast(gateway)
                && !Addresses.contains(cluster, gateway);
    }

    private static boolean overlap(String one, String other) {
        return Addresses.contains(one, first(other)) || Addresses.contains(other, first(one));
    }

    private static String first(String network) {
        return network.substring(0, network.indexOf('/'));
    }
}
