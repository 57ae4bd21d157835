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

        /// Ends a container and starts it again at once, whatever its policy says of its end.
        record RestartContainer(Container spec, RuntimeState.Container container, String message, long graceSeconds)
                implements Action {}

        /// Gives running containers other amounts, one step after the other.
        record Resize(List<Resizing.Update> updates) implements Action {}

        /// Ends the whole pod, in the order of [StopOrder].
        ///
        /// @param message `""` for what is said of every container that stops
        record KillAll(List<RuntimeState.Container> containers, String message, long graceSeconds) implements Action {}

        /// Takes containers away, one after the other, so that all begin anew; those that run are killed.
        record RemoveAll(List<RuntimeState.Container> containers) implements Action {}
    }

    /// @param waiting why containers wait, by name
    /// @param requeueAfter when time alone changes the decision
    public record Decision(List<Action> actions, Map<String, Waiting> waiting, Optional<Duration> requeueAfter) {}

    private final Pod pod;
    private final RuntimeState runtime;
    private final ProbeResults probes;
    private final Crashes crashes;
    private final Resizing resizing;
    private final Instant now;
    private final List<Action> actions = new ArrayList<>();
    private final Map<String, Waiting> waiting = new HashMap<>();
    private @Nullable Duration requeueAfter;

    private PodDecision(
            Pod pod, RuntimeState runtime, ProbeResults probes, Crashes crashes, Resizing resizing, Instant now) {
        this.pod = pod;
        this.runtime = runtime;
        this.probes = probes;
        this.crashes = crashes;
        this.resizing = resizing;
        this.now = now;
    }

    /// @param pod as the node has agreed to it
    public static Decision decide(
            Pod pod, RuntimeState runtime, ProbeResults probes, Crashes crashes, Resizing resizing, Instant now) {
        var decision = new PodDecision(pod, runtime, probes, crashes, resizing, now);
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
        if (PodLifecycle.restartsAll(pod, runtime)) {
            restartAll();
        } else if (PodLifecycle.finished(pod, runtime)) {
            end();
        } else if (runtime.readySandbox().isEmpty()) {
            sandbox();
        } else {
            ephemeralContainers();
            if (initContainers()) for (var spec : pod.spec().containers()) container(spec, false);
            var updates = resizing.updates(pod, runtime);
            if (!updates.isEmpty() || resizing.wholeDiffers(pod, runtime)) actions.add(new Action.Resize(updates));
        }
    }

    /// Those go last whose end made the others go: what has not been done yet is known by them.
    private void restartAll() {
        var first = new ArrayList<RuntimeState.Container>();
        var last = new ArrayList<RuntimeState.Container>();
        for (var spec : inReverseOrder()) {
            for (var container : runtime.containers()) {
                if (!container.name().equals(spec.name())) continue;
                boolean cause = container.exited() && Pods.restartsAll(spec, container.exitCode());
                (cause ? last : first).add(container);
            }
        }
        first.addAll(last);
        // With none left, the API hears that before they begin.
        if (first.isEmpty()) requeueIn(Duration.ofMillis(100));
        else actions.add(new Action.RemoveAll(List.copyOf(first)));
    }

    private List<Container> inReverseOrder() {
        var all = new ArrayList<>(pod.spec().containers());
        all.addAll(pod.spec().initContainers());
        return all;
    }

    /// A pod of which nothing would be started in a new sandbox gets none.
    private void sandbox() {
        boolean ran = !runtime.sandboxes().isEmpty() && !runtime.containers().isEmpty();
        if (ran && pod.spec().restartPolicy() == RestartPolicy.NEVER) {
            end();
            return;
        }
        boolean done = pod.spec().containers().stream()
                .allMatch(spec -> Pods.restartPolicy(spec, pod.spec()) == RestartPolicy.ON_FAILURE
                        && runtime.latest(spec.name())
                                .filter(RuntimeState.Container::succeeded)
                                .isPresent());
        if (done) end();
        else createSandbox();
    }

    /// They wait for no other container, and run once. Of one whose end has been told the API hears nothing else.
    private void ephemeralContainers() {
        for (var spec : pod.spec().ephemeralContainers()) {
            boolean over = pod.status().ephemeralContainerStatuses().stream()
                    .anyMatch(status ->
                            status.name().equals(spec.name()) && status.state().hasTerminated());
            if (!over && runtime.latest(spec.name()).isEmpty())
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
            boolean done = Pods.sidecar(spec) ? sidecar(spec) : initContainer(spec, appStarted);
            if (!done && !appStarted) return false;
        }
        return true;
    }

    /// Returns whether it is up.
    private boolean sidecar(Container spec) {
        container(spec, true);
        return runtime.latest(spec.name())
                .filter(latest -> latest.running() && probes.started(latest))
                .isPresent();
    }

    /// Returns whether it has done its part.
    private boolean initContainer(Container spec, boolean appStarted) {
        var found = runtime.latest(spec.name());
        if (found.filter(runtime::inSandbox)
                .filter(RuntimeState.Container::succeeded)
                .isPresent()) return true;
        if (appStarted) return false;
        var latest = found.filter(runtime::inSandbox);
        if (latest.isEmpty() || latest.get().phase() == RuntimeState.Phase.CREATED) start(spec);
        else if (latest.get().exited() && PodLifecycle.restarts(pod, spec, latest.get())) restart(spec, latest.get());
        return false;
    }

    private void start(Container spec) {
        actions.add(new Action.StartContainer(spec, PodLifecycle.nextAttempt(pod, runtime, spec.name())));
    }

    private void container(Container spec, boolean sidecar) {
        var found = runtime.latest(spec.name());
        if (found.isEmpty()) {
            start(spec);
            return;
        }
        var latest = found.get();
        switch (latest.phase()) {
            case RUNNING -> running(spec, latest, sidecar);
            // An agent created it and was killed before it could start it. The next attempt removes it.
            case CREATED -> start(spec);
            case EXITED -> {
                if (sidecar || PodLifecycle.restarts(pod, spec, latest)) restart(spec, latest);
            }
            case UNKNOWN -> {
                var message = "Container is in \"unknown\" state, try killing it before restart";
                actions.add(new Action.KillContainer(latest, message, PodLifecycle.graceSeconds(pod)));
                restart(spec, latest);
            }
        }
    }

    private void running(Container spec, RuntimeState.Container latest, boolean sidecar) {
        var failed = probes.failed().getOrDefault(latest.id(), "");
        if (!latest.hash().equals(PodLifecycle.hash(spec))) {
            kill(latest, sidecar, "definition changed", true, PodLifecycle.graceSeconds(pod));
            requeueIn(Duration.ofMillis(10));
        } else if (failed.equals(ProbeResults.POST_START)) {
            actions.add(new Action.KillContainer(latest, failed, PodLifecycle.graceSeconds(pod)));
        } else if (!failed.isEmpty()) {
            boolean again = PodLifecycle.restartsKilled(pod, spec);
            kill(latest, sidecar, "failed " + failed, again, PodLifecycle.graceSeconds(pod, spec, failed));
        } else if (resizing.restarts(pod, spec, latest)) {
            var message = "Container " + latest.name() + " resize requires restart";
            actions.add(new Action.RestartContainer(
                    spec, latest, message + (sidecar ? "" : ", will be restarted"), PodLifecycle.graceSeconds(pod)));
        }
    }

    private void kill(RuntimeState.Container container, boolean sidecar, String why, boolean again, long grace) {
        var what = (sidecar ? "Init container " : "Container ") + container.name() + " " + why;
        var message = again && !sidecar ? what + ", will be restarted" : what;
        actions.add(new Action.KillContainer(container, message, grace));
    }

    private void restart(Container spec, RuntimeState.Container ended) {
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
        start(spec);
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
