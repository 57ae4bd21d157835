package io.navarch.agent.memory;

import io.navarch.agent.numa.NodeMask;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// What of a pod's memory its next container may have: that of init containers which have ended when it begins.
record ReusableMemory(Map<Place, Long> sizes) {
    static final ReusableMemory NONE = new ReusableMemory(Map.of());

    record Place(NodeMask nodes, String type) {}

    long of(NodeMask nodes, String type) {
        return sizes.getOrDefault(new Place(nodes, type), 0L);
    }

    /// @param ends whether whoever has these blocks leaves them to others
    ReusableMemory after(Collection<Block> blocks, boolean ends) {
        var next = new HashMap<>(sizes);
        for (var block : blocks) {
            var place = new Place(block.mask(), block.type());
            if (ends) next.merge(place, block.size(), Math::max);
            else next.computeIfPresent(place, (key, size) -> Math.max(0, size - block.size()));
        }
        return new ReusableMemory(Map.copyOf(next));
    }
}
