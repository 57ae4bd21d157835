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
import io.navarch.objects.ResourceType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
                .metadata(metadata -> metadata.name(name)
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

    /// Whether a claim is to go with an earlier pod of this number: the next pod must not get it.
    static boolean leftBehind(StatefulSet set, int ordinal, PersistentVolumeClaim claim) {
        return set.spec().persistentVolumeClaimRetentionPolicy().whenScaled() == ClaimRetention.DELETE
                && claim.metadata().ownerReferences().stream()
                        .anyMatch(owner -> names(owner, Resources.PODS, podName(set, ordinal)));
    }

    /// The owners that a claim should have by the set's retention policy; empty when it has them, or when it is not for
    /// this set to say because another controller owns it.
    static Optional<List<OwnerReference>> owners(
            StatefulSet set, Pod pod, PersistentVolumeClaim claim, boolean condemned) {
        var policy = set.spec().persistentVolumeClaimRetentionPolicy();
        boolean withPod = policy.whenScaled() == ClaimRetention.DELETE;
        boolean withSet = policy.whenDeleted() == ClaimRetention.DELETE;
        var owners = claim.metadata().ownerReferences();
        if (owners.stream().anyMatch(owner -> former(owner, set, pod))) return Optional.empty();
        var others = owners.stream().filter(owner -> !ours(owner, set, pod)).toList();
        var wanted = new ArrayList<>(others);
        boolean foreign = (withPod || withSet) && others.stream().anyMatch(OwnerReference::controller);
        if (!foreign && condemned && withPod) wanted.add(OwnerReferences.of(pod, Resources.PODS));
        else if (!foreign && withSet) wanted.add(OwnerReferences.of(set, Resources.STATEFUL_SETS));
        return Set.copyOf(wanted).equals(Set.copyOf(owners)) ? Optional.empty() : Optional.of(wanted);
    }

    private static boolean ours(OwnerReference owner, StatefulSet set, Pod pod) {
        return owner.uid().equals(set.uid()) || owner.uid().equals(pod.uid());
    }

    /// Whether it is a set or pod of the same name that was there before.
    private static boolean former(OwnerReference owner, StatefulSet set, Pod pod) {
        return !ours(owner, set, pod)
                && (names(owner, Resources.STATEFUL_SETS, set.name()) || names(owner, Resources.PODS, pod.name()));
    }

    private static boolean names(OwnerReference owner, ResourceType<?> type, String name) {
        return owner.apiVersion().equals(type.apiVersion())
                && owner.kind().equals(type.kind())
                && owner.name().equals(name);
    }
}
