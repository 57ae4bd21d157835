package io.navarch.agent.act;

import io.navarch.agent.decide.ResizeText;
import io.navarch.agent.decide.Resizing;
import io.navarch.agent.decide.Resizing.Condition;
import io.navarch.agent.decide.Resizing.Update;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.cri.RuntimeFailure;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Pod;
import io.navarch.model.PodCondition;
import io.navarch.model.PodConditionType;
import io.navarch.model.ResourceRequirements;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Gives the containers of one pod what it asks for while they run, once the node agrees.
final class PodResize {
    /// What does not fit may fit once others have gone.
    private static final Duration RETRY = Duration.ofSeconds(3);

    private final WorkerParts parts;
    private Resizing state = Resizing.NONE;
    private boolean begun;

    PodResize(WorkerParts parts) {
        this.parts = parts;
    }

    Resizing state() {
        return state;
    }

    /// The pod as the node has agreed to it.
    Pod allocated(Pod pod) {
        if (!begun) resume(pod);
        if (Pods.ended(pod)) {
            state = Resizing.NONE;
            return pod;
        }
        var answer = parts.allocations().ask(pod, resource -> parts.placement().fixed(pod, resource));
        long generation = pod.metadata().generation();
        if (answer.granted()) {
            state = new Resizing(state.actual(), Optional.empty(), Optional.of(new Condition("", "", generation)));
            parts.events().normal(pod, "ResizeStarted", ResizeText.of("Pod resize started", pod, generation, ""));
        } else if (answer.lacking().isEmpty()) {
            state = new Resizing(state.actual(), Optional.empty(), state.ongoing());
        } else {
            var reason = answer.infeasible() ? Resizing.INFEASIBLE : Resizing.DEFERRED;
            defer(pod, new Condition(reason, answer.lacking(), generation));
        }
        return answer.allocation().applied(pod);
    }

    /// What an earlier agent has told.
    private void resume(Pod pod) {
        begun = true;
        state = new Resizing(
                Map.of(),
                told(Pods.condition(pod, PodConditionType.POD_RESIZE_PENDING)),
                told(Pods.condition(pod, PodConditionType.POD_RESIZE_IN_PROGRESS)));
    }

    private static Optional<Condition> told(PodCondition condition) {
        if (!condition.exists()) return Optional.empty();
        return Optional.of(new Condition(condition.reason(), condition.message(), condition.observedGeneration()));
    }

    private void defer(Pod pod, Condition why) {
        boolean known = state.pending()
                .filter(old -> old.generation() == why.generation())
                .isPresent();
        state = new Resizing(state.actual(), Optional.of(why), state.ongoing());
        if (known) return;
        var text = ResizeText.of("Pod resize " + why.reason(), pod, why.generation(), why.message());
        parts.events().warning(pod, "Resize" + why.reason(), text);
    }

    /// When to ask again.
    Optional<Duration> retry() {
        return state.pending().map(why -> RETRY);
    }

    /// Sees what runs.
    ///
    /// @param pod as the node has agreed to it
    void observe(Pod pod, RuntimeState runtime) {
        var actual = new HashMap<String, ResourceRequirements>();
        for (var container : runtime.running()) {
            var known = state.actual().get(container.id());
            actual.put(container.id(), known == null ? started(pod, container) : known);
        }
        state = new Resizing(Map.copyOf(actual), state.pending(), state.ongoing());
        boolean differs = state.differs(pod, runtime);
        var ongoing = state.ongoing();
        if (differs == ongoing.isPresent()) return;
        long generation = pod.metadata().generation();
        var next = differs ? Optional.of(new Condition("", "", generation)) : Optional.<Condition>empty();
        state = new Resizing(state.actual(), state.pending(), next);
        if (!differs) {
            // What its containers gave back is not the pod's any more.
            limit(pod);
            parts.events()
                    .normal(
                            pod,
                            "ResizeCompleted",
                            ResizeText.of(
                                    "Pod resize completed", pod, ongoing.get().generation(), ""));
        }
    }

    private boolean limit(Pod pod) {
        try {
            parts.cgroups().prepare(pod);
            return true;
        } catch (IOException e) {
            failed(pod, "failed to set the limits of the pod: " + e.getMessage());
            return false;
        }
    }

    /// Makes room in the pod for all that its containers have and are to have. False when that cannot be done now.
    boolean makeRoom(Pod pod, RuntimeState runtime) {
        return limit(state.largest(pod, runtime));
    }

    /// What a container has that this agent has not seen before: what was told of it, or else what it was started with.
    private static ResourceRequirements started(Pod pod, RuntimeState.Container container) {
        var status = pod.status();
        for (var list : List.of(status.containerStatuses(), status.initContainerStatuses()))
            for (var told : list)
                if (told.containerID().endsWith("/" + container.id()) && told.hasResources()) return told.resources();
        for (var spec : Pods.everyContainer(pod.spec()))
            if (spec.name().equals(container.name())) return spec.resources();
        return ResourceRequirements.ABSENT;
    }

    /// False when not all could be done now.
    boolean apply(Pod pod, RuntimeState runtime, List<Update> updates) {
        var errors = tooLow(updates);
        if (!errors.isEmpty()) {
            var all = errors.size() == 1 ? errors.getFirst() : "[" + String.join(", ", errors) + "]";
            failed(pod, "cannot decrease memory limits: " + all);
            return false;
        }
        if (!makeRoom(pod, runtime)) return false;
        try {
            for (var update : updates) apply(pod, update);
            return true;
        } catch (RuntimeFailure e) {
            failed(pod, String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void apply(Pod pod, Update update) {
        parts.start().update(pod, update);
        var actual = new HashMap<>(state.actual());
        actual.put(update.container().id(), update.to());
        state = new Resizing(Map.copyOf(actual), state.pending(), state.ongoing());
    }

    /// Whose limit of memory would be less than what they use: the kernel would end them.
    private List<String> tooLow(List<Update> updates) {
        var errors = new ArrayList<String>();
        for (var update : updates) {
            var from = state.actual().getOrDefault(update.container().id(), ResourceRequirements.ABSENT);
            var lower = update.lowerMemory(from);
            if (lower.isEmpty()) continue;
            long limit = lower.get().units();
            long used = parts.start().memory(update.container().id());
            if (used >= limit)
                errors.add("attempting to set container \""
                        + update.container().name() + "\" memory limit (" + limit + ") below current usage (" + used
                        + ")");
        }
        return errors.stream().distinct().toList();
    }

    private void failed(Pod pod, String message) {
        long generation =
                state.ongoing().map(Condition::generation).orElse(pod.metadata().generation());
        var why = new Condition(Resizing.ERROR, message, generation);
        if (state.ongoing().filter(why::equals).isPresent()) return;
        state = new Resizing(state.actual(), state.pending(), Optional.of(why));
        parts.events().warning(pod, "ResizeError", ResizeText.of("Pod resize error", pod, generation, message));
    }
}
