package io.navarch.agent;

import io.navarch.agent.RuntimeState.Container;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A pod's status as the agent reports it: phase, conditions, container states.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
public final class PodStatus {
    /// What is known of containers beyond the runtime's state.
    public interface Knowledge {
        boolean ready(Container container);

        boolean started(Container container);

        /// Why a container waits, or `null`.
        PodDecision.Waiting waiting(String container);

        /// What a container wrote to its termination log.
        String terminationMessage(Container container, View spec);
    }

    private final View pod;
    private final RuntimeState runtime;
    private final Knowledge knowledge;
    private final AgentConfig config;
    private final Instant now;

    public PodStatus(View pod, RuntimeState runtime, Knowledge knowledge, AgentConfig config, Instant now) {
        this.pod = pod;
        this.runtime = runtime;
        this.knowledge = knowledge;
        this.config = config;
        this.now = now;
    }

    public Map<String, Object> build() {
        var spec = pod.spec();
        var inits = statuses(spec.get("initContainers"), true);
        var containers = statuses(spec.get("containers"), false);
        boolean initialized = initialized();
        var phase = phase(initialized);
        var status = Trees.copy(pod.status().map());
        status.put("phase", phase);
        status.put("observedGeneration", pod.metadata().get("generation").longOr(0));
        Trees.putIfAbsent(status, Timestamps.seconds(now), "startTime");
        status.put("hostIP", config.nodeAddress());
        status.put("hostIPs", List.of(Trees.map("ip", config.nodeAddress())));
        var sandbox = runtime.sandboxes().isEmpty() ? null : runtime.sandboxes().getFirst();
        var ip = spec.get("hostNetwork").bool() ? config.nodeAddress() : sandbox == null ? "" : sandbox.ip();
        if (!ip.isEmpty()) {
            status.put("podIP", ip);
            status.put("podIPs", List.of(Trees.map("ip", ip)));
        }
        if (!inits.isEmpty()) status.put("initContainerStatuses", inits);
        status.put("containerStatuses", containers);
        status.put("conditions", conditions(phase, initialized, containers));
        return status;
    }

    private boolean initialized() {
        for (var spec : pod.spec().get("initContainers").views()) {
            var latest = runtime.latest(spec.get("name").string());
            boolean appRan = pod.spec().get("containers").stream()
                    .anyMatch(app -> runtime.latest(app.get("name").string()) != null);
            if (appRan) return true;
            if (latest == null) return false;
            boolean done = PodDecision.sidecar(spec)
                    ? latest.running() && knowledge.started(latest)
                    : latest.exited() && latest.exitCode() == 0;
            if (!done) return false;
        }
        return true;
    }

    private String phase(boolean initialized) {
        var known = pod.status().get("phase").string();
        if (known.equals("Failed") || known.equals("Succeeded")) return known;
        if (PodDecision.deadlineExceeded(pod, now)) return "Failed";
        int running = 0;
        int failed = 0;
        int succeeded = 0;
        int missing = 0;
        for (var spec : pod.spec().get("containers").views()) {
            var latest = runtime.latest(spec.get("name").string());
            if (latest == null || latest.phase() == RuntimeState.Phase.CREATED) missing++;
            else if (latest.running()) running++;
            else if (pod.deleting() ? false : PodDecision.restarts(pod, latest)) running++;
            else if (latest.exitCode() == 0) succeeded++;
            else failed++;
        }
        if (!initialized) {
            boolean initFailed = pod.spec().get("initContainers").stream().anyMatch(spec -> {
                var latest = runtime.latest(spec.get("name").string());
                return !PodDecision.sidecar(spec) && latest != null && latest.exited() && latest.exitCode() != 0;
            });
            return initFailed && pod.spec().get("restartPolicy").string().equals("Never") ? "Failed" : "Pending";
        }
        if (missing > 0) return "Pending";
        if (running > 0) return "Running";
        return failed > 0 ? "Failed" : "Succeeded";
    }

    private List<Object> statuses(View specs, boolean init) {
        var result = new ArrayList<Object>();
        for (var spec : specs.views()) result.add(status(spec, init));
        return result;
    }

    private Map<String, Object> status(View spec, boolean init) {
        var name = spec.get("name").string();
        var latest = runtime.latest(name);
        var previous = runtime.previous(name);
        var old = pod.status()
                .get(init ? "initContainerStatuses" : "containerStatuses")
                .find("name", name);
        var waiting = knowledge.waiting(name);
        Map<String, Object> state;
        Map<String, Object> last = previous != null && previous.exited()
                ? terminated(previous, spec)
                : old.get("lastState").map();
        boolean shownWaiting = waiting != null && (latest == null || latest.exited());
        if (shownWaiting) {
            state = Trees.map(
                    "waiting",
                    Trees.map(
                            "reason",
                            waiting.reason(),
                            "message",
                            waiting.message().isEmpty() ? null : waiting.message()));
            if (latest != null) last = terminated(latest, spec);
        } else if (latest == null || latest.phase() == RuntimeState.Phase.CREATED) {
            var reason = !init && !pod.spec().get("initContainers").list().isEmpty()
                    ? "PodInitializing"
                    : "ContainerCreating";
            state = Trees.map("waiting", Trees.map("reason", reason));
        } else if (latest.running()) {
            state = Trees.map("running", Trees.map("startedAt", Timestamps.seconds(latest.started())));
        } else {
            state = terminated(latest, spec);
        }
        boolean running = latest != null && latest.running() && !shownWaiting;
        boolean initDone =
                init && !PodDecision.sidecar(spec) && latest != null && latest.exited() && latest.exitCode() == 0;
        return Trees.map(
                "name",
                name,
                "state",
                state,
                "lastState",
                last,
                "ready",
                initDone || running && knowledge.ready(latest) && (!init || PodDecision.sidecar(spec)),
                "restartCount",
                latest == null ? old.get("restartCount").longOr(0) : Math.max(latest.attempt(), 0L),
                "image",
                latest == null || latest.image().isEmpty() ? spec.get("image").string() : latest.image(),
                "imageID",
                latest == null ? "" : latest.imageRef(),
                "containerID",
                latest == null ? null : "containerd://" + latest.id(),
                "started",
                running && knowledge.started(latest));
    }

    private Map<String, Object> terminated(Container container, View spec) {
        var reason =
                container.reason().isEmpty() ? container.exitCode() == 0 ? "Completed" : "Error" : container.reason();
        var message = knowledge.terminationMessage(container, spec);
        return Trees.map(
                "terminated",
                Trees.map(
                        "exitCode",
                        (long) container.exitCode(),
                        "reason",
                        reason,
                        "message",
                        message.isEmpty() ? container.message().isEmpty() ? null : container.message() : message,
                        "startedAt",
                        Timestamps.seconds(container.started() == null ? container.created() : container.started()),
                        "finishedAt",
                        Timestamps.seconds(container.finished()),
                        "containerID",
                        "containerd://" + container.id()));
    }

    private List<Object> conditions(String phase, boolean initialized, List<Object> containers) {
        var unready = new ArrayList<String>();
        for (var status : containers)
            if (!View.of(status).get("ready").bool())
                unready.add(View.of(status).get("name").string());
        boolean ended = phase.equals("Succeeded") || phase.equals("Failed");
        var reason = phase.equals("Succeeded")
                ? "PodCompleted"
                : phase.equals("Failed") ? "PodFailed" : "ContainersNotReady";
        var message = ended ? "" : "containers with unready status: [" + String.join(" ", unready) + "]";
        boolean containersReady = unready.isEmpty() && !ended;
        var gates = pod.spec().get("readinessGates").stream()
                .map(gate -> gate.get("conditionType").string())
                .filter(type -> !pod.condition(type).equals("True"))
                .toList();
        boolean ready = containersReady && gates.isEmpty();
        var result = new ArrayList<Object>();
        var own = List.of("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled");
        result.add(condition("PodReadyToStartContainers", runtime.readySandbox() != null, "", ""));
        result.add(condition(
                "Initialized",
                initialized,
                phase.equals("Succeeded") ? "PodCompleted" : initialized ? "" : "ContainersNotInitialized",
                initialized ? "" : "containers with incomplete status: " + incomplete()));
        result.add(condition(
                "Ready",
                ready,
                ready ? "" : !gates.isEmpty() && containersReady ? "ReadinessGatesNotReady" : reason,
                ready
                        ? ""
                        : !gates.isEmpty() && containersReady
                                ? "the status of pod readiness gate \"" + gates.getFirst()
                                        + "\" is not \"True\", but False"
                                : message));
        result.add(condition(
                "ContainersReady", containersReady, containersReady ? "" : reason, containersReady ? "" : message));
        result.add(condition("PodScheduled", true, "", ""));
        for (var other : pod.status().get("conditions").views())
            if (!own.contains(other.get("type").string())) result.add(other.value());
        return result;
    }

    private String incomplete() {
        var names = pod.spec().get("initContainers").stream()
                .map(spec -> spec.get("name").string())
                .filter(name -> {
                    var latest = runtime.latest(name);
                    return latest == null || !latest.exited() || latest.exitCode() != 0;
                })
                .toList();
        return "[" + String.join(" ", names) + "]";
    }

    private Map<String, Object> condition(String type, boolean value, String reason, String message) {
        var text = value ? "True" : "False";
        var old = pod.status().get("conditions").find("type", type);
        var since = old.get("status").string().equals(text)
                        && old.get("lastTransitionTime").exists()
                ? old.get("lastTransitionTime").string()
                : Timestamps.seconds(now);
        return Trees.map(
                "type",
                type,
                "observedGeneration",
                pod.metadata().get("generation").longOr(0),
                "status",
                text,
                "lastTransitionTime",
                since,
                "reason",
                reason.isEmpty() ? null : reason,
                "message",
                message.isEmpty() ? null : message);
    }
}
