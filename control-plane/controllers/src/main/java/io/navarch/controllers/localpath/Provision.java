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
import java.util.LinkedHashMap;
import java.util.Set;

/// The volume that a claim gets on a node, or why it gets none.
final class Provision {
    private static final String FAILED = "ProvisioningFailed";
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

    static Decision decide(PersistentVolumeClaim claim, Terms terms) {
        var wrong = wrong(claim);
        if (!wrong.isEmpty()) return failed(claim, wrong);
        if (terms.selected.isEmpty())
            return terms.storageClass.volumeBindingMode() == VolumeBindingMode.WAIT_FOR_FIRST_CONSUMER
                    ? Decision.NOTHING
                    : failed(
                            claim,
                            "no node was chosen: storage class \"" + terms.storageClass.name()
                                    + "\" needs volumeBindingMode WaitForFirstConsumer");
        var unfit = unfit(claim, terms.node);
        return unfit.isEmpty() ? create(claim, terms) : elsewhere(claim, "node \"" + terms.selected + "\" " + unfit);
    }

    private static String wrong(PersistentVolumeClaim claim) {
        var spec = claim.spec();
        if (PersistentVolumes.mode(spec.volumeMode()) == VolumeMode.BLOCK)
            return "volumes on a node's disk have volumeMode Filesystem only";
        if (!MODES.containsAll(spec.accessModes()))
            return "volumes on a node's disk have access modes ReadWriteOnce and ReadWriteOncePod only";
        if (spec.hasSelector()) return "claim.Spec.Selector is not supported";
        if (spec.hasDataSource() || spec.hasDataSourceRef()) return "claims from a data source are not supported";
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
    private static Decision elsewhere(PersistentVolumeClaim claim, String why) {
        var annotations = new LinkedHashMap<String, Object>();
        annotations.put(PersistentVolumes.SELECTED_NODE, null);
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

    private static Decision create(PersistentVolumeClaim claim, Terms terms) {
        var node = terms.node;
        var name = name(claim);
        var policy = terms.storageClass.reclaimPolicy();
        var volume = PersistentVolume.builder()
                .metadata(metadata -> metadata.name(name)
                        .putLabels(LocalPaths.NODE, node.name())
                        .putAnnotations(PersistentVolumes.PROVISIONED_BY, LocalPaths.PROVISIONER)
                        .addFinalizers(LocalPaths.DIRECTORY))
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
