package io.navarch.controllers.persistentvolume;

import io.navarch.model.EventType;
import io.navarch.model.Resources;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What to do for a claim: bind it, have a volume made for it, or say that it has lost its own.
final class ClaimDecision {
    static final String BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
    static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
    private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

    private final View claim;
    private final Collection<View> volumes;
    private final View storageClass;
    private final List<Action> actions = new ArrayList<>();

    ClaimDecision(View claim, Collection<View> volumes, View storageClass) {
        this.claim = claim;
        this.volumes = volumes;
        this.storageClass = storageClass;
    }

    List<Action> decide() {
        if (claim.deleting() && claim.spec().get("volumeName").string().isEmpty()) return actions;
        if (claim.annotation(BIND_COMPLETED).isEmpty()) unbound();
        else bound();
        return actions;
    }

    private View volume(String name) {
        return volumes.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElse(View.of(null));
    }

    private void tell(String type, String reason, String message) {
        actions.add(Action.RecordEvent.of(claim, EventType.of(type), reason, message));
    }

    private void unbound() {
        var named = claim.spec().get("volumeName").string();
        if (named.isEmpty()) {
            find();
            return;
        }
        var volume = volume(named);
        if (!volume.exists()) {
            phase("Pending");
        } else if (!volume.spec().get("claimRef").exists() || VolumeMatch.reservedFor(volume, claim)) {
            var mismatch = VolumeMatch.mismatch(volume, claim);
            if (mismatch.isEmpty()) bind(volume);
            else {
                tell("Warning", "VolumeMismatch", "Cannot bind to requested volume \"" + named + "\": " + mismatch);
                phase("Pending");
            }
        } else {
            tell("Warning", "FailedBinding", "volume \"" + named + "\" already bound to a different claim.");
            phase("Pending");
        }
    }

    private boolean waitsForPod() {
        return storageClass.get("volumeBindingMode").string().equals("WaitForFirstConsumer")
                && claim.annotation(SELECTED_NODE).isEmpty();
    }

    private void find() {
        var reserved = volumes.stream()
                .filter(each -> VolumeMatch.reservedFor(each, claim))
                .findFirst();
        if (waitsForPod() && reserved.isEmpty()) {
            tell("Normal", "WaitForFirstConsumer", "waiting for first consumer to be created before binding");
            phase("Pending");
            return;
        }
        var volume = VolumeMatch.best(volumes, claim);
        if (volume.exists()) {
            bind(volume);
            return;
        }
        provision();
        phase("Pending");
    }

    /// Whoever makes volumes of this class is told; who that is runs outside of here.
    private void provision() {
        var name = VolumeMatch.storageClass(claim);
        if (name.isEmpty()) {
            tell(
                    "Normal",
                    "FailedBinding",
                    "no persistent volumes available for this claim and no storage class is set");
            return;
        }
        if (!storageClass.exists()) {
            tell("Warning", "ProvisioningFailed", "storageclass.storage.k8s.io \"" + name + "\" not found");
            return;
        }
        var provisioner = storageClass.get("provisioner").string();
        if (provisioner.equals("kubernetes.io/no-provisioner")) return;
        if (!claim.annotation("volume.kubernetes.io/storage-provisioner").equals(provisioner))
            actions.add(new Action.Patch(
                    Resources.PERSISTENT_VOLUME_CLAIMS.untyped(),
                    claim.key(),
                    "",
                    Trees.map(
                            "metadata",
                            Trees.map(
                                    "annotations",
                                    Trees.map(
                                            "volume.beta.kubernetes.io/storage-provisioner",
                                            provisioner,
                                            "volume.kubernetes.io/storage-provisioner",
                                            provisioner)))));
        tell(
                "Normal",
                "ExternalProvisioning",
                "Waiting for a volume to be created either by the external provisioner '" + provisioner
                        + "' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.");
    }

    /// First the volume, then the claim: of two claims that want one volume the second finds it changed.
    private void bind(View volume) {
        if (!volume.spec().get("claimRef", "uid").string().equals(claim.uid())) {
            var annotations = Trees.map();
            if (!volume.spec().get("claimRef").exists()) annotations.put(BOUND_BY_CONTROLLER, "yes");
            actions.add(new Action.Patch(
                    Resources.PERSISTENT_VOLUMES.untyped(),
                    volume.key(),
                    "",
                    Trees.map(
                            "metadata",
                            Trees.map("resourceVersion", volume.resourceVersion(), "annotations", annotations),
                            "spec",
                            Trees.map(
                                    "claimRef",
                                    Trees.map(
                                            "kind",
                                            "PersistentVolumeClaim",
                                            "apiVersion",
                                            "v1",
                                            "namespace",
                                            claim.namespace(),
                                            "name",
                                            claim.name(),
                                            "uid",
                                            claim.uid(),
                                            "resourceVersion",
                                            claim.resourceVersion())))));
        }
        boolean chosen = claim.spec().get("volumeName").string().isEmpty();
        actions.add(new Action.Patch(
                Resources.PERSISTENT_VOLUME_CLAIMS.untyped(),
                claim.key(),
                "",
                Trees.map(
                        "metadata",
                        Trees.map(
                                "uid",
                                claim.uid(),
                                "annotations",
                                Trees.map(BIND_COMPLETED, "yes", BOUND_BY_CONTROLLER, chosen ? "yes" : null)),
                        "spec",
                        Trees.map("volumeName", volume.name()))));
        boundStatus(volume);
    }

    private void bound() {
        var name = claim.spec().get("volumeName").string();
        if (name.isEmpty()) {
            lost("Bound claim has lost reference to PersistentVolume. Data on the volume is lost!");
            return;
        }
        var volume = volume(name);
        if (!volume.exists()) {
            lost("Bound claim has lost its PersistentVolume. Data on the volume is lost!");
        } else if (!volume.spec().get("claimRef").exists() || VolumeMatch.reservedFor(volume, claim)) {
            if (volume.spec().get("claimRef", "uid").string().equals(claim.uid())) boundStatus(volume);
            else bind(volume);
        } else {
            lost("Two claims are bound to the same volume, this one is bound incorrectly");
        }
    }

    private void lost(String message) {
        if (claim.status().get("phase").string().equals("Lost")) return;
        tell("Warning", message.startsWith("Two") ? "ClaimMisbound" : "ClaimLost", message);
        phase("Lost");
    }

    private void phase(String phase) {
        if (claim.status().get("phase").string().equals(phase)) return;
        actions.add(status(Trees.map("phase", phase)));
    }

    private void boundStatus(View volume) {
        var status = claim.status();
        boolean first = !status.get("phase").string().equals("Bound");
        var wanted = Trees.map(
                "phase",
                "Bound",
                "accessModes",
                Trees.copy(volume.spec().get("accessModes").list()));
        // Later the node agent and resizing say how large it is.
        if (first || !status.get("capacity").exists())
            wanted.put("capacity", Trees.copy(volume.spec().get("capacity").map()));
        boolean same = !first
                && Trees.semanticEquals(
                        wanted.get("accessModes"), status.get("accessModes").value())
                && status.get("capacity").exists();
        if (!same) actions.add(status(wanted));
    }

    private Action status(Object status) {
        return new Action.Patch(
                Resources.PERSISTENT_VOLUME_CLAIMS.untyped(),
                claim.key(),
                "status",
                Trees.map("metadata", Trees.map("uid", claim.uid()), "status", status));
    }
}
