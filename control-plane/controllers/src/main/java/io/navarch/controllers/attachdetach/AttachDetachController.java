package io.navarch.controllers.attachdetach;

import io.navarch.client.Caches;
import io.navarch.controllers.PodClaims;
import io.navarch.controllers.PodsByNode;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.AccessMode;
import io.navarch.model.AttachedVolume;
import io.navarch.model.Node;
import io.navarch.model.NodeStatus;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.VolumeAttachment;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.EventTemplate;
import io.navarch.reconcile.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Attaches the volumes of a node's pods to it, and detaches those that none of its pods uses.
///
/// Source: https://kubernetes.io/docs/concepts/storage/volumes/#csi
public final class AttachDetachController implements Controller<AttachDetachController.Seen> {
    private static final Metric FORCED = Metric.counter(
            "attach_detach_controller_attachdetach_controller_forced_detaches",
            "[ALPHA] Volumes taken from nodes that still had them mounted.",
            "reason");
    private static final Metric VOLUMES = Metric.gauge(
            "attachdetach_controller_total_volumes",
            "[ALPHA] Volumes that are attached, and that are to be.",
            "plugin_name",
            "state");

    private static final String BY_NODE = "node";
    private static final String BY_VOLUME = "volume";
    private static final Set<AccessMode> EXCLUSIVE = Set.of(AccessMode.READ_WRITE_ONCE, AccessMode.READ_WRITE_ONCE_POD);

    /// @param volumes the volumes of the node's pods that must be attached, by name
    /// @param attachments those of the node that were made here: others belong to whoever made them
    /// @param attached the volumes of the attachments, by name
    /// @param elsewhere volumes that are attached to another node
    public record Seen(
            Node node,
            Map<String, PersistentVolume> volumes,
            List<VolumeAttachment> attachments,
            Map<String, PersistentVolume> attached,
            Set<String> elsewhere,
            List<Pod> pods) {}

    /// A volume that only one node can have is attached to another one.
    record MultiAttach(String volume) implements Reason {
        @Override
        public String reason() {
            return "FailedAttachVolume";
        }

        @Override
        public String message() {
            return "Multi-Attach error for volume \"" + volume
                    + "\" Volume is already exclusively attached to one node and can't be attached to another";
        }
    }

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("attachdetach-controller")
                .watches(Resources.NODES, Controller::self)
                .watches(
                        Resources.PODS,
                        // Most pods have no volume that could be attached.
                        pod -> Pods.assigned(pod) && !PodClaims.of(pod).isEmpty()
                                ? List.of(node(pod.spec().nodeName()))
                                : List.of())
                .watches(
                        Resources.VOLUME_ATTACHMENTS,
                        it -> List.of(node(it.spec().nodeName())))
                .watches(Resources.PERSISTENT_VOLUME_CLAIMS, AttachDetachController::nodesOfClaim)
                .watches(Resources.PERSISTENT_VOLUMES, AttachDetachController::nodesOfVolume)
                .reads(Resources.CSI_DRIVERS)
                .may("storage.k8s.io", "volumeattachments", "create,delete")
                .may("", "nodes/status", "patch")
                .metrics(FORCED, VOLUMES)
                .build();
    }

    private static ObjectKey node(String name) {
        return new ObjectKey("", name);
    }

    private static List<ObjectKey> nodesOfClaim(Caches caches, PersistentVolumeClaim claim) {
        return PodClaims.using(caches, claim.key()).stream()
                .filter(Pods::assigned)
                .map(pod -> node(pod.spec().nodeName()))
                .distinct()
                .toList();
    }

    private static List<ObjectKey> nodesOfVolume(Caches caches, PersistentVolume volume) {
        var nodes = new ArrayList<ObjectKey>();
        for (var claim : caches.of(Resources.PERSISTENT_VOLUME_CLAIMS).byIndex(BY_VOLUME, volume.name()))
            nodes.addAll(nodesOfClaim(caches, claim));
        for (var attachment : caches.of(Resources.VOLUME_ATTACHMENTS).byIndex(BY_VOLUME, volume.name()))
            nodes.add(node(attachment.spec().nodeName()));
        return nodes;
    }

    @Override
    public List<Metric.Sample> gauges(Caches caches) {
        var samples = new ArrayList<Metric.Sample>();
        for (var attachment : caches.of(Resources.VOLUME_ATTACHMENTS).all())
            samples.add(VOLUMES.once("kubernetes.io/csi:" + attachment.spec().attacher(), "actual_state_of_world"));
        for (var node : caches.of(Resources.NODES).all()) {
            for (var volume : wanted(caches, pods(caches, node.name())).values())
                samples.add(
                        VOLUMES.once("kubernetes.io/csi:" + volume.spec().csi().driver(), "desired_state_of_world"));
        }
        return samples;
    }

    @Override
    public void prepare(Caches caches) {
        PodClaims.index(caches);
        PodsByNode.index(caches);
        caches.of(Resources.PERSISTENT_VOLUME_CLAIMS)
                .indexedBy(BY_VOLUME, claim -> List.of(claim.spec().volumeName()));
        caches.of(Resources.VOLUME_ATTACHMENTS)
                .indexedBy(BY_NODE, attachment -> List.of(attachment.spec().nodeName()))
                .indexedBy(BY_VOLUME, attachment -> List.of(volumeOf(attachment)));
    }

    private static String volumeOf(VolumeAttachment attachment) {
        return attachment.spec().source().persistentVolumeName();
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var attachments = new ArrayList<VolumeAttachment>();
        var attached = new LinkedHashMap<String, PersistentVolume>();
        for (var attachment : caches.of(Resources.VOLUME_ATTACHMENTS).byIndex(BY_NODE, key.name())) {
            var volume = caches.of(Resources.PERSISTENT_VOLUMES).get(new ObjectKey("", volumeOf(attachment)));
            if (!attachment.name().equals(new CsiVolume(volume).attachmentName(key.name()))) continue;
            attachments.add(attachment);
            attached.put(volume.name(), volume);
        }
        var pods = pods(caches, key.name());
        var volumes = wanted(caches, pods);
        if (volumes.isEmpty() && attachments.isEmpty()) return Optional.empty();
        var elsewhere = volumes.keySet().stream()
                .filter(volume -> caches.of(Resources.VOLUME_ATTACHMENTS).byIndex(BY_VOLUME, volume).stream()
                        .anyMatch(other -> !other.spec().nodeName().equals(key.name())))
                .collect(Collectors.toSet());
        return Optional.of(
                new Seen(caches.of(Resources.NODES).get(key), volumes, attachments, attached, elsewhere, pods));
    }

    private static List<Pod> pods(Caches caches, String node) {
        return PodsByNode.on(caches, node).stream()
                .filter(pod -> !Pods.ended(pod))
                .toList();
    }

    /// The volumes of pods that must be attached, by name.
    private static Map<String, PersistentVolume> wanted(Caches caches, List<Pod> pods) {
        var volumes = new LinkedHashMap<String, PersistentVolume>();
        for (var pod : pods) {
            for (var each : pod.spec().volumes()) {
                var claim = caches.of(Resources.PERSISTENT_VOLUME_CLAIMS)
                        .get(new ObjectKey(pod.namespace(), PodClaims.name(pod, each)));
                var volume = caches.of(Resources.PERSISTENT_VOLUMES)
                        .get(new ObjectKey("", claim.spec().volumeName()));
                if (attachable(caches, volume)) volumes.put(volume.name(), volume);
            }
        }
        return volumes;
    }

    /// A driver whose volumes need no attaching declares that.
    private static boolean attachable(Caches caches, PersistentVolume volume) {
        var driver = volume.spec().csi().driver();
        return !driver.isEmpty()
                && caches.of(Resources.CSI_DRIVERS)
                        .get(new ObjectKey("", driver))
                        .spec()
                        .attachRequiredOr(true);
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var decision = Decision.builder();
        var attached =
                seen.attachments.stream().map(AttachDetachController::volumeOf).collect(Collectors.toSet());
        for (var volume : seen.volumes.values()) {
            if (!attached.contains(volume.name())) decision.include(attach(seen, volume));
        }
        var force = ForcedDetach.of(seen.node, now);
        for (var attachment : seen.attachments) {
            boolean wanted = seen.volumes.containsKey(volumeOf(attachment));
            if (!wanted && !attachment.deleting()) decision.include(detach(seen, attachment, force));
        }
        return decision.changes(report(seen)).build();
    }

    private static Decision attach(Seen seen, PersistentVolume volume) {
        boolean exclusive = EXCLUSIVE.containsAll(volume.spec().accessModes());
        if (exclusive && seen.elsewhere.contains(volume.name())) {
            var reason = new MultiAttach(volume.name());
            var events = seen.pods.stream()
                    .map(pod -> Action.RecordEvent.warning(pod, reason))
                    .toList();
            return Decision.builder().events(events).waitingOn(reason).build();
        }
        if (!seen.node.exists()) return Decision.NOTHING;
        var attachment = new CsiVolume(volume).attachmentTo(seen.node.name());
        return Decision.of(new Action.Create(Resources.VOLUME_ATTACHMENTS, attachment));
    }

    /// What the node still has mounted is left to it, as long as the node does its part.
    private static Decision detach(Seen seen, VolumeAttachment attachment, ForcedDetach force) {
        if (!mounted(seen, attachment)) return delete(attachment, EventTemplate.NONE);
        return switch (force) {
            case ForcedDetach.Never never -> Decision.NOTHING;
            case ForcedDetach.After after ->
                Decision.builder().requeueAfter(after.delay()).build();
            case ForcedDetach.Now forced ->
                delete(attachment, EventTemplate.NONE.counting(List.of(FORCED.once(forced.reason())), List.of()));
        };
    }

    private static boolean mounted(Seen seen, VolumeAttachment attachment) {
        var volume = seen.attached.get(volumeOf(attachment));
        return volume != null && seen.node.status().volumesInUse().contains(new CsiVolume(volume).uniqueName());
    }

    private static Decision delete(VolumeAttachment attachment, EventTemplate event) {
        return Decision.of(new Action.Delete(Resources.VOLUME_ATTACHMENTS, attachment.key(), attachment.uid(), event));
    }

    /// The node's status names the wanted volumes that are attached.
    private static List<Action> report(Seen seen) {
        var attached = seen.attachments.stream()
                .filter(attachment -> attachment.status().attached())
                .map(attachment -> seen.volumes.get(volumeOf(attachment)))
                .filter(volume -> volume != null)
                .map(volume -> AttachedVolume.builder()
                        .name(new CsiVolume(volume).uniqueName())
                        .devicePath("")
                        .build())
                .toList();
        var reported = Node.builder()
                .status(status -> status.volumesAttached(attached))
                .build();
        boolean same = reported.status()
                .raw(NodeStatus.VOLUMES_ATTACHED)
                .semanticEquals(seen.node.status().raw(NodeStatus.VOLUMES_ATTACHED));
        return same || !seen.node.exists()
                ? List.of()
                : List.of(Action.Patch.ofStatus(Resources.NODES, seen.node, reported));
    }
}
