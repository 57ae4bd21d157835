package io.navarch.controllers.clusterroleaggregation;

import io.navarch.client.Caches;
import io.navarch.model.ClusterRole;
import io.navarch.model.PolicyRule;
import io.navarch.model.Resources;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Gives a ClusterRole with an `aggregationRule` the rules of the roles that it selects.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
public final class ClusterRoleAggregationController implements Controller<ClusterRoleAggregationController.Seen> {
    private static final String MANAGER = "clusterrole-aggregation-controller";

    /// @param parts the roles that it selects, by name
    public record Seen(ClusterRole role, List<ClusterRole> parts) {}

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of(MANAGER)
                .queue("ClusterRoleAggregator")
                .watches(Resources.CLUSTER_ROLES, ClusterRoleAggregationController::concerned)
                .may("rbac.authorization.k8s.io", "clusterroles", "escalate,patch")
                .build();
    }

    private static List<ObjectKey> concerned(Caches caches, ClusterRole changed) {
        return caches.of(Resources.CLUSTER_ROLES).all().stream()
                .filter(role -> role.name().equals(changed.name()) || selects(role, changed))
                .map(ClusterRole::key)
                .toList();
    }

    private static boolean selects(ClusterRole role, ClusterRole part) {
        return !role.name().equals(part.name())
                && role.aggregationRule().clusterRoleSelectors().stream()
                        .anyMatch(selector -> LabelSelector.ofObject(selector).matches(part.labels()));
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var role = caches.of(Resources.CLUSTER_ROLES).get(key);
        if (!role.hasAggregationRule() || role.deleting()) return Optional.empty();
        var parts = caches.of(Resources.CLUSTER_ROLES).all().stream()
                .filter(part -> selects(role, part))
                .sorted(Comparator.comparing(ClusterRole::name))
                .toList();
        return Optional.of(new Seen(role, parts));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var rules = new ArrayList<PolicyRule>();
        for (var part : seen.parts) {
            for (var rule : part.rules()) if (rules.stream().noneMatch(rule::semanticEquals)) rules.add(rule);
        }
        var aggregated = ClusterRole.builder()
                .metadata(metadata -> metadata.name(seen.role.name()))
                .rules(rules)
                .build();
        if (aggregated.raw(ClusterRole.RULES).semanticEquals(seen.role.raw(ClusterRole.RULES))) return Decision.NOTHING;
        return Decision.of(new Action.Apply(Resources.CLUSTER_ROLES, aggregated, "", MANAGER));
    }
}
