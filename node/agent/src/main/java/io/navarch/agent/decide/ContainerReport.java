package io.navarch.agent.decide;

import io.navarch.kinds.pod.Pods;
import io.navarch.model.Container;
import io.navarch.model.ContainerState;
import io.navarch.model.ContainerStateTerminated;
import io.navarch.model.ContainerStatus;
import io.navarch.model.EphemeralContainer;
import io.navarch.model.Pod;
import io.navarch.model.ResourceRequirements;
import io.navarch.model.ResourceStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How the containers of one pod are, as its status tells it: what the runtime has of them, and where it has nothing
/// any more, what was told before.
///
/// @param pod with the status that was reported last
public record ContainerReport(Pod pod, RuntimeState runtime, Knowledge knowledge) {
    /// What is known of containers beyond the runtime's state.
    ///
    /// @param waiting why containers wait, by name
    /// @param terminationMessages what ended containers wrote to their termination log, by id
    /// @param devices how well those are that containers have, by the container's name
    public record Knowledge(
            ProbeResults probes,
            Map<String, Waiting> waiting,
            Map<String, String> terminationMessages,
            Resizing resizing,
            Map<String, List<ResourceStatus>> devices) {
        public Knowledge(
                ProbeResults probes,
                Map<String, Waiting> waiting,
                Map<String, String> terminationMessages,
                Resizing resizing) {
            this(probes, waiting, terminationMessages, resizing, Map.of());
        }
    }

    private static final int LONGEST_MESSAGE = 4096;
    /// Those of a whole pod.
    private static final int LONGEST_MESSAGES = 12 << 10;

    private static final String UNKNOWN = "ContainerStatusUnknown";
    static final String RESTARTING_ALL = "RestartingAllContainers";

    private static final int KILLED = 137;

    ContainerStatus init(Container spec) {
        var old = reported(pod.status().initContainerStatuses(), spec.name());
        boolean done = !Pods.sidecar(spec);
        var status = of(spec, old, true);
        boolean ready = done ? status.state().terminated().exists() && succeeded(status) : ready(spec);
        return status.toBuilder().ready(ready).started(started(spec)).build();
    }

    ContainerStatus app(Container spec) {
        var old = reported(pod.status().containerStatuses(), spec.name());
        var status = of(spec, old, false).toBuilder().ready(ready(spec)).started(started(spec));
        var devices = knowledge.devices().getOrDefault(spec.name(), List.of());
        if (!devices.isEmpty()) status.allocatedResourcesStatus(devices);
        return status.build();
    }

    /// Nobody waits for it to be ready.
    ContainerStatus ephemeral(EphemeralContainer spec) {
        var old = reported(pod.status().ephemeralContainerStatuses(), spec.name());
        return of(Container.of(spec.view()), old, false);
    }

    private static boolean succeeded(ContainerStatus status) {
        return status.state().terminated().exitCode() == 0;
    }

    private boolean started(Container spec) {
        return running(spec).filter(knowledge.probes()::started).isPresent();
    }

    private boolean ready(Container spec) {
        return running(spec).filter(knowledge.probes()::ready).isPresent();
    }

    private Optional<RuntimeState.Container> running(Container spec) {
        return runtime.latest(spec.name()).filter(RuntimeState.Container::running);
    }

    private static ContainerStatus reported(List<ContainerStatus> statuses, String name) {
        return statuses.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElse(ContainerStatus.ABSENT);
    }

    private ContainerStatus of(Container spec, ContainerStatus old, boolean init) {
        var found = runtime.latest(spec.name());
        return found.isPresent() ? of(spec, old, found.get()) : missing(spec, old, init);
    }

    private ContainerStatus of(Container spec, ContainerStatus old, RuntimeState.Container latest) {
        var waiting = waiting(spec, latest);
        boolean waits = waiting != null && latest.exited();
        var last = waits ? Optional.of(latest) : runtime.previous(spec.name()).filter(RuntimeState.Container::exited);
        var state = switch (latest.phase()) {
            case CREATED -> waiting == null ? beginning() : waiting(waiting);
            case RUNNING -> running(latest);
            case EXITED, UNKNOWN -> waiting == null ? ended(latest) : waiting(waiting);
        };
        var status = ContainerStatus.builder()
                .name(spec.name())
                .state(state)
                .lastState(last.map(this::ended).orElse(earlier(old, latest)))
                .ready(false)
                .restartCount(Math.max(latest.attempt(), old.restartCount()))
                .image(latest.image().isEmpty() ? spec.image() : latest.image())
                .imageID(latest.imageRef())
                .containerID(id(latest))
                .resources(resources(spec, latest));
        var requests = spec.resources().requests();
        if (!requests.isEmpty()) status.allocatedResources(requests);
        return status.build();
    }

    /// Why it waits to run, `null` when it does not: what could not even be started has ended, unless it is tried
    /// again.
    private @Nullable Waiting waiting(Container spec, RuntimeState.Container latest) {
        if (latest.exited() && (pod.deleting() || !PodLifecycle.restarts(pod, spec, latest))) return null;
        return knowledge.waiting().get(spec.name());
    }

    /// What it has; of one that does not run, what the next one will have.
    private ResourceRequirements resources(Container spec, RuntimeState.Container latest) {
        var has = knowledge.resizing().actual().get(latest.id());
        if (!latest.running() || has == null)
            return spec.resources().toBuilder().build();
        var limits =
                spec.resources().hasLimits() ? has.limits() : spec.resources().limits();
        return Allocation.with(spec.resources(), has.requests(), limits);
    }

    /// What was told of the containers before this one, when the runtime has none of them any more.
    private static ContainerState earlier(ContainerStatus old, RuntimeState.Container latest) {
        boolean another = !old.containerID().equals(id(latest));
        if (another && old.state().hasTerminated())
            return ContainerState.builder().terminated(old.state().terminated()).build();
        return old.lastState().exists()
                ? old.lastState()
                : ContainerState.builder().build();
    }

    private static String id(RuntimeState.Container container) {
        return "containerd://" + container.id();
    }

    /// Of what the runtime has nothing: it has not begun yet, or somebody has removed it.
    private ContainerStatus missing(Container spec, ContainerStatus old, boolean init) {
        var waiting = knowledge.waiting().get(spec.name());
        boolean initialized = init && !Pods.sidecar(spec) && runtime.appStarted(pod.spec());
        var before = old.state();
        if (old.exists() && !before.hasWaiting() && PodLifecycle.restartsAll(pod, runtime)) return removed(spec, old);
        if (before.hasTerminated() && (waiting == null || Pods.ended(pod))) return old;
        var status = ContainerStatus.builder()
                .name(spec.name())
                .ready(false)
                .image(spec.image())
                .imageID("")
                .restartCount(restarts(old));
        if (initialized && waiting == null)
            return status.state(doneUnseen())
                    .lastState(ContainerState.builder().build())
                    .build();
        if (before.hasTerminated()) status.lastState(before);
        else if (before.hasRunning()) status.lastState(lost());
        else
            status.lastState(
                    old.lastState().exists()
                            ? old.lastState()
                            : ContainerState.builder().build());
        return status.state(waiting == null ? beginning() : waiting(waiting)).build();
    }

    /// Taken away so that all begin anew.
    private static ContainerStatus removed(Container spec, ContainerStatus old) {
        var message = "The container is removed because RestartAllContainers in place";
        return ContainerStatus.builder()
                .name(spec.name())
                .state(waiting(new Waiting(RESTARTING_ALL, message)))
                .lastState(ContainerState.builder()
                        .terminated(end ->
                                end.exitCode(KILLED).reason(RESTARTING_ALL).message(message))
                        .build())
                .ready(false)
                .image(spec.image())
                .imageID("")
                .restartCount(old.restartCount() + 1)
                .build();
    }

    /// What ran and is gone counts as restarted, unless nobody wants it again.
    private int restarts(ContainerStatus old) {
        return old.restartCount() + (old.state().hasRunning() && !pod.deleting() ? 1 : 0);
    }

    private static ContainerState lost() {
        return ContainerState.builder()
                .terminated(end -> end.exitCode(KILLED)
                        .reason(UNKNOWN)
                        .message("The container could not be located when the pod was deleted."
                                + "  The container used to be Running"))
                .build();
    }

    private static ContainerState doneUnseen() {
        return ContainerState.builder()
                .terminated(end -> end.exitCode(0)
                        .reason("Completed")
                        .message("Unable to get init container status from container runtime and pod has been"
                                + " initialized, treat it as exited normally"))
                .build();
    }

    private ContainerState beginning() {
        boolean initializing = !pod.spec().initContainers().isEmpty();
        return ContainerState.builder()
                .waiting(why -> why.reason(initializing ? "PodInitializing" : "ContainerCreating"))
                .build();
    }

    private static ContainerState waiting(Waiting waiting) {
        return ContainerState.builder()
                .waiting(why -> {
                    why.reason(waiting.reason());
                    if (!waiting.message().isEmpty()) why.message(waiting.message());
                })
                .build();
    }

    private static ContainerState running(RuntimeState.Container container) {
        return ContainerState.builder()
                .running(running -> running.startedAt(container.started()))
                .build();
    }

    private ContainerState ended(RuntimeState.Container container) {
        var own = knowledge.terminationMessages().getOrDefault(container.id(), "");
        var message = Stream.of(container.message(), own)
                .filter(words -> !words.isEmpty())
                .collect(Collectors.joining(": "));
        var completed = container.exitCode() == 0 ? "Completed" : "Error";
        var terminated = ContainerStateTerminated.builder()
                .exitCode(container.exitCode())
                .reason(container.reason().isEmpty() ? completed : container.reason());
        if (!message.isEmpty()) terminated.message(cut(message));
        return ContainerState.builder()
                .terminated(terminated
                        // Of what never ran the runtime says zero.
                        .startedAt(container.started().orElse(Instant.EPOCH))
                        .finishedAt(container.finished())
                        .containerID(id(container))
                        .build())
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
}
