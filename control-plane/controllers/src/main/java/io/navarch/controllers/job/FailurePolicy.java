package io.navarch.controllers.job;

import io.navarch.controllers.Pods;
import io.navarch.objects.View;

/// What a Job's `podFailurePolicy` says about a failed pod.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy
final class FailurePolicy {
    /// @param action `Count`, `Ignore`, `FailIndex` or `FailJob`
    record Verdict(String action, String message) {
        boolean byRule() {
            return !message.isEmpty();
        }

        boolean counts() {
            return !action.equals("Ignore");
        }
    }

    private static final Verdict COUNT = new Verdict("Count", "");

    private FailurePolicy() {}

    static Verdict of(View job, View pod) {
        var rules = job.spec().get("podFailurePolicy", "rules").views();
        if (!Pods.failed(pod)) return COUNT;
        for (int i = 0; i < rules.size(); i++) {
            var message = rules.get(i).get("onExitCodes").exists()
                    ? exitCode(pod, rules.get(i).get("onExitCodes"))
                    : condition(pod, rules.get(i).get("onPodConditions"));
            if (message == null) continue;
            var action = rules.get(i).get("action").string();
            return new Verdict(action, message + " matching " + action + " rule at index " + i);
        }
        return COUNT;
    }

    private static String exitCode(View pod, View rule) {
        var wanted = rule.get("containerName").string();
        for (var list : new String[] {"containerStatuses", "initContainerStatuses"}) {
            for (var container : pod.status().get(list).views()) {
                if (!wanted.isEmpty() && !wanted.equals(container.get("name").string())) continue;
                long code = container.get("state", "terminated", "exitCode").longOr(0);
                if (code == 0) continue;
                boolean listed = rule.get("values").stream().anyMatch(value -> value.longOr(-1) == code);
                if (listed == rule.get("operator").string().equals("In"))
                    return "Container " + container.get("name").string() + " for pod " + pod.key()
                            + " failed with exit code " + code;
            }
        }
        return null;
    }

    private static String condition(View pod, View patterns) {
        for (var pattern : patterns.views()) {
            var type = pattern.get("type").string();
            if (pod.condition(type).equals(pattern.get("status").stringOr("True")))
                return "Pod " + pod.key() + " has condition " + type;
        }
        return null;
    }
}
