package io.navarch.agent.decide;

import io.navarch.kinds.pod.Pods;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Container;
import io.navarch.model.ContainerState;
import io.navarch.model.ContainerStateTerminated;
import io.navarch.model.ContainerStatus;
import io.navarch.model.Pod;
import io.navarch.model.PodCondition;
import io.navarch.model.PodConditionType;
import io.navarch.model.PodPhase;
import io.navarch.model.PodStatus;
import io.navarch.model.RestartPolicy;
import io.navarch.model.StatusCondition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A pod's status as the agent reports it: phase, conditions, container states. What others wrote stays.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
public final class PodStatusReport {
    static final String DEADLINE_MESSAGE = "Pod was active on the node longer than the specified deadline";

    private static final int LONGEST_MESSAGE = 4096;
    /// Those of a whole pod.
    private static final int LONGEST_MESSAGES = 12 << 10;

    /// The conditions that the agent owns.
    private static final Set<String> OWNED = Set.of(
            PodConditionType.POD_READY_TO_START_CONTAINERS,
            PodConditionType.INITIALIZED,
            PodConditionType.READY,
            PodConditionType.CONTAINERS_READY,
            PodConditionType.POD_SCHEDULED);

    /// What is known of containers beyond the runtime's state.
    ///
    /// @param waiting why containers wait, by name
    /// @param terminationMessages what ended containers wrote to their termination log, by id
    public record Knowledge(
            ProbeResults probes, Map<String, Waiting> waiting, Map<String, String> terminationMessages) {}

    private final Pod pod;
    private final RuntimeState runtime;
    private final Knowledge knowledge;
    private final String nodeAddress;
    private final Instant now;

    private PodStatusReport(Pod pod, RuntimeState runtime, Knowledge knowledge, String nodeAddress, Instant now) {
        this.pod = pod;
        this.runtime = runtime;
        this.knowledge = knowledge;
        this.nodeAddress = nodeAddress;
        this.now = now;
    }

    public static PodStatus of(Pod pod, RuntimeState runtime, Knowledge knowledge, String nodeAddress, Instant now) {
        return new PodStatusReport(pod, runtime, knowledge, nodeAddress, now).build();
    }

    private PodStatus build() {
        var spec = pod.spec();
        var inits =
                spec.initContainers().stream().map(each -> status(each, true)).toList();
        var containers =
                spec.containers().stream().map(each -> status(each, false)).toList();
        boolean initialized = initialized();
        var phase = settled(phase(initialized));
        var status = pod.status().toBuilder()
                .phase(phase)
                .observedGeneration(pod.metadata().generation())
                .startTime(pod.status().startTime().orElse(now))
                .hostIP(nodeAddress)
                .clearHostIPs()
                .addHostIPs(host -> host.ip(nodeAddress));
        var ip = spec.hostNetwork() ? nodeAddress : runtime.address();
        if (!ip.isEmpty()) status.podIP(ip).clearPodIPs().addPodIPs(own -> own.ip(ip));
        if (!inits.isEmpty()) status.initContainerStatuses(inits);
        if (!Pods.ended(pod) && phase == PodPhase.FAILED && PodLifecycle.deadlineExceeded(pod, now))
            status.reason("DeadlineExceeded").message(DEADLINE_MESSAGE);
        return status.containerStatuses(containers)
                .conditions(conditions(phase, initialized, containers))
                .build();
    }

    private boolean initialized() {
        boolean appRan = pod.spec().containers().stream()
                .anyMatch(app -> runtime.latest(app.name()).isPresent());
        return appRan || pod.spec().initContainers().stream().allMatch(this::initialized);
    }

    private boolean initialized(Container init) {
        return runtime.latest(init.name())
                .filter(latest -> Pods.sidecar(init)
                        ? latest.running() && knowledge.probes().started(latest)
                        : latest.succeeded())
                .isPresent();
    }

    /// A pod has not ended while something of it runs: who sees that it has may use again what it used.
    private PodPhase settled(PodPhase phase) {
        boolean ends = phase == PodPhase.SUCCEEDED || phase == PodPhase.FAILED;
        if (!ends || Pods.ended(pod) || runtime.running().isEmpty()) return phase;
        return pod.status().hasPhase() ? pod.status().phase() : PodPhase.PENDING;
    }

    private PodPhase phase(boolean initialized) {
        if (Pods.ended(pod)) return pod.status().phase();
        if (PodLifecycle.deadlineExceeded(pod, now)) return PodPhase.FAILED;
        if (!initialized) return initFailed() ? PodPhase.FAILED : PodPhase.PENDING;
        boolean running = false;
        boolean failed = false;
        for (var spec : pod.spec().containers()) {
            var found = runtime.latest(spec.name());
            if (found.isEmpty() || found.get().phase() == RuntimeState.Phase.CREATED) return PodPhase.PENDING;
            var latest = found.get();
            if (latest.running() || !pod.deleting() && PodLifecycle.restarts(pod, latest)) running = true;
            else if (latest.exitCode() != 0) failed = true;
        }
        if (running) return PodPhase.RUNNING;
        return failed ? PodPhase.FAILED : PodPhase.SUCCEEDED;
    }

    /// Whether an init container has failed that will not be tried again.
    private boolean initFailed() {
        return pod.spec().restartPolicy() == RestartPolicy.NEVER
                && pod.spec().initContainers().stream()
                        .anyMatch(spec -> !Pods.sidecar(spec)
                                && runtime.latest(spec.name())
                                        .filter(RuntimeState.Container::failed)
                                        .isPresent());
    }

    private ContainerStatus status(Container spec, boolean init) {
        var name = spec.name();
        var found = runtime.latest(name);
        var old = reported(name, init);
        boolean waits = knowledge.waiting().containsKey(name)
                && found.filter(latest -> !latest.exited()).isEmpty();
        var running = found.filter(latest -> latest.running() && !waits);
        boolean sidecar = Pods.sidecar(spec);
        boolean initDone = init
                && !sidecar
                && found.filter(RuntimeState.Container::succeeded).isPresent();
        boolean ready = running.filter(knowledge.probes()::ready).isPresent() && (!init || sidecar);
        var image = found.map(RuntimeState.Container::image)
                .filter(each -> !each.isEmpty())
                .orElse(spec.image());
        var status = ContainerStatus.builder()
                .name(name)
                .state(state(spec, init, waits))
                .lastState(lastState(name, waits, old))
                .ready(initDone || ready)
                .restartCount(found.map(latest -> Math.max(latest.attempt(), 0)).orElse(old.restartCount()))
                .image(image)
                .imageID(found.map(RuntimeState.Container::imageRef).orElse(""))
                .started(running.filter(knowledge.probes()::started).isPresent());
        found.ifPresent(latest -> status.containerID("containerd://" + latest.id()));
        return status.build();
    }

    private ContainerStatus reported(String name, boolean init) {
        var status = pod.status();
        for (var each : init ? status.initContainerStatuses() : status.containerStatuses())
            if (each.name().equals(name)) return each;
        return ContainerStatus.ABSENT;
    }

    private ContainerState state(Container spec, boolean init, boolean waits) {
        var found = runtime.latest(spec.name());
        var state = ContainerState.builder();
        var waiting = knowledge.waiting().get(spec.name());
        if (waits && waiting != null) {
            state.waiting(why -> {
                why.reason(waiting.reason());
                if (!waiting.message().isEmpty()) why.message(waiting.message());
            });
        } else if (found.isEmpty() || found.get().phase() == RuntimeState.Phase.CREATED) {
            boolean initializing = !init && !pod.spec().initContainers().isEmpty();
            state.waiting(why -> why.reason(initializing ? "PodInitializing" : "ContainerCreating"));
        } else if (found.get().running()) {
            state.running(running -> running.startedAt(found.get().started()));
        } else {
            state.terminated(terminated(found.get()));
        }
        return state.build();
    }

    private ContainerState lastState(String name, boolean waits, ContainerStatus old) {
        var last = waits ? runtime.latest(name) : Optional.<RuntimeState.Container>empty();
        if (last.isEmpty()) last = runtime.previous(name).filter(RuntimeState.Container::exited);
        return last.map(ended ->
                        ContainerState.builder().terminated(terminated(ended)).build())
                .orElse(
                        old.hasLastState()
                                ? old.lastState()
                                : ContainerState.builder().build());
    }

    private ContainerStateTerminated terminated(RuntimeState.Container container) {
        var own = knowledge.terminationMessages().getOrDefault(container.id(), "");
        var message = own.isEmpty() ? container.message() : own;
        var completed = container.exitCode() == 0 ? "Completed" : "Error";
        var terminated = ContainerStateTerminated.builder()
                .exitCode(container.exitCode())
                .reason(container.reason().isEmpty() ? completed : container.reason());
        if (!message.isEmpty()) terminated.message(cut(message));
        return terminated
                .startedAt(container.started().orElse(container.created()))
                .finishedAt(container.finished())
                .containerID("containerd://" + container.id())
                .build();
    }

    /// What containers left as their last words is theirs to choose, and everybody who watches pods gets it.
    private String cut(String message) {
        int containers = Math.max(1, Pods.everyContainer(pod.spec()).size());
        int most = Math.min(LONGEST_MESSAGE, LONGEST_MESSAGES / containers);
        var bytes = message.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= most) return message;
        int end = most;
        while (end > 0 && (bytes[end] & 0xC0) == 0x80) end--;
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    private List<PodCondition> conditions(PodPhase phase, boolean initialized, List<ContainerStatus> containers) {
        boolean ended = phase == PodPhase.SUCCEEDED || phase == PodPhase.FAILED;
        var unready = containers.stream()
                .filter(status -> !status.ready())
                .map(ContainerStatus::name)
                .toList();
        boolean containersReady = unready.isEmpty() && !ended;
        var reason = switch (phase) {
            case SUCCEEDED -> "PodCompleted";
            case FAILED -> "PodFailed";
            default -> "ContainersNotReady";
        };
        var message = ended ? "" : "containers with unready status: " + list(unready);
        var containersCondition = containersReady
                ? condition(PodConditionType.CONTAINERS_READY, true, "", "")
                : condition(PodConditionType.CONTAINERS_READY, false, reason, message);
        var initReason = phase == PodPhase.SUCCEEDED ? "PodCompleted" : initialized ? "" : "ContainersNotInitialized";
        var result = new ArrayList<PodCondition>();
        result.add(condition(
                PodConditionType.POD_READY_TO_START_CONTAINERS,
                runtime.readySandbox().isPresent(),
                "",
                ""));
        result.add(condition(
                PodConditionType.INITIALIZED,
                initialized,
                initReason,
                initialized ? "" : "containers with incomplete status: " + list(incomplete())));
        result.add(ready(containersReady, reason, message));
        result.add(containersCondition);
        result.add(condition(PodConditionType.POD_SCHEDULED, true, "", ""));
        for (var other : pod.status().conditions()) {
            if (!OWNED.contains(other.type())) result.add(other);
        }
        return result;
    }

    private PodCondition ready(boolean containersReady, String reason, String message) {
        if (!containersReady) return condition(PodConditionType.READY, false, reason, message);
        for (var gate : pod.spec().readinessGates()) {
            if (!StatusCondition.isTrue(pod.status().conditions(), gate.conditionType()))
                return condition(
                        PodConditionType.READY,
                        false,
                        "ReadinessGatesNotReady",
                        "the status of pod readiness gate \"" + gate.conditionType() + "\" is not \"True\", but False");
        }
        return condition(PodConditionType.READY, true, "", "");
    }

    private static String list(List<String> names) {
        return "[" + String.join(" ", names) + "]";
    }

    private List<String> incomplete() {
        return pod.spec().initContainers().stream()
                .map(Container::name)
                .filter(name -> runtime.latest(name)
                        .filter(RuntimeState.Container::succeeded)
                        .isEmpty())
                .toList();
    }

    private PodCondition condition(String type, boolean value, String reason, String message) {
        var status = value ? ConditionStatus.TRUE : ConditionStatus.FALSE;
        var since = StatusCondition.find(pod.status().conditions(), type)
                .filter(old -> old.status() == status)
                .flatMap(PodCondition::lastTransitionTime)
                .orElse(now);
        var condition = PodCondition.builder()
                .type(type)
                .observedGeneration(pod.metadata().generation())
                .status(status)
                .lastTransitionTime(since);
        if (!reason.isEmpty()) condition.reason(reason);
        if (!message.isEmpty()) condition.message(message);
        return condition.build();
    }
}
