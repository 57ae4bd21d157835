package io.navarch.controllers.clusterroleaggregation;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.model.Resources;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Gives a ClusterRole with an `aggregationRule` the rules of the roles that it selects.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
public final class ClusterRoleAggregationController implements LegacyController<ClusterRoleAggregationController.Seen> {
    /// @param parts the roles that it selects, by name
    public record Seen(View role, List<View> parts) {}

    @Override
    public String name() {
        return "clusterrole-aggregation-controller";
    }

    @Override
    public String queue() {
        return "ClusterRoleAggregator";
    }

    @Override
    public List<Input> inputs() {
        return List.of(new Input(
                Resources.CLUSTER_ROLES.untyped(),
                (caches, changed) -> caches.of(Resources.CLUSTER_ROLES.untyped()).all().stream()
                        .filter(role -> role.name().equals(changed.name()) || selects(role, changed))
                        .map(View::key)
                        .toList()));
    }

    @Override
    public List<Permission> permissions() {
        return List.of(Permission.of("rbac.authorization.k8s.io", "clusterroles", "escalate,patch"));
    }

    private static boolean selects(View role, View part) {
        return !role.name().equals(part.name())
                && role.get("aggregationRule", "clusterRoleSelectors").stream()
                        .anyMatch(selector -> LabelSelector.ofObject(selector).matches(part.labels()));
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var role = caches.of(Resources.CLUSTER_ROLES.untyped()).get(key);
        if (!role.get("aggregationRule").exists() || role.deleting()) return null;
        var parts = caches.of(Resources.CLUSTER_ROLES.untyped()).all().stream()
                .filter(part -> selects(role, part))
                .sorted(Comparator.comparing(View::name))
                .toList();
        return new Seen(role, parts);
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var rules = new ArrayList<Object>();
        for (var part : seen.parts)
            for (var rule : part.get("rules").list())
                if (rules.stream().noneMatch(known -> Trees.semanticEquals(known, rule))) rules.add(rule);
        if (Trees.semanticEquals(rules, seen.role.get("rules").list())) return Decision.NOTHING;
        return Decision.of(List.of(
                new Action.Patch(Resources.CLUSTER_ROLES.untyped(), seen.role.key(), "", Trees.map("rules", rules))));
    }
}
