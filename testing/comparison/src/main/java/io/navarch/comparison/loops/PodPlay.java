package io.navarch.comparison.loops;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What becomes of a pod on a played node. Its annotation `outcome` is `Running` (also without one), `Unready`,
/// `Pending`, `Succeeded` or `Failed`; for a Job with indexes as `1:Failed,Succeeded`: of the index, and of the others.
final class PodPlay {
    static final String SUCCEEDED = "Succeeded";
    private static final String RUNNING = "Running";
    private static final String FAILED = "Failed";
    private static final String INDEX = "batch.kubernetes.io/job-completion-index";

    private PodPlay() {}

    static String outcome(View pod) {
        var outcome = RUNNING;
        for (var part : pod.annotation("outcome").split(",")) {
            int colon = part.indexOf(':');
            if (colon > 0 && part.substring(0, colon).equals(pod.annotation(INDEX))) return part.substring(colon + 1);
            if (colon < 0 && !part.isEmpty()) outcome = part;
        }
        return outcome;
    }

    static boolean ended(View pod) {
        return List.of(SUCCEEDED, FAILED).contains(phase(pod));
    }

    static boolean is(View pod, String outcome) {
        return switch (outcome) {
            case RUNNING -> pod.condition("Ready").equals("True");
            case "Unready" ->
                phase(pod).equals(RUNNING) && pod.condition("Ready").equals("False");
            default -> phase(pod).equals(outcome);
        };
    }

    private static String phase(View pod) {
        return pod.status().get("phase").string();
    }

    /// A patch of the status. A pod that ends has run before.
    static Map<String, Object> status(View pod, String wanted, String now) {
        boolean runs = phase(pod).equals(RUNNING) || pod.deleting();
        boolean ends = runs && List.of(SUCCEEDED, FAILED).contains(wanted);
        boolean ready = !ends && !wanted.equals("Unready");
        var why = ends ? (wanted.equals(FAILED) ? "PodFailed" : "PodCompleted") : ready ? null : "ContainersNotReady";
        var conditions = List.of(
                condition("PodReadyToStartContainers", !ends, null, now),
                condition("Initialized", true, ends && wanted.equals(SUCCEEDED) ? why : null, now),
                condition("Ready", ready, why, now),
                condition("ContainersReady", ready, why, now));
        var started = pod.status().get("startTime").stringOr(now);
        var address = "10.9." + Math.floorMod(pod.uid().hashCode(), 250) + "."
                + (1 + Math.floorMod(pod.uid().hashCode() / 250, 250));
        var containers = new ArrayList<Object>();
        for (var container : pod.spec().get("containers").views())
            containers.add(container(pod, container, ends, ready, wanted, started, now));
        return Map.of(
                "status",
                Trees.map(
                        "phase",
                        ends ? wanted : RUNNING,
                        "hostIP",
                        "10.8.0.1",
                        "hostIPs",
                        List.of(Map.of("ip", "10.8.0.1")),
                        "podIP",
                        address,
                        "podIPs",
                        List.of(Map.of("ip", address)),
                        "startTime",
                        started,
                        "conditions",
                        conditions,
                        "containerStatuses",
                        containers));
    }

    private static Map<String, Object> container(
            View pod, View container, boolean ends, boolean ready, String wanted, String started, String now) {
        int code = wanted.equals(FAILED) ? Integer.parseInt("0" + pod.annotation("exit-code")) : 0;
        if (wanted.equals(FAILED) && code == 0) code = 1;
        var state = ends
                ? Map.of(
                        "terminated",
                        Map.of(
                                "exitCode",
                                code,
                                "reason",
                                code == 0 ? "Completed" : "Error",
                                "startedAt",
                                started,
                                "finishedAt",
                                now))
                : Map.of("running", Map.of("startedAt", started));
        // Null takes away what was there before.
        var other = new LinkedHashMap<String, Object>(state);
        if (ends) other.put("running", null);
        return Trees.map(
                "name",
                container.get("name").string(),
                "image",
                container.get("image").string(),
                "imageID",
                "played",
                "ready",
                ready,
                "started",
                !ends,
                "restartCount",
                0,
                "state",
                other);
    }

    private static Map<String, Object> condition(String type, boolean holds, @Nullable String reason, String now) {
        return Trees.map("type", type, "status", holds ? "True" : "False", "reason", reason, "lastTransitionTime", now);
    }
}
