package io.navarch.agent.devices;

import io.navarch.agent.numa.Hint;
import io.navarch.agent.numa.NodeMask;
import io.navarch.csi.DevicePlugin.Device;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// From which NUMA nodes devices of one resource could come.
///
/// @param devices all that there are, by their names
/// @param machine the nodes that there are
record DeviceHints(Map<String, Device> devices, List<Integer> machine) {
    /// Whether any of them says where it is.
    boolean matter() {
        return devices.values().stream().anyMatch(device -> !device.nodes().isEmpty());
    }

    private List<Integer> nodes(String id) {
        var device = devices.get(id);
        return device == null ? List.of() : device.nodes();
    }

    /// @param available those that somebody could get
    /// @param reusable those that he has to get as far as possible
    List<Hint> hints(Collection<String> available, Set<String> reusable, int needed) {
        var nodes = new TreeSet<Integer>();
        for (var device : devices.values()) nodes.addAll(device.nodes());
        nodes.retainAll(machine);
        var considered = nodes.isEmpty() ? machine : List.copyOf(nodes);
        int fewest = considered.size();
        var possible = new ArrayList<NodeMask>();
        var reused = reusable.stream().filter(id -> !nodes(id).isEmpty()).toList();
        for (var mask : NodeMask.combinations(considered)) {
            long all = devices.keySet().stream()
                    .filter(id -> mask.hasAny(nodes(id)))
                    .count();
            if (all >= needed) fewest = Math.min(fewest, mask.count());
            if (!reused.stream().allMatch(id -> mask.hasAny(nodes(id)))) continue;
            long matching =
                    available.stream().filter(id -> mask.hasAny(nodes(id))).count();
            if (reused.size() + matching >= needed) possible.add(mask);
        }
        return Hint.preferringFewest(possible, fewest);
    }

    /// In which order devices are given: those on the nodes of a hint, others, and those that do not say where they
    /// are. Nobody's order where the hint says nothing.
    ///
    /// @param close those that are on the nodes of the hint
    /// @param far all others
    record Order(Set<String> close, List<String> far) {}

    Order order(Set<String> available, Hint hint) {
        if (hint.nodes().isEmpty() || !matter()) return new Order(Set.of(), List.copyOf(available));
        var mask = hint.nodes().get();
        var close = new TreeSet<String>();
        var far = new ArrayList<String>();
        var unknown = new ArrayList<String>();
        for (var id : available) {
            if (mask.hasAny(nodes(id))) close.add(id);
            else if (nodes(id).isEmpty()) unknown.add(id);
            else far.add(id);
        }
        far.addAll(unknown);
        return new Order(close, far);
    }
}
