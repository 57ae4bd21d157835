package io.navarch.kinds.configmap;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// ConfigMap.
public final class ConfigMapKind {
    private ConfigMapKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("", "ConfigMap", "configmaps")
                .version(
                        "v1",
                        types.get("V1ConfigMap"),
                        Columns.NAME,
                        Columns.number("Data", ConfigMapKind::size),
                        Columns.AGE)
                .shortNames("cm")
                .ruledBy(ConfigMapKind::check);
    }

    private static List<FieldError> check(View object, View old) {
        var check = new Check();
        ConfigData.check(object, old, List.of("data", "binaryData"), "", check);
        for (var key : object.get("binaryData").map().keySet()) {
            if (object.get("data").map().containsKey(key)) {
                check.add(FieldError.invalid("data[" + key + "]", key, "duplicate of key present in binaryData"));
            }
        }
        return check.errors();
    }

    private static long size(View object) {
        return object.get("data").map().size() + object.get("binaryData").map().size();
    }
}
