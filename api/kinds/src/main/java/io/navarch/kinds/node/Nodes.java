package io.navarch.kinds.node;

import io.navarch.model.ConditionStatus;
import io.navarch.model.Node;
import io.navarch.model.NodeAddress;
import io.navarch.model.NodeAddressType;
import io.navarch.model.NodeCondition;
import io.navarch.model.NodeConditionType;
import io.navarch.model.StatusCondition;

/// What a node's fields mean, for everyone who asks.
public final class Nodes {
    public static final String ZONE = "topology.kubernetes.io/zone";
    public static final String REGION = "topology.kubernetes.io/region";

    private Nodes() {}

    public static boolean ready(Node node) {
        return condition(node, NodeConditionType.READY).status() == ConditionStatus.TRUE;
    }

    /// Absent when there is none of this type.
    public static NodeCondition condition(Node node, String type) {
        return StatusCondition.find(node.status().conditions(), type).orElse(NodeCondition.ABSENT);
    }

    /// `""` where nobody said.
    public static String zone(Node node) {
        return node.labels().getOrDefault(ZONE, "");
    }

    public static String region(Node node) {
        return node.labels().getOrDefault(REGION, "");
    }

    /// The first address of this type, `""` when there is none.
    public static String address(Node node, NodeAddressType type) {
        return node.status().addresses().stream()
                .filter(address -> address.type() == type)
                .map(NodeAddress::address)
                .findFirst()
                .orElse("");
    }
}
