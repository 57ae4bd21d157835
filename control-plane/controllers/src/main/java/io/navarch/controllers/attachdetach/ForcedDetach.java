package io.navarch.controllers.attachdetach;

import io.navarch.kinds.node.Nodes;
import io.navarch.model.Node;
import io.navarch.model.NodeConditionType;
import java.time.Duration;
import java.time.Instant;

/// Whether what a node has mounted may be detached all the same: it is out of service, or nobody has heard of
/// it for too long.
///
/// Source: https://kubernetes.io/docs/concepts/cluster-administration/node-shutdown/#storage-force-detach-on-timeout
sealed interface ForcedDetach {
    /// How long a node that is not ready may take to unmount a volume.
    Duration UNMOUNTING = Duration.ofMinutes(6);

    String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

    /// The node is trusted to unmount.
    record Never() implements ForcedDetach {}

    record After(Duration delay) implements ForcedDetach {}

    /// @param reason as metrics name it
    record Now(String reason) implements ForcedDetach {}

    static ForcedDetach of(Node node, Instant now) {
        boolean outOfService =
                node.spec().taints().stream().anyMatch(taint -> taint.key().equals(OUT_OF_SERVICE));
        if (outOfService) return new Now("out-of-service");
        var since = Nodes.condition(node, NodeConditionType.READY).lastTransitionTime();
        if (Nodes.ready(node) || since.isEmpty()) return new Never();
        var left = Duration.between(now, since.get().plus(UNMOUNTING));
        return left.isPositive() ? new After(left.plusMillis(20)) : new Now("timeout");
    }
}
