package io.navarch.kinds.volumeattributesclass;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Provisioning;
import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.model.VolumeAttributesClass;
import io.navarch.objects.FieldError;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.List;

/// VolumeAttributesClass.
public final class VolumeAttributesClassKind {
    private VolumeAttributesClassKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.VOLUME_ATTRIBUTES_CLASSES)
                .showsDeleted()
                .version(
                        types.get("V1VolumeAttributesClass"),
                        columns -> columns.name()
                                .text("DriverName", VolumeAttributesClass::driverName)
                                .age())
                .shortNames("vac")
                .ruledBy(VolumeAttributesClassKind::check)
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    private static List<FieldError> check(VolumeAttributesClass now, VolumeAttributesClass old) {
        var check = new Check();
        Provisioning.provider(now.driverName(), VolumeAttributesClass.DRIVER_NAME, check);
        Provisioning.parameters(now.parameters(), VolumeAttributesClass.PARAMETERS, check);
        if (now.parameters().isEmpty())
            check.add(FieldError.required("parameters", "must contain at least one key/value pair"));
        if (!old.exists()) return check.errors();
        for (var field : List.of(VolumeAttributesClass.DRIVER_NAME, VolumeAttributesClass.PARAMETERS))
            check.unchanged(now.raw(field), old.raw(field), field, "updates to " + field + " are forbidden.");
        return check.errors();
    }
}
