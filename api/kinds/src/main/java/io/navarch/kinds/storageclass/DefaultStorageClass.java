package io.navarch.kinds.storageclass;

import io.navarch.kinds.support.DefaultClass;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.Map;

/// Gives claims that name no class the default one; among several the newest.
public final class DefaultStorageClass implements Admission.Mutating {
    @Override
    public boolean handles(Admission.Attributes call) {
        return call.creates("", "persistentvolumeclaims");
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> claim, View old, Admission.Lookup lookup) {
        var view = View.of(claim);
        if (view.spec().get("storageClassName").exists()
                || !view.annotation("volume.beta.kubernetes.io/storage-class").isEmpty()) return;
        DefaultClass.of(lookup.list("storage.k8s.io", "storageclasses", ""), StorageClassKind::isDefault)
                .ifPresent(chosen -> Trees.put(claim, chosen.name(), "spec", "storageClassName"));
    }
}
