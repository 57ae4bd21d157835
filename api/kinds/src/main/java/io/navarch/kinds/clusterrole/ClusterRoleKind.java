package io.navarch.kinds.clusterrole;

import io.navarch.kinds.role.RoleRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Selectors;
import io.navarch.kinds.types.Types;
import io.navarch.model.ClusterRole;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.List;

/// ClusterRole.
public final class ClusterRoleKind {
    private ClusterRoleKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.CLUSTER_ROLES)
                .version(types.get("V1ClusterRole"), columns -> columns.name().created())
                .named(Names::pathSegment)
                .createsOnUpdate()
                .ruledBy((role, old) -> check(role))
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    private static List<FieldError> check(ClusterRole role) {
        var check = new Check();
        RoleRules.role(role.rules(), false, check);
        var aggregation = role.aggregationRule();
        if (aggregation.exists() && aggregation.clusterRoleSelectors().isEmpty())
            check.add(FieldError.required(
                    "aggregationRule.clusterRoleSelectors",
                    "at least one clusterRoleSelector required if aggregationRule is non-nil"));
        Check.each(aggregation.clusterRoleSelectors(), "aggregationRule.clusterRoleSelectors", (selector, at) -> {
            if (!Selectors.valid(selector)) check.invalid(at, null, "invalid label selector.");
        });
        return check.errors();
    }
}
