package io.navarch.kinds.configmap;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.ConfigMap;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.List;

/// ConfigMap.
public final class ConfigMapKind {
    private ConfigMapKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.CONFIG_MAPS)
                .version(
                        types.get("V1ConfigMap"),
                        columns -> columns.name()
                                .untyped("Data", object -> (long) size(object))
                                .age())
                .shortNames("cm")
                .ruledBy(ConfigMapKind::check)
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    private static List<FieldError> check(ConfigMap object, ConfigMap old) {
        var check = new Check();
        ConfigData.check(object, old, List.of(ConfigMap.DATA, ConfigMap.BINARY_DATA), "", check);
        var data = object.raw(ConfigMap.DATA).map();
        for (var key : object.raw(ConfigMap.BINARY_DATA).map().keySet()) {
            if (data.containsKey(key))
                check.add(FieldError.invalid("data[" + key + "]", key, "duplicate of key present in binaryData"));
        }
        return check.errors();
    }

    private static long size(ConfigMap object) {
        return (long) object.data().size()
                + object.raw(ConfigMap.BINARY_DATA).map().size();
    }
}
