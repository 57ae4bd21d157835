package io.navarch.hollow;

import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The status of a pod that nobody runs, as a node agent would tell it.
final class HollowPod {
    private HollowPod() {}

    static Map<String, Object> running(View pod, String address, Instant now) {
        return status(pod, "Running", "True", address, now, Trees.map("running", Trees.map("startedAt", text(now))));
    }

    static Map<String, Object> ended(View pod, boolean failed, Instant now) {
        var started = pod.status().get("startTime").stringOr(text(now));
        var terminated = Trees.map(
                "exitCode",
                failed ? 1L : 0L,
                "reason",
                failed ? "Error" : "Completed",
                "startedAt",
                started,
                "finishedAt",
                text(now));
        return status(
                pod,
                failed ? "Failed" : "Succeeded",
                "False",
                pod.status().get("podIP").string(),
                now,
                Trees.map("terminated", terminated));
    }

    private static Map<String, Object> status(
            View pod, String phase, String ready, String address, Instant now, Map<String, Object> state) {
        var conditions = new ArrayList<Object>();
        for (var type :
                List.of("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")) {
            boolean followsPod = type.equals("Ready") || type.equals("ContainersReady");
            conditions.add(Trees.map(
                    "type",
                    type,
                    "status",
                    followsPod ? ready : "True",
                    "reason",
                    followsPod && phase.equals("Succeeded") ? "PodCompleted" : null,
                    "lastTransitionTime",
                    text(now)));
        }
        // What others have said of the pod stays.
        for (var known : pod.status().get("conditions").views())
            if (View.of(conditions).find("type", known.get("type").string()).value() == null)
                conditions.add(known.value());
        var containers = new ArrayList<Object>();
        for (var container : pod.spec().get("containers").views())
            containers.add(Trees.map(
                    "name",
                    container.get("name").string(),
                    "image",
                    container.get("image").string(),
                    "imageID",
                    "hollow",
                    "containerID",
                    "hollow://" + pod.uid() + "/" + container.get("name").string(),
                    "ready",
                    ready.equals("True"),
                    "started",
                    ready.equals("True"),
                    "restartCount",
                    0L,
                    "state",
                    Trees.copy(state)));
        return Trees.map(
                "phase",
                phase,
                "conditions",
                conditions,
                "containerStatuses",
                containers,
                "hostIP",
                "127.0.0.1",
                "podIP",
                address,
                "podIPs",
                address.isEmpty() ? null : List.of(Trees.map("ip", address)),
                "startTime",
                pod.status().get("startTime").stringOr(text(now)));
    }

    private static String text(Instant now) {
        return Timestamps.seconds(now);
    }
}
