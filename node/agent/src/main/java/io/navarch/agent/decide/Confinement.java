package io.navarch.agent.decide;

import io.navarch.cri.ContainerConfig;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.SandboxConfig;
import io.navarch.cri.SandboxConfig.Profile;
import io.navarch.model.AppArmorProfile;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.ProcMount;
import io.navarch.model.SELinuxOptions;
import io.navarch.model.SeccompProfile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// What a container must not do to the node, as its pod says it and the runtime is told.
///
/// @param seccompRoot the directory of the node's own seccomp profiles
/// @param seccompDefault whether pods that say nothing are confined as the runtime does it
public record Confinement(Path seccompRoot, boolean seccompDefault) {
    /// What of `/proc` and `/sys` a container must not see or write unless it is privileged.
    private static final List<String> MASKED = List.of(
            "/proc/asound",
            "/proc/acpi",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/sys/firmware",
            "/sys/devices/virtual/powercap");
    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private static final long LARGEST_USER = Integer.MAX_VALUE;
    private static final String APP_ARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";
    private static final String LOCALHOST = "localhost/";

    /// Refuses a container that must not run as root and would, or of which nobody can tell.
    ///
    /// @param ofImage as whom the image's processes run
    /// @throws UnresolvedException with why
    public static void requireNonRoot(Pod pod, Container spec, Supplier<ContainerRuntime.ImageUser> ofImage) {
        if (!mustBeNonRoot(pod, spec)) return;
        var who = " (pod: \"" + pod.name() + "_" + pod.namespace() + "(" + pod.uid() + ")\", container: " + spec.name()
                + ")";
        var user = user(pod, spec);
        if (user.isPresent()) {
            if (user.getAsLong() != 0) return;
            throw new UnresolvedException("container's runAsUser breaks non-root policy" + who);
        }
        var image = ofImage.get();
        if (image.number().isEmpty() && !image.name().isEmpty())
            throw new UnresolvedException("container has runAsNonRoot and image has non-numeric user (" + image.name()
                    + "), cannot verify user is non-root" + who);
        // An image that says nothing runs as root.
        long number = image.number().orElse(0);
        if (number == 0) throw new UnresolvedException("container has runAsNonRoot and image will run as root" + who);
        if (number < 0 || number > LARGEST_USER)
            throw new UnresolvedException("container has runAsNonRoot and image has an invalid user id (" + number
                    + "). (Must be 1-(" + LARGEST_USER + ")): must be between 0 and " + LARGEST_USER + ", inclusive"
                    + who);
    }

    private static boolean mustBeNonRoot(Pod pod, Container spec) {
        var own = spec.securityContext();
        return own.hasRunAsNonRoot()
                ? own.runAsNonRoot()
                : pod.spec().securityContext().runAsNonRoot();
    }

    private static OptionalLong user(Pod pod, Container spec) {
        var own = spec.securityContext();
        var shared = pod.spec().securityContext();
        if (own.hasRunAsUser()) return OptionalLong.of(own.runAsUser());
        return shared.hasRunAsUser() ? OptionalLong.of(shared.runAsUser()) : OptionalLong.empty();
    }

    private static OptionalLong group(Pod pod, Container spec) {
        var own = spec.securityContext();
        var shared = pod.spec().securityContext();
        if (own.hasRunAsGroup()) return OptionalLong.of(own.runAsGroup());
        return shared.hasRunAsGroup() ? OptionalLong.of(shared.runAsGroup()) : OptionalLong.empty();
    }

    private Profile seccomp(SeccompProfile profile) {
        return switch (profile.type()) {
            case RUNTIME_DEFAULT -> new Profile.RuntimeDefault();
            case LOCALHOST -> new Profile.Localhost(file(profile.localhostProfile()));
            default -> !profile.exists() && seccompDefault ? new Profile.RuntimeDefault() : new Profile.Unconfined();
        };
    }

    /// Only the node's own profiles: the runtime would read any other file and tell the pod what is wrong with it.
    private String file(String name) {
        if (name.isEmpty())
            throw new UnresolvedException("localhostProfile must be set if seccompProfile type is Localhost.");
        var path = seccompRoot.resolve(name).normalize();
        if (name.startsWith("/") || path.equals(seccompRoot) || !path.startsWith(seccompRoot))
            throw new UnresolvedException("seccomp profile \"" + name + "\" leads out of the node's profiles");
        return path.toString();
    }

    /// The profile that a container asks for; empty when it leaves it to the node.
    static Optional<Profile> appArmor(Pod pod, Container spec) {
        var own = spec.securityContext();
        if (own.hasAppArmorProfile()) return Optional.of(appArmor(own.appArmorProfile()));
        var annotation = pod.annotations().getOrDefault(APP_ARMOR_ANNOTATION + spec.name(), "");
        if (annotation.equals("runtime/default")) return Optional.of(new Profile.RuntimeDefault());
        if (annotation.equals("unconfined")) return Optional.of(new Profile.Unconfined());
        if (annotation.startsWith(LOCALHOST))
            return Optional.of(new Profile.Localhost(annotation.substring(LOCALHOST.length())));
        var shared = pod.spec().securityContext();
        return shared.hasAppArmorProfile() ? Optional.of(appArmor(shared.appArmorProfile())) : Optional.empty();
    }

    private static Profile appArmor(AppArmorProfile profile) {
        return switch (profile.type()) {
            case UNCONFINED -> new Profile.Unconfined();
            case LOCALHOST -> new Profile.Localhost(profile.localhostProfile());
            default -> new Profile.RuntimeDefault();
        };
    }

    static SandboxConfig.SeLinux seLinux(SELinuxOptions options) {
        return new SandboxConfig.SeLinux(options.user(), options.role(), options.type(), options.level());
    }

    ContainerConfig.Security security(Pod pod, Container spec, SandboxConfig.Namespaces namespaces) {
        var own = spec.securityContext();
        var shared = pod.spec().securityContext();
        var groups = new ArrayList<>(shared.supplementalGroups());
        if (shared.hasFsGroup()) groups.add(shared.fsGroup());
        boolean masked = !own.privileged() && own.procMount() != ProcMount.UNMASKED;
        return new ContainerConfig.Security(
                namespaces,
                own.privileged(),
                own.readOnlyRootFilesystem(),
                own.hasAllowPrivilegeEscalation() && !own.allowPrivilegeEscalation(),
                new ContainerConfig.Confinement(
                        seccomp(own.hasSeccompProfile() ? own.seccompProfile() : shared.seccompProfile()),
                        appArmor(pod, spec),
                        seLinux(own.hasSeLinuxOptions() ? own.seLinuxOptions() : shared.seLinuxOptions())),
                new ContainerConfig.User(user(pod, spec), group(pod, spec), List.copyOf(groups)),
                own.capabilities().add(),
                own.capabilities().drop(),
                masked ? MASKED : List.of(),
                masked ? READ_ONLY : List.of());
    }
}
