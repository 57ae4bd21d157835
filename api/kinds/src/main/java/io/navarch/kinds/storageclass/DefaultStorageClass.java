package io.navarch.kinds.storageclass;

import io.navarch.kinds.support.DefaultClass;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Resources;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.Map;

/// Gives claims that name no class the default one; the newest when several are marked.
public final class DefaultStorageClass implements Admission.Mutating {
    @Override
    public boolean handles(Admission.Attributes call) {
        return call.creates(Resources.PERSISTENT_VOLUME_CLAIMS);
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> object, View old, Admission.Lookup lookup) {
        var claim = PersistentVolumeClaim.edit(object);
        if (StorageClasses.named(claim.build())) return;
        DefaultClass.of(lookup.list(Resources.STORAGE_CLASSES, ""), StorageClasses::isDefault)
                .ifPresent(chosen -> claim.spec(spec -> spec.storageClassName(chosen.name())));
    }
}
