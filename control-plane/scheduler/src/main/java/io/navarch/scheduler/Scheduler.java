package io.navarch.scheduler;

import io.navarch.client.Client;
import io.navarch.client.EventRecorder;
import io.navarch.client.Informer;
import io.navarch.client.Informers;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.TaskScope;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes pods without a node from the queue, decides, and binds them.
public final class Scheduler {
    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
    private static final String NAME = "default-scheduler";

    private final Client client;
    private final Informer<View> pods;
    private final Informer<View> nodes;
    private final EventRecorder events;
    private final SchedulingCycle cycle;
    private final InstantSource clock;
    private final ClusterState state = new ClusterState();
    private final SchedulingQueue queue = new SchedulingQueue();

    public Scheduler(
            Client client, Informers caches, EventRecorder events, SchedulingCycle cycle, InstantSource clock) {
        this.client = client;
        this.pods = caches.of(Resources.PODS.untyped());
        this.nodes = caches.of(Resources.NODES.untyped());
        this.events = events;
        this.cycle = cycle;
        this.clock = clock;
    }

    public void start(TaskScope scope) {
        pods.onChange(this::podChanged);
        nodes.onChange((old, now) -> {
            synchronized (state) {
                state.node(old, now);
            }
            if (now.exists() && !sameForScheduling(old, now)) queue.wake();
        });
        scope.start("scheduler", () -> {
            pods.awaitSync();
            nodes.awaitSync();
            while (true) {
                var attempt = queue.take();
                try {
                    schedule(attempt);
                } catch (ApiException e) {
                    refused(attempt, e);
                }
            }
        });
    }

    private static boolean ours(View pod) {
        return pod.exists()
                && pod.spec().get("nodeName").string().isEmpty()
                && pod.spec().get("schedulerName").string().equals(NAME)
                && !pod.deleting()
                && pod.spec().get("schedulingGates").list().isEmpty();
    }

    private void podChanged(View old, View now) {
        var key = (now.exists() ? now : old).key();
        synchronized (state) {
            if (takesRoom(now)) state.place(now);
            else if (ours(now)) state.waiting(key);
            else state.remove(key);
        }
        if (ours(now)) {
            // What this scheduler writes about a pod that waits is no reason to try it again.
            boolean first = !old.exists()
                    || !ours(old)
                    || !Trees.semanticEquals(old.spec().value(), now.spec().value());
            if (first) queue.add(now);
            return;
        }
        queue.remove(key);
        boolean freed = !now.exists()
                || List.of("Succeeded", "Failed")
                        .contains(now.status().get("phase").string());
        if (freed && !old.spec().get("nodeName").string().isEmpty()) queue.wake();
    }

    /// A heartbeat makes no room.
    private static boolean sameForScheduling(View old, View now) {
        return old.exists()
                && old.spec().equals(now.spec())
                && old.metadata().get("labels").equals(now.metadata().get("labels"))
                && old.status().get("allocatable").equals(now.status().get("allocatable"));
    }

    private static boolean takesRoom(View pod) {
        var phase = pod.status().get("phase").string();
        return pod.exists()
                && !pod.spec().get("nodeName").string().isEmpty()
                && !phase.equals("Succeeded")
                && !phase.equals("Failed");
    }

    private void schedule(SchedulingQueue.Attempt attempt) {
        var pod = pods.get(attempt.pod().key());
        if (!ours(pod)) return;
        SchedulingCycle.Outcome outcome;
        synchronized (state) {
            outcome = cycle.schedule(pod, state.nodes());
            if (outcome.scheduled()) state.assume(pod, outcome.node());
        }
        if (!outcome.scheduled()) {
            events.warning(pod, "FailedScheduling", outcome.message());
            queue.failed(attempt);
            condition(pod, outcome.message());
            return;
        }
        // The next pod need not wait until this one's place is durable.
        Thread.ofVirtual().name("bind").start(() -> bind(attempt, pod, outcome.node()));
    }

    private void bind(SchedulingQueue.Attempt attempt, View pod, String node) {
        try {
            client.post(
                    Resources.PODS.untyped(),
                    pod.key(),
                    "binding",
                    Trees.map(
                            "apiVersion",
                            "v1",
                            "kind",
                            "Binding",
                            "metadata",
                            Trees.map("name", pod.name(), "namespace", pod.namespace(), "uid", pod.uid()),
                            "target",
                            Trees.map("apiVersion", "v1", "kind", "Node", "name", node)));
            events.normal(pod, "Scheduled", "Successfully assigned " + pod.key() + " to " + node);
        } catch (ApiException e) {
            synchronized (state) {
                state.forget(pod.key());
            }
            refused(attempt, e);
        }
    }

    private void refused(SchedulingQueue.Attempt attempt, ApiException e) {
        if (e.reason() != ApiException.Reason.NOT_FOUND && e.reason() != ApiException.Reason.CONFLICT)
            LOG.warn("{}: {}", attempt.pod().key(), e.getMessage());
        queue.failed(attempt);
    }

    private void condition(View pod, String message) {
        var old = pod.status().get("conditions").find("type", "PodScheduled");
        if (old.get("message").string().equals(message)) return;
        client.strategicPatch(
                Resources.PODS.untyped(),
                pod.key(),
                "status",
                Trees.map(
                        "status",
                        Trees.map(
                                "conditions",
                                List.of(Trees.map(
                                        "type", "PodScheduled",
                                        "status", "False",
                                        "reason", "Unschedulable",
                                        "message", message,
                                        "lastTransitionTime", Timestamps.seconds(clock.instant()))))));
    }
}
