package io.navarch.agent;

import io.navarch.agent.RuntimeState.Container;
import io.navarch.agent.RuntimeState.Phase;
import io.navarch.agent.RuntimeState.Sandbox;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.v1.ContainerState;
import io.navarch.cri.v1.PodSandboxState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What the runtime has, by pod. Lists again and again, since containerd 1.6 tells no events; details are asked for
/// only where something has changed, or may still.
final class RuntimeCache {
    /// containerd may hear that memory ran out only after it has heard of the exit, and corrects the reason then.
    private static final Duration REASON_MAY_CHANGE = Duration.ofSeconds(10);

    private static final int KILLED = 137;

    private final ContainerRuntime runtime;
    private final InstantSource clock;
    private final Map<String, Container> known = new ConcurrentHashMap<>();
    private final Map<String, Sandbox> sandboxes = new ConcurrentHashMap<>();
    private volatile Map<String, RuntimeState> states = Map.of();

    RuntimeCache(ContainerRuntime runtime, InstantSource clock) {
        this.runtime = runtime;
        this.clock = clock;
    }

    RuntimeState state(String uid) {
        return states.getOrDefault(uid, RuntimeState.NOTHING);
    }

    Set<String> pods() {
        return states.keySet();
    }

    /// Lists the runtime; returns the pods of which something has changed.
    synchronized Set<String> refresh() {
        var boxes = new HashMap<String, List<Sandbox>>();
        var containers = new HashMap<String, List<Container>>();
        var seen = new HashSet<String>();
        for (var box : runtime.podSandboxes()) {
            var uid = box.getMetadata().getUid();
            seen.add(box.getId());
            boolean ready = box.getState() == PodSandboxState.SANDBOX_READY;
            var before = sandboxes.get(box.getId());
            if (before == null
                    || before.ready() != ready
                    || ready && before.ip().isEmpty()) {
                var ip = ready ? address(box.getId()) : before == null ? "" : before.ip();
                before = new Sandbox(box.getId(), box.getMetadata().getAttempt(), ready, ip, time(box.getCreatedAt()));
                sandboxes.put(box.getId(), before);
            }
            boxes.computeIfAbsent(uid, key -> new ArrayList<>()).add(before);
        }
        for (var container : runtime.containers()) {
            seen.add(container.getId());
            var uid = container.getLabelsOrDefault(ContainerConfigs.POD_UID, "");
            var detail = detail(container);
            if (detail != null)
                containers.computeIfAbsent(uid, key -> new ArrayList<>()).add(detail);
        }
        known.keySet().retainAll(seen);
        sandboxes.keySet().retainAll(seen);
        var next = new HashMap<String, RuntimeState>();
        var uids = new HashSet<>(boxes.keySet());
        uids.addAll(containers.keySet());
        for (var uid : uids) {
            var ofPod = boxes.getOrDefault(uid, new ArrayList<>());
            ofPod.sort(Comparator.comparing(Sandbox::created).reversed());
            var inPod = containers.getOrDefault(uid, new ArrayList<>());
            inPod.sort(RuntimeState.NEWEST_FIRST);
            next.put(uid, new RuntimeState(List.copyOf(ofPod), List.copyOf(inPod)));
        }
        var changed = new HashSet<String>();
        for (var uid : next.keySet()) if (!next.get(uid).equals(states.get(uid))) changed.add(uid);
        for (var uid : states.keySet()) if (!next.containsKey(uid)) changed.add(uid);
        states = next;
        return changed;
    }

    private String address(String sandbox) {
        try {
            return runtime.podSandboxStatus(sandbox).getNetwork().getIp();
        } catch (ContainerRuntime.RuntimeFailure e) {
            return "";
        }
    }

    private Container detail(io.navarch.cri.v1.Container listed) {
        var phase = phase(listed.getState());
        var before = known.get(listed.getId());
        if (before != null && before.phase() == phase && !reasonMayChange(before, clock.instant())) return before;
        try {
            var status = runtime.containerStatus(listed.getId());
            var detail = new Container(
                    listed.getId(),
                    listed.getPodSandboxId(),
                    listed.getLabelsOrDefault(ContainerConfigs.CONTAINER_NAME, ""),
                    listed.getMetadata().getAttempt(),
                    listed.getAnnotationsOrDefault(ContainerConfigs.HASH, ""),
                    phase(status.getState()),
                    time(status.getCreatedAt()),
                    status.getStartedAt() == 0 ? null : time(status.getStartedAt()),
                    time(status.getFinishedAt() == 0 ? status.getCreatedAt() : status.getFinishedAt()),
                    status.getExitCode(),
                    status.getReason(),
                    status.getMessage(),
                    status.getImage().getImage(),
                    status.getImageRef());
            known.put(listed.getId(), detail);
            return detail;
        } catch (ContainerRuntime.RuntimeFailure e) {
            if (e.notFound()) return null;
            throw e;
        }
    }

    /// Whether the runtime may yet say another reason for the end of this container.
    static boolean reasonMayChange(Container container, Instant now) {
        return container.phase() == Phase.EXITED
                && container.exitCode() == KILLED
                && !container.reason().equals("OOMKilled")
                && container.finished().plus(REASON_MAY_CHANGE).isAfter(now);
    }

    private static Phase phase(ContainerState state) {
        return switch (state) {
            case CONTAINER_CREATED -> Phase.CREATED;
            case CONTAINER_RUNNING -> Phase.RUNNING;
            case CONTAINER_EXITED -> Phase.EXITED;
            default -> Phase.UNKNOWN;
        };
    }

    private static Instant time(long nanos) {
        return Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000);
    }
}
