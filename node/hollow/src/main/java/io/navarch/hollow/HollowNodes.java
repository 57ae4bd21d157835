package io.navarch.hollow;

import io.navarch.client.Client;
import io.navarch.client.Informers;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.TaskScope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Many nodes in one: registers them, keeps them alive, and says of their pods what node agents would.
public final class HollowNodes {
    private static final Logger LOG = LoggerFactory.getLogger(HollowNodes.class);
    private static final String PREFIX = "hollow-";
    private static final int WORKERS = 16;
    private static final Duration LEASE = Duration.ofSeconds(10);

    private enum Step {
        START,
        END,
        REMOVE
    }

    /// Something to tell about a pod, when it is due.
    private record Due(ObjectKey pod, String uid, Step step, long at) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(at - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(at, ((Due) other).at);
        }
    }

    private final Client client;
    private final int count;
    private final Behaviour behaviour;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final DelayQueue<Due> due = new DelayQueue<>();
    private final AtomicInteger addresses = new AtomicInteger();

    public HollowNodes(Client client, int count, Behaviour behaviour, InstantSource clock, RandomGenerator random) {
        this.client = client;
        this.count = count;
        this.behaviour = behaviour;
        this.clock = clock;
        this.random = random;
    }

    private static String name(int index) {
        return "%s%04d".formatted(PREFIX, index);
    }

    /// Registers the nodes and begins to follow pods. Call before the caches start.
    public void start(TaskScope scope, Informers caches) {
        caches.of(Resources.PODS.untyped()).onChange(this::changed);
        for (int i = 0; i < WORKERS; i++) scope.start("hollow-pods", this::work);
        scope.start("hollow-nodes", () -> {
            for (int i = 0; i < count; i++) register(name(i));
            LOG.info("{} hollow nodes are ready", count);
            // Each in its turn, so that they do not all come at once.
            for (int i = 0; ; i = (i + 1) % Math.max(1, count)) {
                renew(name(i));
                TaskScope.pause(Math.max(1, LEASE.toMillis() / Math.max(1, count)));
            }
        });
    }

    private void register(String node) {
        var capacity = Trees.map("cpu", "64", "memory", "256Gi", "pods", "1000", "ephemeral-storage", "1Ti");
        try {
            client.create(
                    Resources.NODES.untyped(),
                    Trees.map(
                            "metadata",
                            Trees.map(
                                    "name",
                                    node,
                                    "labels",
                                    Trees.map(
                                            "kubernetes.io/hostname", node,
                                            "kubernetes.io/os", "linux",
                                            "navarch.io/hollow", "true")),
                            "spec",
                            Trees.map()));
        } catch (ApiException e) {
            if (e.reason() != ApiException.Reason.ALREADY_EXISTS) throw e;
        }
        var now = Timestamps.seconds(clock.instant());
        var conditions = new ArrayList<Object>();
        for (var type : List.of("MemoryPressure", "DiskPressure", "PIDPressure", "Ready"))
            conditions.add(Trees.map(
                    "type",
                    type,
                    "status",
                    type.equals("Ready") ? "True" : "False",
                    "reason",
                    type.equals("Ready") ? "KubeletReady" : "KubeletHasNo" + type,
                    "message",
                    "hollow",
                    "lastHeartbeatTime",
                    now,
                    "lastTransitionTime",
                    now));
        client.mergePatch(
                Resources.NODES.untyped(),
                new ObjectKey("", node),
                "status",
                Trees.map(
                        "status",
                        Trees.map(
                                "capacity", capacity, "allocatable", Trees.copy(capacity), "conditions", conditions)));
        renew(node);
    }

    private void renew(String node) {
        var key = new ObjectKey("kube-node-lease", node);
        var spec = Trees.map(
                "holderIdentity", node, "leaseDurationSeconds", 40L, "renewTime", Timestamps.micros(clock.instant()));
        try {
            client.mergePatch(Resources.LEASES.untyped(), key, "", Trees.map("spec", spec));
        } catch (ApiException e) {
            if (e.reason() != ApiException.Reason.NOT_FOUND) {
                LOG.warn("lease of {}: {}", node, e.getMessage());
                return;
            }
            client.create(
                    Resources.LEASES.untyped(),
                    Trees.map("metadata", Trees.map("name", node, "namespace", key.namespace()), "spec", spec));
        }
    }

    private void changed(View old, View now) {
        if (!now.exists() || !now.spec().get("nodeName").string().startsWith(PREFIX)) return;
        if (now.deleting()) {
            if (!old.deleting()) plan(now, Step.REMOVE, Duration.ofMillis(10));
            return;
        }
        var phase = now.status().get("phase").string();
        boolean placed = old.spec().get("nodeName").string().isEmpty();
        if (placed && phase.equals("Pending")) plan(now, Step.START, behaviour.start(random));
        boolean ends = !now.spec().get("restartPolicy").stringOr("Always").equals("Always");
        boolean started = !old.status().get("phase").string().equals("Running") && phase.equals("Running");
        if (ends && started) plan(now, Step.END, behaviour.run());
    }

    private void plan(View pod, Step step, Duration delay) {
        due.add(new Due(pod.key(), pod.uid(), step, System.nanoTime() + delay.toNanos()));
    }

    private void work() throws InterruptedException {
        while (true) {
            var next = due.take();
            try {
                carryOut(next);
            } catch (ApiException e) {
                boolean over = e.reason() == ApiException.Reason.NOT_FOUND
                        || e.reason() == ApiException.Reason.CONFLICT && next.step == Step.REMOVE;
                if (!over) due.add(new Due(next.pod, next.uid, next.step, System.nanoTime() + 200_000_000L));
            }
        }
    }

    private void carryOut(Due next) {
        if (next.step == Step.REMOVE) {
            client.delete(Resources.PODS.untyped(), next.pod, next.uid, 0L, "");
            return;
        }
        var pod = client.get(Resources.PODS.untyped(), next.pod);
        if (!pod.uid().equals(next.uid) || pod.deleting()) return;
        Instant now = clock.instant();
        var status = next.step == Step.START && !endsBeforeStart(pod)
                ? HollowPod.running(pod, address(), now)
                : HollowPod.ended(pod, next.step == Step.START || behaviour.fails(random), now);
        client.mergePatch(
                Resources.PODS.untyped(),
                next.pod,
                "status",
                Trees.map("metadata", Trees.map("uid", next.uid), "status", status));
    }

    /// A pod that is to run for ever fails at its start; one that is to end fails at its end.
    private boolean endsBeforeStart(View pod) {
        return pod.spec().get("restartPolicy").stringOr("Always").equals("Always") && behaviour.fails(random);
    }

    private String address() {
        int number = addresses.incrementAndGet();
        return "10." + (128 + (number >> 16 & 127)) + "." + (number >> 8 & 255) + "." + (number & 255);
    }
}
