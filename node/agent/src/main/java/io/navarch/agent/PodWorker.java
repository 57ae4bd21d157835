package io.navarch.agent;

import io.navarch.agent.PodDecision.Action;
import io.navarch.agent.RuntimeState.Container;
import io.navarch.cri.ContainerRuntime.RuntimeFailure;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks after one pod, on a thread of its own: decides, acts, reports, and waits for the next change.
final class PodWorker implements PodStatus.Knowledge, Prober.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);

    /// Contents of ConfigMaps and Secrets are looked at again this often.
    private static final Duration RESYNC = Duration.ofSeconds(60);

    private final NodeAgent agent;
    private final String uid;
    private final Prober prober;
    private final Map<String, PodDecision.Waiting> waiting = new ConcurrentHashMap<>();
    private final Map<String, Integer> crashes = new HashMap<>();
    private final Map<String, String> counted = new HashMap<>();
    private volatile View pod;
    private volatile boolean gone;
    private boolean woken = true;
    private Map<String, Object> reported;

    PodWorker(NodeAgent agent, View pod) {
        this.agent = agent;
        this.uid = pod.uid();
        this.pod = pod;
        this.prober = new Prober(agent.runtime(), agent.http(), this);
    }

    /// A new version of the pod, or absent when it has been deleted from the API.
    void update(View now) {
        if (now.exists()) pod = now;
        else gone = true;
        wake();
    }

    synchronized void wake() {
        woken = true;
        notifyAll();
    }

    private synchronized void sleep(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!woken) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) break;
            wait(left);
        }
        woken = false;
    }

    View pod() {
        return pod;
    }

    void run() throws InterruptedException {
        var pause = Duration.ZERO;
        while (true) {
            sleep(pause);
            try {
                if (gone || pod.deleting()) {
                    terminate();
                    return;
                }
                pause = sync();
            } catch (RuntimeFailure | ApiException e) {
                LOG.warn("pod {}: {}", pod.key(), e.getMessage());
                pause = Duration.ofSeconds(2);
            } catch (RuntimeException e) {
                if (Thread.currentThread().isInterrupted()) throw new InterruptedException();
                LOG.error("pod {}", pod.key(), e);
                pause = Duration.ofSeconds(5);
            }
        }
    }

    private Duration sync() {
        var now = agent.clock().instant();
        var state = agent.state(uid);
        if (PodDecision.deadlineExceeded(pod, now)) return deadline(state);
        var known = pod.status().get("phase").string();
        boolean over = known.equals("Succeeded") || known.equals("Failed");
        countCrashes(state);
        prober.update(pod, state);
        if (over) {
            if (state.readySandbox() != null) stopSandbox(state.readySandbox().id());
            return RESYNC;
        }
        var decision = PodDecision.decide(pod, state, prober, crashes, now);
        waiting.values().removeIf(reason -> reason.reason().equals("CrashLoopBackOff"));
        for (var entry : decision.waiting().entrySet()) {
            if (waiting.put(entry.getKey(), entry.getValue()) == null) {
                tell(
                        "Warning",
                        "BackOff",
                        entry.getValue().message().replaceFirst("^back-off \\S+ restarting", "Back-off restarting"),
                        entry.getKey());
            }
        }
        var pause = RESYNC;
        if (decision.lookAgain() != null && decision.lookAgain().compareTo(pause) < 0) pause = decision.lookAgain();
        for (var action : decision.actions()) {
            if (pod.deleting() || gone) return Duration.ZERO;
            if (!act(action)) pause = pause.compareTo(Duration.ofSeconds(5)) > 0 ? Duration.ofSeconds(5) : pause;
        }
        if (!decision.actions().isEmpty()) {
            agent.refresh();
            prober.update(pod, agent.state(uid));
            if (decision.actions().stream()
                    .anyMatch(
                            action -> action instanceof Action.CreateSandbox || action instanceof Action.KillContainer))
                pause = Duration.ZERO;
        } else if (Files.exists(agent.volumes().podDirectory(uid))
                && agent.state(uid).readySandbox() != null) {
            agent.volumes().prepare(pod, environment(), this::lookup);
        }
        report(now);
        return pause;
    }

    private Duration deadline(RuntimeState state) {
        for (var container : state.containers())
            if (container.running())
                kill(container, "Pod was active on the node longer than the specified deadline", 30);
        if (state.readySandbox() != null) stopSandbox(state.readySandbox().id());
        agent.refresh();
        var status = new PodStatus(
                        pod,
                        agent.state(uid),
                        this,
                        agent.config(),
                        agent.clock().instant())
                .build();
        status.put("phase", "Failed");
        status.put("reason", "DeadlineExceeded");
        status.put("message", "Pod was active on the node longer than the specified deadline");
        send(status);
        return RESYNC;
    }

    private void countCrashes(RuntimeState state) {
        for (var container : state.containers()) {
            if (container != state.latest(container.name())
                    || !container.exited()
                    || container.id().equals(counted.get(container.name()))) continue;
            counted.put(container.name(), container.id());
            // After a restart of the agent the attempt number is what is left of the history.
            int before = crashes.getOrDefault(container.name(), Math.min(container.attempt(), 6));
            crashes.put(container.name(), PodDecision.crashes(container, before));
        }
    }

    private View lookup(String plural, String name) {
        var type = plural.equals("secrets") ? Resources.SECRETS.untyped() : Resources.CONFIG_MAPS.untyped();
        return agent.client().find(type, new ObjectKey(pod.namespace(), name));
    }

    private Environment environment() {
        var state = agent.state(uid);
        var address = pod.spec().get("hostNetwork").bool()
                ? agent.config().nodeAddress()
                : state.sandboxes().isEmpty()
                        ? ""
                        : state.sandboxes().getFirst().ip();
        return new Environment(pod, agent.config().nodeAddress(), address, agent.allocatable(), this::lookup);
    }

    /// False when it could not be done now.
    private boolean act(Action action) {
        switch (action) {
            case Action.CreateSandbox create -> {
                return createSandbox(create.attempt());
            }
            case Action.StopSandbox stop -> stopSandbox(stop.id());
            case Action.KillContainer kill -> kill(kill.container(), kill.message(), grace());
            case Action.StartContainer start -> {
                return start(start.spec(), start.attempt());
            }
        }
        return true;
    }

    private long grace() {
        return pod.metadata()
                .get("deletionGracePeriodSeconds")
                .longOr(pod.spec().get("terminationGracePeriodSeconds").longOr(30));
    }

    private boolean createSandbox(int attempt) {
        try {
            agent.volumes().prepare(pod, environment(), this::lookup);
        } catch (Environment.UnresolvedException e) {
            tell("Warning", "FailedMount", "MountVolume.SetUp failed: " + e.getMessage(), "");
            return false;
        }
        try {
            Files.createDirectories(Path.of(ContainerConfigs.logDirectory(agent.config(), pod)));
            agent.runtime().runPodSandbox(agent.configs().sandbox(pod, attempt));
            agent.refresh();
            var box = agent.state(uid).readySandbox();
            if (box != null) agent.volumes().writeHosts(pod, box.ip());
            return true;
        } catch (RuntimeFailure e) {
            tell("Warning", "FailedCreatePodSandBox", "Failed to create pod sandbox: " + e.getMessage(), "");
            return false;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private boolean start(View spec, int attempt) {
        var name = spec.get("name").string();
        var box = agent.state(uid).readySandbox();
        if (box == null) return false;
        try {
            var image = agent.images().ensure(pod, spec, new Images.Listener() {
                @Override
                public void normal(String reason, String message) {
                    tell("Normal", reason, message, name);
                }

                @Override
                public void warning(String reason, String message) {
                    tell("Warning", reason, message, name);
                }
            });
            var services = agent.services();
            var environment = environment().of(spec, services);
            agent.volumes().prepare(pod, environment(), this::lookup);
            var mounts = agent.volumes().mounts(pod, spec, attempt, environment);
            Files.createDirectories(Path.of(ContainerConfigs.logDirectory(agent.config(), pod), name));
            var sandbox = agent.configs().sandbox(pod, box.attempt());
            var id = agent.runtime()
                    .createContainer(
                            box.id(),
                            agent.configs().container(pod, spec, attempt, environment, mounts, image),
                            sandbox);
            tell("Normal", "Created", "Container created", name);
            agent.runtime().startContainer(id);
            tell("Normal", "Started", "Container started", name);
            waiting.remove(name);
            removeOld(name, attempt);
            hook(spec, id, "postStart");
            return true;
        } catch (Images.NotPresentException e) {
            waiting.put(name, new PodDecision.Waiting(e.reason(), e.getMessage()));
        } catch (Environment.UnresolvedException e) {
            waiting.put(name, new PodDecision.Waiting("CreateContainerConfigError", e.getMessage()));
            tell("Warning", "Failed", "Error: " + e.getMessage(), name);
        } catch (RuntimeFailure e) {
            // A container that was created but could not start counts as one that ended.
            waiting.put(name, new PodDecision.Waiting("RunContainerError", e.getMessage()));
            tell("Warning", "Failed", "Error: " + e.getMessage(), name);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return false;
    }

    /// The latest ended container of a name is kept for its logs and state; those before it go.
    private void removeOld(String name, int attempt) {
        for (var old : agent.state(uid).containers()) {
            if (old.name().equals(name) && old.attempt() < attempt - 1 && !old.running())
                agent.runtime().removeContainer(old.id());
        }
    }

    private void hook(View spec, String id, String kind) {
        var action = spec.get("lifecycle", kind);
        if (!action.exists()) return;
        var failure = "";
        try {
            if (action.get("exec").exists()) {
                var answer = agent.runtime()
                        .execSync(id, action.get("exec", "command").strings(), grace());
                if (answer.getExitCode() != 0) failure = "command exited with " + answer.getExitCode();
            } else if (action.get("httpGet").exists()) {
                var box = agent.state(uid).readySandbox();
                int status =
                        Prober.httpStatus(agent.http(), action.get("httpGet"), spec, box == null ? "" : box.ip(), 30);
                if (status >= 400) failure = "HTTP status " + status;
            } else if (action.get("sleep").exists()) {
                io.navarch.process.TaskScope.pause(
                        action.get("sleep", "seconds").longOr(0) * 1000);
            }
        } catch (RuntimeFailure | IOException e) {
            failure = String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure.isEmpty()) return;
        boolean post = kind.equals("postStart");
        tell(
                "Warning",
                post ? "FailedPostStartHook" : "FailedPreStopHook",
                (post ? "PostStartHook" : "PreStopHook") + " failed: " + failure,
                spec.get("name").string());
        if (post) agent.runtime().stopContainer(id, grace());
    }

    private void kill(Container container, String message, long grace) {
        tell("Normal", "Killing", message, container.name());
        var spec = pod.spec().get("containers").find("name", container.name());
        long start = agent.clock().millis();
        if (grace > 0) hook(spec, container.id(), "preStop");
        long left = Math.max(grace == 0 ? 0 : 2, grace - (agent.clock().millis() - start) / 1000);
        try {
            agent.runtime().stopContainer(container.id(), left);
        } catch (RuntimeFailure e) {
            if (!e.notFound()) throw e;
        }
    }

    private void stopSandbox(String id) {
        try {
            agent.runtime().stopPodSandbox(id);
        } catch (RuntimeFailure e) {
            if (!e.notFound()) throw e;
        }
    }

    /// Stops everything, removes everything, and lets the pod go from the API.
    private void terminate() throws InterruptedException {
        long grace = gone ? 0 : grace();
        var state = agent.state(uid);
        var running = state.containers().stream().filter(Container::running).toList();
        try (var scope = new io.navarch.process.TaskScope()) {
            var threads = running.stream()
                    .map(container ->
                            scope.start("kill", () -> kill(container, "Stopping container " + container.name(), grace)))
                    .toList();
            // Meanwhile readiness is told, so that nothing new is sent to the pod.
            prober.update(pod, state);
            for (var thread : threads) thread.join();
        }
        prober.close();
        agent.refresh();
        state = agent.state(uid);
        for (var box : state.sandboxes()) stopSandbox(box.id());
        agent.refresh();
        if (!gone) {
            var status = new PodStatus(
                            pod,
                            agent.state(uid),
                            this,
                            agent.config(),
                            agent.clock().instant())
                    .build();
            send(status);
        }
        cleanUp();
        if (!gone) delete();
        agent.forget(uid);
    }

    /// Leaves nothing of the pod on the node.
    private void cleanUp() {
        var state = agent.state(uid);
        for (var container : state.containers())
            ignoreMissing(() -> agent.runtime().removeContainer(container.id()));
        for (var box : state.sandboxes()) ignoreMissing(() -> agent.runtime().removePodSandbox(box.id()));
        agent.volumes().remove(uid);
        agent.removeRemains(pod);
        agent.refresh();
    }

    private static void ignoreMissing(Runnable action) {
        try {
            action.run();
        } catch (RuntimeFailure e) {
            if (!e.notFound()) throw e;
        }
    }

    private void delete() {
        try {
            agent.client().delete(Resources.PODS.untyped(), pod.key(), uid, 0L, "");
        } catch (ApiException e) {
            if (e.reason() != ApiException.Reason.NOT_FOUND && e.reason() != ApiException.Reason.CONFLICT) throw e;
        }
    }

    private void report(Instant now) {
        send(new PodStatus(pod, agent.state(uid), this, agent.config(), now).build());
    }

    private void send(Map<String, Object> status) {
        if (Trees.semanticEquals(status, reported)
                || Trees.semanticEquals(status, pod.status().map())) return;
        try {
            // Only the agent writes these; whatever others put into the status stays.
            var patch = Trees.map("metadata", Trees.map("uid", uid), "status", status);
            var answer = agent.client().mergePatch(Resources.PODS.untyped(), pod.key(), "status", patch);
            reported = status;
            if (answer.uid().equals(uid)) pod = answer;
        } catch (ApiException e) {
            if (e.reason() == ApiException.Reason.NOT_FOUND || e.reason() == ApiException.Reason.CONFLICT) {
                wake();
                return;
            }
            throw e;
        }
    }

    private void tell(String type, String reason, String message, String container) {
        var init = pod.spec().get("initContainers").find("name", container).exists();
        agent.events()
                .record(
                        pod,
                        type,
                        reason,
                        message,
                        container.isEmpty()
                                ? ""
                                : (init ? "spec.initContainers{" : "spec.containers{") + container + "}");
    }

    // What the status asks.

    @Override
    public boolean ready(Container container) {
        return prober.ready(container);
    }

    @Override
    public boolean started(Container container) {
        return prober.started(container);
    }

    @Override
    public PodDecision.Waiting waiting(String container) {
        return waiting.get(container);
    }

    @Override
    public String terminationMessage(Container container, View spec) {
        var file = agent.volumes().terminationLog(pod, container.name(), container.attempt());
        try {
            var text = Files.exists(file) ? Files.readString(file) : "";
            boolean fallBack = text.isEmpty()
                    && spec.get("terminationMessagePolicy").string().equals("FallbackToLogsOnError")
                    && container.exitCode() != 0;
            if (fallBack) text = agent.lastLogLines(pod, container);
            return text.length() > 4096 ? text.substring(0, 4096) : text;
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void failed(View container, String kind, String message) {
        var name = kind.substring(0, 1).toUpperCase(java.util.Locale.ROOT)
                + kind.substring(1).replace("Probe", "");
        tell(
                "Warning",
                "Unhealthy",
                name + " probe failed: " + message,
                container.get("name").string());
    }

    @Override
    public void changed() {
        wake();
    }
}
