package io.navarch.cli;

import io.navarch.model.ConditionStatus;
import io.navarch.model.ContainerStatus;
import io.navarch.model.Pod;
import io.navarch.model.PodPhase;
import io.navarch.model.StatusCondition;
import io.navarch.objects.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What keeps a pod from being ready, as its status says.
///
/// @param container which one; `""` when it is the pod as a whole
/// @param what in a few words
/// @param log where its output is that tells more
public record PodTrouble(ObjectKey pod, String container, String what, Log log) {
    /// What it says comes from whoever runs the pod.
    public PodTrouble {
        what = TerminalText.of(what);
    }

    /// Which output of a container there is.
    public enum Log {
        NONE,
        CURRENT,
        /// Of the run before: this one has said nothing yet, or is not there.
        PREVIOUS
    }

    /// Why a container waits while nothing is wrong.
    private static final Set<String> STARTING = Set.of("ContainerCreating", "PodInitializing");

    /// All of a pod, containers in their order; of one that is only starting nothing.
    public static List<PodTrouble> of(Pod pod) {
        var key = pod.key();
        var troubles = new ArrayList<PodTrouble>();
        var status = pod.status();
        for (var each : status.initContainerStatuses()) add(troubles, key, each, true);
        for (var each : status.containerStatuses()) add(troubles, key, each, false);
        if (!troubles.isEmpty()) return troubles;
        if (status.phase() == PodPhase.FAILED)
            return List.of(new PodTrouble(key, "", told(status.reason(), status.message()), Log.NONE));
        return StatusCondition.find(status.conditions(), "PodScheduled")
                .filter(condition -> condition.status() == ConditionStatus.FALSE)
                .map(condition -> List.of(new PodTrouble(key, "", condition.message(), Log.NONE)))
                .orElse(List.of());
    }

    private static void add(List<PodTrouble> into, ObjectKey pod, ContainerStatus status, boolean initial) {
        var state = status.state();
        var waiting = state.waiting();
        if (state.hasWaiting() && !waiting.reason().isEmpty() && !STARTING.contains(waiting.reason())) {
            boolean ran = status.lastState().hasTerminated();
            into.add(new PodTrouble(
                    pod,
                    status.name(),
                    waiting.reason() + (ran ? ": " + ends(status) : ": " + waiting.message()),
                    ran ? Log.PREVIOUS : Log.NONE));
        } else if (state.hasTerminated() && state.terminated().exitCode() != 0) {
            into.add(new PodTrouble(
                    pod,
                    status.name(),
                    "ended with exit code " + state.terminated().exitCode()
                            + reason(state.terminated().reason()),
                    Log.CURRENT));
        } else if (state.hasRunning() && !status.ready() && !initial) {
            into.add(new PodTrouble(
                    pod,
                    status.name(),
                    "runs and is not ready"
                            + (status.lastState().hasTerminated() ? "; " + ends(status) : ": its probe does not pass"),
                    Log.CURRENT));
        }
    }

    /// How often a container has ended, and how the last time.
    private static String ends(ContainerStatus status) {
        var last = status.lastState().terminated();
        int times = status.restartCount() + (status.state().hasWaiting() ? 1 : 0);
        return "it ended " + (times == 1 ? "once" : times + " times") + ", last with exit code " + last.exitCode()
                + reason(last.reason());
    }

    private static String reason(String reason) {
        return reason.isEmpty() || reason.equals("Error") ? "" : " (" + reason + ")";
    }

    private static String told(String reason, String message) {
        if (reason.isEmpty()) return message.isEmpty() ? "it failed" : message;
        return message.isEmpty() ? reason : reason + ": " + message;
    }
}
