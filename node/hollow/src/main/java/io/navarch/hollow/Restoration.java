package io.navarch.hollow;

import io.navarch.agent.decide.ContainerConfigs;
import io.navarch.agent.decide.PodLifecycle;
import io.navarch.cri.InMemoryRuntime;
import io.navarch.cri.InMemoryRuntime.Restored;
import io.navarch.model.ContainerStatus;
import io.navarch.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Brings back pods that ran before the process started anew: a real runtime would have outlived it.
record Restoration(ContainerConfigs configs) {
    private static final String SCHEME = "containerd://";

    void restore(Pod pod, InMemoryRuntime runtime) {
        var status = pod.status();
        var containers = Stream.concat(status.initContainerStatuses().stream(), status.containerStatuses().stream())
                .flatMap(each -> container(pod, each).stream())
                .toList();
        var since = status.startTime().orElseThrow();
        runtime.restore(configs.sandbox(pod, 0, ""), status.podIP(), since, containers);
    }

    private Optional<Restored> container(Pod pod, ContainerStatus status) {
        var id = status.containerID();
        var state = status.state();
        var started = state.hasTerminated()
                ? state.terminated().startedAt()
                : state.running().startedAt();
        if (!id.startsWith(SCHEME) || started.isEmpty()) return Optional.empty();
        var spec = PodLifecycle.spec(pod, status.name());
        var config = configs.container(pod, spec, status.restartCount(), Map.of(), List.of(), status.imageID(), "");
        return Optional.of(new Restored(
                id.substring(SCHEME.length()),
                config,
                started.get(),
                state.terminated().finishedAt(),
                state.terminated().exitCode()));
    }
}
