package io.navarch.agent.act;

import io.navarch.agent.decide.ContainerReport;
import io.navarch.agent.decide.Eviction;
import io.navarch.agent.decide.PodLifecycle;
import io.navarch.agent.decide.PodStatusReport;
import io.navarch.agent.decide.ProbeResults;
import io.navarch.agent.decide.Resizing;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.agent.decide.Waiting;
import io.navarch.agent.volumes.PodFiles;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Pod;
import io.navarch.model.PodCondition;
import io.navarch.model.PodConditionType;
import io.navarch.model.PodPhase;
import io.navarch.model.PodStatus;
import io.navarch.model.ResourceStatus;
import io.navarch.objects.Trees;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds out how pods are, tells it, and lets them go.
public record PodReporter(
        PodRecords records, PodFiles files, NodeDevices devices, String nodeAddress, InstantSource clock) {
    private static final String HEALTHY = "Healthy";
    private static final String UNHEALTHY = "Unhealthy";

    PodStatus status(
            Pod pod, RuntimeState state, ProbeResults probes, Map<String, Waiting> waiting, Resizing resizing) {
        var messages = new HashMap<String, String>();
        for (var container : state.containers()) {
            if (!container.exited()) continue;
            var spec = PodLifecycle.spec(pod, container.name());
            var message = files.terminationMessage(pod, spec, container);
            if (!message.isEmpty()) messages.put(container.id(), message);
        }
        var knowledge = new ContainerReport.Knowledge(probes, waiting, messages, resizing, devices(pod));
        return PodStatusReport.of(pod, state, knowledge, nodeAddress, clock.instant());
    }

    private Map<String, List<ResourceStatus>> devices(Pod pod) {
        var all = new HashMap<String, List<ResourceStatus>>();
        for (var spec : pod.spec().containers()) {
            var byResource = devices.held(pod.uid(), spec.name()).stream()
                    .collect(Collectors.groupingBy(NodeDevices.Held::resource, TreeMap::new, Collectors.toList()));
            if (!byResource.isEmpty())
                all.put(
                        spec.name(),
                        byResource.entrySet().stream()
                                .map(each -> status(each.getKey(), each.getValue()))
                                .toList());
        }
        return all;
    }

    private static ResourceStatus status(String resource, List<NodeDevices.Held> held) {
        var status = ResourceStatus.builder().name(resource);
        for (var device : held)
            status.addResources(each -> each.resourceID(device.id()).health(device.healthy() ? HEALTHY : UNHEALTHY));
        return status.build();
    }

    static boolean same(PodStatus left, PodStatus right) {
        return Trees.semanticEquals(left.view().map(), right.view().map());
    }

    /// Writes the status; returns the pod as it is then, or nothing when it has changed meanwhile, or is gone.
    Optional<Pod> send(Pod pod, PodStatus status) {
        return records.write(pod, status);
    }

    /// Ends a pod that this node does not run, or no longer.
    ///
    /// @param status how it is otherwise
    Optional<Pod> fail(Pod pod, PodStatus status, String reason, String message) {
        return end(pod, status, PodPhase.FAILED, reason, message);
    }

    private Optional<Pod> end(Pod pod, PodStatus status, PodPhase phase, String reason, String message) {
        var ended = status.toBuilder()
                .phase(phase)
                .reason(reason)
                .message(message)
                .startTime(pod.status().startTime().orElse(clock.instant()));
        return send(pod, ended.build());
    }

    /// Ends a pod that has to go.
    ///
    /// @param status how it is otherwise
    Optional<Pod> evict(Pod pod, PodStatus status, Eviction eviction) {
        var phase = eviction.ended(status.phase());
        if (eviction.disruption().isEmpty()) return end(pod, status, phase, eviction.reason(), eviction.message());
        var condition = PodCondition.builder()
                .type(PodConditionType.DISRUPTION_TARGET)
                .status(ConditionStatus.TRUE)
                .lastTransitionTime(clock.instant())
                .reason("TerminationByKubelet")
                .message(eviction.disruption().get());
        if (pod.metadata().hasGeneration())
            condition.observedGeneration(pod.metadata().generation());
        var told = condition.build();
        var conditions = Stream.concat(
                        status.conditions().stream().filter(each -> !each.type().equals(told.type())), Stream.of(told))
                .toList();
        var disrupted = status.toBuilder().conditions(conditions).build();
        return end(pod, disrupted, phase, eviction.reason(), eviction.message());
    }

    void delete(Pod pod) {
        records.delete(pod);
    }
}
