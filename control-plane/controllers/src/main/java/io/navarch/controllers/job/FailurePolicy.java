package io.navarch.controllers.job;

import io.navarch.kinds.pod.Pods;
import io.navarch.model.ConditionStatus;
import io.navarch.model.ContainerStatus;
import io.navarch.model.Job;
import io.navarch.model.Pod;
import io.navarch.model.PodFailurePolicyAction;
import io.navarch.model.PodFailurePolicyOnExitCodesRequirement;
import io.navarch.model.PodFailurePolicyOnPodConditionsPattern;
import io.navarch.model.PodFailurePolicyOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a Job's `podFailurePolicy` says about a failed pod.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy
final class FailurePolicy {
    /// @param message which rule matched and why, `""` when none did
    record Verdict(PodFailurePolicyAction action, String message) {
        boolean byRule() {
            return !message.isEmpty();
        }

        boolean counts() {
            return action != PodFailurePolicyAction.IGNORE;
        }
    }

    private static final Verdict COUNT = new Verdict(PodFailurePolicyAction.COUNT, "");

    private FailurePolicy() {}

    static Verdict of(Job job, Pod pod) {
        if (!Pods.failed(pod)) return COUNT;
        var rules = job.spec().podFailurePolicy().rules();
        for (int i = 0; i < rules.size(); i++) {
            var rule = rules.get(i);
            var match =
                    rule.hasOnExitCodes() ? exitCode(pod, rule.onExitCodes()) : condition(pod, rule.onPodConditions());
            if (match.isEmpty()) continue;
            var action = rule.action();
            return new Verdict(action, match.get() + " matching " + action.text() + " rule at index " + i);
        }
        return COUNT;
    }

    private static Optional<String> exitCode(Pod pod, PodFailurePolicyOnExitCodesRequirement rule) {
        var wanted = rule.containerName();
        for (var container : statuses(pod)) {
            int code = container.state().terminated().exitCode();
            if (code == 0 || !wanted.isEmpty() && !wanted.equals(container.name())) continue;
            if (rule.values().contains(code) == (rule.operator() == PodFailurePolicyOperator.IN))
                return Optional.of(
                        "Container " + container.name() + " for pod " + pod.key() + " failed with exit code " + code);
        }
        return Optional.empty();
    }

    private static List<ContainerStatus> statuses(Pod pod) {
        var result = new ArrayList<>(pod.status().containerStatuses());
        result.addAll(pod.status().initContainerStatuses());
        return result;
    }

    private static Optional<String> condition(Pod pod, List<PodFailurePolicyOnPodConditionsPattern> patterns) {
        for (var pattern : patterns) {
            var wanted = pattern.hasStatus() ? pattern.status() : ConditionStatus.TRUE;
            if (Pods.condition(pod, pattern.type()).status() == wanted)
                return Optional.of("Pod " + pod.key() + " has condition " + pattern.type());
        }
        return Optional.empty();
    }
}
