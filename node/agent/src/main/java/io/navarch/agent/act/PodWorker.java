package io.navarch.agent.act;

import io.navarch.agent.act.ContainerStart.Outcome;
import io.navarch.agent.decide.Crashes;
import io.navarch.agent.decide.Eviction;
import io.navarch.agent.decide.PodAdmission;
import io.navarch.agent.decide.PodDecision;
import io.navarch.agent.decide.PodDecision.Action;
import io.navarch.agent.decide.PodLifecycle;
import io.navarch.agent.decide.PodTermination;
import io.navarch.agent.decide.PodTermination.Progress;
import io.navarch.agent.decide.PodTermination.Step;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.agent.decide.UnresolvedException;
import io.navarch.agent.decide.VolumeFailures;
import io.navarch.agent.measure.AgentMetrics.Work;
import io.navarch.cri.RuntimeFailure;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.PodPhase;
import io.navarch.model.PodStatus;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Backoff;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks after one pod: observe, decide, act, report. It runs only while there is something to do; a change of the pod
/// or of its containers, a probe or a timer wakes it. While it rests it holds neither a thread nor the pod's tree.
final class PodWorker implements Probes.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);

    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(2);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    /// Volumes that are not there may take long to come.
    private static final Backoff SANDBOX_BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));
    /// The pod has changed or is gone; that is about to be told.
    private static final Duration AFTER_CONFLICT = Duration.ofSeconds(1);

    private static final long FORCED_GRACE_SECONDS = 1;

    private final WorkerParts parts;
    /// Hears the uid once the pod is gone from the node.
    private final Consumer<String> forget;
    private final ObjectKey key;
    private final String uid;
    private final Probes probes;
    private final PodStop stop;
    private final PodResize resize;
    private final PodEntry entry;

    // Guarded by the monitor.

    private boolean woken;
    /// The runtime has something new of the pod that the cache has not.
    private boolean runtimeChanged = true;
    /// Whether a task runs, or will, that looks after the pod; stays true once the pod is released.
    private boolean running;
    /// The number of the only timer that still counts.
    private long timer;
    private boolean gone;
    /// What the node wants done with it.
    private @Nullable Eviction ordered;
    /// The pod at `revision`; `null` while it need not be held, since the cache has it.
    private @Nullable Pod latest;
    /// The newest version of the pod that is known here, from the cache or as the answer to a write.
    private long revision;
    /// The version that the cache has come to.
    private long cachedRevision;

    // Owned by the running task.

    /// Whether the runtime could not be asked when there was something new: what the cache has is not what is.
    /// Who went by it after a start would make everything a second time.
    private boolean stale;
    /// How often in a row its sandbox could not be made.
    private int sandboxFailures;
    /// How the node ends it, `null` while it does not.
    private @Nullable Eviction evicted;
    private Crashes crashes = Crashes.NONE;
    private final Waits waits;
    /// Ids of running containers whose hook after the start failed.
    private final Set<String> failedHooks = new HashSet<>();
    /// What was sent last, when the API made something else of it: not to be sent again.
    private @Nullable PodStatus reported;
    /// Whether something was done that the API has not been told of, because more is to follow at once.
    private boolean unreported;
    private Progress termination = Progress.NONE;
    private boolean released;
    private boolean looked;
    private final long seen;

    PodWorker(WorkerParts parts, OtherPods others, Consumer<String> forget, Pod pod) {
        this.forget = forget;
        this.parts = parts;
        seen = parts.metrics().now();
        this.key = pod.key();
        this.uid = pod.uid();
        this.probes = parts.probes().of(this);
        stop = new PodStop(parts);
        waits = new Waits(parts.events());
        resize = new PodResize(parts);
        entry = new PodEntry(parts, others);
    }

    /// The pod as the cache has it; absent once it has another, or none.
    Pod cached() {
        var cached = parts.lookup().find(key, uid);
        return cached.uid().equals(uid) ? cached : Pod.ABSENT;
    }

    /// Hears of a change from the cache.
    ///
    /// @param now absent when the pod has been deleted from the API
    void update(Pod old, Pod now) {
        synchronized (this) {
            if (now.exists()) {
                cachedRevision = Long.parseLong(now.resourceVersion());
                // Its own write, come back.
                if (cachedRevision <= revision) {
                    if (!running) letGo();
                    return;
                }
                revision = cachedRevision;
                latest = now;
            } else {
                gone = true;
                latest = old;
            }
        }
        if (now.deleting()) stop.shorten(PodLifecycle.graceSeconds(now));
        // Of what is forced nobody waits for the end.
        if (!now.exists()) stop.shorten(FORCED_GRACE_SECONDS);
        wake();
    }

    synchronized void wake() {
        woken = true;
        ensureRunning();
    }

    /// Hears that the pod has to go.
    synchronized void evict(Eviction eviction) {
        ordered = eviction;
        wake();
    }

    /// Hears that the runtime has something new of the pod.
    synchronized void runtimeChanged() {
        runtimeChanged = true;
        ensureRunning();
    }

    private void ensureRunning() {
        if (running) return;
        running = true;
        parts.tasks().start("pod-" + key.name(), this::run);
    }

    private void run() {
        while (next()) {
            Optional<Duration> pause;
            long since = parts.metrics().now();
            var work = leaving() ? Work.KILL : looked ? Work.SYNC : Work.CREATE;
            looked = true;
            try {
                pause = look();
            } catch (RuntimeFailure | ApiException | UncheckedIOException e) {
                LOG.warn("pod {}: {}", key, e.getMessage());
                pause = Optional.of(AFTER_REFUSAL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                if (Thread.currentThread().isInterrupted()) return;
                LOG.error("pod {}", key, e);
                pause = Optional.of(AFTER_FAILURE);
            }
            parts.metrics().worked(work, since);
            if (released) return;
            requeue(pause);
        }
    }

    private synchronized boolean next() {
        if (woken || runtimeChanged) {
            woken = false;
            return true;
        }
        running = false;
        letGo();
        return false;
    }

    /// While it rests, the pod need not be held once the cache has the version that is known here.
    private void letGo() {
        if (!gone && cachedRevision >= revision) latest = null;
    }

    private synchronized void requeue(Optional<Duration> pause) {
        long mine = ++timer;
        if (pause.isEmpty()) return;
        if (pause.get().isPositive()) parts.timers().after(pause.get(), () -> timeIsOver(mine));
        else woken = true;
    }

    private synchronized void timeIsOver(long wanted) {
        if (wanted == timer) wake();
    }

    private synchronized Pod pod() {
        if (latest == null) {
            var cached = cached();
            // Otherwise it has just been deleted or replaced, and that is about to be told.
            if (cached.exists()) latest = cached;
        }
        return latest == null ? Pod.ABSENT : latest;
    }

    private synchronized void accept(Pod answer) {
        long version = Long.parseLong(answer.resourceVersion());
        if (gone || version < revision) return;
        revision = version;
        latest = answer;
    }

    private synchronized boolean gone() {
        return gone;
    }

    private boolean leaving() {
        return gone() || pod().deleting();
    }

    private synchronized boolean takeRuntimeChanged() {
        boolean changed = runtimeChanged;
        runtimeChanged = false;
        return changed;
    }

    private RuntimeState refreshed() {
        takeRuntimeChanged();
        stale = true;
        var state = parts.cache().refresh(uid);
        stale = false;
        return state;
    }

    /// Returns when to look again, if time alone can change something.
    private Optional<Duration> look() throws InterruptedException {
        var pod = pod();
        if (!pod.exists()) {
            takeRuntimeChanged();
            return Optional.of(AFTER_CONFLICT);
        }
        if (leaving()) return terminate(pod);
        if (Pods.ended(pod)) parts.takesNothing(uid);
        if (entry.waits(pod)) {
            stale |= takeRuntimeChanged();
            return entry.lookAgain();
        }
        var rejection = entry.rejection(pod);
        if (rejection.isPresent()) return reject(pod, rejection.get());
        if (entry.makesRoom() && !Pods.ended(pod)) return entry.lookAgain();
        var allocated = resize.allocated(pod);
        var order = ordered();
        if (order != null && !Pods.ended(pod)) return evict(allocated, order);
        return sync(allocated);
    }

    private Optional<Duration> reject(Pod pod, PodAdmission.Rejection rejection) {
        parts.events().warning(pod, rejection.reason(), rejection.message());
        return failed(parts.reporter().fail(pod, pod.status(), rejection.reason(), rejection.statusMessage()));
    }

    private Optional<Duration> failed(Optional<Pod> answer) {
        answer.ifPresent(this::accept);
        return Optional.of(answer.isPresent() ? Duration.ZERO : AFTER_CONFLICT);
    }

    /// The first order counts.
    private synchronized @Nullable Eviction ordered() {
        return evicted == null ? ordered : evicted;
    }

    /// Ends a pod that takes what others need, or more than it said it would.
    private Optional<Duration> evict(Pod pod, Eviction eviction) throws InterruptedException {
        if (evicted == null && eviction.told()) parts.events().warning(pod, eviction.reason(), eviction.message());
        evicted = eviction;
        var state = parts.cache().state(uid);
        stop.run(pod, state, state.running(), "", eviction.graceSeconds());
        state = refreshed();
        var status = parts.reporter().status(pod, state, probes.results(pod, state), waits.byName(), resize.state());
        return failed(parts.reporter().evict(pod, status, eviction));
    }

    private Optional<Duration> sync(Pod pod) throws InterruptedException {
        var state = takeRuntimeChanged() || stale ? refreshed() : parts.cache().state(uid);
        crashes = crashes.with(state);
        resize.observe(pod, state);
        probes.update(pod, state);
        failedHooks.retainAll(
                state.running().stream().map(RuntimeState.Container::id).toList());
        var results = probes.results(pod, state).withFailedHooks(failedHooks);
        var decision = PodDecision.decide(
                pod, state, results, crashes, resize.state(), parts.clock().instant());
        waits.note(pod, decision.waiting());
        // What takes long is not waited for.
        if (unreported && decision.actions().stream().anyMatch(this::takesLong)) report(pod, state);
        boolean changed = false;
        boolean failed = false;
        for (var action : decision.actions()) {
            if (leaving()) return Optional.of(Duration.ZERO);
            boolean done = act(pod, state, action);
            failed |= !done;
            // Also a container that was started may have ended already.
            changed |= done;
        }
        if (!decision.actions().isEmpty()) {
            state = refreshed();
            resize.observe(pod, state);
            probes.update(pod, state);
        } else if (state.readySandbox().isPresent()) {
            refreshVolumes(pod, state);
            var tooLarge =
                    Pods.ended(pod) ? Optional.<String>empty() : parts.files().tooLarge(pod);
            if (tooLarge.isPresent()) return evict(pod, Eviction.of(tooLarge.get()));
        } else if (Pods.ended(pod) && state.running().isEmpty()) {
            parts.files().releaseVolumes(uid);
        }
        unreported |= changed;
        // What follows at once is told with it.
        if (changed) return Optional.of(Duration.ZERO);
        boolean sent = Pods.ended(pod) || report(pod, state);
        return Stream.of(
                        parts.files().refreshInterval(pod),
                        decision.requeueAfter(),
                        resize.retry(),
                        failed ? Optional.of(afterFailure()) : Optional.<Duration>empty(),
                        sent ? Optional.<Duration>empty() : Optional.of(AFTER_CONFLICT))
                .flatMap(Optional::stream)
                .min(Duration::compareTo);
    }

    private Duration afterFailure() {
        return sandboxFailures == 0 ? AFTER_FAILURE : SANDBOX_BACKOFF.after(sandboxFailures);
    }

    /// What a running pod has stays as it is when what it was made of is gone.
    private void refreshVolumes(Pod pod, RuntimeState state) {
        try {
            parts.files().refresh(pod, state.address());
        } catch (UnresolvedException e) {
            parts.events().warning(pod, VolumeFailures.reason(e), String.valueOf(e.getMessage()));
        }
    }

    private boolean takesLong(Action action) {
        return action instanceof Action.StartContainer start && parts.start().takesLong(start.spec());
    }

    /// False when it could not be done now.
    private boolean act(Pod pod, RuntimeState state, Action action) throws InterruptedException {
        return switch (action) {
            case Action.CreateSandbox create -> {
                boolean made = parts.start().sandbox(pod, create.attempt());
                sandboxFailures = made ? 0 : sandboxFailures + 1;
                yield made;
            }
            case Action.StopSandbox stop -> {
                parts.stop().stopSandbox(stop.id());
                yield true;
            }
            case Action.KillContainer kill -> {
                parts.stop().kill(pod, kill.container(), state.address(), kill.message(), kill.graceSeconds());
                yield true;
            }
            case Action.KillAll kill -> {
                // Until the last one has stopped, others see which have ended already.
                if (!Pods.ended(pod)) report(pod, state);
                stop.run(pod, state, kill.containers(), kill.message(), kill.graceSeconds());
                yield true;
            }
            case Action.RemoveAll remove -> {
                report(pod, state);
                remove.containers().forEach(container -> parts.stop().remove(pod, container));
                yield true;
            }
            case Action.StartContainer start -> start(pod, state, start.spec(), start.attempt());
            case Action.RestartContainer again -> {
                var old = again.container();
                if (!resize.makeRoom(pod, state)) yield false;
                parts.stop().kill(pod, old, state.address(), again.message(), again.graceSeconds());
                yield start(pod, state, again.spec(), old.attempt() + 1);
            }
            case Action.Resize steps -> resize.apply(pod, state, steps.updates());
        };
    }

    private boolean start(Pod pod, RuntimeState state, Container spec, int attempt) throws InterruptedException {
        var name = spec.name();
        switch (parts.start().container(pod, state, spec, attempt)) {
            case Outcome.Started() -> waits.set(name, Optional.empty());
            case Outcome.HookFailed(var id) -> {
                waits.set(name, Optional.empty());
                failedHooks.add(id);
            }
            case Outcome.NotStarted(var why) -> {
                waits.set(name, Optional.of(why));
                return false;
            }
        }
        return true;
    }

    /// False when the API has another version of the pod.
    private boolean report(Pod pod, RuntimeState state) {
        unreported = false;
        var status = parts.reporter().status(pod, state, probes.results(pod, state), waits.byName(), resize.state());
        if (PodReporter.same(status, pod.status())) return true;
        if (reported != null && PodReporter.same(status, reported)) return true;
        var answer = parts.reporter().send(pod, status);
        if (answer.isEmpty()) return false;
        if (pod.status().phase() == PodPhase.PENDING && status.phase() == PodPhase.RUNNING)
            parts.metrics().started(seen, age(pod));
        reported = PodReporter.same(status, answer.get().status()) ? null : status;
        accept(answer.get());
        return true;
    }

    private Duration age(Pod pod) {
        var now = parts.clock().instant();
        return Duration.between(pod.metadata().creationTimestamp().orElse(now), now);
    }

    /// Takes one step.
    private Optional<Duration> terminate(Pod pod) throws InterruptedException {
        var state = refreshed();
        var step = PodTermination.next(pod, gone(), state, termination);
        if (!act(pod, state, step)) return Optional.of(AFTER_CONFLICT);
        termination = termination.after(step);
        return Optional.of(Duration.ZERO);
    }

    /// False when it could not be done now.
    private boolean act(Pod pod, RuntimeState state, Step next) throws InterruptedException {
        switch (next) {
            case Step.StopContainers step -> {
                stop.run(pod, state, step.containers(), "", step.graceSeconds());
                probes.close();
            }
            case Step.StopSandboxes step -> step.ids().forEach(parts.stop()::stopSandbox);
            case Step.Report() -> {
                return report(pod, state);
            }
            case Step.RemoveFromRuntime remove -> {
                remove.containers().forEach(parts.stop()::removeContainer);
                remove.sandboxes().forEach(parts.stop()::removeSandbox);
            }
            case Step.Release() -> release(pod);
        }
        return true;
    }

    private void release(Pod pod) {
        probes.close();
        parts.files().remove(pod);
        parts.cgroups().remove(pod);
        parts.images().forget(uid);
        parts.probeCounts().forget(uid);
        parts.takesNothing(uid);
        if (!gone()) parts.reporter().delete(pod);
        forget.accept(uid);
        released = true;
    }

    @Override
    public void probeFailed(Container spec, String message) {
        parts.events().warning(pod(), spec.name(), "Unhealthy", message);
    }

    @Override
    public void probed(Container spec, String type, String result) {
        parts.probeCounts().add(new ProbeCounts.Series(key, uid, spec.name(), type, result));
    }

    @Override
    public void resultsChanged() {
        wake();
    }
}
