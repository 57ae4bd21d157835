package io.navarch.kinds.storageclass;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.Admission;
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
        var chosen = View.of(null);
        for (var candidate : lookup.list("storage.k8s.io", "storageclasses", "")) {
            if (StorageClassKind.isDefault(candidate) && (!chosen.exists() || newer(candidate, chosen)))
                chosen = candidate;
        }
        if (chosen.exists()) Trees.put(claim, chosen.name(), "spec", "storageClassName");
    }

    private static boolean newer(View one, View other) {
        int order = one.metadata()
                .get("creationTimestamp")
                .string()
                .compareTo(other.metadata().get("creationTimestamp").string());
        return order > 0 || order == 0 && one.name().compareTo(other.name()) < 0;
    }
}
