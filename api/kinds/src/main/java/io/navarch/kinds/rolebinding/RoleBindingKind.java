package io.navarch.kinds.rolebinding;

import io.navarch.kinds.role.RoleRules;
import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;

/// RoleBinding.
public final class RoleBindingKind {
    private RoleBindingKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.ROLE_BINDINGS)
                .version(types.get("V1RoleBinding"), RoleRules::bindingColumns)
                .named(Names::pathSegment)
                .createsOnUpdate()
                .defaultedBy(RoleRules::bindingDefaults)
                .ruledBy((binding, old) -> RoleRules.check(binding, old, true))
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }
}
