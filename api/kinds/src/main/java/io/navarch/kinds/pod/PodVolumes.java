package io.navarch.kinds.pod;

import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Pod;
import io.navarch.model.Volume;
import io.navarch.objects.ObjectKey;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the volumes of pods stand for.
public final class PodVolumes {
    private PodVolumes() {}

    /// The claim of one of a pod's volumes, `""` when it has none. That of a generic ephemeral volume is named after
    /// pod and volume.
    public static String claimName(Pod pod, Volume volume) {
        return volume.hasEphemeral()
                ? pod.name() + "-" + volume.name()
                : volume.persistentVolumeClaim().claimName();
    }

    /// The claims of a pod's volumes, each once.
    public static List<ObjectKey> claims(Pod pod) {
        return pod.spec().volumes().stream()
                .map(volume -> claimName(pod, volume))
                .filter(name -> !name.isEmpty())
                .map(name -> new ObjectKey(pod.namespace(), name))
                .distinct()
                .toList();
    }

    /// Whether a claim was made for a generic ephemeral volume of this very pod.
    public static boolean madeFor(Pod pod, PersistentVolumeClaim claim) {
        return claim.namespace().equals(pod.namespace())
                && claim.metadata().ownerReferences().stream()
                        .anyMatch(owner -> owner.controller() && owner.uid().equals(pod.uid()));
    }

    /// What is said of one that was not.
    public static String notMadeFor(Pod pod, ObjectKey claim) {
        return "PVC " + claim + " was not created for pod " + pod.key() + " (pod is not owner)";
    }

    /// The names of the volumes that some container sees the files of.
    public static Set<String> mounted(Pod pod) {
        var names = new HashSet<String>();
        Pods.containers(pod.spec()).forEach(spec -> spec.volumeMounts().forEach(mount -> names.add(mount.name())));
        return names;
    }

    /// The names of the volumes that some container has as a device.
    public static Set<String> devices(Pod pod) {
        var names = new HashSet<String>();
        Pods.containers(pod.spec()).forEach(spec -> spec.volumeDevices().forEach(device -> names.add(device.name())));
        return names;
    }
}
