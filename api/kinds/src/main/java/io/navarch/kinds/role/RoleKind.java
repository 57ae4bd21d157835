package io.navarch.kinds.role;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;

/// Role.
public final class RoleKind {
    private RoleKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.ROLES)
                .version(types.get("V1Role"), columns -> columns.name().created())
                .named(Names::pathSegment)
                .createsOnUpdate()
                .ruledBy((role, old) -> {
                    var check = new Check();
                    RoleRules.role(role.rules(), true, check);
                    return check.errors();
                })
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }
}
