package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.Container;
import io.navarch.model.ContainerStatus;
import io.navarch.model.LinuxContainerUser;
import io.navarch.model.Pod;
import io.navarch.model.ResourceStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the statuses of a pod's containers must be, whatever they were before.
final class ContainerStatusRules {
    private static final Set<String> HEALTH = Set.of("Healthy", "Unhealthy", "Unknown");
    private static final int LONGEST_MESSAGE = 1024;
    private static final int LONGEST_IMAGE = 256;

    private final Pod pod;
    private final Check check;

    ContainerStatusRules(Pod pod, Check check) {
        this.pod = pod;
        this.check = check;
    }

    void check() {
        var status = pod.status();
        var running = status.containerStatuses();
        var init = status.initContainerStatuses();
        var ephemeral = status.ephemeralContainerStatuses();
        Check.each(running, "status.containerStatuses", this::user);
        Check.each(init, "status.initContainerStatuses", this::user);
        Check.each(ephemeral, "status.ephemeralContainerStatuses", this::user);
        var spec = pod.spec();
        Check.each(running, "status.containerStatuses", (each, at) -> devices(each, spec.containers(), at));
        Check.each(init, "status.initContainerStatuses", (each, at) -> devices(each, spec.initContainers(), at));
        Check.each(ephemeral, "status.ephemeralContainerStatuses", (each, at) -> {
            if (!each.allocatedResourcesStatus().isEmpty())
                check.forbidden(at + ".allocatedResourcesStatus", "must not be specified in container status");
        });
        Check.each(running, "status.containerStatuses", this::images);
        Check.each(init, "status.initContainerStatuses", this::images);
        Check.each(ephemeral, "status.ephemeralContainerStatuses", this::images);
    }

    private void user(ContainerStatus status, String path) {
        var linux = status.user().linux();
        var at = path + ".user.linux";
        if (!linux.exists()) return;
        if (WindowsRules.windows(pod.spec())) {
            check.forbidden(at, "cannot be set for a windows pod");
            return;
        }
        check.range(linux.uid(), at + "." + LinuxContainerUser.UID, 0, Integer.MAX_VALUE);
        check.range(linux.gid(), at + "." + LinuxContainerUser.GID, 0, Integer.MAX_VALUE);
        Check.each(
                linux.supplementalGroups(),
                at + "." + LinuxContainerUser.SUPPLEMENTAL_GROUPS,
                (group, here) -> check.range(group, here, 0, Integer.MAX_VALUE));
    }

    private void devices(ContainerStatus status, List<Container> containers, String path) {
        var container = containers.stream()
                .filter(each -> each.name().equals(status.name()))
                .findFirst();
        Check.each(status.allocatedResourcesStatus(), path + ".allocatedResourcesStatus", (resource, at) -> {
            container.ifPresent(known -> asked(known, resource.name(), at + ".name"));
            health(resource, at + ".resources");
        });
    }

    private void asked(Container container, String name, String path) {
        if (!name.startsWith("claim:")) {
            if (!container.resources().requests().containsKey(name))
                check.invalid(path, name, "must match one of the container's resource requests");
            return;
        }
        boolean claimed = container.resources().claims().stream()
                .map(claim -> "claim:" + claim.name() + (claim.request().isEmpty() ? "" : "/" + claim.request()))
                .anyMatch(name::equals);
        if (!claimed)
            check.invalid(
                    path,
                    name,
                    "must match one of the container's resource claims in a format 'claim:<claimName>/<request>'"
                            + " or 'claim:<claimName>' if request is empty");
    }

    private void health(ResourceStatus resource, String path) {
        var seen = new HashSet<String>();
        Check.each(resource.resources(), path, (device, at) -> {
            if (!HEALTH.contains(device.health())) check.notSupported(at + ".health", device.health(), HEALTH);
            if (device.hasMessage()) {
                if (device.message().isEmpty()) check.missing(at + ".message", "must be non-empty if specified");
                else check.longest(device.message(), at + ".message", LONGEST_MESSAGE);
            }
            if (!seen.add(device.resourceID())) check.duplicate(at + ".resourceID", device.resourceID());
        });
    }

    private void images(ContainerStatus status, String path) {
        Check.each(status.volumeMounts(), path + ".volumeMounts", (mount, at) -> {
            if (!mount.volumeStatus().hasImage()) return;
            var reference = mount.volumeStatus().image().imageRef();
            var here = at + ".volumeStatus.imageVolumeStatus.imageRef";
            if (reference.isEmpty()) check.missing(here, "imageRef must not be empty");
            check.longest(reference, here, LONGEST_IMAGE);
        });
    }
}
