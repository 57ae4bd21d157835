package io.navarch.controllers.selinuxwarning;

import io.navarch.client.Caches;
import io.navarch.controllers.PodClaims;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.SELinuxOptions;
import io.navarch.model.SeLinuxChangePolicy;
import io.navarch.model.Volume;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Warns of pods that use the same volume with different SELinux labels, or that want it labelled in different ways: on
/// one node only one of them could use it.
///
/// Source: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#selinuxwarning-controller
public final class SelinuxWarningController implements Controller<SelinuxWarningController.Seen> {
    private static final Metric CONFLICTS = Metric.gauge(
            "selinux_warning_controller_selinux_volume_conflict",
            "[ALPHA] Pairs of pods that cannot use a volume on one node.",
            "property",
            "pod1_namespace",
            "pod1_name",
            "pod1_value",
            "pod2_namespace",
            "pod2_name",
            "pod2_value");

    /// A pod's volume as SELinux would see it.
    private record Use(Pod pod, String label, String policy) {}

    /// @param pods those that use a claim, by name
    /// @param claim its name
    public record Seen(String claim, List<Pod> pods) {}

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("selinux-warning-controller")
                .eventSource("selinux_warning")
                .watches(Resources.PODS, pod -> PodClaims.of(pod))
                .reads(Resources.PERSISTENT_VOLUME_CLAIMS)
                .reads(Resources.PERSISTENT_VOLUMES)
                .reads(Resources.CSI_DRIVERS)
                .metrics(CONFLICTS)
                .build();
    }

    @Override
    public List<Metric.Sample> gauges(Caches caches) {
        return caches.of(Resources.PERSISTENT_VOLUME_CLAIMS).all().stream()
                .flatMap(claim -> observe(caches, claim.key()).stream())
                .flatMap(seen -> conflicts(seen).stream())
                .map(Conflict::sample)
                .toList();
    }

    @Override
    public void prepare(Caches caches) {
        PodClaims.index(caches);
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var pods = PodClaims.using(caches, key).stream()
                .filter(pod -> !Pods.ended(pod))
                .sorted(Comparator.comparing(Pod::name))
                .toList();
        if (pods.size() < 2) return Optional.empty();
        var claim = caches.of(Resources.PERSISTENT_VOLUME_CLAIMS).get(key);
        var volume = caches.of(Resources.PERSISTENT_VOLUMES)
                .get(new ObjectKey("", claim.spec().volumeName()));
        var driver = caches.of(Resources.CSI_DRIVERS)
                .get(new ObjectKey("", volume.spec().csi().driver()));
        // Volumes of other drivers are labelled file by file, for whichever pod comes.
        return driver.spec().seLinuxMount() ? Optional.of(new Seen(key.name(), pods)) : Optional.empty();
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        return Decision.builder()
                .events(conflicts(seen).stream()
                        .map(conflict -> Action.RecordEvent.normal(conflict.one, conflict))
                        .toList())
                .build();
    }

    /// What two pods differ in that use one volume.
    private record Conflict(String property, Pod one, String own, Pod other, String others) implements Reason {
        @Override
        public String reason() {
            return property + "Conflict";
        }

        @Override
        public String message() {
            return property + " \"" + own + "\" conflicts with pod " + other.name()
                    + " that uses the same volume as this pod with " + property + " \"" + others
                    + "\". If both pods land on the same node, only one of them may access the volume.";
        }

        Metric.Sample sample() {
            return CONFLICTS.once(property, one.namespace(), one.name(), own, other.namespace(), other.name(), others);
        }
    }

    private static List<Conflict> conflicts(Seen seen) {
        var result = new ArrayList<Conflict>();
        var uses = seen.pods.stream().map(pod -> use(pod, seen.claim)).toList();
        for (var one : uses) {
            for (var other : uses) {
                if (!one.policy.equals(other.policy))
                    result.add(new Conflict("SELinuxChangePolicy", one.pod, one.policy, other.pod, other.policy));
                if (!one.label.equals(other.label))
                    result.add(new Conflict("SELinuxLabel", one.pod, one.label, other.pod, other.label));
            }
        }
        return result;
    }

    private static Use use(Pod pod, String claim) {
        var volume = pod.spec().volumes().stream()
                .filter(each -> each.persistentVolumeClaim().claimName().equals(claim))
                .map(Volume::name)
                .findFirst()
                .orElse("");
        var labels = Pods.containers(pod.spec()).stream()
                .filter(container -> mounts(container, volume))
                .map(container -> label(pod, container))
                .distinct()
                .toList();
        // Containers of one pod that differ leave the volume to be labelled file by file.
        var label = labels.size() == 1 ? labels.getFirst() : "";
        var policy = pod.spec().securityContext().seLinuxChangePolicy();
        return new Use(
                pod, label, (policy == SeLinuxChangePolicy.UNSET ? SeLinuxChangePolicy.MOUNT_OPTION : policy).text());
    }

    private static boolean mounts(Container container, String volume) {
        return container.volumeMounts().stream().anyMatch(mount -> mount.name().equals(volume));
    }

    private static String label(Pod pod, Container container) {
        var own = container.securityContext().seLinuxOptions();
        return label(own.exists() ? own : pod.spec().securityContext().seLinuxOptions());
    }

    private static String label(SELinuxOptions options) {
        if (!options.exists()) return "";
        return String.join(":", options.user(), options.role(), options.type(), options.level());
    }
}
