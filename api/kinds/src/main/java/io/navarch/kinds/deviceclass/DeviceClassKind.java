package io.navarch.kinds.deviceclass;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.kinds.types.Types;
import io.navarch.model.DeviceClass;
import io.navarch.objects.FieldError;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// DeviceClass: a sort of devices that claims can ask for.
public final class DeviceClassKind {
    private DeviceClassKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("resource.k8s.io", "DeviceClass", "deviceclasses")
                .version("v1", types.get("V1DeviceClass"), Columns.NAME, Columns.AGE)
                .names("deviceclass", "DeviceClassList")
                .clusterScoped()
                .withGeneration()
                .ruledBy((object, old) -> check(DeviceClass.of(object), new ExpressionRules(old, new Check())));
    }

    private static List<FieldError> check(DeviceClass object, ExpressionRules expressions) {
        var spec = object.spec();
        DeviceRules.selectors(spec.selectors(), "spec.selectors", expressions);
        int i = 0;
        for (var configuration : spec.config())
            DeviceRules.opaque(configuration.opaque(), "spec.config[" + i++ + "].opaque", expressions.errors());
        return expressions.errors().errors();
    }
}
