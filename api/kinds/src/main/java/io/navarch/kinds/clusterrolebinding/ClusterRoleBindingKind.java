package io.navarch.kinds.clusterrolebinding;

import io.navarch.kinds.role.RoleRules;
import io.navarch.kinds.types.Types;
import io.navarch.model.RoleBinding;
import io.navarch.objects.Names;
import io.navarch.schema.KindDefinition;

/// ClusterRoleBinding.
public final class ClusterRoleBindingKind {
    private ClusterRoleBindingKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of(RoleRules.GROUP, "ClusterRoleBinding", "clusterrolebindings")
                .version("v1", types.get("V1ClusterRoleBinding"), RoleRules.bindingColumns())
                .clusterScoped()
                .named(Names::pathSegment)
                .createsOnUpdate()
                .defaultedBy(RoleRules::bindingDefaults)
                .ruledBy((binding, old) -> RoleRules.binding(RoleBinding.of(binding), RoleBinding.of(old), false));
    }
}
