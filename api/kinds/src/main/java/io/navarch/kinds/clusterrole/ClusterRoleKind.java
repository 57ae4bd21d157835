package io.navarch.kinds.clusterrole;

import io.navarch.kinds.role.RoleRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindDefinition;

/// ClusterRole.
public final class ClusterRoleKind {
    private ClusterRoleKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of(RoleRules.GROUP, "ClusterRole", "clusterroles")
                .version("v1", types.get("V1ClusterRole"), Columns.NAME, Columns.CREATED)
                .clusterScoped()
                .named(Names::pathSegment)
                .createsOnUpdate()
                .ruledBy((role, old) -> {
                    var check = new Check();
                    RoleRules.role(role, false, check);
                    var aggregation = role.get("aggregationRule");
                    if (aggregation.exists()
                            && aggregation.get("clusterRoleSelectors").list().isEmpty())
                        check.add(FieldError.required(
                                "aggregationRule.clusterRoleSelectors",
                                "at least one clusterRoleSelector required if aggregationRule is non-nil"));
                    return check.errors();
                });
    }
}
