package io.navarch.agent.decide;

import io.navarch.cri.ContainerRuntime.Condition;
import io.navarch.model.ConditionStatus;
import io.navarch.model.ContainerImage;
import io.navarch.model.Node;
import io.navarch.model.NodeAddressType;
import io.navarch.model.NodeCondition;
import io.navarch.model.NodeConditionType;
import io.navarch.model.NodeStatus;
import io.navarch.model.NodeSystemInfo;
import io.navarch.model.StatusCondition;
import io.navarch.objects.Quantity;
import io.navarch.objects.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A node's status as the agent reports it.
///
/// Source: https://kubernetes.io/docs/reference/node/node-status/
public record NodeStatusReport(AgentConfig config, Facts facts, Instant now) {
    /// Unless something changes, a full status this often is enough; the lease says that the node is alive.
    private static final Duration FULL_STATUS = Duration.ofMinutes(5);

    /// What was found out about the node.
    ///
    /// @param devices what it has besides its capacity
    /// @param failure why the node is not ready, `""` when it is
    /// @param pressures what it is short of
    public record Facts(
            Map<String, Quantity> capacity,
            DeviceCounts devices,
            NodeSystemInfo system,
            List<ContainerImage> images,
            String failure,
            Set<Pressure> pressures) {}

    /// Why a runtime with these conditions cannot run pods, `""` when it can.
    public static String failure(List<Condition> conditions) {
        return conditions.stream()
                .filter(condition -> !condition.status())
                .reduce((first, last) -> last)
                .map(condition -> condition.type() + ": " + condition.reason() + ": " + condition.message())
                .orElse("");
    }

    /// Whether the API has to be told now.
    public static boolean due(Node node, NodeStatus last, NodeStatus next, Instant now) {
        var ready = StatusCondition.find(node.status().conditions(), NodeConditionType.READY);
        boolean recent = ready.filter(condition -> condition.status() == ConditionStatus.TRUE)
                .flatMap(NodeCondition::lastHeartbeatTime)
                .filter(beat -> beat.plus(FULL_STATUS).isAfter(now))
                .isPresent();
        return !recent || !Trees.semanticEquals(withoutHeartbeats(last), withoutHeartbeats(next));
    }

    private static Map<String, Object> withoutHeartbeats(NodeStatus status) {
        return status.toBuilder()
                .editConditions(NodeCondition.Builder::clearLastHeartbeatTime)
                .map();
    }

    /// The reasons of the Events that tell of the difference, as in `NodeHasDiskPressure`.
    public static List<String> events(Node before, NodeStatus now) {
        var reasons = new ArrayList<String>();
        for (var pressure : Pressure.values()) {
            var status = StatusCondition.status(now.conditions(), pressure.condition());
            if (StatusCondition.status(before.status().conditions(), pressure.condition()) != status)
                reasons.add(pressure.eventReason(status == ConditionStatus.TRUE));
        }
        var ready = StatusCondition.status(now.conditions(), NodeConditionType.READY);
        // Of a new node it is not told that it is not ready yet.
        if (StatusCondition.find(before.status().conditions(), NodeConditionType.READY)
                .filter(known -> known.status() != ready)
                .isPresent()) reasons.add(ready == ConditionStatus.TRUE ? "NodeReady" : "NodeNotReady");
        return reasons;
    }

    public NodeStatus of(Node node) {
        var failure = facts.failure();
        boolean ready = failure.isEmpty();
        var status = NodeStatus.builder()
                .capacity(facts.capacity())
                .allocatable(config.allocatable(facts.capacity()))
                .nodeInfo(facts.system())
                .images(facts.images());
        facts.devices().capacity().forEach(status::putCapacity);
        facts.devices().allocatable().forEach(status::putAllocatable);
        for (var pressure : Pressure.values()) {
            boolean present = facts.pressures().contains(pressure);
            status.addConditions(condition(
                    node, pressure.condition(), present, pressure.reason(present), pressure.message(present)));
        }
        status.addConditions(condition(
                node,
                NodeConditionType.READY,
                ready,
                ready ? "KubeletReady" : "KubeletNotReady",
                ready ? "kubelet is posting ready status" : failure));
        if (config.port() != 0)
            status.addAddresses(
                            address -> address.type(NodeAddressType.INTERNAL_IP).address(config.nodeAddress()))
                    .addAddresses(
                            address -> address.type(NodeAddressType.HOSTNAME).address(config.nodeName()))
                    .daemonEndpoints(endpoints -> endpoints.kubeletEndpoint(own -> own.Port(config.port())));
        return status.build();
    }

    private NodeCondition condition(Node node, String type, boolean value, String reason, String message) {
        var status = value ? ConditionStatus.TRUE : ConditionStatus.FALSE;
        var since = StatusCondition.find(node.status().conditions(), type)
                .filter(old -> old.status() == status)
                .flatMap(NodeCondition::lastTransitionTime)
                .orElse(now);
        return NodeCondition.builder()
                .type(type)
                .status(status)
                .lastHeartbeatTime(now)
                .lastTransitionTime(since)
                .reason(reason)
                .message(message)
                .build();
    }
}
