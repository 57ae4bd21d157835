package io.navarch.agent.act;

import io.navarch.agent.decide.PodLifecycle;
import io.navarch.agent.decide.PodTermination;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.RuntimeFailure;
import io.navarch.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Stops containers and sandboxes, and removes them. What is gone already is as good as stopped.
public record ContainerStop(ContainerRuntime runtime, LifecycleHooks hooks, PodEvents events, InstantSource clock) {

    void kill(Pod pod, RuntimeState.Container container, String podAddress, String message, long graceSeconds) {
        var start = clock.instant();
        prepare(pod, container, podAddress, message, graceSeconds);
        end(container, graceSeconds, start);
    }

    /// Says that a container stops, and runs what it wants to be done before.
    void prepare(Pod pod, RuntimeState.Container container, String podAddress, String message, long graceSeconds) {
        events.normal(pod, container.name(), "Killing", message);
        if (graceSeconds > 0) hooks.preStop(pod, PodLifecycle.spec(pod, container.name()), container.id(), podAddress);
    }

    /// Ends a container's processes.
    ///
    /// @param start when its grace began
    void end(RuntimeState.Container container, long graceSeconds, Instant start) {
        long left = PodTermination.remainingGrace(graceSeconds, Duration.between(start, clock.instant()));
        ignoreMissing(() -> runtime.stopContainer(container.id(), left));
    }

    void stopSandbox(String id) {
        ignoreMissing(() -> runtime.stopPodSandbox(id));
    }

    void removeContainer(String id) {
        ignoreMissing(() -> runtime.removeContainer(id));
    }

    void removeSandbox(String id) {
        ignoreMissing(() -> runtime.removePodSandbox(id));
    }

    /// Everything of a pod that nobody knows any more, at once.
    public void removeOrphan(RuntimeState state) {
        for (var container : state.running()) ignoreMissing(() -> runtime.stopContainer(container.id(), 0));
        for (var container : state.containers()) removeContainer(container.id());
        for (var box : state.sandboxes()) {
            stopSandbox(box.id());
            removeSandbox(box.id());
        }
    }

    private static void ignoreMissing(Runnable call) {
        try {
            call.run();
        } catch (RuntimeFailure e) {
            if (!e.notFound()) throw e;
        }
    }
}
