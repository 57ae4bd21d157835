package io.navarch.kinds.storageclass;

import io.navarch.model.ApiObject;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.StorageClass;

/// Which class a claim or a volume has, and which class is the default.
public final class StorageClasses {
    private static final String DEFAULT = "storageclass.kubernetes.io/is-default-class";
    private static final String BETA_DEFAULT = "storageclass.beta.kubernetes.io/is-default-class";
    /// How claims and volumes named their class before there was a field for it; it goes before the field.
    /// Where a claim or volume named its class before there was a field for it.
    public static final String ANNOTATION = "volume.beta.kubernetes.io/storage-class";

    private StorageClasses() {}

    public static String of(PersistentVolumeClaim claim) {
        return of(claim, claim.spec().storageClassName());
    }

    public static String of(PersistentVolume volume) {
        return of(volume, volume.spec().storageClassName());
    }

    private static String of(ApiObject object, String field) {
        var old = object.annotation(ANNOTATION);
        return old.isEmpty() ? field : old;
    }

    static boolean named(PersistentVolumeClaim claim) {
        return claim.spec().hasStorageClassName()
                || !claim.annotation(ANNOTATION).isEmpty();
    }

    public static boolean isDefault(StorageClass storageClass) {
        return storageClass.annotation(DEFAULT).equals("true")
                || storageClass.annotation(BETA_DEFAULT).equals("true");
    }
}
