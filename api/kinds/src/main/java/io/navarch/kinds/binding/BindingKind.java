package io.navarch.kinds.binding;

import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;

/// Binding: puts a pod on a node. It is acted upon and not kept; pods have a subresource of the same kind.
public final class BindingKind {
    private BindingKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.BINDINGS)
                .version(types.get("V1Binding"))
                .createOnly()
                .build();
    }
}
