package io.navarch.kinds.persistentvolume;

import io.navarch.model.PersistentVolume;
import io.navarch.model.Resources;
import io.navarch.model.SecretReference;
import io.navarch.schema.admission.Admission.Reference;
import java.util.LinkedHashSet;
import java.util.Set;

/// The secrets that a node has to read to mount a volume; those that only controllers read are none of them.
public final class VolumeReferences {
    private final String claimNamespace;
    private final Set<Reference> found = new LinkedHashSet<>();

    private VolumeReferences(String claimNamespace) {
        this.claimNamespace = claimNamespace;
    }

    /// Empty for a volume that belongs to no claim.
    public static Set<Reference> of(PersistentVolume volume) {
        var spec = volume.spec();
        var references = new VolumeReferences(spec.claimRef().namespace());
        if (!spec.hasClaimRef()) return references.found;
        references.add(spec.azureFile().secretNamespace(), spec.azureFile().secretName());
        references.add(spec.cephfs().secretRef());
        references.add(spec.cinder().secretRef());
        references.add(spec.flexVolume().secretRef());
        references.add(spec.rbd().secretRef());
        references.add(spec.scaleIO().secretRef());
        references.add(spec.iscsi().secretRef());
        var storageos = spec.storageos().secretRef();
        references.add(storageos.namespace(), storageos.name());
        references.add(spec.csi().nodePublishSecretRef());
        references.add(spec.csi().nodeStageSecretRef());
        references.add(spec.csi().nodeExpandSecretRef());
        return references.found;
    }

    private void add(SecretReference reference) {
        add(reference.namespace(), reference.name());
    }

    private void add(String namespace, String name) {
        var home = namespace.isEmpty() ? claimNamespace : namespace;
        if (!name.isEmpty())
            found.add(new Reference(Resources.SECRETS.group(), Resources.SECRETS.plural(), home, name));
    }
}
