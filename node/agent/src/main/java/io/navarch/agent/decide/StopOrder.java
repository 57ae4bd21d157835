package io.navarch.agent.decide;

import io.navarch.kinds.pod.Pods;
import io.navarch.model.Pod;
import java.util.ArrayList;
import java.util.List;

/// In which order containers of a pod are told to end: sidecars serve the others, so they come last, and among them in
/// the reverse of the order in which they were started.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#sidecar-containers-and-pod-lifecycle
///
/// @param together those that end at the same time
/// @param afterwards those that end one after the other, once the first have
public record StopOrder(List<RuntimeState.Container> together, List<RuntimeState.Container> afterwards) {
    public static StopOrder of(Pod pod, List<RuntimeState.Container> running) {
        var together = new ArrayList<>(running);
        var afterwards = new ArrayList<RuntimeState.Container>();
        for (var spec : pod.spec().initContainers().reversed()) {
            if (!Pods.sidecar(spec)) continue;
            for (var container : running) {
                if (!container.name().equals(spec.name())) continue;
                together.remove(container);
                afterwards.add(container);
            }
        }
        return new StopOrder(together, afterwards);
    }
}
