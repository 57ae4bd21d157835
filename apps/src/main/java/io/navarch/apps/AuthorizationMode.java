package io.navarch.apps;

import io.navarch.apiserver.access.Authorizer;
import io.navarch.apiserver.access.AuthorizerChain;
import io.navarch.apiserver.access.FixedAuthorizer;
import io.navarch.apiserver.access.NodeAuthorizer;
import io.navarch.apiserver.access.NodeGraph;
import io.navarch.apiserver.access.RbacAuthorizer;
import io.navarch.apiserver.registry.Resources;
import io.navarch.kinds.persistentvolume.VolumeReferences;
import io.navarch.kinds.pod.PodReferences;
import io.navarch.kinds.rbac.DefaultRoles;
import io.navarch.process.Options;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Who is asked whether somebody may do something, as kube-apiserver's `--authorization-mode` names them.
enum AuthorizationMode {
    ALWAYS_ALLOW("AlwaysAllow") {
        @Override
        Authorizer authorizer(Resources resources, RbacAuthorizer roles) {
            return FixedAuthorizer.allowing();
        }
    },
    ALWAYS_DENY("AlwaysDeny") {
        @Override
        Authorizer authorizer(Resources resources, RbacAuthorizer roles) {
            return FixedAuthorizer.denying();
        }
    },
    NODE("Node") {
        @Override
        Authorizer authorizer(Resources resources, RbacAuthorizer roles) {
            var graph = new NodeGraph(resources, PodReferences::of, VolumeReferences::of);
            // The proxy of a node is a part of its agent here, and needs to know where Services lead.
            var role = DefaultRoles.role("system:node").toBuilder()
                    .addRules(rule -> rule.verbs(List.of("list", "watch"))
                            .addApiGroups(io.navarch.model.Resources.ENDPOINT_SLICES.group())
                            .addResources(io.navarch.model.Resources.ENDPOINT_SLICES.plural()))
                    .build();
            return new NodeAuthorizer(graph, role);
        }
    },
    RBAC("RBAC") {
        @Override
        Authorizer authorizer(Resources resources, RbacAuthorizer roles) {
            return roles;
        }
    };

    private static final List<AuthorizationMode> DEFAULT = List.of(NODE, RBAC);

    private final String text;

    AuthorizationMode(String text) {
        this.text = text;
    }

    abstract Authorizer authorizer(Resources resources, RbacAuthorizer roles);

    /// @param names in the order in which they are asked; the default when there are none
    /// @throws Options.UsageException when one is unknown or named twice
    static List<AuthorizationMode> of(List<String> names) {
        if (names.isEmpty()) return DEFAULT;
        if (Set.copyOf(names).size() < names.size())
            throw new Options.UsageException("authorization-mode " + names + " has mode specified more than once");
        return names.stream().map(AuthorizationMode::of).toList();
    }

    private static AuthorizationMode of(String name) {
        return Stream.of(values())
                .filter(mode -> mode.text.equals(name))
                .findFirst()
                .orElseThrow(() -> new Options.UsageException("authorization-mode \"" + name
                        + "\" is not a valid mode; there are: "
                        + String.join(
                                ", ", Stream.of(values()).map(mode -> mode.text).toList())));
    }

    static AuthorizerChain chain(List<AuthorizationMode> modes, Resources resources, RbacAuthorizer roles) {
        return new AuthorizerChain(
                modes.stream().map(mode -> mode.authorizer(resources, roles)).toList());
    }
}
