package io.navarch.scheduler;

import io.navarch.client.Client;
import io.navarch.client.Informer;
import io.navarch.client.Informers;
import io.navarch.client.SeriesRecorder;
import io.navarch.kinds.pod.PodVolumes;
import io.navarch.kinds.pod.Pods;
import io.navarch.kinds.support.Conditions;
import io.navarch.model.Binding;
import io.navarch.model.ConditionStatus;
import io.navarch.model.EventType;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.model.PodCondition;
import io.navarch.model.PodConditionType;
import io.navarch.model.PodDisruptionBudget;
import io.navarch.model.PodStatus;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import io.navarch.scheduler.volumes.CachedVolumes;
import io.navarch.scheduler.volumes.PodClaims;
import io.navarch.scheduler.volumes.VolumeBinding;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes pods without a node from the queue, decides, and binds them.
public final class Scheduler {
    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
    private static final String NAME = "default-scheduler";
    private static final Map<String, String> NOT_NOMINATED = Map.of(PodStatus.NOMINATED_NODE_NAME, "");

    private final Client client;
    private final Informer<Pod> pods;
    private final Informer<Node> nodes;
    private final SeriesRecorder events;
    private final SchedulingCycle cycle;
    private final InstantSource clock;
    private final CachedVolumes volumes;
    private final VolumeBinding binding;
    private final Informer<PodDisruptionBudget> budgets;
    private final VictimRemoval removal;
    private final ClusterState state = new ClusterState();
    private final SchedulingQueue queue = new SchedulingQueue();
    private final WaitingBindings waiting = new WaitingBindings();
    /// Pods of which somebody says that they are not to be scheduled yet.
    private final Set<ObjectKey> gated = ConcurrentHashMap.newKeySet();
    private final SchedulerMetrics metrics;

    public Scheduler(
            Client client,
            Informers caches,
            SeriesRecorder events,
            SchedulingCycle cycle,
            InstantSource clock,
            Metrics metrics) {
        this.metrics = new SchedulerMetrics(metrics, System::nanoTime, this::pending, this::known);
        this.client = client;
        this.pods = caches.of(Resources.PODS);
        this.nodes = caches.of(Resources.NODES);
        this.events = events;
        this.cycle = cycle;
        this.clock = clock;
        volumes = new CachedVolumes(caches);
        binding = new VolumeBinding(client, volumes);
        budgets = caches.of(Resources.POD_DISRUPTION_BUDGETS);
        removal = new VictimRemoval(client, events, clock, victim -> waiting.callBack(victim.uid()));
    }

    public void start(TaskScope scope) {
        pods.onChange(this::podChanged);
        nodes.onChange((old, now) -> {
            synchronized (state) {
                state.node(old, now);
            }
            if (now.exists() && !sameForScheduling(old, now)) queue.wake();
        });
        volumes.onChange(
                claim -> queue.wake(pod -> PodVolumes.claims(pod).contains(claim)),
                () -> queue.wake(pod -> !PodVolumes.claims(pod).isEmpty()));
        scope.start("scheduler", () -> {
            pods.awaitSync();
            nodes.awaitSync();
            volumes.awaitSync();
            budgets.awaitSync();
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

    private Map<String, Integer> pending() {
        var sizes = new HashMap<>(queue.sizes());
        sizes.put("gated", gated.size());
        return sizes;
    }

    private Map<String, Integer> known() {
        synchronized (state) {
            return state.sizes();
        }
    }

    private static boolean waits(Pod pod) {
        return pod.exists() && !Pods.assigned(pod) && pod.spec().schedulerName().equals(NAME) && !pod.deleting();
    }

    private static boolean ours(Pod pod) {
        return waits(pod) && pod.spec().schedulingGates().isEmpty();
    }

    private void podChanged(Pod old, Pod now) {
        var key = (now.exists() ? now : old).key();
        if (waits(now) && !ours(now)) gated.add(key);
        else gated.remove(key);
        boolean ceded;
        boolean shrunk = false;
        synchronized (state) {
            boolean nominated = state.nominations().has(key);
            if (takesRoom(now)) shrunk = state.place(now);
            else if (ours(now)) state.waiting(old, now);
            else state.remove(key);
            ceded = nominated && !takesRoom(now) && !state.nominations().has(key);
        }
        if (ceded || shrunk) queue.wake();
        if (ours(now)) {
            // What this scheduler writes about a pod that waits is no reason to try it again.
            boolean first = !ours(old) || !old.spec().semanticEquals(now.spec());
            if (first) queue.add(now);
            return;
        }
        queue.remove(key);
        boolean freed = !now.exists() || Pods.ended(now);
        if (freed && Pods.assigned(old)) queue.wake();
    }

    /// A heartbeat makes no room.
    private static boolean sameForScheduling(Node old, Node now) {
        return old.exists()
                && old.spec().equals(now.spec())
                && old.labels().equals(now.labels())
                && old.status().allocatable().equals(now.status().allocatable());
    }

    private static boolean takesRoom(Pod pod) {
        return pod.exists() && Pods.assigned(pod) && !Pods.ended(pod);
    }

    private void schedule(SchedulingQueue.Attempt attempt) {
        var pod = pods.get(attempt.pod().key());
        if (!ours(pod)) return;
        long began = metrics.now();
        SchedulingCycle.Outcome outcome;
        Node node;
        Preemption.Answer answer = Preemption.Answer.None.NOT_ASKED;
        List<ObjectKey> outranked = List.of();
        synchronized (state) {
            var info = PodInfo.of(pod, volumes, state::users);
            outcome = cycle.schedule(info, state.nodes(), state.nominations());
            metrics.decided(began);
            node = state.node(outcome.node());
            if (outcome.scheduled()) {
                state.assume(pod, outcome.node());
                volumes.assume(outcome.volumes(), outcome.node());
            } else {
                answer = preemption().answer(info, outcome);
                metrics.preempted(
                        answer instanceof Preemption.Answer.Victims victims
                                ? victims.pods().size()
                                : 0);
                outranked = nominate(info, answer);
            }
        }
        if (!outcome.scheduled()) {
            var message = outcome.message() + answer.text();
            events.record(pod, EventType.WARNING, "FailedScheduling", "Scheduling", message);
            queue.failed(attempt);
            metrics.ended(SchedulerMetrics.UNSCHEDULABLE, began);
            report(pod, outcome.reason(), message, answer.nominated(pod));
            if (answer instanceof Preemption.Answer.Victims victims) makeRoom(pod, victims, outranked);
            return;
        }
        // The next pod need not wait until this one's place is durable.
        Thread.ofVirtual().name("bind").start(() -> {
            boolean bound = bind(attempt, pod, node, outcome.volumes());
            metrics.ended(bound ? SchedulerMetrics.SCHEDULED : SchedulerMetrics.ERROR, began);
            if (bound) metrics.bound(attempt.attempts(), attempt.since());
        });
    }

    private Preemption preemption() {
        return new Preemption(cycle, state, pods::get, budgets.all(), clock.instant());
    }

    /// Returns who has to wait for another node, because room is made for a more important pod on theirs.
    private List<ObjectKey> nominate(PodInfo info, Preemption.Answer answer) {
        var nominations = state.nominations();
        var node = answer.nominated(info.pod());
        if (node.isEmpty()) nominations.remove(info.pod().key());
        if (!(answer instanceof Preemption.Answer.Victims)) return List.of();
        nominations.add(info.pod().key(), info.taken(), node);
        var outranked = nominations.below(node, info.priority());
        outranked.forEach(nominations::remove);
        return outranked;
    }

    /// The next pod need not wait until the victims are told.
    private void makeRoom(Pod pod, Preemption.Answer.Victims victims, List<ObjectKey> outranked) {
        Thread.ofVirtual().name("preempt").start(() -> {
            try {
                for (var other : outranked) clearNomination(other);
                removal.remove(pod, victims);
            } catch (ApiException e) {
                LOG.warn("{}: {}", pod.key(), e.getMessage());
                queue.wake(waiting -> waiting.key().equals(pod.key()));
            }
        });
    }

    private void clearNomination(ObjectKey pod) {
        try {
            client.mergePatch(Resources.PODS, pod, "status", Map.of("status", NOT_NOMINATED));
        } catch (ApiException e) {
            LOG.debug("{}: {}", pod, e.getMessage());
        }
        queue.wake(waiting -> waiting.key().equals(pod));
    }

    /// Whether it is bound.
    private boolean bind(SchedulingQueue.Attempt attempt, Pod pod, Node node, PodClaims.Plan plan) {
        try {
            prepare(pod, node, plan);
            return bind(attempt, pod, node.name());
        } catch (VolumeBinding.BindingException e) {
            notBound(attempt, pod, "running PreBind plugin \"VolumeBinding\": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ApiException e) {
            forget(pod);
            refused(attempt, e);
        }
        return false;
    }

    private void prepare(Pod pod, Node node, PodClaims.Plan plan)
            throws VolumeBinding.BindingException, InterruptedException {
        if (plan.empty()) return;
        boolean calledBack;
        waiting.begin(pod.uid());
        try {
            binding.bind(plan, node, () -> ours(pods.get(pod.key())), () -> waiting.isCalledBack(pod.uid()));
        } finally {
            calledBack = waiting.end(pod.uid());
        }
        // Its volumes were ready at that very moment.
        if (calledBack) throw VolumeBinding.calledBack();
    }

    /// Its claims did not get what was decided; another node may have it.
    private void notBound(SchedulingQueue.Attempt attempt, Pod pod, String message) {
        forget(pod);
        // Somebody may wait for its place.
        queue.wake();
        queue.refused(attempt);
        if (!ours(pods.get(pod.key()))) return;
        events.record(pod, EventType.WARNING, "FailedScheduling", "Scheduling", message);
        try {
            report(pod, "SchedulerError", message, pod.status().nominatedNodeName());
        } catch (ApiException e) {
            LOG.debug("{}: {}", pod.key(), e.getMessage());
        }
    }

    private void forget(Pod pod) {
        synchronized (state) {
            state.forget(pod.key());
        }
    }

    private boolean bind(SchedulingQueue.Attempt attempt, Pod pod, String node) {
        try {
            var binding = Binding.builder()
                    .apiVersion("v1")
                    .kind("Binding")
                    .metadata(metadata ->
                            metadata.name(pod.name()).namespace(pod.namespace()).uid(pod.uid()))
                    .target(target -> target.apiVersion("v1").kind("Node").name(node));
            client.post(Resources.PODS, pod.key(), "binding", binding.map());
            events.record(
                    pod,
                    EventType.NORMAL,
                    "Scheduled",
                    "Binding",
                    "Successfully assigned " + pod.key() + " to " + node);
            return true;
        } catch (ApiException e) {
            forget(pod);
            refused(attempt, e);
            return false;
        }
    }

    private void refused(SchedulingQueue.Attempt attempt, ApiException e) {
        if (e.reason() != ApiException.Reason.NOT_FOUND && e.reason() != ApiException.Reason.CONFLICT)
            LOG.warn("{}: {}", attempt.pod().key(), e.getMessage());
        queue.refused(attempt);
    }

    /// @param nominated the node on which room is being made, `""` when there is none
    private void report(Pod pod, String reason, String message, String nominated) {
        var before = pod.status().nominatedNodeName();
        if (nominated.equals(before)
                && Pods.condition(pod, PodConditionType.POD_SCHEDULED).message().equals(message)) return;
        var condition = Conditions.of(
                        PodCondition::of,
                        PodConditionType.POD_SCHEDULED,
                        ConditionStatus.FALSE,
                        reason,
                        message,
                        clock.instant())
                .toBuilder()
                .observedGeneration(pod.metadata().generation())
                .build();
        var unscheduled = Pod.builder().status(status -> {
            status.addConditions(condition);
            if (!nominated.equals(before)) status.nominatedNodeName(nominated);
        });
        client.strategicPatch(Resources.PODS, pod.key(), "status", unscheduled.map());
    }
}
