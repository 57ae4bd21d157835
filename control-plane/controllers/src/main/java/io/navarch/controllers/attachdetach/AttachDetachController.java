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
    /// @param users the pods that have them, by the volume's name
    /// @param attachments those of the node that were made here: others belong to whoever made them
    /// @param attached the volumes of the attachments, by name
    /// @param elsewhere the volumes that are attached to other nodes, with the pods that use them there
    public record Seen(
            Node node,
            Map<String, PersistentVolume> volumes,
            Map<String, List<Pod>> users,
            List<VolumeAttachment> attachments,
            Map<String, PersistentVolume> attached,
            Map<String, List<Pod>> elsewhere) {
        private List<Pod> usersOf(String volume) {
            return users.getOrDefault(volume, List.of());
        }

        /// Whether the node's status names it.
        private boolean reported(PersistentVolume volume) {
            var name = new CsiVolume(volume).uniqueName();
            return node.status().volumesAttached().stream()
                    .anyMatch(each -> each.name().equals(name));
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
            for (var volume : wanted(caches, pods(caches, node.name()), new LinkedHashMap<>())
                    .values())
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
        var users = new LinkedHashMap<String, List<Pod>>();
        var volumes = wanted(caches, pods(caches, key.name()), users);
        if (volumes.isEmpty() && attachments.isEmpty()) return Optional.empty();
        var elsewhere = new LinkedHashMap<String, List<Pod>>();
        for (var volume : volumes.values()) {
            var others = others(caches, volume.name(), key.name());
            if (!others.isEmpty()) elsewhere.put(volume.name(), users(caches, volume, others));
        }
        return Optional.of(
                new Seen(caches.of(Resources.NODES).get(key), volumes, users, attachments, attached, elsewhere));
    }

    /// The other nodes that a volume is attached to.
    private static Set<String> others(Caches caches, String volume, String node) {
        return caches.of(Resources.VOLUME_ATTACHMENTS).byIndex(BY_VOLUME, volume).stream()
                .map(attachment -> attachment.spec().nodeName())
                .filter(other -> !other.equals(node))
                .collect(Collectors.toSet());
    }

    private static List<Pod> users(Caches caches, PersistentVolume volume, Set<String> nodes) {
        var claim = volume.spec().claimRef();
        return PodClaims.using(caches, new ObjectKey(claim.namespace(), claim.name())).stream()
                .filter(pod -> nodes.contains(pod.spec().nodeName()) && !Pods.ended(pod))
                .toList();
    }

    private static List<Pod> pods(Caches caches, String node) {
        return PodsByNode.on(caches, node).stream()
                .filter(pod -> !Pods.ended(pod))
                .toList();
    }

    /// The volumes of pods that must be attached, by name.
    ///
    /// @param users gets the pods that have them
    private static Map<String, PersistentVolume> wanted(Caches caches, List<Pod> pods, Map<String, List<Pod>> users) {
        var volumes = new LinkedHashMap<String, PersistentVolume>();
        for (var pod : pods) {
            for (var each : pod.spec().volumes()) {
                var claim = caches.of(Resources.PERSISTENT_VOLUME_CLAIMS)
                        .get(new ObjectKey(pod.namespace(), PodClaims.name(pod, each)));
                var volume = caches.of(Resources.PERSISTENT_VOLUMES)
                        .get(new ObjectKey("", claim.spec().volumeName()));
                if (!attachable(caches, volume)) continue;
                volumes.put(volume.name(), volume);
                users.computeIfAbsent(volume.name(), name -> new ArrayList<>()).add(pod);
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
        var known =
                seen.attachments.stream().map(AttachDetachController::volumeOf).collect(Collectors.toSet());
        for (var volume : seen.volumes.values()) {
            if (!known.contains(volume.name())) decision.include(attach(seen, volume));
        }
        var force = ForcedDetach.of(seen.node, now);
        var kept = new ArrayList<PersistentVolume>();
        for (var attachment : seen.attachments) {
            var name = volumeOf(attachment);
            var wanted = seen.volumes.get(name);
            var volume = wanted == null ? seen.attached.get(name) : wanted;
            if (volume == null) continue;
            boolean left = wanted == null && !mayKeep(seen, volume, force);
            if (wanted != null) decision.events(told(seen, volume, attachment));
            if (attachment.status().attached() && !attachment.deleting() && !left) kept.add(volume);
            if (wanted == null) decision.include(detach(seen, attachment, volume, force));
        }
        return decision.changes(report(seen, kept)).build();
    }

    private static Decision attach(Seen seen, PersistentVolume volume) {
        boolean exclusive = EXCLUSIVE.containsAll(volume.spec().accessModes());
        var others = seen.elsewhere.get(volume.name());
        if (exclusive && others != null) {
            var reason = new AttachReason.MultiAttach(volume.name(), others);
            return Decision.builder()
                    .events(warnings(seen, volume, reason))
                    .waitingOn(reason)
                    .build();
        }
        if (!seen.node.exists()) return Decision.NOTHING;
        var attachment = new CsiVolume(volume).attachmentTo(seen.node.name());
        return Decision.of(new Action.Create(Resources.VOLUME_ATTACHMENTS, attachment));
    }

    private static List<Action.RecordEvent> warnings(Seen seen, PersistentVolume volume, AttachReason reason) {
        return seen.usersOf(volume.name()).stream()
                .map(pod -> Action.RecordEvent.warning(pod, reason))
                .toList();
    }

    /// The pods hear what has become of it: that it is attached when the node is told, that it is not as often as the
    /// driver has tried.
    private static List<Action.RecordEvent> told(Seen seen, PersistentVolume volume, VolumeAttachment attachment) {
        var status = attachment.status();
        if (!status.attached())
            return status.hasAttachError()
                    ? warnings(
                            seen,
                            volume,
                            new AttachReason.Failed(
                                    volume.name(), status.attachError().message()))
                    : List.of();
        if (attachment.deleting() || seen.reported(volume)) return List.of();
        return seen.usersOf(volume.name()).stream()
                .map(pod -> Action.RecordEvent.normal(pod, new AttachReason.Attached(volume.name())))
                .toList();
    }

    /// What the node still has mounted is left to it, as long as the node does its part.
    private static boolean mayKeep(Seen seen, PersistentVolume volume, ForcedDetach force) {
        return mounted(seen, volume) && !(force instanceof ForcedDetach.Now);
    }

    /// First the node hears that the volume is no longer its own: who begins to use it after that waits.
    private static Decision detach(
            Seen seen, VolumeAttachment attachment, PersistentVolume volume, ForcedDetach force) {
        if (attachment.deleting()) return Decision.NOTHING;
        if (mayKeep(seen, volume, force))
            return force instanceof ForcedDetach.After after
                    ? Decision.builder().requeueAfter(after.delay()).build()
                    : Decision.NOTHING;
        if (seen.node.exists() && seen.reported(volume)) return Decision.NOTHING;
        return delete(attachment, counted(seen, volume, force));
    }

    private static EventTemplate counted(Seen seen, PersistentVolume volume, ForcedDetach force) {
        return mounted(seen, volume) && force instanceof ForcedDetach.Now forced
                ? EventTemplate.NONE.counting(List.of(FORCED.once(forced.reason())), List.of())
                : EventTemplate.NONE;
    }

    private static boolean mounted(Seen seen, PersistentVolume volume) {
        return seen.node.status().volumesInUse().contains(new CsiVolume(volume).uniqueName());
    }

    private static Decision delete(VolumeAttachment attachment, EventTemplate event) {
        return Decision.of(new Action.Delete(Resources.VOLUME_ATTACHMENTS, attachment.key(), attachment.uid(), event));
    }

    /// The node's status names the volumes that are attached and stay so. It must be the node that was looked at: one
    /// that has begun to use a volume meanwhile keeps it.
    private static List<Action> report(Seen seen, List<PersistentVolume> kept) {
        var attached = kept.stream()
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
                : List.of(Action.Patch.ofUnchanged(Resources.NODES, seen.node, "status", reported));
    }
}
