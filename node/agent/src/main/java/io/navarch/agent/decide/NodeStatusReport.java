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
import java.util.List;
import java.util.Map;

/// A node's status as the agent reports it.
///
/// Source: https://kubernetes.io/docs/reference/node/node-status/
public record NodeStatusReport(AgentConfig config, Facts facts, Instant now) {
    /// Unless something changes, a full status this often is enough; the lease says that the node is alive.
    private static final Duration FULL_STATUS = Duration.ofMinutes(5);

    /// What was found out about the node.
    ///
    /// @param failure why the node is not ready, `""` when it is
    public record Facts(
            Map<String, Quantity> capacity, NodeSystemInfo system, List<ContainerImage> images, String failure) {}

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

    public NodeStatus of(Node node) {
        var failure = facts.failure();
        boolean ready = failure.isEmpty();
        var status = NodeStatus.builder()
                .capacity(facts.capacity())
                .allocatable(facts.capacity())
                .addConditions(condition(
                        node,
                        NodeConditionType.MEMORY_PRESSURE,
                        false,
                        "KubeletHasSufficientMemory",
                        "kubelet has sufficient memory available"))
                .addConditions(condition(
                        node,
                        NodeConditionType.DISK_PRESSURE,
                        false,
                        "KubeletHasNoDiskPressure",
                        "kubelet has no disk pressure"))
                .addConditions(condition(
                        node,
                        NodeConditionType.PID_PRESSURE,
                        false,
                        "KubeletHasSufficientPID",
                        "kubelet has sufficient PID available"))
                .addConditions(condition(
                        node,
                        NodeConditionType.READY,
                        ready,
                        ready ? "KubeletReady" : "KubeletNotReady",
                        ready ? "kubelet is posting ready status" : failure))
                .nodeInfo(facts.system())
                .images(facts.images());
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
