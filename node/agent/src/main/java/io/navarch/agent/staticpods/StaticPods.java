package io.navarch.agent.staticpods;

import io.navarch.agent.act.PodRecords;
import io.navarch.agent.decide.PodLifecycle;
import io.navarch.agent.decide.StaticPod;
import io.navarch.kinds.pod.PodManifest;
import io.navarch.model.Pod;
import io.navarch.model.PodPhase;
import io.navarch.model.PodStatus;
import io.navarch.objects.ObjectKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The pods that the node runs by itself: which there are to be, which there are, and how they are. Two of the same
/// name never run at the same time: the next one begins when the one before it has ended.
public final class StaticPods implements PodRecords {
    private static final Logger LOG = LoggerFactory.getLogger(StaticPods.class);

    private final PodRecords others;
    private final BiConsumer<Pod, Pod> changed;
    private final Consumer<ObjectKey> shown;
    private final InstantSource clock;
    /// What is described, by where; guarded by the monitor.
    private final Map<String, Pod> described = new TreeMap<>();
    /// What runs, by name; read without the monitor, written with it.
    private final Map<ObjectKey, Pod> pods = new ConcurrentHashMap<>();
    /// Guarded by the monitor.
    private long revision;

    /// Whether all descriptions have been read once.
    private volatile boolean listed;

    /// @param others where it is written down how all other pods are
    /// @param changed hears of pods that come, change and are to end; `old` is absent for one that comes
    /// @param shown hears of every pod of which others are to see something else
    public StaticPods(PodRecords others, BiConsumer<Pod, Pod> changed, Consumer<ObjectKey> shown, InstantSource clock) {
        this.others = others;
        this.changed = changed;
        this.shown = shown;
        this.clock = clock;
    }

    /// The pod of this name, also one that ends; absent when there is none.
    public Pod get(ObjectKey key) {
        return pods.getOrDefault(key, Pod.ABSENT);
    }

    public Collection<Pod> all() {
        return List.copyOf(pods.values());
    }

    /// Whether it is known which there are to be: before that, none that runs is anybody's leftover.
    public boolean known() {
        return listed;
    }

    /// There is a description, or another one than before.
    ///
    /// @param place where it is; of two for pods of the same name the one at the later place counts
    public synchronized void put(String place, Pod pod) {
        var before = described.put(place, pod);
        if (before != null && !before.key().equals(pod.key())) settle(before.key());
        settle(pod.key());
    }

    public synchronized void remove(String place) {
        var before = described.remove(place);
        if (before != null) settle(before.key());
    }

    /// These are all descriptions that there are.
    public synchronized void replace(Map<String, Pod> all) {
        listed = true;
        for (var place : List.copyOf(described.keySet())) if (!all.containsKey(place)) remove(place);
        all.forEach(this::put);
    }

    private Optional<Pod> wanted(ObjectKey key) {
        return described.values().stream().filter(pod -> pod.key().equals(key)).reduce((earlier, later) -> later);
    }

    private void settle(ObjectKey key) {
        var wanted = wanted(key);
        var now = get(key);
        if (!now.exists()) {
            wanted.ifPresent(pod -> begin(pod, PodStatus.ABSENT));
        } else if (!now.deleting()
                && wanted.filter(pod -> pod.uid().equals(now.uid())).isEmpty()) {
            LOG.info("{} is to end: its description is {}", key, wanted.isEmpty() ? "gone" : "another");
            change(
                    now,
                    now.toBuilder()
                            .metadata(now.metadata().toBuilder()
                                    .deletionTimestamp(clock.instant())
                                    .deletionGracePeriodSeconds(PodLifecycle.graceSeconds(now))
                                    .build()));
        }
    }

    /// @param before how the same pod was when it ended, absent for another one
    private void begin(Pod pod, PodStatus before) {
        LOG.info("{} is run, as a manifest says (uid {})", pod.key(), pod.uid());
        var status = pod.status().toBuilder().phase(PodPhase.PENDING);
        // It is the same pod that starts once more.
        if (before.hasStartTime()) status.startTime(before.startTime().orElseThrow());
        if (!before.containerStatuses().isEmpty()) status.containerStatuses(before.containerStatuses());
        change(
                Pod.ABSENT,
                pod.toBuilder()
                        .metadata(pod.metadata().toBuilder()
                                .putAnnotations(
                                        PodManifest.SEEN, clock.instant().toString())
                                .creationTimestamp(clock.instant())
                                .build())
                        .status(status.build()));
    }

    private void change(Pod old, Pod.Builder to) {
        var now = stored(to);
        changed.accept(old, now);
        shown.accept(now.key());
    }

    private Pod stored(Pod.Builder pod) {
        var now = pod.metadata(pod.build().metadata().toBuilder()
                        .resourceVersion(String.valueOf(++revision))
                        .build())
                .build();
        pods.put(now.key(), now);
        return now;
    }

    /// Takes over what an earlier agent has told of a pod.
    synchronized void adopt(Pod pod, PodStatus told) {
        var now = get(pod.key());
        if (now.uid().equals(pod.uid())) change(now, now.toBuilder().status(told));
    }

    @Override
    public Optional<Pod> write(Pod pod, PodStatus status) {
        if (!StaticPod.is(pod)) return others.write(pod, status);
        var written = written(pod, status);
        if (written.isPresent()) shown.accept(pod.key());
        return written;
    }

    private synchronized Optional<Pod> written(Pod pod, PodStatus status) {
        var now = get(pod.key());
        boolean same = now.uid().equals(pod.uid()) && now.resourceVersion().equals(pod.resourceVersion());
        return same ? Optional.of(stored(now.toBuilder().status(status))) : Optional.empty();
    }

    /// One that the node runs by itself goes once nobody looks after it any more.
    @Override
    public void delete(Pod pod) {
        if (!StaticPod.is(pod)) others.delete(pod);
    }

    /// Nobody looks after a pod any more: nothing is left of it.
    public synchronized void released(String uid) {
        for (var pod : new ArrayList<>(pods.values())) {
            if (!pod.uid().equals(uid)) continue;
            pods.remove(pod.key());
            var next = wanted(pod.key());
            next.ifPresent(each -> begin(each, each.uid().equals(uid) ? pod.status() : PodStatus.ABSENT));
            if (next.isEmpty()) shown.accept(pod.key());
        }
    }
}
