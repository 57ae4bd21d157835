package io.navarch.controllers.localpath;

import io.navarch.kinds.persistentvolume.LocalPaths;
import io.navarch.kinds.persistentvolume.PersistentVolumes;
import io.navarch.kinds.persistentvolume.VolumeMatch;
import io.navarch.model.AccessMode;
import io.navarch.model.Node;
import io.navarch.model.NodeSelectorOperator;
import io.navarch.model.ObjectMeta;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.PersistentVolumeReclaimPolicy;
import io.navarch.model.PersistentVolumeSpec;
import io.navarch.model.Resources;
import io.navarch.model.StorageClass;
import io.navarch.model.VolumeBindingMode;
import io.navarch.model.VolumeMode;
import io.navarch.objects.Trees;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.EventTemplate;
import io.navarch.reconcile.Reason;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;

/// The volume that a claim gets on a node, or why it gets none.
final class Provision {
    private static final String FAILED = "ProvisioningFailed";
    /// A source may come to be ready without anybody's telling it here.
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private static final String HOST_NAME = "kubernetes.io/hostname";
    private static final Set<AccessMode> MODES = Set.of(AccessMode.READ_WRITE_ONCE, AccessMode.READ_WRITE_ONCE_POD);

    /// What the claim's class and the scheduler say.
    ///
    /// @param selected the node's name, `""` while there is none
    /// @param node absent when there is none of that name
    record Terms(StorageClass storageClass, String selected, Node node) {}

    private Provision() {}

    static String name(PersistentVolumeClaim claim) {
        return "pvc-" + claim.uid();
    }

    static Decision decide(PersistentVolumeClaim claim, Terms terms, Origin origin) {
        var wrong = wrong(claim);
        if (!wrong.isEmpty()) return failed(claim, wrong);
        return switch (origin) {
            case Origin.Nothing nothing -> placed(claim, terms, Optional.empty());
            case Origin.Kept kept -> filled(claim, terms, kept);
            case Origin.Missing missing -> later(failed(claim, missing.why()));
            case Origin.Snapshot snapshot ->
                later(failed(claim, "snapshot " + snapshot.name() + " is of a kind that is not served"));
            case Origin.Others others -> leave(claim, others);
        };
    }

    private static Decision later(Decision failed) {
        return Decision.builder().include(failed).requeueAfter(AGAIN).build();
    }

    /// Somebody makes a volume of its own and gives it to the claim.
    private static Decision leave(PersistentVolumeClaim claim, Origin.Others others) {
        return Decision.builder()
                .event(Action.RecordEvent.normal(
                        claim, "Provisioning", "Assuming an external populator will provision the volume"))
                .waitingOn(Reason.of("Provisioning", "who knows " + others.kind() + " is to make the volume"))
                .build();
    }

    private static Decision filled(PersistentVolumeClaim claim, Terms terms, Origin.Kept kept) {
        var wanted = VolumeMatch.requested(claim);
        if (wanted.compareTo(kept.size()) < 0)
            return failed(
                    claim,
                    "requested volume size " + wanted + " is less than the size " + kept.size() + " for the source");
        if (!terms.selected.isEmpty() && !terms.selected.equals(kept.node()))
            return elsewhere(claim, "what the volume is made from lies on node \"" + kept.node() + "\"", kept.node());
        return placed(claim, terms, Optional.of(kept));
    }

    private static Decision placed(PersistentVolumeClaim claim, Terms terms, Optional<Origin.Kept> origin) {
        if (terms.selected.isEmpty())
            return terms.storageClass.volumeBindingMode() == VolumeBindingMode.WAIT_FOR_FIRST_CONSUMER
                    ? Decision.NOTHING
                    : failed(
                            claim,
                            "no node was chosen: storage class \"" + terms.storageClass.name()
                                    + "\" needs volumeBindingMode WaitForFirstConsumer");
        var unfit = unfit(claim, terms.node);
        return unfit.isEmpty()
                ? create(claim, terms, origin)
                : elsewhere(claim, "node \"" + terms.selected + "\" " + unfit, "");
    }

    private static String wrong(PersistentVolumeClaim claim) {
        var spec = claim.spec();
        if (PersistentVolumes.mode(spec.volumeMode()) == VolumeMode.BLOCK)
            return "volumes on a node's disk have volumeMode Filesystem only";
        if (!MODES.containsAll(spec.accessModes()))
            return "volumes on a node's disk have access modes ReadWriteOnce and ReadWriteOncePod only";
        if (spec.hasSelector()) return "claim.Spec.Selector is not supported";
        return "";
    }

    private static String unfit(PersistentVolumeClaim claim, Node node) {
        if (!node.exists()) return "is gone";
        var free = LocalPaths.free(node);
        if (node.annotation(LocalPaths.ROOT).isEmpty()
                || free.isEmpty()
                || node.labels().getOrDefault(HOST_NAME, "").isEmpty()) return "keeps no volumes on its disk";
        var wanted = VolumeMatch.requested(claim);
        return wanted.compareTo(free.get()) > 0
                ? "has " + free.get() + " of room for volumes, the claim wants " + wanted
                : "";
    }

    private static Decision failed(PersistentVolumeClaim claim, String why) {
        var reason = Reason.of(FAILED, why);
        return Decision.builder()
                .event(Action.RecordEvent.warning(claim, reason))
                .waitingOn(reason)
                .build();
    }

    /// The scheduler is to choose again.
    ///
    /// @param only the one node that will do, `""` when others may
    private static Decision elsewhere(PersistentVolumeClaim claim, String why, String only) {
        var annotations = new LinkedHashMap<String, Object>();
        annotations.put(PersistentVolumes.SELECTED_NODE, null);
        if (!only.isEmpty()) annotations.put(LocalPaths.ONLY_ON, only);
        var patch = Trees.map(
                PersistentVolumeClaim.METADATA,
                Trees.map(
                        ObjectMeta.UID,
                        claim.uid(),
                        ObjectMeta.RESOURCE_VERSION,
                        claim.resourceVersion(),
                        ObjectMeta.ANNOTATIONS,
                        annotations));
        return Decision.builder()
                .change(new Action.Patch(Resources.PERSISTENT_VOLUME_CLAIMS, claim.key(), "", (Object) patch))
                .event(Action.RecordEvent.warning(claim, FAILED, why))
                .build();
    }

    private static PersistentVolumeSpec.Builder withOptions(PersistentVolumeSpec.Builder spec, StorageClass given) {
        return given.hasMountOptions() ? spec.mountOptions(given.mountOptions()) : spec;
    }

    private static Decision create(PersistentVolumeClaim claim, Terms terms, Optional<Origin.Kept> origin) {
        var node = terms.node;
        var name = name(claim);
        var policy = terms.storageClass.reclaimPolicy();
        var volume = PersistentVolume.builder()
                .metadata(metadata -> {
                    metadata.name(name)
                            .putLabels(LocalPaths.NODE, node.name())
                            .putAnnotations(PersistentVolumes.PROVISIONED_BY, LocalPaths.PROVISIONER)
                            .addFinalizers(LocalPaths.DIRECTORY);
                    origin.ifPresent(kept -> metadata.putAnnotations(LocalPaths.FROM, kept.place()));
                })
                .spec(spec -> withOptions(spec, terms.storageClass)
                        .putCapacity("storage", VolumeMatch.requested(claim))
                        .accessModes(claim.spec().accessModes())
                        .persistentVolumeReclaimPolicy(
                                policy == PersistentVolumeReclaimPolicy.UNSET
                                        ? PersistentVolumeReclaimPolicy.DELETE
                                        : policy)
                        .storageClassName(terms.storageClass.name())
                        .volumeMode(VolumeMode.FILESYSTEM)
                        .claimRef(reference -> reference
                                .kind(Resources.PERSISTENT_VOLUME_CLAIMS.kind())
                                .apiVersion(Resources.PERSISTENT_VOLUME_CLAIMS.apiVersion())
                                .namespace(claim.namespace())
                                .name(claim.name())
                                .uid(claim.uid()))
                        .local(local -> local.path(LocalPaths.path(node.annotation(LocalPaths.ROOT), name)))
                        .nodeAffinity(affinity -> affinity.required(required ->
                                required.addNodeSelectorTerms(term -> term.addMatchExpressions(expression -> expression
                                        .key(HOST_NAME)
                                        .operator(NodeSelectorOperator.IN)
                                        .addValues(node.labels().getOrDefault(HOST_NAME, "")))))));
        var told = new EventTemplate(
                claim,
                "ProvisioningSucceeded",
                "Successfully provisioned volume %s",
                FAILED,
                "failed to provision volume: %s");
        return Decision.of(new Action.Create(Resources.PERSISTENT_VOLUMES, volume.build(), told));
    }
}
