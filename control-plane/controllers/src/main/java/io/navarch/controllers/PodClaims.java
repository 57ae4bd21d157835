package io.navarch.controllers;

import io.navarch.client.Caches;
import io.navarch.kinds.pod.PodVolumes;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.Volume;
import io.navarch.objects.ObjectKey;
import java.util.List;

/// The PersistentVolumeClaims that pods use, and one index of pods by them for all who ask.
public final class PodClaims {
    private static final String BY_CLAIM = "claim";

    private PodClaims() {}

    public static String name(Pod pod, Volume volume) {
        return PodVolumes.claimName(pod, volume);
    }

    public static List<ObjectKey> of(Pod pod) {
        return PodVolumes.claims(pod);
    }

    /// The pods that use a claim.
    public static List<Pod> using(Caches caches, ObjectKey claim) {
        return caches.of(Resources.PODS).byIndex(BY_CLAIM, claim.toString());
    }

    /// Keeps the index that [#using] reads.
    public static void index(Caches caches) {
        caches.of(Resources.PODS)
                .indexedBy(
                        BY_CLAIM,
                        pod -> of(pod).stream().map(ObjectKey::toString).toList());
    }
}
