package io.navarch.agent.eviction;

import io.navarch.agent.decide.EvictionThresholds.Observation;
import io.navarch.agent.decide.EvictionThresholds.Signal;
import io.navarch.agent.decide.EvictionThresholds.Threshold;
import io.navarch.agent.stats.NodeUsage.ContainerUsage;
import io.navarch.agent.stats.NodeUsage.PodUsage;
import io.navarch.kinds.pod.Pods;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a pod is told that goes because the node is short of something.
///
/// @param signal what is short
/// @param starved all thresholds that pods have to go for, in their order
public record EvictionMessage(Signal signal, List<Threshold> starved, Map<Signal, Observation> observed) {
    String of(Pod pod, Optional<PodUsage> usage) {
        var resource = signal.resource();
        var text = new StringBuilder("The node was low on resource: " + resource + ". ");
        starved.stream()
                .filter(each -> each.signal().resource().equals(resource) && observed.containsKey(each.signal()))
                .findFirst()
                .ifPresent(each -> threshold(each, text));
        usage.ifPresent(used -> exceeding(pod, used, text));
        return text.toString();
    }

    private void threshold(Threshold threshold, StringBuilder text) {
        var seen = observed.getOrDefault(threshold.signal(), new Observation(0, 0));
        text.append("Threshold quantity: ")
                .append(threshold.least().of(seen.capacity()))
                .append(", available: ")
                .append(threshold.signal().quantity(seen.available()))
                .append(". ");
    }

    private void exceeding(Pod pod, PodUsage used, StringBuilder text) {
        var resource = signal.resource();
        var whole = pod.spec().resources().requests().get(resource);
        if (resource.equals(ResourceNames.MEMORY) && whole != null)
            used.group()
                    .ifPresent(group -> consumption(
                            "Pod " + pod.name(),
                            signal.quantity(group.usage().memory().workingSet()),
                            whole,
                            text));
        for (var container : used.containers()) {
            var spec = Pods.containers(pod.spec()).stream()
                    .filter(each -> each.name().equals(container.name()))
                    .findFirst();
            var taken = taken(container);
            if (spec.isEmpty() || taken.isEmpty()) continue;
            var asked = spec.get().resources().requests().getOrDefault(resource, Quantity.ZERO);
            if (taken.get().compareTo(asked) > 0)
                consumption("Container " + container.name(), taken.get(), asked, text);
        }
    }

    private Optional<Quantity> taken(ContainerUsage container) {
        return switch (signal.resource()) {
            case ResourceNames.MEMORY ->
                container
                        .group()
                        .map(group -> signal.quantity(group.usage().memory().workingSet()));
            case ResourceNames.EPHEMERAL_STORAGE ->
                Optional.of(signal.quantity(
                        container.written().bytes() + container.logs().bytes()));
            default -> Optional.empty();
        };
    }

    private void consumption(String who, Quantity taken, Quantity asked, StringBuilder text) {
        text.append(who)
                .append(" was using ")
                .append(taken)
                .append(", request is ")
                .append(asked)
                .append(", has larger consumption of ")
                .append(signal.resource())
                .append(". ");
    }
}
