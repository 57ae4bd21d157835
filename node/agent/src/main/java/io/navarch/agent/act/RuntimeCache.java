package io.navarch.agent.act;

import io.navarch.agent.decide.ContainerConfigs;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.agent.decide.RuntimeState.Phase;
import io.navarch.cri.Container;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.ContainerState;
import io.navarch.cri.RuntimeFailure;
import io.navarch.cri.Sandbox;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What the runtime has, by pod. Lists it, as a whole or one pod of it, and asks for details only where something has
/// changed or still may.
public final class RuntimeCache {
    /// containerd may hear that memory ran out only after it has heard of the exit, and corrects the reason then.
    private static final Duration REASON_MAY_CHANGE = Duration.ofSeconds(10);

    private static final int KILLED = 137;

    private final ContainerRuntime runtime;
    private final InstantSource clock;
    /// By the pod's uid. Read without the monitor, written with it.
    private final Map<String, RuntimeState> states = new ConcurrentHashMap<>();

    public RuntimeCache(ContainerRuntime runtime, InstantSource clock) {
        this.runtime = runtime;
        this.clock = clock;
    }

    public RuntimeState state(String uid) {
        return states.getOrDefault(uid, RuntimeState.NOTHING);
    }

    /// The uids of the pods that the runtime has anything of.
    public Set<String> pods() {
        return Set.copyOf(states.keySet());
    }

    /// Looks at one pod.
    public synchronized RuntimeState refresh(String uid) {
        var now = list(Map.of(ContainerConfigs.POD_UID, uid)).getOrDefault(uid, RuntimeState.NOTHING);
        put(uid, now);
        return now;
    }

    /// Looks at everything; returns the pods of which something has changed.
    public synchronized Set<String> refresh() {
        var listed = list(Map.of());
        var changed = new HashSet<String>();
        for (var uid : pods()) {
            if (!listed.containsKey(uid)) changed.add(uid);
        }
        listed.forEach((uid, now) -> {
            if (!now.equals(states.get(uid))) changed.add(uid);
        });
        for (var uid : changed) put(uid, listed.getOrDefault(uid, RuntimeState.NOTHING));
        return changed;
    }

    private void put(String uid, RuntimeState state) {
        if (state.equals(RuntimeState.NOTHING)) states.remove(uid);
        else states.put(uid, state);
    }

    private Map<String, RuntimeState> list(Map<String, String> labels) {
        var boxes = new HashMap<String, List<RuntimeState.Sandbox>>();
        for (var listed : runtime.podSandboxes(labels))
            boxes.computeIfAbsent(listed.podUid(), key -> new ArrayList<>()).add(detail(listed));
        var inPods = new HashMap<String, List<RuntimeState.Container>>();
        for (var listed : runtime.containers(labels)) {
            var uid = listed.labels().getOrDefault(ContainerConfigs.POD_UID, "");
            detail(uid, listed)
                    .ifPresent(detail -> inPods.computeIfAbsent(uid, key -> new ArrayList<>())
                            .add(detail));
        }
        var uids = new HashSet<>(boxes.keySet());
        uids.addAll(inPods.keySet());
        var states = new HashMap<String, RuntimeState>();
        for (var uid : uids) {
            var ofPod = boxes.getOrDefault(uid, new ArrayList<>());
            ofPod.sort(Comparator.comparing(RuntimeState.Sandbox::created).reversed());
            var inPod = inPods.getOrDefault(uid, new ArrayList<>());
            inPod.sort(RuntimeState.NEWEST_FIRST);
            states.put(uid, new RuntimeState(List.copyOf(ofPod), List.copyOf(inPod)));
        }
        return states;
    }

    private RuntimeState.Sandbox detail(Sandbox listed) {
        var before = state(listed.podUid()).sandboxes().stream()
                .filter(box -> box.id().equals(listed.id()))
                .findFirst();
        boolean same = before.filter(box -> box.ready() == listed.ready())
                .filter(box -> !box.ready() || !box.ip().isEmpty())
                .isPresent();
        if (same) return before.get();
        // A sandbox that has stopped keeps the address that it had.
        var ip = listed.ready()
                ? address(listed.id())
                : before.map(RuntimeState.Sandbox::ip).orElse("");
        return new RuntimeState.Sandbox(listed.id(), listed.attempt(), listed.ready(), ip, listed.created());
    }

    private String address(String sandbox) {
        try {
            return runtime.podSandboxAddress(sandbox);
        } catch (RuntimeFailure e) {
            return "";
        }
    }

    private Optional<RuntimeState.Container> detail(String uid, Container listed) {
        var phase = phase(listed.state());
        var before = state(uid).containers().stream()
                .filter(known -> known.id().equals(listed.id()))
                .filter(known -> known.phase() == phase && !reasonMayChange(known, clock.instant()))
                .findFirst();
        if (before.isPresent()) return before;
        try {
            var status = runtime.containerStatus(listed.id());
            return Optional.of(new RuntimeState.Container(
                    listed.id(),
                    listed.sandboxId(),
                    listed.labels().getOrDefault(ContainerConfigs.CONTAINER_NAME, ""),
                    listed.attempt(),
                    listed.annotations().getOrDefault(ContainerConfigs.HASH, ""),
                    phase(status.state()),
                    status.created(),
                    status.started(),
                    status.finished().orElse(status.created()),
                    status.exitCode(),
                    status.reason(),
                    status.message(),
                    status.image(),
                    status.imageRef()));
        } catch (RuntimeFailure e) {
            if (e.notFound()) return Optional.empty();
            throw e;
        }
    }

    /// Whether the runtime may yet give another reason for the end of this container.
    static boolean reasonMayChange(RuntimeState.Container container, Instant now) {
        return container.phase() == Phase.EXITED
                && container.exitCode() == KILLED
                && !container.reason().equals("OOMKilled")
                && container.finished().plus(REASON_MAY_CHANGE).isAfter(now);
    }

    private static Phase phase(ContainerState state) {
        return switch (state) {
            case CREATED -> Phase.CREATED;
            case RUNNING -> Phase.RUNNING;
            case EXITED -> Phase.EXITED;
            case UNKNOWN -> Phase.UNKNOWN;
        };
    }
}
