package io.navarch.agent.decide;

import io.navarch.agent.decide.RuntimeState.Container;
import io.navarch.agent.decide.RuntimeState.Sandbox;
import io.navarch.model.Pod;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// How a pod goes: containers stop, then sandboxes; the API hears how they ended; what is left in the runtime
/// is removed; the pod is released. The next step follows from what is there, so an agent that starts anew goes
/// on where it finds things.
public final class PodTermination {
    /// A process has this long even when its hook has used up the grace period.
    private static final long LEAST_GRACE_SECONDS = 2;

    public sealed interface Step {
        /// Stops containers, all at the same time.
        record StopContainers(List<Container> containers, long graceSeconds) implements Step {}

        record StopSandboxes(List<String> ids) implements Step {}

        /// Tells the API how the containers ended.
        record Report() implements Step {}

        record RemoveFromRuntime(List<String> containers, List<String> sandboxes) implements Step {}

        /// Removes the pod's files, and the pod from the API; nothing is left to do after this.
        record Release() implements Step {}
    }

    /// What has been done so far, so that nothing is tried twice in a row.
    ///
    /// @param stopped the ids of containers and sandboxes that were asked to stop
    public record Progress(Set<String> stopped, boolean reported, boolean removed) {
        public static final Progress NONE = new Progress(Set.of(), false, false);

        public Progress after(Step step) {
            return switch (step) {
                case Step.StopContainers stop ->
                    stopped(stop.containers().stream().map(Container::id).toList());
                case Step.StopSandboxes stop -> stopped(stop.ids());
                case Step.Report() -> new Progress(stopped, true, removed);
                case Step.RemoveFromRuntime remove -> new Progress(stopped, reported, true);
                case Step.Release() -> this;
            };
        }

        private Progress stopped(List<String> ids) {
            var all = new HashSet<>(stopped);
            all.addAll(ids);
            return new Progress(Set.copyOf(all), reported, removed);
        }
    }

    private PodTermination() {}

    /// @param gone whether the API has the pod no more: then it has no grace either, and nobody to report to
    public static Step next(Pod pod, boolean gone, RuntimeState state, Progress progress) {
        var running = state.running().stream()
                .filter(container -> !progress.stopped().contains(container.id()))
                .toList();
        if (!running.isEmpty()) return new Step.StopContainers(running, gone ? 0 : PodLifecycle.graceSeconds(pod));
        // Also those that are not ready: the runtime takes down their network when it is told to stop them.
        var boxes = state.sandboxes().stream()
                .map(Sandbox::id)
                .filter(id -> !progress.stopped().contains(id))
                .toList();
        if (!boxes.isEmpty()) return new Step.StopSandboxes(boxes);
        if (!gone && !progress.reported()) return new Step.Report();
        boolean empty = state.containers().isEmpty() && state.sandboxes().isEmpty();
        if (empty || progress.removed()) return new Step.Release();
        return new Step.RemoveFromRuntime(
                state.containers().stream().map(Container::id).toList(),
                state.sandboxes().stream().map(Sandbox::id).toList());
    }

    /// What is left of the grace period after the hook.
    public static long remainingGrace(long graceSeconds, Duration hook) {
        // Of a clock that was set back meanwhile nobody gets more than all.
        long taken = Math.max(0, hook.toSeconds());
        return Math.max(graceSeconds == 0 ? 0 : LEAST_GRACE_SECONDS, graceSeconds - taken);
    }
}
