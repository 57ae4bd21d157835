package io.navarch.agent;

import io.navarch.agent.RuntimeState.Container;
import io.navarch.objects.Timestamps;
import io.navarch.objects.View;
import io.navarch.process.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What to do next for a pod: a function of its spec, the runtime's state, the probes' results and the time.
public final class PodDecision {
    static final Backoff CRASHES = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(5));

    /// A container that ran this long starts with a fresh backoff when it ends.
    private static final Duration STABLE = Duration.ofMinutes(10);

    public sealed interface Action {
        record CreateSandbox(int attempt) implements Action {}

        record StopSandbox(String id) implements Action {}

        record StartContainer(View spec, int attempt) implements Action {}

        record KillContainer(Container container, String message) implements Action {}
    }

    /// Why a container does not run although it should.
    public record Waiting(String reason, String message) {}

    /// @param waiting by container name
    /// @param lookAgain when time alone changes the decision, else `null`
    public record Decision(List<Action> actions, Map<String, Waiting> waiting, Duration lookAgain) {}

    /// How a container fares by its probes: `null` where not yet known.
    public interface Probes {
        boolean started(Container container);

        /// The message of the failed liveness or startup probe, or `null`.
        String failed(Container container);
    }

    private final View pod;
    private final RuntimeState runtime;
    private final Probes probes;
    private final Map<String, Integer> crashes;
    private final Instant now;
    private final List<Action> actions = new ArrayList<>();
    private final Map<String, Waiting> waiting = new HashMap<>();
    private Duration lookAgain;

    private PodDecision(View pod, RuntimeState runtime, Probes probes, Map<String, Integer> crashes, Instant now) {
        this.pod = pod;
        this.runtime = runtime;
        this.probes = probes;
        this.crashes = crashes;
        this.now = now;
    }

    /// @param crashes how often each container has ended in a row
    public static Decision decide(
            View pod, RuntimeState runtime, Probes probes, Map<String, Integer> crashes, Instant now) {
        var decision = new PodDecision(pod, runtime, probes, crashes, now);
        decision.decide();
        return new Decision(decision.actions, decision.waiting, decision.lookAgain);
    }

    private void decide() {
        if (finished(pod, runtime)) {
            if (runtime.readySandbox() != null)
                actions.add(new Action.StopSandbox(runtime.readySandbox().id()));
            return;
        }
        var sandbox = runtime.readySandbox();
        if (sandbox == null) {
            // Containers do not outlive the network and namespaces of their sandbox.
            for (var container : runtime.containers()) {
                if (container.running())
                    actions.add(new Action.KillContainer(
                            container, "Pod sandbox changed, it will be killed and re-created."));
            }
            for (var old : runtime.sandboxes()) if (old.ready()) actions.add(new Action.StopSandbox(old.id()));
            actions.add(new Action.CreateSandbox(
                    runtime.sandboxes().isEmpty()
                            ? 0
                            : runtime.sandboxes().getFirst().attempt() + 1));
            return;
        }
        if (initContainers()) for (var spec : pod.spec().get("containers").views()) container(spec, false);
    }

    static boolean sidecar(View spec) {
        return spec.get("restartPolicy").string().equals("Always");
    }

    /// True when the app containers may run.
    private boolean initContainers() {
        // Once an app container exists initialisation is over, whatever became of its containers.
        boolean appStarted = pod.spec().get("containers").stream()
                .anyMatch(spec -> inSandbox(runtime.latest(spec.get("name").string())));
        for (var spec : pod.spec().get("initContainers").views()) {
            var latest = runtime.latest(spec.get("name").string());
            if (!inSandbox(latest) && appStarted && !sidecar(spec)) continue;
            if (sidecar(spec)) {
                container(spec, true);
                if (!appStarted && (latest == null || !latest.running() || !probes.started(latest))) return false;
                continue;
            }
            if (latest == null || !inSandbox(latest)) {
                actions.add(new Action.StartContainer(spec, latest == null ? 0 : latest.attempt() + 1));
                return false;
            }
            if (latest.exited() && latest.exitCode() == 0) continue;
            if (latest.exited()) restart(spec, latest);
            return false;
        }
        return true;
    }

    private boolean inSandbox(Container container) {
        return container != null
                && runtime.readySandbox() != null
                && container.sandboxId().equals(runtime.readySandbox().id());
    }

    private void container(View spec, boolean sidecar) {
        var latest = runtime.latest(spec.get("name").string());
        if (latest == null) {
            actions.add(new Action.StartContainer(spec, 0));
            return;
        }
        switch (latest.phase()) {
            case RUNNING -> {
                var name = spec.get("name").string();
                if (!latest.hash().equals(RuntimeState.hash(spec))) {
                    actions.add(new Action.KillContainer(
                            latest, "Container " + name + " definition changed, will be restarted"));
                    lookAgain(Duration.ofMillis(10));
                    return;
                }
                var failed = probes.failed(latest);
                if (failed != null)
                    actions.add(new Action.KillContainer(
                            latest, "Container " + name + " failed " + failed + ", will be restarted"));
            }
            case CREATED -> {
                // Created by an agent that was killed before it could start it: made anew, the remains are removed
                // later.
                actions.add(new Action.StartContainer(spec, latest.attempt() + 1));
            }
            case EXITED, UNKNOWN -> {
                if (sidecar || restarts(pod, latest)) restart(spec, latest);
            }
        }
    }

    static boolean restarts(View pod, Container ended) {
        return switch (pod.spec().get("restartPolicy").string()) {
            case "Never" -> false;
            case "OnFailure" -> ended.exitCode() != 0;
            default -> true;
        };
    }

    private void restart(View spec, Container ended) {
        if (!sidecar(spec) && pod.spec().get("restartPolicy").string().equals("Never")) return;
        var name = spec.get("name").string();
        // A container of another sandbox ended with it, not by itself.
        boolean own = inSandbox(ended);
        boolean changed = !ended.hash().equals(RuntimeState.hash(spec));
        // The first restart comes at once.
        var wait = own && !changed ? CRASHES.after(crashes.getOrDefault(name, 0) - 1) : Duration.ZERO;
        var next = ended.finished().plus(wait);
        if (next.isAfter(now)) {
            waiting.put(
                    name,
                    new Waiting(
                            "CrashLoopBackOff",
                            "back-off " + text(wait) + " restarting failed container=" + name + " pod=" + pod.name()
                                    + "_" + pod.namespace() + "(" + pod.uid() + ")"));
            lookAgain(Duration.between(now, next).plusMillis(10));
            return;
        }
        actions.add(new Action.StartContainer(spec, ended.attempt() + 1));
    }

    private static String text(Duration duration) {
        return duration.toMinutes() > 0
                ? duration.toMinutes() + "m" + duration.toSecondsPart() + "s"
                : duration.toSeconds() + "s";
    }

    private void lookAgain(Duration in) {
        if (lookAgain == null || in.compareTo(lookAgain) < 0) lookAgain = in;
    }

    /// How often in a row the container has ended by now, counted from how often it had before.
    static int crashes(Container ended, int before) {
        boolean stable = ended.started() != null
                && Duration.between(ended.started(), ended.finished()).compareTo(STABLE) > 0;
        return stable ? 1 : before + 1;
    }

    /// Whether the pod has ended: nothing of it runs, and nothing will be started again.
    static boolean finished(View pod, RuntimeState runtime) {
        if (deadlineExceeded(pod, Instant.MIN)) return true;
        if (pod.spec().get("restartPolicy").string().equals("Always")) return false;
        for (var spec : pod.spec().get("initContainers").views()) {
            var latest = runtime.latest(spec.get("name").string());
            boolean failed = latest != null && latest.exited() && latest.exitCode() != 0 && !sidecar(spec);
            if (failed && pod.spec().get("restartPolicy").string().equals("Never")) return true;
        }
        for (var spec : pod.spec().get("containers").views()) {
            var latest = runtime.latest(spec.get("name").string());
            if (latest == null || !latest.exited() || restarts(pod, latest)) return false;
        }
        return true;
    }

    static boolean deadlineExceeded(View pod, Instant now) {
        var deadline = pod.spec().get("activeDeadlineSeconds");
        var started = Timestamps.parse(pod.status().get("startTime").string());
        return deadline.exists()
                && started != null
                && started.plusSeconds(deadline.longOr(0)).isBefore(now);
    }
}
