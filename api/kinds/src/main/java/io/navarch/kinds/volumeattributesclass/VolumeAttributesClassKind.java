package io.navarch.kinds.volumeattributesclass;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.schema.KindDefinition;

/// VolumeAttributesClass.
public final class VolumeAttributesClassKind {
    private VolumeAttributesClassKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("storage.k8s.io", "VolumeAttributesClass", "volumeattributesclasses")
                .version(
                        "v1",
                        types.get("V1VolumeAttributesClass"),
                        Columns.NAME,
                        Columns.at("DriverName", "driverName"),
                        Columns.AGE)
                .names("volumeattributesclass", "VolumeAttributesClassList")
                .shortNames("vac")
                .clusterScoped()
                .ruledBy((object, old) -> {
                    var check = new Check();
                    if (object.get("parameters").map().isEmpty())
                        check.add(FieldError.required("parameters", "must contain at least one key/value pair"));
                    if (old.exists()) {
                        check.unchanged(
                                object.get("driverName"),
                                old.get("driverName"),
                                "driverName",
                                "updates to driverName are forbidden.");
                        check.unchanged(
                                object.get("parameters"),
                                old.get("parameters"),
                                "parameters",
                                "updates to parameters are forbidden.");
                    }
                    return check.errors();
                });
    }
}
