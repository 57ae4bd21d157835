package io.navarch.controllers.node;

import io.navarch.kinds.node.Nodes;
import io.navarch.model.Lease;
import io.navarch.model.Node;
import io.navarch.model.NodeConditionType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// How long nodes have been silent, by the time that has passed here since they last said something new. What they say
/// of the time is not believed: their clocks, and this machine's, may be wrong or be set.
final class Heartbeats {
    private record Beat(String said, long at) {}

    private final Map<String, Beat> last = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    /// @param nanos time that nobody can set
    Heartbeats(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// A node that is seen for the first time has just spoken.
    Duration silence(Node node, Lease lease) {
        var said = node.uid() + "/" + lease.spec().renewTime() + "/"
                + Nodes.condition(node, NodeConditionType.READY).lastHeartbeatTime();
        long now = nanos.getAsLong();
        var beat = last.compute(
                node.name(),
                (name, before) -> before != null && before.said.equals(said) ? before : new Beat(said, now));
        return Duration.ofNanos(Math.max(0, now - beat.at));
    }

    void forget(String node) {
        last.remove(node);
    }
}
