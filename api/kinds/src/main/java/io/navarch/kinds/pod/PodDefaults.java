package io.navarch.kinds.pod;

import io.navarch.model.Container;
import io.navarch.model.ContainerPort;
import io.navarch.model.Pod;
import io.navarch.model.PodPhase;
import io.navarch.model.PodSpec;
import io.navarch.model.PullPolicy;
import io.navarch.model.Volume;
import java.util.Map;
import java.util.regex.Pattern;

/// The defaults of a pod that depend on other fields; the plain ones are in the overlay.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
public final class PodDefaults {
    /// `domain:port/path/name:tag`.
    ///
    /// Source: https://github.com/distribution/reference
    private static final Pattern IMAGE = Pattern.compile(
            "(?:[a-zA-Z0-9.-]+(?::[0-9]+)?/)?"
                    + "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[\\w][\\w.-]{0,127})?");

    private PodDefaults() {}

    static void apply(Pod.Builder pod) {
        pod.spec(spec -> {
            spec.editInitContainers(PodDefaults::requestsFromLimits).editContainers(PodDefaults::requestsFromLimits);
            podRequestsFromLimits(spec);
            // A pod's own spec knows whether links are wanted; a template leaves it open.
            if (!spec.build().hasEnableServiceLinks()) spec.enableServiceLinks(true);
        });
        pod.status(status -> {
            if (!status.build().hasPhase()) status.phase(PodPhase.PENDING);
            PodStatusRules.complete(status);
            if (!status.build().hasQosClass())
                status.qosClass(Qos.of(pod.build().spec()));
        });
    }

    /// A pod's spec, wherever it stands.
    public static void spec(Map<String, Object> tree) {
        var spec = PodSpec.edit(tree);
        var given = spec.build();
        var account = given.serviceAccountNameOr(given.serviceAccount());
        if (!account.isEmpty()) spec.serviceAccountName(account).serviceAccount(account);
        boolean hostNetwork = given.hostNetwork();
        spec.editInitContainers(container -> container(container, hostNetwork));
        spec.editContainers(container -> container(container, hostNetwork));
        spec.editEphemeralContainers(container -> container(Container.edit(container.map()), hostNetwork));
        spec.editVolumes(PodDefaults::volume);
    }

    private static void container(Container.Builder container, boolean hostNetwork) {
        var given = container.build();
        if (!given.hasImagePullPolicy()) container.imagePullPolicy(pullPolicy(given.image()));
        if (hostNetwork) container.editPorts(PodDefaults::hostPort);
    }

    private static void hostPort(ContainerPort.Builder port) {
        var given = port.build();
        if (given.hasContainerPort() && !given.hasHostPort()) port.hostPort(given.containerPort());
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
        if (image.contains("@") || !IMAGE.matcher(image).matches()) return PullPolicy.IF_NOT_PRESENT;
        var last = image.substring(image.lastIndexOf('/') + 1);
        int colon = last.indexOf(':');
        boolean latest = colon < 0 || last.substring(colon + 1).equals("latest");
        return latest ? PullPolicy.ALWAYS : PullPolicy.IF_NOT_PRESENT;
    }

    private static void requestsFromLimits(Container.Builder container) {
        var given = container.build().resources();
        given.limits().forEach((name, amount) -> {
            if (!given.requests().containsKey(name))
                container.resources(resources -> resources.putRequests(name, amount));
        });
    }

    private static void podRequestsFromLimits(PodSpec.Builder spec) {
        var given = spec.build();
        given.resources().limits().forEach((name, amount) -> {
            boolean asked = given.resources().requests().containsKey(name)
                    || given.containers().stream()
                            .anyMatch(each -> each.resources().requests().containsKey(name));
            if (!asked) spec.resources(resources -> resources.putRequests(name, amount));
        });
    }
}
