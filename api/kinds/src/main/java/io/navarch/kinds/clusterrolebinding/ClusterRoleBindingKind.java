package io.navarch.kinds.clusterrolebinding;

import io.navarch.kinds.role.RoleRules;
import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;

/// ClusterRoleBinding.
public final class ClusterRoleBindingKind {
    private ClusterRoleBindingKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.CLUSTER_ROLE_BINDINGS)
                .version(types.get("V1ClusterRoleBinding"), RoleRules::bindingColumns)
                .named(Names::pathSegment)
                .createsOnUpdate()
                .defaultedBy(RoleRules::bindingDefaults)
                .ruledBy((binding, old) -> RoleRules.check(binding, old, false))
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }
}
