package io.navarch.kinds.persistentvolumeclaim;

import io.navarch.kinds.support.Check;
import io.navarch.model.PersistentVolumeClaimSpec;
import io.navarch.model.Resources;
import io.navarch.model.TypedLocalObjectReference;
import io.navarch.model.TypedObjectReference;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.util.Map;

/// What a claim's volume is filled with. There are two fields for it: the older one takes claims and snapshots only.
final class DataSources {
    private static final String CLAIM = Resources.PERSISTENT_VOLUME_CLAIMS.kind();
    private static final String SNAPSHOT_GROUP = "snapshot.storage.k8s.io";

    private DataSources() {}

    /// Drops what a new claim may not name, and lets both fields say the same.
    static void prepare(PersistentVolumeClaimSpec.Builder spec, PersistentVolumeClaimSpec old) {
        boolean inUse = old.dataSource().exists() || old.dataSourceRef().exists();
        if (!old.dataSourceRef().exists()
                && !spec.build().dataSourceRef().namespace().isEmpty()) spec.clearDataSourceRef();
        if (!inUse && !spec.build().hasDataSourceRef() && !older(source(spec.build()))) spec.clearDataSource();
        var source = spec.build().dataSource();
        var reference = spec.build().dataSourceRef();
        if (source.exists() && !reference.exists()) spec.dataSourceRef(TypedObjectReference.of(source.view()));
        else if (!source.exists() && reference.exists() && reference.namespace().isEmpty())
            spec.dataSource(TypedLocalObjectReference.of(
                    reference.toBuilder().clearNamespace().build().view()));
    }

    private static TypedObjectReference source(PersistentVolumeClaimSpec spec) {
        return TypedObjectReference.of(spec.dataSource().view());
    }

    private static boolean older(TypedObjectReference reference) {
        var group = reference.apiGroup();
        return group.isEmpty() && reference.kind().equals(CLAIM)
                || group.equals(SNAPSHOT_GROUP) && reference.kind().equals("VolumeSnapshot");
    }

    static void check(PersistentVolumeClaimSpec spec, PersistentVolumeClaimSpec old, String path, Check check) {
        var source = source(spec);
        var reference = spec.dataSourceRef();
        boolean anyGroup = old.dataSource().hasApiGroup() || old.dataSourceRef().hasApiGroup();
        check(source, path + ".dataSource", anyGroup, check);
        check(reference, path + ".dataSourceRef", anyGroup, check);
        var namespace = reference.namespace();
        if (!namespace.isEmpty()) check.name(namespace, path + ".dataSourceRef.namespace", Names.dnsLabel(namespace));
        if (!source.exists() || !reference.exists()) return;
        // The value is a path of the original's, which has nothing to show.
        var shown = Map.of();
        if (!namespace.isEmpty())
            check.invalid(path, shown, "may not be specified when dataSourceRef.namespace is specified");
        else if (!source.semanticEquals(reference.toBuilder().clearNamespace().build()))
            check.invalid(path, shown, "must match dataSourceRef");
    }

    private static void check(TypedObjectReference source, String path, boolean anyGroup, Check check) {
        if (!source.exists()) return;
        check.required(source.name(), path + ".name");
        check.required(source.kind(), path + ".kind");
        var group = source.apiGroup();
        var kind = source.kind();
        if (group.isEmpty() && !kind.equals(CLAIM))
            check.add(FieldError.invalid(
                    path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
        if (!group.isEmpty() && !anyGroup) check.name(group, path + ".apiGroup", Names.dnsSubdomain(group));
    }
}
