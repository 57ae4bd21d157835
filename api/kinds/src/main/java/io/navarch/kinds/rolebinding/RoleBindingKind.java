package io.navarch.kinds.rolebinding;

import io.navarch.kinds.role.RoleRules;
import io.navarch.kinds.types.Types;
import io.navarch.model.RoleBinding;
import io.navarch.objects.Names;
import io.navarch.schema.KindDefinition;

/// RoleBinding.
public final class RoleBindingKind {
    private RoleBindingKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of(RoleRules.GROUP, "RoleBinding", "rolebindings")
                .version("v1", types.get("V1RoleBinding"), RoleRules.bindingColumns())
                .named(Names::pathSegment)
                .createsOnUpdate()
                .defaultedBy(RoleRules::bindingDefaults)
                .ruledBy((binding, old) -> RoleRules.binding(RoleBinding.of(binding), RoleBinding.of(old), true));
    }
}
