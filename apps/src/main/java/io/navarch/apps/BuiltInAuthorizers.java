package io.navarch.apps;

import io.navarch.apiserver.access.Authorizer;
import io.navarch.apiserver.access.FixedAuthorizer;
import io.navarch.apiserver.access.NodeAuthorizer;
import io.navarch.apiserver.access.NodeGraph;
import io.navarch.apiserver.access.RbacAuthorizer;
import io.navarch.apiserver.registry.Resources;
import io.navarch.authorization.AuthorizerType;
import io.navarch.kinds.persistentvolume.LocalPaths;
import io.navarch.kinds.persistentvolume.VolumeReferences;
import io.navarch.kinds.pod.PodReferences;
import io.navarch.kinds.rbac.DefaultRoles;
import java.util.List;

/// The authorizers that decide by themselves.
record BuiltInAuthorizers(Resources resources, RbacAuthorizer roles) {
    Authorizer of(AuthorizerType type) {
        return switch (type) {
            case ALWAYS_ALLOW -> FixedAuthorizer.allowing();
            case ALWAYS_DENY -> FixedAuthorizer.denying();
            case NODE -> nodes();
            case RBAC -> roles;
            case WEBHOOK -> throw new IllegalArgumentException("a webhook decides elsewhere");
        };
    }

    private NodeAuthorizer nodes() {
        var graph = new NodeGraph(resources, PodReferences::of, VolumeReferences::of, LocalPaths::keeper);
        // The proxy of a node is a part of its agent here, and needs to know where Services lead.
        var role = DefaultRoles.role("system:node").toBuilder()
                .addRules(rule -> rule.verbs(List.of("list", "watch"))
                        .addApiGroups(io.navarch.model.Resources.ENDPOINT_SLICES.group())
                        .addResources(io.navarch.model.Resources.ENDPOINT_SLICES.plural()))
                .build();
        return new NodeAuthorizer(graph, role, LocalPaths.NODE);
    }
}
