package io.navarch.agent.memory;

import io.navarch.agent.numa.NodeMask;
import java.util.List;

/// What a container is promised.
///
/// @param nodes together
/// @param type `memory`, or huge pages of a size
/// @param size bytes
public record Block(List<Integer> nodes, String type, long size) {
    NodeMask mask() {
        return NodeMask.of(nodes);
    }

    Block less(long reused) {
        return new Block(nodes, type, size - reused);
    }
}
