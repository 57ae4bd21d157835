package io.navarch.agent.act;

import io.navarch.agent.decide.PodLifecycle;
import io.navarch.agent.decide.PodTermination;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.RuntimeFailure;
import io.navarch.model.Pod;
import java.time.Duration;
import java.time.InstantSource;

/// Stops containers and sandboxes, and removes them. What is gone already is as good as stopped.
public record ContainerStop(ContainerRuntime runtime, LifecycleHooks hooks, PodEvents events, InstantSource clock) {

    void kill(Pod pod, RuntimeState.Container container, String podAddress, String message, long graceSeconds) {
        var grace = new Grace(graceSeconds, clock);
        prepare(pod, container, podAddress, message, grace);
        end(container.id(), grace.left());
    }

    /// Says that a container stops, and runs what it wants to be done before.
    void prepare(Pod pod, RuntimeState.Container container, String podAddress, String message, Grace grace) {
        events.normal(pod, container.name(), "Killing", message);
        var spec = PodLifecycle.spec(pod, container.name());
        if (!grace.over()) hooks.preStop(pod, spec, container.id(), podAddress, grace);
    }

    /// Ends a container's processes.
    void end(String containerId, long graceSeconds) {
        ignoreMissing(() -> runtime.stopContainer(containerId, graceSeconds));
    }

    /// Takes a container away, whatever it does.
    void remove(Pod pod, RuntimeState.Container container) {
        if (container.running()) {
            events.normal(pod, container.name(), "Killing", "killing");
            end(container.id(), PodTermination.remainingGrace(1, Duration.ZERO));
        }
        removeContainer(container.id());
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
