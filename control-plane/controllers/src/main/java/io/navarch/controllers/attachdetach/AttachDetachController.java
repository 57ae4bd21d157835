package io.navarch.controllers.attachdetach;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.PodClaims;
import io.navarch.controllers.Pods;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.EventTemplate;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Has the volumes of a node's pods attached to it, and those that none of its pods uses detached.
///
/// Source: https://kubernetes.io/docs/concepts/storage/volumes/#csi
public final class AttachDetachController implements LegacyController<AttachDetachController.Seen> {
    private static final Metric FORCED = Metric.counter(
            "attach_detach_controller_attachdetach_controller_forced_detaches",
            "[ALPHA] Volumes taken from nodes that still had them mounted.",
            "reason");
    private static final Metric VOLUMES = Metric.gauge(
            "attachdetach_controller_total_volumes",
            "[ALPHA] Volumes that are attached, and that are to be.",
            "plugin_name",
            "state");
    /// So long a node may take to unmount a volume before it is given up, if it is not ready.
    private static final Duration UNMOUNTING = Duration.ofMinutes(6);

    private static final String BY_NODE = "node";
    private static final String BY_VOLUME = "volume";

    /// @param volumes the volumes of the node's pods that must be attached, by name
    /// @param attachments those of the node that were made here: others are nobody's business but their makers'
    /// @param elsewhere by a volume's name the node that it is attached to instead
    public record Seen(
            View node,
            Map<String, View> volumes,
            List<View> attachments,
            Map<String, String> elsewhere,
            List<View> pods) {}

    @Override
    public String name() {
        return "attachdetach-controller";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(FORCED, VOLUMES);
    }

    @Override
    public List<Metric.Sample> state(Caches caches) {
        var samples = new ArrayList<Metric.Sample>();
        for (var attachment : caches.of(Resources.VOLUME_ATTACHMENTS.untyped()).all())
            samples.add(VOLUMES.once(
                    "kubernetes.io/csi:" + attachment.spec().get("attacher").string(), "actual_state_of_world"));
        for (var node : caches.of(Resources.NODES.untyped()).all()) {
            var seen = look(caches, node.key());
            if (seen != null)
                for (var volume : seen.volumes.values())
                    samples.add(VOLUMES.once(
                            "kubernetes.io/csi:"
                                    + volume.spec().get("csi", "driver").string(),
                            "desired_state_of_world"));
        }
        return samples;
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.NODES.untyped(), LegacyController::self),
                new Input(
                        Resources.PODS.untyped(),
                        pod -> Pods.node(pod).isEmpty() ? List.of() : List.of(new ObjectKey("", Pods.node(pod)))),
                new Input(
                        Resources.VOLUME_ATTACHMENTS.untyped(),
                        attachment -> List.of(new ObjectKey(
                                "", attachment.spec().get("nodeName").string()))),
                new Input(Resources.PERSISTENT_VOLUME_CLAIMS.untyped(), AttachDetachController::nodesOfClaim),
                new Input(Resources.PERSISTENT_VOLUMES.untyped(), AttachDetachController::nodesOfVolume),
                Input.lookedAt(Resources.CSI_DRIVERS.untyped()));
    }

    private static List<ObjectKey> nodesOfClaim(Caches caches, View claim) {
        return PodClaims.pods(caches, claim.key()).stream()
                .map(Pods::node)
                .filter(node -> !node.isEmpty())
                .distinct()
                .map(node -> new ObjectKey("", node))
                .toList();
    }

    private static List<ObjectKey> nodesOfVolume(Caches caches, View volume) {
        var nodes = new ArrayList<ObjectKey>();
        for (var claim : caches.of(Resources.PERSISTENT_VOLUME_CLAIMS.untyped()).byIndex(BY_VOLUME, volume.name()))
            nodes.addAll(nodesOfClaim(caches, claim));
        for (var attachment : caches.of(Resources.VOLUME_ATTACHMENTS.untyped()).byIndex(BY_VOLUME, volume.name()))
            nodes.add(new ObjectKey("", attachment.spec().get("nodeName").string()));
        return nodes;
    }

    @Override
    public List<Permission> permissions() {
        return List.of(
                Permission.of("storage.k8s.io", "volumeattachments", "create,delete"),
                Permission.of("", "nodes/status", "patch"));
    }

    @Override
    public void prepare(Caches caches) {
        PodClaims.index(caches);
        caches.of(Resources.PODS.untyped()).indexedBy(Pods.BY_NODE, Pods::nodeOf);
        caches.of(Resources.PERSISTENT_VOLUME_CLAIMS.untyped())
                .indexedBy(
                        BY_VOLUME,
                        claim -> List.of(claim.spec().get("volumeName").string()));
        caches.of(Resources.VOLUME_ATTACHMENTS.untyped())
                .indexedBy(
                        BY_NODE,
                        attachment -> List.of(attachment.spec().get("nodeName").string()))
                .indexedBy(BY_VOLUME, attachment -> List.of(volumeOf(attachment)));
    }

    private static String volumeOf(View attachment) {
        return attachment.spec().get("source", "persistentVolumeName").string();
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var attachments = caches.of(Resources.VOLUME_ATTACHMENTS.untyped()).byIndex(BY_NODE, key.name()).stream()
                .filter(attachment -> attachment
                        .name()
                        .equals(name(
                                caches.of(Resources.PERSISTENT_VOLUMES.untyped())
                                        .get(new ObjectKey("", volumeOf(attachment))),
                                key.name())))
                .toList();
        var volumes = new LinkedHashMap<String, View>();
        var elsewhere = new LinkedHashMap<String, String>();
        var pods = caches.of(Resources.PODS.untyped()).byIndex(Pods.BY_NODE, key.name()).stream()
                .filter(pod -> !Pods.ended(pod))
                .toList();
        for (var pod : pods)
            for (var volume : pod.spec().get("volumes").views()) {
                var found = volume(caches, pod, volume);
                if (!attached(caches, found)) continue;
                volumes.put(found.name(), found);
                for (var other :
                        caches.of(Resources.VOLUME_ATTACHMENTS.untyped()).byIndex(BY_VOLUME, found.name()))
                    if (!other.spec().get("nodeName").string().equals(key.name()))
                        elsewhere.put(found.name(), other.spec().get("nodeName").string());
            }
        if (volumes.isEmpty() && attachments.isEmpty()) return null;
        return new Seen(caches.of(Resources.NODES.untyped()).get(key), volumes, attachments, elsewhere, pods);
    }

    private static View volume(Caches caches, View pod, View volume) {
        var claim = caches.of(Resources.PERSISTENT_VOLUME_CLAIMS.untyped())
                .get(new ObjectKey(pod.namespace(), PodClaims.name(pod, volume)));
        return caches.of(Resources.PERSISTENT_VOLUMES.untyped())
                .get(new ObjectKey("", claim.spec().get("volumeName").string()));
    }

    /// A driver whose volumes need no attaching says so.
    private static boolean attached(Caches caches, View volume) {
        var driver = volume.spec().get("csi", "driver").string();
        if (driver.isEmpty()) return false;
        return caches.of(Resources.CSI_DRIVERS.untyped())
                .get(new ObjectKey("", driver))
                .spec()
                .get("attachRequired")
                .boolOr(true);
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var actions = new ArrayList<Action>();
        var there = new HashSet<String>();
        for (var attachment : seen.attachments) there.add(volumeOf(attachment));
        for (var volume : seen.volumes.values()) {
            if (there.contains(volume.name())) continue;
            boolean alone = volume.spec().get("accessModes").strings().stream()
                    .allMatch(mode -> mode.startsWith("ReadWriteOnce"));
            if (alone && seen.elsewhere.containsKey(volume.name())) {
                for (var pod : seen.pods)
                    actions.add(
                            Action.RecordEvent.warning(
                                    pod,
                                    "FailedAttachVolume",
                                    "Multi-Attach error for volume \"" + volume.name()
                                            + "\" Volume is already exclusively attached to one node and can't be attached to another"));
                continue;
            }
            if (seen.node.exists()) actions.add(attach(volume, seen.node.name()));
        }
        var force = Force.of(seen.node, now);
        Duration lookAgain = null;
        var inUse = seen.node.status().get("volumesInUse").strings();
        var attached = new ArrayList<Object>();
        for (var attachment : seen.attachments) {
            var volume = seen.volumes.get(volumeOf(attachment));
            if (volume != null) {
                if (attachment.status().get("attached").bool())
                    attached.add(Trees.map("name", uniqueName(volume), "devicePath", ""));
                continue;
            }
            if (attachment.deleting()) continue;
            // What the node still has mounted is not taken away from it, as long as the node does its part.
            boolean mounted =
                    seen.node.exists() && inUse.stream().anyMatch(name -> name.contains(volumeOf(attachment)));
            if (!mounted) actions.add(detach(attachment, EventTemplate.NONE));
            else if (force.now())
                actions.add(
                        detach(attachment, EventTemplate.NONE.counting(List.of(FORCED.once(force.reason)), List.of())));
            else lookAgain = force.after;
        }
        if (seen.node.exists()
                && !Trees.semanticEquals(
                        attached, seen.node.status().get("volumesAttached").list()))
            actions.add(new Action.Patch(
                    Resources.NODES.untyped(),
                    seen.node.key(),
                    "status",
                    Trees.map("status", Trees.map("volumesAttached", attached))));
        return LegacyController.decision(actions, lookAgain);
    }

    private static Action detach(View attachment, EventTemplate story) {
        return new Action.Delete(Resources.VOLUME_ATTACHMENTS.untyped(), attachment.key(), attachment.uid(), story);
    }

    /// Whether what a node has mounted may be taken away all the same: it is out of service, or nobody has heard of it
    /// for too long.
    ///
    /// @param reason as metrics call it
    /// @param after how long to wait still, `null` when nothing is awaited
    private record Force(String reason, Duration after) {
        static Force of(View node, Instant now) {
            if (node.spec()
                    .get("taints")
                    .find("key", "node.kubernetes.io/out-of-service")
                    .exists()) return new Force("out-of-service", null);
            var since = Timestamps.parse(
                    Pods.condition(node, "Ready").get("lastTransitionTime").string());
            if (node.condition("Ready").equals("True") || since == null) return new Force("", null);
            var left = Duration.between(now, since.plus(UNMOUNTING));
            return left.isPositive() ? new Force("", left.plusMillis(20)) : new Force("timeout", null);
        }

        boolean now() {
            return !reason.isEmpty();
        }
    }

    private static String uniqueName(View volume) {
        var csi = volume.spec().get("csi");
        return "kubernetes.io/csi/" + csi.get("driver").string() + "^"
                + csi.get("volumeHandle").string();
    }

    private static Action attach(View volume, String node) {
        return new Action.Create(
                Resources.VOLUME_ATTACHMENTS.untyped(),
                Trees.map(
                        "metadata",
                        Trees.map("name", name(volume, node)),
                        "spec",
                        Trees.map(
                                "attacher",
                                volume.spec().get("csi", "driver").string(),
                                "nodeName",
                                node,
                                "source",
                                Trees.map("persistentVolumeName", volume.name()))));
    }

    private static String name(View volume, String node) {
        var csi = volume.spec().get("csi");
        return "csi-"
                + hash(csi.get("volumeHandle").string() + csi.get("driver").string() + node);
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
