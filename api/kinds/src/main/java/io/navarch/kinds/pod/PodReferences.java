package io.navarch.kinds.pod;

import io.navarch.model.Container;
import io.navarch.model.LocalObjectReference;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.Volume;
import io.navarch.model.VolumeProjection;
import io.navarch.objects.ResourceType;
import io.navarch.schema.admission.Admission.Reference;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// The objects that a node has to read to run a pod.
public final class PodReferences {
    private final String namespace;
    private final Set<Reference> found = new LinkedHashSet<>();

    private PodReferences(String namespace) {
        this.namespace = namespace;
    }

    /// Its account, secrets, config maps, volume claims and resource claims. Pods that a node has made itself get it
    /// nothing, whatever they name.
    public static Set<Reference> of(Pod pod) {
        var references = new PodReferences(pod.namespace());
        if (pod.annotations().containsKey(Pods.MIRROR)) return references.found;
        references.add(Resources.SERVICE_ACCOUNTS, pod.spec().serviceAccountName());
        references.read(pod);
        references.claims(pod);
        return references.found;
    }

    /// Whether a pod names a secret or a config map, in whatever place.
    public static boolean names(Pod pod, ResourceType<?> type) {
        var references = new PodReferences(pod.namespace());
        references.read(pod);
        return references.found.stream().anyMatch(each -> each.resource().equals(type.plural()));
    }

    /// What a pod needs of the API, the first that is found: what a node runs by itself may not need any of it.
    public static Optional<String> ofApi(Pod pod) {
        if (!pod.spec().serviceAccountName().isEmpty()) return Optional.of("serviceaccounts");
        if (names(pod, Resources.SECRETS)) return Optional.of("secrets");
        if (names(pod, Resources.CONFIG_MAPS)) return Optional.of("configmaps");
        if (!pod.spec().resourceClaims().isEmpty()) return Optional.of("resourceclaims");
        return pod.spec().volumes().stream()
                .flatMap(volume -> ofApi(volume).stream())
                .findFirst();
    }

    private static Optional<String> ofApi(Volume volume) {
        if (volume.hasCsi()) return Optional.of("csidrivers (via CSI volumes)");
        if (volume.hasGlusterfs()) return Optional.of("endpoints (via glusterFS volumes)");
        if (volume.hasPersistentVolumeClaim()) return Optional.of("persistentvolumeclaims");
        if (volume.hasEphemeral()) return Optional.of("persistentvolumeclaims (via ephemeral volumes)");
        return volume.projected().sources().stream()
                .flatMap(source -> ofApi(source).stream())
                .findFirst();
    }

    private static Optional<String> ofApi(VolumeProjection source) {
        if (source.hasServiceAccountToken()) return Optional.of("serviceaccounts (via projected volumes)");
        if (source.hasClusterTrustBundle()) return Optional.of("clustertrustbundles");
        return source.hasPodCertificate() ? Optional.of("podcertificates") : Optional.empty();
    }

    private void add(ResourceType<?> type, String name) {
        if (!name.isEmpty()) found.add(new Reference(type.group(), type.plural(), namespace, name));
    }

    private void secret(String name) {
        add(Resources.SECRETS, name);
    }

    private void secret(LocalObjectReference reference) {
        secret(reference.name());
    }

    private void read(Pod pod) {
        for (var secret : pod.spec().imagePullSecrets()) secret(secret);
        for (var container : Pods.everyContainer(pod.spec())) environment(container);
        for (var volume : pod.spec().volumes()) volume(volume);
    }

    private void environment(Container container) {
        for (var from : container.envFrom()) {
            secret(from.secretRef().name());
            add(Resources.CONFIG_MAPS, from.configMapRef().name());
        }
        for (var variable : container.env()) {
            secret(variable.valueFrom().secretKeyRef().name());
            add(Resources.CONFIG_MAPS, variable.valueFrom().configMapKeyRef().name());
        }
    }

    private void volume(Volume volume) {
        secret(volume.secret().secretName());
        add(Resources.CONFIG_MAPS, volume.configMap().name());
        for (var source : volume.projected().sources()) {
            secret(source.secret().name());
            add(Resources.CONFIG_MAPS, source.configMap().name());
        }
        secret(volume.azureFile().secretName());
        secret(volume.cephfs().secretRef());
        secret(volume.cinder().secretRef());
        secret(volume.flexVolume().secretRef());
        secret(volume.rbd().secretRef());
        secret(volume.scaleIO().secretRef());
        secret(volume.iscsi().secretRef());
        secret(volume.storageos().secretRef());
        secret(volume.csi().nodePublishSecretRef());
    }

    private void claims(Pod pod) {
        for (var volume : pod.spec().volumes()) {
            add(
                    Resources.PERSISTENT_VOLUME_CLAIMS,
                    volume.persistentVolumeClaim().claimName());
            if (volume.hasEphemeral()) add(Resources.PERSISTENT_VOLUME_CLAIMS, pod.name() + "-" + volume.name());
        }
        for (var claim : pod.spec().resourceClaims()) {
            add(Resources.RESOURCE_CLAIMS, claim.resourceClaimName());
            if (!claim.hasResourceClaimTemplateName()) continue;
            for (var made : pod.status().resourceClaimStatuses())
                if (made.name().equals(claim.name())) add(Resources.RESOURCE_CLAIMS, made.resourceClaimName());
        }
        add(
                Resources.RESOURCE_CLAIMS,
                pod.status().extendedResourceClaimStatus().resourceClaimName());
    }
}
