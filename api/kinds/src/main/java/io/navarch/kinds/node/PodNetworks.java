package io.navarch.kinds.node;

import io.navarch.model.Node;
import io.navarch.model.NodeAddress;
import io.navarch.model.NodeAddressType;
import io.navarch.objects.Addresses;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The cluster's network of pods, divided into one for each node.
///
/// @param cluster such as `10.244.0.0/16`; each node gets a `/24` of it
public record PodNetworks(String cluster) {
    private static final int NODE_BITS = 8;

    /// How many nodes can have one.
    public int count() {
        return 1 << Math.max(0, 32 - NODE_BITS - length());
    }

    private int length() {
        return Integer.parseInt(cluster.substring(cluster.indexOf('/') + 1));
    }

    public String at(int index) {
        long address = number(address(cluster)) + ((long) index << NODE_BITS);
        return (address >> 24 & 255) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255)
                + "/" + (32 - NODE_BITS);
    }

    /// Which one of them a network is, if it is one of them.
    public OptionalInt indexOf(String network) {
        var address = address(network);
        if (Addresses.six(address) || !Addresses.isAddress(address)) return OptionalInt.empty();
        long index = number(address) - number(address(cluster)) >> NODE_BITS;
        return index >= 0 && index < count() && at((int) index).equals(network)
                ? OptionalInt.of((int) index)
                : OptionalInt.empty();
    }

    private static String address(String network) {
        return network.substring(0, Math.max(0, network.indexOf('/')));
    }

    private static long number(String address) {
        long number = 0;
        for (var part : address.split("\\.")) number = number << 8 | Integer.parseInt(part);
        return number;
    }

    /// One that no node has.
    public Optional<String> free(Collection<Node> nodes) {
        var taken = nodes.stream().map(node -> node.spec().podCIDR()).collect(Collectors.toSet());
        return IntStream.range(0, count())
                .mapToObj(this::at)
                .filter(each -> !taken.contains(each))
                .findFirst();
    }

    /// By network, the address of the node that has it. Nodes say themselves which addresses they have, and some
    /// which network: of several that claim the same addresses the oldest is believed, and nobody takes what is
    /// outside of the cluster's network.
    public Map<String, String> gateways(Collection<Node> nodes) {
        var result = new LinkedHashMap<String, String>();
        var addresses = nodes.stream()
                .map(PodNetworks::address)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
        var taken = new ArrayList<String>();
        for (var node : oldestFirst(nodes)) {
            var network = node.spec().podCIDR();
            var address = address(node);
            if (address.isEmpty() || !within(network, addresses)) continue;
            if (taken.stream().anyMatch(other -> overlap(other, network)) || result.containsValue(address.get()))
                continue;
            taken.add(network);
            result.put(network, address.get());
        }
        return result;
    }

    private static List<Node> oldestFirst(Collection<Node> nodes) {
        return nodes.stream()
                .sorted(Comparator.comparing((Node node) ->
                                node.metadata().creationTimestamp().orElse(Instant.MAX))
                        .thenComparing(Node::name))
                .toList();
    }

    private boolean within(String network, Set<String> addresses) {
        return Addresses.prefix(network) >= length()
                && Addresses.contains(cluster, network.substring(0, network.indexOf('/')))
                && Addresses.network(network).equals(network)
                && addresses.stream().noneMatch(each -> Addresses.contains(network, each));
    }

    private static boolean overlap(String one, String other) {
        return Addresses.contains(one, other.substring(0, other.indexOf('/')))
                || Addresses.contains(other, one.substring(0, one.indexOf('/')));
    }

    private static Optional<String> address(Node node) {
        return node.status().addresses().stream()
                .filter(each -> each.type() == NodeAddressType.INTERNAL_IP)
                .map(NodeAddress::address)
                .filter(each -> !Addresses.six(each) && Addresses.globalUnicast(each))
                .findFirst();
    }
}
