package io.navarch.agent.decide;

import io.navarch.agent.decide.ContainerReport.Knowledge;
import io.navarch.kinds.pod.PodResources;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.ConditionStatus;
import io.navarch.model.ContainerStatus;
import io.navarch.model.Pod;
import io.navarch.model.PodCondition;
import io.navarch.model.PodConditionType;
import io.navarch.model.PodPhase;
import io.navarch.model.PodStatus;
import io.navarch.model.ResourceRequirements;
import io.navarch.model.StatusCondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// A pod's status as the agent reports it: phase, conditions, container states. What others wrote stays.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
public final class PodStatusReport {
    static final String DEADLINE_MESSAGE = "Pod was active on the node longer than the specified deadline";

    /// The conditions that the agent owns.
    private static final Set<String> OWNED = Set.of(
            PodConditionType.POD_READY_TO_START_CONTAINERS,
            PodConditionType.INITIALIZED,
            PodConditionType.READY,
            PodConditionType.CONTAINERS_READY,
            PodConditionType.POD_SCHEDULED,
            PodLifecycle.ALL_CONTAINERS_RESTARTING,
            PodConditionType.POD_RESIZE_PENDING,
            PodConditionType.POD_RESIZE_IN_PROGRESS);

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
        var report = new ContainerReport(pod, runtime, knowledge);
        var inits = spec.initContainers().stream().map(report::init).toList();
        var containers = spec.containers().stream().map(report::app).toList();
        var ephemeral =
                spec.ephemeralContainers().stream().map(report::ephemeral).toList();
        var phase = settled(phase(inits, containers));
        var status = pod.status().toBuilder()
                .phase(phase)
                .startTime(pod.status().startTime().orElse(now))
                .hostIP(nodeAddress)
                .clearHostIPs()
                .addHostIPs(host -> host.ip(nodeAddress));
        // Of what the node runs by itself there are no generations.
        if (pod.metadata().hasGeneration())
            status.observedGeneration(pod.metadata().generation());
        if (!Pods.ended(pod)) resources(status, phase);
        var ip = spec.hostNetwork() ? nodeAddress : runtime.address();
        if (!ip.isEmpty()) status.podIP(ip).clearPodIPs().addPodIPs(own -> own.ip(ip));
        if (!inits.isEmpty()) status.initContainerStatuses(inits);
        if (!ephemeral.isEmpty()) status.ephemeralContainerStatuses(ephemeral);
        if (!Pods.ended(pod) && phase == PodPhase.FAILED && PodLifecycle.deadlineExceeded(pod, now))
            status.reason("DeadlineExceeded").message(DEADLINE_MESSAGE);
        return status.containerStatuses(containers)
                .conditions(conditions(phase, inits, containers))
                .build();
    }

    /// What the node has agreed to give to all of the pod, and what it has.
    private void resources(PodStatus.Builder status, PodPhase phase) {
        var allocated = PodResources.requests(pod.spec());
        if (allocated.isEmpty()) status.clearAllocatedResources();
        else status.allocatedResources(allocated);
        var actual = knowledge.resizing().actual(pod, runtime);
        var resources = ResourceRequirements.builder();
        var requests = PodResources.requests(actual.spec());
        if (!requests.isEmpty()) resources.requests(requests);
        var limits = new TreeMap<>(PodResources.limits(actual.spec()));
        // The group of a pod of which some container is not limited has no limit.
        if (phase == PodPhase.RUNNING)
            limits.keySet().removeIf(name -> Allocation.RESIZABLE.contains(name) && !PodCgroup.limited(actual, name));
        if (!limits.isEmpty()) resources.limits(limits);
        status.resources(resources.build());
    }

    private PodPhase phase(List<ContainerStatus> inits, List<ContainerStatus> containers) {
        if (Pods.ended(pod)) return pod.status().phase();
        if (PodLifecycle.deadlineExceeded(pod, now)) return PodPhase.FAILED;
        boolean over = pod.deleting() && runtime.running().isEmpty();
        return new PhaseRule(pod.spec(), inits, containers).phase(over, runtime.appStarted(pod.spec()));
    }

    /// A pod has not ended while something of it runs: who sees that it has may use again what it used.
    private PodPhase settled(PodPhase phase) {
        if (!Pods.ended(phase) || Pods.ended(pod) || runtime.running().isEmpty()) return phase;
        return pod.status().hasPhase() ? pod.status().phase() : PodPhase.PENDING;
    }

    private List<PodCondition> conditions(
            PodPhase phase, List<ContainerStatus> inits, List<ContainerStatus> containers) {
        var readiness = containersReady(phase, inits, containers);
        var result = new ArrayList<PodCondition>();
        result.add(condition(
                PodConditionType.POD_READY_TO_START_CONTAINERS,
                runtime.readySandbox().isPresent(),
                "",
                ""));
        result.add(initialized(phase, inits, containers));
        result.add(ready(readiness));
        result.add(readiness);
        result.add(condition(PodConditionType.POD_SCHEDULED, true, "", ""));
        if (Pods.mayRestartAll(pod.spec())) result.add(restarting(phase));
        var resizing = knowledge.resizing();
        resizing.pending().ifPresent(why -> result.add(resize(PodConditionType.POD_RESIZE_PENDING, why)));
        resizing.ongoing().ifPresent(why -> result.add(resize(PodConditionType.POD_RESIZE_IN_PROGRESS, why)));
        for (var other : pod.status().conditions()) {
            if (!OWNED.contains(other.type())) result.add(other);
        }
        return result;
    }

    private PodCondition resize(String type, Resizing.Condition why) {
        var old = Pods.condition(pod, type);
        var since = old.exists() && old.reason().equals(why.reason())
                ? old.lastTransitionTime().orElse(now)
                : now;
        var condition = PodCondition.builder()
                .type(type)
                .status(ConditionStatus.TRUE)
                .observedGeneration(why.generation())
                .lastTransitionTime(since);
        if (!why.reason().isEmpty()) condition.reason(why.reason());
        if (!why.message().isEmpty()) condition.message(why.message());
        return condition.build();
    }

    private PodCondition restarting(PodPhase phase) {
        var type = PodLifecycle.ALL_CONTAINERS_RESTARTING;
        if (phase == PodPhase.SUCCEEDED) return condition(type, false, "PodCompleted", "");
        if (phase == PodPhase.FAILED) return condition(type, false, "PodFailed", "");
        boolean cleanedUp = Pods.containers(pod.spec()).stream()
                .allMatch(spec -> runtime.latest(spec.name()).isEmpty());
        return cleanedUp || !PodLifecycle.restartsAll(pod, runtime)
                ? condition(type, false, "", "")
                : condition(type, true, "RestartAllContainersStarted", "container exited with restart policy rule");
    }

    private PodCondition containersReady(
            PodPhase phase, List<ContainerStatus> inits, List<ContainerStatus> containers) {
        var type = PodConditionType.CONTAINERS_READY;
        if (phase == PodPhase.SUCCEEDED) return condition(type, false, "PodCompleted", "");
        if (phase == PodPhase.FAILED) return condition(type, false, "PodFailed", "");
        var unready = new ArrayList<String>();
        for (int i = 0; i < inits.size(); i++)
            if (Pods.sidecar(pod.spec().initContainers().get(i))
                    && !inits.get(i).ready()) unready.add(inits.get(i).name());
        for (var container : containers) if (!container.ready()) unready.add(container.name());
        return unready.isEmpty()
                ? condition(type, true, "", "")
                : condition(type, false, "ContainersNotReady", "containers with unready status: " + list(unready));
    }

    private PodCondition initialized(PodPhase phase, List<ContainerStatus> inits, List<ContainerStatus> containers) {
        var type = PodConditionType.INITIALIZED;
        if (phase == PodPhase.SUCCEEDED) return condition(type, true, "PodCompleted", "");
        var incomplete = new ArrayList<String>();
        for (int i = 0; i < inits.size(); i++) {
            boolean sidecar = Pods.sidecar(pod.spec().initContainers().get(i));
            if (!(sidecar ? inits.get(i).started() : inits.get(i).ready()))
                incomplete.add(inits.get(i).name());
        }
        // Of a pod that has run once it stays true: a sidecar may be on its way back.
        boolean ran = containers.stream()
                .anyMatch(each -> each.state().hasRunning() || each.state().hasTerminated());
        if (incomplete.isEmpty() || ran || Pods.isTrue(pod, type)) return condition(type, true, "", "");
        return condition(
                type, false, "ContainersNotInitialized", "containers with incomplete status: " + list(incomplete));
    }

    private PodCondition ready(PodCondition containersReady) {
        var type = PodConditionType.READY;
        if (containersReady.status() != ConditionStatus.TRUE)
            return condition(type, false, containersReady.reason(), containersReady.message());
        var unmet = new ArrayList<String>();
        for (var gate : pod.spec().readinessGates()) {
            var condition = Pods.condition(pod, gate.conditionType());
            if (!condition.exists())
                unmet.add("corresponding condition of pod readiness gate \"" + gate.conditionType()
                        + "\" does not exist.");
            else if (condition.status() != ConditionStatus.TRUE)
                unmet.add("the status of pod readiness gate \"" + gate.conditionType() + "\" is not \"True\", but "
                        + condition.status().text());
        }
        return unmet.isEmpty()
                ? condition(type, true, "", "")
                : condition(type, false, "ReadinessGatesNotReady", String.join(", ", unmet));
    }

    private static String list(List<String> names) {
        return "[" + String.join(" ", names) + "]";
    }

    private PodCondition condition(String type, boolean value, String reason, String message) {
        var status = value ? ConditionStatus.TRUE : ConditionStatus.FALSE;
        var since = StatusCondition.find(pod.status().conditions(), type)
                .filter(old -> old.status() == status)
                .flatMap(PodCondition::lastTransitionTime)
                .orElse(now);
        var condition = PodCondition.builder().type(type).status(status).lastTransitionTime(since);
        if (pod.metadata().hasGeneration())
            condition.observedGeneration(pod.metadata().generation());
        if (!reason.isEmpty()) condition.reason(reason);
        if (!message.isEmpty()) condition.message(message);
        return condition.build();
    }
}
