package io.navarch.kinds.persistentvolume;

import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeStatus;
import io.navarch.model.Resources;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.time.InstantSource;
import java.util.Map;

/// Notes when a volume's phase changed, unless whoever changes it says so.
public final class PhaseTransitions implements Admission.Mutating {
    private final InstantSource clock;

    public PhaseTransitions(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public boolean handles(Admission.Attributes call) {
        return call.is(Resources.PERSISTENT_VOLUMES) && call.subresource().equals("status");
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> tree, View oldTree, Admission.Lookup lookup) {
        var volume = PersistentVolume.edit(tree);
        var now = volume.build().status();
        var old = PersistentVolume.of(oldTree).status();
        var time = now.raw(PersistentVolumeStatus.LAST_PHASE_TRANSITION_TIME);
        var before = old.raw(PersistentVolumeStatus.LAST_PHASE_TRANSITION_TIME);
        boolean samePhase = now.raw(PersistentVolumeStatus.PHASE)
                .string()
                .equals(old.raw(PersistentVolumeStatus.PHASE).string());
        if (samePhase && !time.exists() && old.hasLastPhaseTransitionTime())
            volume.status(status -> status.lastPhaseTransitionTime(old.lastPhaseTransitionTime()));
        if (!samePhase && (!time.exists() || time.string().equals(before.string())))
            volume.status(status -> status.lastPhaseTransitionTime(clock.instant()));
    }
}
