package io.navarch.controllers.statefulset;

import io.navarch.controllers.OwnerReferences;
import io.navarch.controllers.PodTemplates;
import io.navarch.controllers.Revisions;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.ClaimRetention;
import io.navarch.model.ControllerRevision;
import io.navarch.model.ObjectMeta;
import io.navarch.model.OwnerReference;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.StatefulSet;
import io.navarch.model.Volume;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The names, labels and volumes by which a StatefulSet's pod of a number is known.
final class Identity {
    /// The label of pods with the name of their revision.
    static final String REVISION = "controller-revision-hash";

    private static final String POD_NAME = "statefulset.kubernetes.io/pod-name";
    private static final String POD_INDEX = "apps.kubernetes.io/pod-index";

    private Identity() {}

    /// The number in the name of a set's pod, or -1 when the name is not one of the set's.
    static int ordinal(StatefulSet set, Pod pod) {
        return Pods.ordinal(pod, set.name()).orElse(-1);
    }

    static String podName(StatefulSet set, int ordinal) {
        return set.name() + "-" + ordinal;
    }

    static String revision(Pod pod) {
        return pod.labels().getOrDefault(REVISION, "");
    }

    static String claimName(StatefulSet set, int ordinal, PersistentVolumeClaim template) {
        return template.name() + "-" + podName(set, ordinal);
    }

    /// A pod's claim of a template.
    static PersistentVolumeClaim claim(StatefulSet set, int ordinal, PersistentVolumeClaim template) {
        return template.toBuilder()
                .clearStatus()
                .metadata(metadata -> {
                    metadata.name(claimName(set, ordinal, template))
                            .namespace(set.namespace())
                            .labels(set.spec().selector().matchLabels());
                    template.labels().forEach(metadata::putLabels);
                })
                .build();
    }

    /// @param revision whose template the pod is made of
    static Pod pod(StatefulSet set, int ordinal, ControllerRevision revision) {
        var name = podName(set, ordinal);
        var template = Revisions.template(revision);
        var pod = PodTemplates.pod(template, set, Resources.STATEFUL_SETS)
                .metadata(metadata -> metadata.clearGenerateName()
                        .name(name)
                        .putLabels(REVISION, revision.name())
                        .putLabels(POD_NAME, name)
                        .putLabels(POD_INDEX, String.valueOf(ordinal)));
        return pod.spec(spec -> {
                    spec.hostname(name).subdomain(set.spec().serviceName());
                    if (set.spec().hasVolumeClaimTemplates())
                        spec.volumes(volumes(set, ordinal, template.spec().volumes()));
                })
                .build();
    }

    /// The volumes of the set's claims take the place of the template's volumes of the same names.
    private static List<Volume> volumes(StatefulSet set, int ordinal, List<Volume> ofTemplate) {
        var volumes = new LinkedHashMap<String, Volume>();
        for (var claim : set.spec().volumeClaimTemplates())
            volumes.put(
                    claim.name(),
                    Volume.builder()
                            .name(claim.name())
                            .persistentVolumeClaim(source -> source.claimName(claimName(set, ordinal, claim)))
                            .build());
        for (var volume : ofTemplate) volumes.putIfAbsent(volume.name(), volume);
        return List.copyOf(volumes.values());
    }

    /// The labels by which a pod is known and which an adopted one may lack; empty when it has them.
    static Optional<ObjectMeta> missing(StatefulSet set, Pod pod) {
        var wanted = Map.of(POD_NAME, pod.name(), POD_INDEX, String.valueOf(ordinal(set, pod)));
        var labels = pod.labels();
        var missing = ObjectMeta.builder();
        wanted.forEach((label, value) -> {
            if (!value.equals(labels.get(label))) missing.putLabels(label, value);
        });
        return Optional.of(missing.build()).filter(ObjectMeta::hasLabels);
    }

    /// The owners that a claim should have by the set's retention policy; empty when it has them.
    static Optional<List<OwnerReference>> owners(
            StatefulSet set, Pod pod, PersistentVolumeClaim claim, boolean condemned) {
        var policy = set.spec().persistentVolumeClaimRetentionPolicy();
        var owners = claim.metadata().ownerReferences();
        var wanted = new ArrayList<>(owners);
        wanted.removeIf(owner -> owner.uid().equals(set.uid()) || owner.uid().equals(pod.uid()));
        if (condemned && policy.whenScaled() == ClaimRetention.DELETE)
            wanted.add(OwnerReferences.of(pod, Resources.PODS));
        else if (policy.whenDeleted() == ClaimRetention.DELETE)
            wanted.add(OwnerReferences.of(set, Resources.STATEFUL_SETS));
        return wanted.equals(owners) ? Optional.empty() : Optional.of(wanted);
    }
}
