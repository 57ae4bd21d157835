package io.navarch.agent.decide;

import io.navarch.model.ConditionStatus;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.PersistentVolumeClaimConditionType;
import io.navarch.model.PersistentVolumeClaimStatus;
import io.navarch.objects.Quantity;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// What a node does, and says, of a volume that has become larger than its claim has been told: a function of what the
/// API says.
///
/// Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims
public record VolumeExpansion(PersistentVolumeClaim claim, PersistentVolume volume) {
    private static final String STORAGE = "storage";
    private static final String PENDING = "NodeResizePending";
    private static final String IN_PROGRESS = "NodeResizeInProgress";
    private static final String INFEASIBLE = "NodeResizeInfeasible";

    /// The conditions that tell of a change of the size.
    private static final Set<String> CONDITIONS = Set.of(
            PersistentVolumeClaimConditionType.RESIZING,
            PersistentVolumeClaimConditionType.FILE_SYSTEM_RESIZE_PENDING,
            PersistentVolumeClaimConditionType.CONTROLLER_RESIZE_ERROR,
            PersistentVolumeClaimConditionType.NODE_RESIZE_ERROR);

    /// How large the node is to make it; empty when that is not its turn.
    public Optional<Quantity> wanted() {
        var status = claim.status();
        var size = storage(volume.spec().capacity());
        if (size.compareTo(storage(status.capacity())) <= 0) return Optional.empty();
        var progress = status.allocatedResourceStatuses().getOrDefault(STORAGE, "");
        // A controller of before there was a progress says nothing of it.
        if (progress.isEmpty()) return status.hasAllocatedResources() ? Optional.empty() : Optional.of(size);
        boolean ours = progress.equals(PENDING) || progress.equals(IN_PROGRESS);
        return ours ? Optional.of(status.allocatedResources().getOrDefault(STORAGE, size)) : Optional.empty();
    }

    private static Quantity storage(Map<String, Quantity> resources) {
        return resources.getOrDefault(STORAGE, Quantity.ZERO);
    }

    /// The claim while the node is at it.
    public PersistentVolumeClaim begun() {
        var progress = claim.status().allocatedResourceStatuses().getOrDefault(STORAGE, "");
        return progress.isEmpty() ? claim : with(status -> status.putAllocatedResourceStatuses(STORAGE, IN_PROGRESS));
    }

    /// The claim once the volume is as large as that.
    public static PersistentVolumeClaim done(PersistentVolumeClaim claim, Quantity size) {
        var kept = claim.status().conditions().stream()
                .filter(condition -> !CONDITIONS.contains(condition.type()))
                .toList();
        return new VolumeExpansion(claim, PersistentVolume.ABSENT).with(status -> {
            status.putCapacity(STORAGE, size).conditions(kept);
            boolean only = claim.status().allocatedResourceStatuses().size() <= 1;
            if (only) status.clearAllocatedResourceStatuses();
            else status.removeAllocatedResourceStatuses(STORAGE);
        });
    }

    /// The claim after a failure.
    ///
    /// @param infeasible whether there is no use in trying again
    public static PersistentVolumeClaim failed(
            PersistentVolumeClaim claim, String why, boolean infeasible, Instant now) {
        var kept = claim.status().conditions().stream()
                .filter(condition -> !condition.type().equals(PersistentVolumeClaimConditionType.NODE_RESIZE_ERROR))
                .toList();
        return new VolumeExpansion(claim, PersistentVolume.ABSENT).with(status -> {
            status.conditions(kept)
                    .addConditions(condition -> condition
                            .type(PersistentVolumeClaimConditionType.NODE_RESIZE_ERROR)
                            .status(ConditionStatus.TRUE)
                            .lastTransitionTime(now)
                            .message("failed to expand pvc with " + why));
            if (infeasible) status.putAllocatedResourceStatuses(STORAGE, INFEASIBLE);
        });
    }

    private PersistentVolumeClaim with(Consumer<PersistentVolumeClaimStatus.Builder> change) {
        return claim.toBuilder().status(change).build();
    }
}
