package io.navarch.kinds.pod;

import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.Container;
import io.navarch.model.ContainerPort;
import io.navarch.model.ContainerStatus;
import io.navarch.model.Lifecycle;
import io.navarch.model.Pod;
import io.navarch.model.PodSpec;
import io.navarch.model.PodStatus;
import io.navarch.model.PodTemplateSpec;
import io.navarch.model.PullPolicy;
import io.navarch.model.ResourceRequirements;
import io.navarch.model.Volume;
import io.navarch.model.VolumeMountStatus;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// The defaults of a pod that depend on other fields; the plain ones are in the overlay.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
public final class PodDefaults {
    private PodDefaults() {}

    static void apply(Pod.Builder pod) {
        pod.spec(spec -> {
            spec.editInitContainers(PodDefaults::requestsFromLimits).editContainers(PodDefaults::requestsFromLimits);
            podAmounts(spec);
            if (spec.build().hostNetwork()) {
                spec.editInitContainers(container -> container.editPorts(PodDefaults::hostPort));
                spec.editContainers(container -> container.editPorts(PodDefaults::hostPort));
            }
            if (spec.build().terminationGracePeriodSeconds() < 0) spec.terminationGracePeriodSeconds(1);
            // A pod's own spec knows whether links are wanted; a template leaves it open.
            if (!spec.build().hasEnableServiceLinks()) spec.enableServiceLinks(true);
        });
        pod.status(PodStatusRules::complete);
    }

    /// What becomes of a status that was written.
    static void status(PodStatus.Builder status, PodStatus old) {
        status.clearNodeAllocatableResourceClaimStatuses();
        status.editContainerStatuses(PodDefaults::withhold)
                .editInitContainerStatuses(PodDefaults::withhold)
                .editEphemeralContainerStatuses(PodDefaults::withhold);
        if (!status.build().hasQosClass() && old.hasQosClass()) status.qosClass(old.qosClass());
        generations(status, old);
    }

    /// What a status was made from stays known where it is written by somebody who does not tell.
    private static void generations(PodStatus.Builder status, PodStatus old) {
        if (status.build().observedGeneration() == 0 && old.observedGeneration() != 0)
            status.observedGeneration(old.observedGeneration());
        var known = new HashMap<String, Deque<Long>>();
        for (var condition : old.conditions())
            known.computeIfAbsent(condition.type(), type -> new ArrayDeque<>()).add(condition.observedGeneration());
        status.editConditions(condition -> {
            var before = known.getOrDefault(condition.build().type(), new ArrayDeque<>())
                    .poll();
            if (before != null && before != 0 && condition.build().observedGeneration() == 0)
                condition.observedGeneration(before);
        });
    }

    /// A pod's spec, wherever it stands.
    public static void spec(Map<String, Object> tree) {
        var spec = PodSpec.edit(tree);
        var given = spec.build();
        var account = given.serviceAccountNameOr(given.serviceAccount());
        if (!account.isEmpty()) spec.serviceAccountName(account).serviceAccount(account);
        spec.editInitContainers(PodDefaults::container);
        spec.editContainers(PodDefaults::container);
        spec.editEphemeralContainers(container -> container(Container.edit(container.map())));
        spec.editVolumes(PodDefaults::volume);
    }

    private static void container(Container.Builder container) {
        var given = container.build();
        if (!given.hasImagePullPolicy()) container.imagePullPolicy(pullPolicy(given.image()));
    }

    private static void hostPort(ContainerPort.Builder port) {
        var given = port.build();
        if (given.hasContainerPort() && given.hostPort() == 0) port.hostPort(given.containerPort());
    }

    private static void volume(Volume.Builder volume) {
        var given = volume.build();
        if (volume.map().size() == 1 && given.hasName()) volume.emptyDir(source -> {});
        var image = given.image();
        if (image.exists() && !image.hasPullPolicy())
            volume.image(source -> source.pullPolicy(pullPolicy(image.reference())));
    }

    /// `Always` for `:latest` and no tag, else `IfNotPresent`; also for what is no image's name.
    static PullPolicy pullPolicy(String image) {
        return ImageTag.of(image).equals(ImageTag.LATEST) ? PullPolicy.ALWAYS : PullPolicy.IF_NOT_PRESENT;
    }

    private static void requestsFromLimits(Container.Builder container) {
        var given = container.build().resources();
        given.limits().forEach((name, amount) -> {
            if (!given.requests().containsKey(name))
                container.resources(resources -> resources.putRequests(name, amount));
        });
    }

    /// A pod that asks for something as a whole asks for all that its containers ask for.
    private static void podAmounts(PodSpec.Builder spec) {
        var given = spec.build();
        var resources = given.resources();
        if (!resources.exists()) return;
        var limits = new TreeMap<>(resources.limits());
        if (!limits.isEmpty() || !resources.requests().isEmpty())
            PodResources.ofContainers(given, ResourceRequirements::limits).forEach((name, sum) -> {
                if (huge(name) && !resources.requests().containsKey(name)) limits.putIfAbsent(name, sum);
            });
        if (limits.isEmpty()) return;
        var requests = new TreeMap<>(resources.requests());
        PodResources.ofContainers(given, ResourceRequirements::requests).forEach((name, sum) -> {
            if (ofPods(name)) requests.putIfAbsent(name, sum);
        });
        limits.forEach((name, limit) -> {
            if (ofPods(name) || huge(name)) requests.putIfAbsent(name, limit);
        });
        spec.resources(whole -> {
            whole.limits(limits);
            if (!requests.isEmpty()) whole.requests(requests);
        });
    }

    private static boolean huge(String name) {
        return name.startsWith(ResourceNames.HUGE_PAGES);
    }

    private static boolean ofPods(String name) {
        return name.equals(ResourceNames.CPU) || name.equals(ResourceNames.MEMORY);
    }

    /// As [#withhold(PodSpec.Builder)], of the pods that a template is for.
    public static void withholdFromPods(PodTemplateSpec.Builder template) {
        if (template.build().hasSpec()) template.spec(PodDefaults::withhold);
    }

    /// Takes away what is behind gates of the API that are closed: nobody would act on it.
    static void withhold(PodSpec.Builder spec) {
        spec.clearSchedulingGroup();
        spec.editInitContainers(PodDefaults::withhold);
        spec.editContainers(PodDefaults::withhold);
        spec.editEphemeralContainers(container -> withhold(Container.edit(container.map())));
        spec.editVolumes(volume -> {
            if (volume.build().hasProjected())
                volume.projected(projected -> projected.editSources(
                        source -> source.clearClusterTrustBundle().clearPodCertificate()));
        });
    }

    private static void withhold(ContainerStatus.Builder status) {
        status.editVolumeMounts(VolumeMountStatus.Builder::clearVolumeStatus);
    }

    private static void withhold(Container.Builder container) {
        if (!container.build().lifecycle().hasStopSignal()) return;
        container.lifecycle(Lifecycle.Builder::clearStopSignal);
        if (container.build().raw(Container.LIFECYCLE).map().isEmpty()) container.clearLifecycle();
    }
}
