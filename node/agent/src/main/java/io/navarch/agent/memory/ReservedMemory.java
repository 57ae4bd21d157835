package io.navarch.agent.memory;

import io.navarch.agent.numa.MachineTopology;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.objects.Quantity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// How much of a NUMA node's memory is not for pods.
///
/// @param limits by the type of memory
public record ReservedMemory(int node, Map<String, Quantity> limits) {
    /// @param text such as `0:memory=1Gi,hugepages-2Mi=2Gi;1:memory=2Gi`
    /// @throws IllegalArgumentException in the kubelet's words
    public static List<ReservedMemory> parse(String text) {
        var all = new ArrayList<ReservedMemory>();
        if (text.isEmpty()) return all;
        for (var statement : text.split(";", -1)) {
            var parts = statement.split(":", -1);
            if (parts.length != 2)
                throw new IllegalArgumentException(
                        "the reserved memory has incorrect format, expected numaNodeID:type=quantity[,type=quantity...], got "
                                + statement);
            if (!parts[0].matches("[0-9]{1,4}"))
                throw new IllegalArgumentException(
                        "failed to convert the NUMA node ID, expected integer, got " + parts[0]);
            all.add(new ReservedMemory(Integer.parseInt(parts[0]), limits(parts[1])));
        }
        validate(all);
        return all;
    }

    private static Map<String, Quantity> limits(String text) {
        var limits = new TreeMap<String, Quantity>();
        for (var limit : text.split(",", -1)) {
            var parts = limit.split("=", -1);
            if (parts.length != 2)
                throw new IllegalArgumentException(
                        "the reserved limit has incorrect value, expected type=quantity, got " + limit);
            if (!ofMemory(parts[0]))
                throw new IllegalArgumentException("memory type conversion error, unknown type: \"" + parts[0] + "\"");
            limits.put(
                    parts[0],
                    Quantity.find(parts[1])
                            .orElseThrow(
                                    () -> new IllegalArgumentException("failed to parse the quantity: " + parts[1])));
        }
        return limits;
    }

    static boolean ofMemory(String type) {
        return type.equals(ResourceNames.MEMORY) || type.startsWith(ResourceNames.HUGE_PAGES);
    }

    private static void validate(List<ReservedMemory> all) {
        var seen = new HashSet<String>();
        for (var each : all)
            each.limits.forEach((type, amount) -> {
                if (amount.compareTo(Quantity.ZERO) == 0)
                    throw new IllegalArgumentException(
                            "invalid configuration: reserved memory may not be zero for NUMA node " + each.node
                                    + " and resource \"" + type + "\"");
                if (!seen.add(each.node + " " + type))
                    throw new IllegalArgumentException(
                            "invalid configuration: the reserved memory has a duplicate value for NUMA node "
                                    + each.node + " and resource \"" + type + "\"");
            });
    }

    /// Whether it adds up to what the node keeps from pods.
    ///
    /// @param kept by resource
    /// @throws IllegalArgumentException in the kubelet's words, when it does not
    static void check(List<ReservedMemory> all, MachineTopology machine, Map<String, Quantity> kept) {
        var sums = new TreeMap<String, Quantity>();
        for (var each : all) {
            if (!machine.nodeIds().contains(each.node))
                throw new IllegalArgumentException("the reserved memory configuration references a NUMA node "
                        + each.node + " that does not exist on this machine");
            each.limits.forEach((type, amount) -> sums.merge(type, amount, Quantity::plus));
        }
        var types = new TreeSet<>(sums.keySet());
        kept.keySet().stream().filter(ReservedMemory::ofMemory).forEach(types::add);
        for (var type : types) {
            var said = sums.getOrDefault(type, Quantity.ZERO);
            var is = kept.getOrDefault(type, Quantity.ZERO);
            if (said.compareTo(is) != 0)
                throw new IllegalArgumentException("the total amount \"" + said + "\" of type \"" + type
                        + "\" is not equal to the value \"" + is + "\" determined by Node Allocatable feature");
        }
        if (sums.getOrDefault(ResourceNames.MEMORY, Quantity.ZERO).compareTo(Quantity.ZERO) <= 0)
            throw new IllegalArgumentException("[memorymanager] you should specify the system reserved memory");
    }
}
