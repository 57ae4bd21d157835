package io.navarch.controllers.selinuxwarning;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.PodClaims;
import io.navarch.controllers.Pods;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Warns of pods that use the same volume with different SELinux labels, or that want it labelled in different ways: on
/// one node only one of them could use it.
///
/// Source: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#selinuxwarning-controller
public final class SelinuxWarningController implements LegacyController<SelinuxWarningController.Seen> {
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
    record Use(View pod, String label, String policy) {}

    /// @param pods those that use a claim, by name
    /// @param claim its name
    public record Seen(String claim, List<View> pods) {}

    @Override
    public String name() {
        return "selinux-warning-controller";
    }

    @Override
    public String eventSource() {
        return "selinux_warning";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(CONFLICTS);
    }

    @Override
    public List<Metric.Sample> state(Caches caches) {
        var samples = new ArrayList<Metric.Sample>();
        for (var claim : caches.of(Resources.PERSISTENT_VOLUME_CLAIMS.untyped()).all()) {
            var seen = look(caches, claim.key());
            if (seen != null) conflicts(seen).forEach(conflict -> samples.add(conflict.sample()));
        }
        return samples;
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.PODS.untyped(), PodClaims::of),
                Input.lookedAt(Resources.PERSISTENT_VOLUME_CLAIMS.untyped()),
                Input.lookedAt(Resources.PERSISTENT_VOLUMES.untyped()),
                Input.lookedAt(Resources.CSI_DRIVERS.untyped()));
    }

    @Override
    public List<Permission> permissions() {
        return List.of();
    }

    @Override
    public void prepare(Caches caches) {
        PodClaims.index(caches);
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var pods = PodClaims.pods(caches, key).stream()
                .filter(pod -> !Pods.ended(pod))
                .sorted(Comparator.comparing(View::name))
                .toList();
        if (pods.size() < 2) return null;
        var claim = caches.of(Resources.PERSISTENT_VOLUME_CLAIMS.untyped()).get(key);
        var volume = caches.of(Resources.PERSISTENT_VOLUMES.untyped())
                .get(new ObjectKey("", claim.spec().get("volumeName").string()));
        var driver = caches.of(Resources.CSI_DRIVERS.untyped())
                .get(new ObjectKey("", volume.spec().get("csi", "driver").string()));
        // Volumes of other drivers are labelled file by file, for whoever comes.
        return driver.spec().get("seLinuxMount").bool() ? new Seen(key.name(), pods) : null;
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        return Decision.of(conflicts(seen).stream().<Action>map(Conflict::event).toList());
    }

    /// What two pods differ in that use one volume.
    private record Conflict(String property, View one, String own, View other, String others) {
        Action event() {
            return Action.RecordEvent.normal(
                    one,
                    property + "Conflict",
                    property + " \"" + own + "\" conflicts with pod " + other.name()
                            + " that uses the same volume as this pod with " + property + " \"" + others
                            + "\". If both pods land on the same node, only one of them may access the volume.");
        }

        Metric.Sample sample() {
            return CONFLICTS.once(property, one.namespace(), one.name(), own, other.namespace(), other.name(), others);
        }
    }

    private static List<Conflict> conflicts(Seen seen) {
        var result = new ArrayList<Conflict>();
        var uses = seen.pods.stream().map(pod -> use(pod, seen.claim)).toList();
        for (var one : uses)
            for (var other : uses) {
                if (one == other) continue;
                if (!one.policy.equals(other.policy))
                    result.add(new Conflict("SELinuxChangePolicy", one.pod, one.policy, other.pod, other.policy));
                if (!one.label.equals(other.label))
                    result.add(new Conflict("SELinuxLabel", one.pod, one.label, other.pod, other.label));
            }
        return result;
    }

    private static Use use(View pod, String claim) {
        var volume = pod.spec().get("volumes").stream()
                .filter(each ->
                        each.get("persistentVolumeClaim", "claimName").string().equals(claim))
                .findFirst()
                .orElse(View.of(null))
                .get("name")
                .string();
        var labels = Stream.of("containers", "initContainers")
                .flatMap(list -> pod.spec().get(list).stream())
                .filter(container ->
                        container.get("volumeMounts").find("name", volume).exists())
                .map(container -> label(
                        container.get("securityContext", "seLinuxOptions").exists()
                                ? container.get("securityContext", "seLinuxOptions")
                                : pod.spec().get("securityContext", "seLinuxOptions")))
                .distinct()
                .collect(Collectors.toList());
        // Containers of one pod that differ leave the volume to be labelled file by file.
        var label = labels.size() == 1 ? labels.getFirst() : "";
        var policy = pod.spec().get("securityContext", "seLinuxChangePolicy").stringOr("MountOption");
        return new Use(pod, label, policy);
    }

    private static String label(View options) {
        if (!options.exists()) return "";
        return Stream.of("user", "role", "type", "level")
                .map(part -> options.get(part).string())
                .collect(Collectors.joining(":"));
    }
}
