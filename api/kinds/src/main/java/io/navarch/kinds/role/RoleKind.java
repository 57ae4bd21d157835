package io.navarch.kinds.role;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.Role;
import io.navarch.objects.Names;
import io.navarch.schema.KindDefinition;

/// Role.
public final class RoleKind {
    private RoleKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of(RoleRules.GROUP, "Role", "roles")
                .version("v1", types.get("V1Role"), Columns.NAME, Columns.CREATED)
                .named(Names::pathSegment)
                .createsOnUpdate()
                .ruledBy((role, old) -> {
                    var check = new Check();
                    RoleRules.role(Role.of(role).rules(), true, check);
                    return check.errors();
                });
    }
}
