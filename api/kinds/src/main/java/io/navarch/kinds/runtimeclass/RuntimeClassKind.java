package io.navarch.kinds.runtimeclass;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Quantity;
import io.navarch.schema.KindDefinition;
import java.util.HashSet;

/// RuntimeClass.
public final class RuntimeClassKind {
    private RuntimeClassKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("node.k8s.io", "RuntimeClass", "runtimeclasses")
                .version("v1", types.get("V1RuntimeClass"), Columns.NAME, Columns.at("Handler", "handler"), Columns.AGE)
                .names("runtimeclass", "RuntimeClassList")
                .clusterScoped()
                .updatedConditionally()
                .ruledBy((object, old) -> {
                    var check = new Check();
                    check.labels(object.get("scheduling", "nodeSelector"), "scheduling.nodeSelector");
                    var seen = new HashSet<Object>();
                    int i = 0;
                    for (var toleration :
                            object.get("scheduling", "tolerations").list()) {
                        if (!seen.add(toleration))
                            check.add(FieldError.duplicate("scheduling.tolerations[" + i + "]", toleration));
                        i++;
                    }
                    object.get("overhead", "podFixed").map().forEach((name, amount) -> {
                        if (Quantity.parseOr(amount, Quantity.ZERO).negative())
                            check.add(FieldError.invalid(
                                    "overhead.limits[" + name + "]", amount, "must be greater than or equal to 0"));
                    });
                    return check.errors();
                });
    }
}
