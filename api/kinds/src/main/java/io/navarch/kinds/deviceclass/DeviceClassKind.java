package io.navarch.kinds.deviceclass;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.kinds.types.Types;
import io.navarch.schema.KindDefinition;
import java.util.Set;

/// DeviceClass.
public final class DeviceClassKind {
    private DeviceClassKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("resource.k8s.io", "DeviceClass", "deviceclasses")
                .version("v1", types.get("V1DeviceClass"), Columns.NAME, Columns.AGE)
                .names("deviceclass", "DeviceClassList")
                .clusterScoped()
                .withGeneration()
                .ruledBy((object, old) -> {
                    var check = new Check();
                    DeviceRules.selectors(
                            object.spec().get("selectors"), "spec.selectors", new ExpressionRules(old, check));
                    DeviceRules.configurations(object.spec().get("config"), Set.of(), "spec.config", check);
                    return check.errors();
                });
    }
}
