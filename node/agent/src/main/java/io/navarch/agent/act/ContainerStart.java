package io.navarch.agent.act;

import io.navarch.agent.cgroups.PodCgroups;
import io.navarch.agent.decide.Confinement;
import io.navarch.agent.decide.ContainerConfigs;
import io.navarch.agent.decide.Environment;
import io.navarch.agent.decide.PodLifecycle;
import io.navarch.agent.decide.References;
import io.navarch.agent.decide.Resizing;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.agent.decide.UnresolvedException;
import io.navarch.agent.decide.VolumeFailures;
import io.navarch.agent.decide.Waiting;
import io.navarch.agent.volumes.PodFiles;
import io.navarch.agent.volumes.ReferenceReader;
import io.navarch.cri.ContainerConfig;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.ContainerStats;
import io.navarch.cri.RuntimeFailure;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.Service;
import io.navarch.model.Volume;
import io.navarch.objects.Quantity;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Starts sandboxes and containers.
///
/// @param services those that containers may be told of
public record ContainerStart(
        ContainerRuntime runtime,
        RuntimeCache cache,
        ContainerConfigs configs,
        Images images,
        PodFiles files,
        PodCgroups cgroups,
        NodeDevices devices,
        Placement placement,
        ReferenceReader references,
        LifecycleHooks hooks,
        PodEvents events,
        Supplier<Collection<Service>> services,
        String nodeAddress,
        Map<String, Quantity> allocatable) {

    /// As good as root.
    private static final ContainerRuntime.ImageUser UNKNOWN_USER =
            new ContainerRuntime.ImageUser(OptionalLong.empty(), "");

    /// False when it could not be done now.
    boolean sandbox(Pod pod, int attempt) {
        try {
            files.prepare(pod, address(pod, cache.state(pod.uid())));
            cgroups.prepare(pod);
            runtime.runPodSandbox(configs.sandbox(pod, attempt, handler(pod)));
            files.writeHosts(pod, cache.refresh(pod.uid()).address());
            return true;
        } catch (UnresolvedException e) {
            events.warning(pod, VolumeFailures.reason(e), String.valueOf(e.getMessage()));
        } catch (RuntimeFailure | UnfitRuntimeException e) {
            events.warning(pod, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + e.getMessage());
        } catch (IOException e) {
            events.warning(
                    pod,
                    "FailedCreatePodContainer",
                    "unable to ensure pod container exists: failed to create container for " + cgroups.name(pod) + ": "
                            + e.getMessage());
        }
        return false;
    }

    private static final class UnfitRuntimeException extends RuntimeException {
        private UnfitRuntimeException(String why) {
            super(why);
        }
    }

    /// What of the runtime's configuration runs the pod's containers.
    private String handler(Pod pod) {
        var handler = "";
        var name = pod.spec().runtimeClassName();
        if (!name.isEmpty()) {
            var found = references.runtimeClass(name);
            if (!found.exists()) throw new UnfitRuntimeException("runtimeclass.node.k8s.io \"" + name + "\" not found");
            handler = found.handler();
        }
        // Policies let such pods do more because root in them is nobody on the node. The runtime cannot make that true.
        if (pod.spec().hasHostUsers() && !pod.spec().hostUsers())
            throw new UnfitRuntimeException("can't set `spec.hostUsers: false`, "
                    + (handler.isEmpty() ? "runtime" : "RuntimeClass handler \"" + handler + "\"")
                    + " does not support user namespaces");
        return handler;
    }

    /// What became of the start of a container.
    sealed interface Outcome {
        record Started() implements Outcome {}

        /// It runs, but what was to be done after its start failed.
        record HookFailed(String containerId) implements Outcome {}

        record NotStarted(Waiting why) implements Outcome {}
    }

    /// Whether a start waits for a registry or for a hook, for as long as these please.
    boolean takesLong(Container spec) {
        return spec.lifecycle().hasPostStart() || !images.present(spec);
    }

    /// @param state with a sandbox that is ready
    Outcome container(Pod pod, RuntimeState state, Container spec, int attempt) {
        var name = spec.name();
        try {
            return create(pod, state, spec, attempt);
        } catch (Images.NotPresentException e) {
            return new Outcome.NotStarted(e.waiting());
        } catch (UnresolvedException e) {
            return notStarted(pod, name, "CreateContainerConfigError", String.valueOf(e.getMessage()));
        } catch (RuntimeFailure e) {
            // A container that was created but could not start counts as one that ended.
            return notStarted(pod, name, "RunContainerError", e.description());
        }
    }

    private Outcome notStarted(Pod pod, String name, String reason, String why) {
        events.warning(pod, name, "Failed", "Error: " + why);
        return new Outcome.NotStarted(new Waiting(reason, why));
    }

    private Outcome create(Pod pod, RuntimeState state, Container spec, int attempt) {
        var name = spec.name();
        var box = state.readySandbox().orElseThrow();
        var volumes = new HashMap<Volume, String>();
        for (var volume : Images.volumes(pod, spec)) volumes.put(volume, images.ensure(pod, spec, volume.image()));
        var image = images.ensure(pod, spec);
        Confinement.requireNonRoot(
                pod,
                spec,
                () -> runtime.image(image).map(ContainerRuntime.Image::user).orElse(UNKNOWN_USER));
        var target = PodLifecycle.target(pod, name, state);
        var address = address(pod, state);
        var referred = references.read(pod.namespace(), References.ofEnvironment(spec));
        var given = devices.prepare(pod, spec);
        var environment = new HashMap<>(given.environment());
        environment.putAll(new Environment(pod, nodeAddress, address, allocatable, referred).of(spec, services.get()));
        files.prepare(pod, address);
        String id;
        try {
            volumes.forEach((volume, shown) -> files.showImage(pod, volume, shown));
            var mounts = both(given.mounts(), files.mounts(pod, spec, attempt, environment));
            id = runtime.createContainer(
                    box.id(),
                    placed(pod, configs.container(pod, spec, attempt, environment, mounts, image, target))
                            .withDevices(
                                    both(given.devices(), files.devices(pod, spec)), given.cdi(), given.annotations()),
                    configs.sandbox(pod, box.attempt(), ""));
        } catch (RuntimeFailure e) {
            return notStarted(pod, name, "CreateContainerError", e.description());
        }
        events.normal(pod, name, "Created", "Container created");
        runtime.startContainer(id);
        events.normal(pod, name, "Started", "Container started");
        removeOld(state, name, attempt);
        return hooks.postStart(pod, spec, id, state.address()) ? new Outcome.Started() : new Outcome.HookFailed(id);
    }

    private ContainerConfig placed(Pod pod, ContainerConfig config) {
        return config.withResources(placed(pod, config.name(), config.resources()));
    }

    private ContainerConfig.Resources placed(Pod pod, String name, ContainerConfig.Resources amounts) {
        var place = placement.of(pod.uid(), name);
        var there = amounts.on(place.cpus(), place.memory());
        return place.exclusive() ? there.withoutQuota() : there;
    }

    private static <T> List<T> both(List<T> some, List<T> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    /// Gives a running container other amounts.
    ///
    /// @param pod as the node has agreed to it
    void update(Pod pod, Resizing.Update update) {
        var amounts = update.to().toBuilder();
        // A limit that it has only as a part of the pod is nothing that it asks for.
        if (!update.spec().resources().limits().containsKey(ResourceNames.CPU)
                && !update.to().requests().containsKey(ResourceNames.CPU))
            amounts.putRequests(ResourceNames.CPU, Quantity.ZERO);
        var spec = update.spec().toBuilder().resources(amounts.build()).build();
        runtime.updateContainerResources(
                update.container().id(), placed(pod, spec.name(), configs.resources(pod, spec)));
    }

    /// The memory that a container uses, zero when nobody knows.
    long memory(String containerId) {
        return runtime.stats(containerId).map(ContainerStats::workingSetBytes).orElse(0L);
    }

    private String address(Pod pod, RuntimeState state) {
        return pod.spec().hostNetwork() ? nodeAddress : state.address();
    }

    /// The latest ended container of a name is kept for its logs and state; those before it go.
    private void removeOld(RuntimeState state, String name, int attempt) {
        for (var old : state.containers()) {
            if (old.name().equals(name) && old.attempt() < attempt - 1 && !old.running())
                runtime.removeContainer(old.id());
        }
    }
}
