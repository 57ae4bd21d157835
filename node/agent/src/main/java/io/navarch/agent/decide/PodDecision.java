package io.navarch.agent.decide;

import io.navarch.agent.decide.RuntimeState.Sandbox;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.RestartPolicy;
import io.navarch.process.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What to do next for a pod that is not being deleted: a function of its spec, the runtime's state, the probes'
/// results, the crashes so far, and the time.
public final class PodDecision {
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(5));

    private static final long DEADLINE_GRACE_SECONDS = 30;

    public sealed interface Action {
        record CreateSandbox(int attempt) implements Action {}

        record StopSandbox(String id) implements Action {}

        record StartContainer(Container spec, int attempt) implements Action {}

        record KillContainer(RuntimeState.Container container, String message, long graceSeconds) implements Action {}

        /// Ends the whole pod, in the order of [StopOrder].
        ///
        /// @param message `""` for what is said of every container that stops
        record KillAll(List<RuntimeState.Container> containers, String message, long graceSeconds) implements Action {}
    }

    /// @param waiting why containers wait, by name
    /// @param requeueAfter when time alone changes the decision
    public record Decision(List<Action> actions, Map<String, Waiting> waiting, Optional<Duration> requeueAfter) {}

    private final Pod pod;
    private final RuntimeState runtime;
    private final ProbeResults probes;
    private final Crashes crashes;
    private final Instant now;
    private final List<Action> actions = new ArrayList<>();
    private final Map<String, Waiting> waiting = new HashMap<>();
    private @Nullable Duration requeueAfter;

    private PodDecision(Pod pod, RuntimeState runtime, ProbeResults probes, Crashes crashes, Instant now) {
        this.pod = pod;
        this.runtime = runtime;
        this.probes = probes;
        this.crashes = crashes;
        this.now = now;
    }

    public static Decision decide(Pod pod, RuntimeState runtime, ProbeResults probes, Crashes crashes, Instant now) {
        var decision = new PodDecision(pod, runtime, probes, crashes, now);
        decision.decide();
        return new Decision(decision.actions, decision.waiting, Optional.ofNullable(decision.requeueAfter));
    }

    private void decide() {
        if (Pods.ended(pod)) {
            end();
            return;
        }
        if (PodLifecycle.deadlineExceeded(pod, now)) {
            killAll(PodStatusReport.DEADLINE_MESSAGE, DEADLINE_GRACE_SECONDS);
            stopSandbox();
            return;
        }
        PodLifecycle.deadline(pod).ifPresent(end -> requeueAt(end, Duration.ofSeconds(1)));
        if (PodLifecycle.finished(pod, runtime)) {
            end();
        } else if (runtime.readySandbox().isEmpty()) {
            createSandbox();
        } else {
            ephemeralContainers();
            if (initContainers()) for (var spec : pod.spec().containers()) container(spec, false);
        }
    }

    /// They wait for no other container, and run once.
    private void ephemeralContainers() {
        for (var spec : pod.spec().ephemeralContainers()) {
            if (runtime.latest(spec.name()).isEmpty())
                actions.add(new Action.StartContainer(Container.of(spec.view()), 0));
        }
    }

    /// Sidecars still run when all that they served is done; they get the time that the pod gives its processes.
    private void end() {
        killAll("", PodLifecycle.graceSeconds(pod));
        stopSandbox();
    }

    private void stopSandbox() {
        runtime.readySandbox().ifPresent(box -> actions.add(new Action.StopSandbox(box.id())));
    }

    private void killAll(String message, long grace) {
        var running = runtime.running();
        if (!running.isEmpty()) actions.add(new Action.KillAll(running, message, grace));
    }

    private void createSandbox() {
        // Containers do not outlive the network and namespaces of their sandbox.
        killAll("Pod sandbox changed, it will be killed and re-created.", PodLifecycle.graceSeconds(pod));
        for (var old : runtime.sandboxes()) {
            if (old.ready()) actions.add(new Action.StopSandbox(old.id()));
        }
        int attempt = runtime.sandboxes().stream()
                        .mapToInt(Sandbox::attempt)
                        .findFirst()
                        .orElse(-1)
                + 1;
        actions.add(new Action.CreateSandbox(attempt));
    }

    /// Returns whether the app containers may run.
    private boolean initContainers() {
        // Once an app container exists, initialisation is over, whatever became of the init containers.
        boolean appStarted = runtime.appStarted(pod.spec());
        for (var spec : pod.spec().initContainers()) {
            var found = runtime.latest(spec.name());
            boolean sidecar = Pods.sidecar(spec);
            if (sidecar) {
                container(spec, true);
                boolean up = found.filter(latest -> latest.running() && probes.started(latest))
                        .isPresent();
                if (!appStarted && !up) return false;
                continue;
            }
            if (found.filter(runtime::inSandbox).isEmpty()) {
                if (appStarted) continue;
                int attempt = found.map(RuntimeState.Container::attempt).orElse(-1) + 1;
                actions.add(new Action.StartContainer(spec, attempt));
                return false;
            }
            var latest = found.get();
            if (latest.succeeded()) continue;
            if (latest.exited()) restart(spec, latest);
            return false;
        }
        return true;
    }

    private void container(Container spec, boolean sidecar) {
        var found = runtime.latest(spec.name());
        if (found.isEmpty()) {
            actions.add(new Action.StartContainer(spec, 0));
            return;
        }
        var latest = found.get();
        switch (latest.phase()) {
            case RUNNING -> running(spec, latest);
            case CREATED -> {
                // An agent created it and was killed before it could start it. The next attempt removes it.
                actions.add(new Action.StartContainer(spec, latest.attempt() + 1));
            }
            case EXITED, UNKNOWN -> {
                if (sidecar || PodLifecycle.restarts(pod, latest)) restart(spec, latest);
            }
        }
    }

    private void running(Container spec, RuntimeState.Container latest) {
        var failed = probes.failed().get(latest.id());
        if (!latest.hash().equals(PodLifecycle.hash(spec))) {
            kill(latest, "definition changed");
            requeueIn(Duration.ofMillis(10));
        } else if (failed != null && failed.equals(ProbeResults.POST_START)) {
            actions.add(new Action.KillContainer(latest, failed, PodLifecycle.graceSeconds(pod)));
        } else if (failed != null) {
            kill(latest, "failed " + failed);
        }
    }

    private void kill(RuntimeState.Container container, String why) {
        var message = "Container " + container.name() + " " + why + ", will be restarted";
        actions.add(new Action.KillContainer(container, message, PodLifecycle.graceSeconds(pod)));
    }

    private void restart(Container spec, RuntimeState.Container ended) {
        if (!Pods.sidecar(spec) && pod.spec().restartPolicy() == RestartPolicy.NEVER) return;
        var name = spec.name();
        // A container of another sandbox ended with it, not by itself.
        boolean own = runtime.inSandbox(ended);
        boolean changed = !ended.hash().equals(PodLifecycle.hash(spec));
        // The first restart comes at once.
        var wait = own && !changed ? BACKOFF.after(crashes.of(name) - 1) : Duration.ZERO;
        var next = ended.finished().plus(wait);
        if (next.isAfter(now)) {
            waiting.put(
                    name,
                    new Waiting(
                            Waiting.CRASH_LOOP,
                            "back-off " + text(wait) + " restarting failed container=" + name + " pod=" + pod.name()
                                    + "_" + pod.namespace() + "(" + pod.uid() + ")"));
            requeueAt(next, Duration.ofMillis(10));
            return;
        }
        actions.add(new Action.StartContainer(spec, ended.attempt() + 1));
    }

    private static String text(Duration duration) {
        return duration.toMinutes() > 0
                ? duration.toMinutes() + "m" + duration.toSecondsPart() + "s"
                : duration.toSeconds() + "s";
    }

    private void requeueAt(Instant then, Duration late) {
        requeueIn(Duration.between(now, then).plus(late));
    }

    private void requeueIn(Duration in) {
        if (requeueAfter == null || in.compareTo(requeueAfter) < 0) requeueAfter = in;
    }
}
