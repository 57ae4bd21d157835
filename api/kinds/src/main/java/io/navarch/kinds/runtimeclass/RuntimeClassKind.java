package io.navarch.kinds.runtimeclass;

import io.navarch.kinds.Check;
import io.navarch.kinds.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Quantity;
import io.navarch.schema.KindDefinition;

/// RuntimeClass.
public final class RuntimeClassKind {
    private RuntimeClassKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("node.k8s.io", "RuntimeClass", "runtimeclasses")
                .version("v1", types.get("V1RuntimeClass"), Columns.NAME, Columns.at("Handler", "handler"), Columns.AGE)
                .names("runtimeclass", "RuntimeClassList")
                .clusterScoped()
                .ruledBy((object, old) -> {
                    var check = new Check();
                    check.labels(object.get("scheduling", "nodeSelector"), "scheduling.nodeSelector");
                    object.get("overhead", "podFixed").map().forEach((name, amount) -> {
                        if (Quantity.parseOr(amount, Quantity.ZERO).negative())
                            check.add(FieldError.invalid(
                                    "overhead.podFixed[" + name + "]", amount, "must be greater than or equal to 0"));
                    });
                    return check.errors();
                });
    }
}
