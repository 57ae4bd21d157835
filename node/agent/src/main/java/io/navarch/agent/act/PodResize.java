package io.navarch.agent.act;

import io.navarch.agent.decide.Allocation;
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
            state = state.withPending(Optional.empty()).withOngoing(Optional.of(new Condition("", "", generation)));
            parts.events().normal(pod, "ResizeStarted", ResizeText.of("Pod resize started", pod, generation, ""));
        } else if (answer.lacking().isEmpty()) {
            state = state.withPending(Optional.empty());
        } else {
            var reason = answer.infeasible() ? Resizing.INFEASIBLE : Resizing.DEFERRED;
            defer(pod, new Condition(reason, answer.lacking(), generation));
        }
        return answer.allocation().applied(pod);
    }

    /// What an earlier agent has told.
    private void resume(Pod pod) {
        begun = true;
        var ongoing = told(Pods.condition(pod, PodConditionType.POD_RESIZE_IN_PROGRESS));
        // How far it has come, nobody knows.
        var whole = ongoing.isPresent()
                ? ResourceRequirements.ABSENT
                : Allocation.reported(pod).whole();
        state = new Resizing(Map.of(), whole, told(Pods.condition(pod, PodConditionType.POD_RESIZE_PENDING)), ongoing);
    }

    private static Optional<Condition> told(PodCondition condition) {
        if (!condition.exists()) return Optional.empty();
        return Optional.of(new Condition(condition.reason(), condition.message(), condition.observedGeneration()));
    }

    private void defer(Pod pod, Condition why) {
        boolean known = state.pending()
                .filter(old -> old.generation() == why.generation())
                .isPresent();
        state = state.withPending(Optional.of(why));
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
        // Who begins to run has what the pod says.
        var whole = runtime.running().isEmpty() ? pod.spec().resources() : state.whole();
        state = state.withActual(actual, whole);
        boolean differs = state.differs(pod, runtime);
        var ongoing = state.ongoing();
        if (differs == ongoing.isPresent()) return;
        long generation = pod.metadata().generation();
        var next = differs ? Optional.of(new Condition("", "", generation)) : Optional.<Condition>empty();
        state = state.withOngoing(next);
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
    private ResourceRequirements started(Pod pod, RuntimeState.Container container) {
        var status = pod.status();
        for (var list : List.of(status.containerStatuses(), status.initContainerStatuses()))
            for (var told : list)
                if (told.containerID().endsWith("/" + container.id()) && told.hasResources())
                    return Resizing.effective(state.whole(), told.resources());
        for (var spec : Pods.everyContainer(pod.spec()))
            if (spec.name().equals(container.name()))
                return Resizing.effective(pod.spec().resources(), spec.resources());
        return ResourceRequirements.ABSENT;
    }

    /// False when not all could be done now.
    boolean apply(Pod pod, RuntimeState runtime, List<Update> updates) {
        var errors = tooLow(pod, runtime, updates);
        if (!errors.isEmpty()) {
            var all = errors.size() == 1 ? errors.getFirst() : "[" + String.join(", ", errors) + "]";
            failed(pod, "cannot decrease memory limits: " + all);
            return false;
        }
        if (!makeRoom(pod, runtime)) return false;
        try {
            for (var update : updates) apply(pod, update);
            state = state.withActual(state.actual(), pod.spec().resources());
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
        state = state.withActual(actual, state.whole());
    }

    /// Whose limit of memory would be less than what they use: the kernel would end them.
    private List<String> tooLow(Pod pod, RuntimeState runtime, List<Update> updates) {
        var errors = new ArrayList<String>();
        var ofPod = Resizing.lower(state.whole(), pod.spec().resources());
        if (ofPod.isPresent()) {
            long limit = ofPod.get().units();
            long used = runtime.running().stream()
                    .mapToLong(container -> parts.start().memory(container.id()))
                    .sum();
            if (used >= limit)
                errors.add("attempting to set pod memory limit (" + limit + ") below current usage (" + used + ")");
        }
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
        state = state.withOngoing(Optional.of(why));
        parts.events().warning(pod, "ResizeError", ResizeText.of("Pod resize error", pod, generation, message));
    }
}
