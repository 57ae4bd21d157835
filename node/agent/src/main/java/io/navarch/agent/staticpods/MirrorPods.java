package io.navarch.agent.staticpods;

import io.navarch.agent.act.PodTasks;
import io.navarch.agent.decide.StaticPod;
import io.navarch.agent.decide.StaticPod.Step;
import io.navarch.client.Client;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ApiException.Reason;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.process.Backoff;
import io.navarch.process.Timers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps what the API shows of the pods that the node runs by itself. What becomes of it there changes nothing of them,
/// and while the API is away they run on.
public final class MirrorPods {
    private static final Logger LOG = LoggerFactory.getLogger(MirrorPods.class);
    private static final Backoff AGAIN = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));

    /// What the mirrors are made from.
    ///
    /// @param node the agent's own, absent when there is none
    /// @param shown what the API has of a name, absent for nothing
    public record Sources(Client client, Supplier<Node> node, Function<ObjectKey, Pod> shown) {}

    private static final class Work {
        private boolean running;
        private boolean wanted;
        private int failures;
    }

    private final Sources sources;
    private final PodTasks tasks;
    private final Timers timers;
    /// By name, for those that are looked at or failed; guarded by the monitor.
    private final Map<ObjectKey, Work> works = new HashMap<>();
    /// Guarded by the monitor.
    private boolean known;

    public MirrorPods(Sources sources, PodTasks tasks, Timers timers) {
        this.sources = sources;
        this.tasks = tasks;
        this.timers = timers;
    }

    /// Something may have changed of a pod that the node runs by itself, or of its mirror.
    ///
    /// @param pods what the node runs by itself
    public synchronized void look(ObjectKey key, StaticPods pods) {
        var work = works.computeIfAbsent(key, each -> new Work());
        work.wanted = true;
        if (!known || work.running) return;
        work.running = true;
        tasks.start("mirror-" + key.name(), () -> run(key, pods));
    }

    /// It is known what the API has: what was looked at before is acted on from now on.
    public synchronized void start(StaticPods pods) {
        known = true;
        for (var key : List.copyOf(works.keySet())) look(key, pods);
    }

    private void run(ObjectKey key, StaticPods pods) {
        while (begin(key)) {
            try {
                act(pods.get(key), sources.shown.apply(key), pods);
                end(key, pods, true);
            } catch (ApiException e) {
                LOG.warn("the mirror of {}: {}", key, e.getMessage());
                end(key, pods, false);
            } catch (RuntimeException e) {
                if (Thread.currentThread().isInterrupted()) return;
                LOG.error("the mirror of {}", key, e);
                end(key, pods, false);
            }
        }
    }

    private synchronized boolean begin(ObjectKey key) {
        var work = works.get(key);
        if (work == null) return false;
        if (work.wanted) {
            work.wanted = false;
            return true;
        }
        work.running = false;
        if (work.failures == 0) works.remove(key);
        return false;
    }

    private synchronized void end(ObjectKey key, StaticPods pods, boolean done) {
        var work = works.get(key);
        if (work == null) return;
        work.failures = done ? 0 : work.failures + 1;
        if (!done) timers.after(AGAIN.after(work.failures), () -> look(key, pods));
    }

    private void act(Pod pod, Pod shown, StaticPods pods) {
        switch (StaticPod.next(pod, shown)) {
            case Step.Wait() -> {}
            case Step.Create() -> create(pod);
            case Step.Delete(var mirror) -> delete(mirror);
            case Step.Adopt(var status) -> pods.adopt(pod, status);
            case Step.Report report -> report(report);
        }
    }

    private void create(Pod pod) {
        var node = sources.node.get();
        if (!node.exists() || node.deleting())
            throw new ApiException(Reason.NOT_FOUND, "the node is not registered (any more)");
        LOG.info("the API is shown {}", pod.key());
        try {
            sources.client.create(Resources.PODS, StaticPod.mirrorOf(pod, node));
        } catch (ApiException e) {
            // What it is, is about to be told.
            if (e.reason() != Reason.ALREADY_EXISTS) throw e;
        }
    }

    private void delete(Pod mirror) {
        LOG.info("the API is no longer shown {}", mirror.key());
        try {
            sources.client.delete(Resources.PODS, mirror.key(), mirror.uid(), 0L, "");
        } catch (ApiException e) {
            if (e.reason() != Reason.NOT_FOUND && e.reason() != Reason.CONFLICT) throw e;
        }
    }

    private void report(Step.Report report) {
        var mirror = report.mirror();
        var patch = Pod.builder()
                .metadata(meta -> meta.uid(mirror.uid()).resourceVersion(mirror.resourceVersion()))
                .map();
        var changes = Trees.changes(
                mirror.status().view().map(), report.status().view().map());
        Trees.put(patch, changes, Pod.STATUS);
        try {
            sources.client.mergePatch(Resources.PODS, mirror.key(), "status", patch);
        } catch (ApiException e) {
            switch (e.reason()) {
                // Another version is there, and about to be told.
                case NOT_FOUND, CONFLICT -> LOG.debug("the mirror of {} has changed", mirror.key());
                // It has told of an end, and its pod runs once more: that is another mirror.
                case INVALID -> delete(mirror);
                default -> throw e;
            }
        }
    }
}
