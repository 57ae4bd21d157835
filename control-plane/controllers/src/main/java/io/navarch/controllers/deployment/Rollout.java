package io.navarch.controllers.deployment;

import io.navarch.controllers.Scaled;
import io.navarch.model.Resources;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// How many pods each ReplicaSet of a Deployment should have next, within `maxSurge` and `maxUnavailable`.
final class Rollout {
    private final View deployment;
    private final View current;
    private final List<View> old;
    private final long desired;

    Rollout(View deployment, View current, List<View> old) {
        this.deployment = deployment;
        this.current = current;
        this.old = old;
        this.desired = deployment.spec().get("replicas").longOr(1);
    }

    static long maxSurge(View deployment) {
        var update = deployment.spec().get("strategy", "rollingUpdate");
        if (!deployment.spec().get("strategy", "type").string().equals("RollingUpdate")) return 0;
        return Scaled.of(
                update.get("maxSurge"), deployment.spec().get("replicas").longOr(1), true);
    }

    static long maxUnavailable(View deployment) {
        var spec = deployment.spec();
        if (!spec.get("strategy", "type").string().equals("RollingUpdate")) return 0;
        long total = spec.get("replicas").longOr(1);
        long unavailable = Scaled.of(spec.get("strategy", "rollingUpdate", "maxUnavailable"), total, false);
        // Both rounding to zero would never move.
        if (unavailable == 0 && maxSurge(deployment) == 0) return 1;
        return Math.min(unavailable, total);
    }

    static long firstReplicas(View deployment, List<View> old) {
        long desired = deployment.spec().get("replicas").longOr(1);
        long others = old.stream().mapToLong(Rollout::occupied).sum();
        if (deployment.spec().get("strategy", "type").string().equals("Recreate")) return others == 0 ? desired : 0;
        if (!old.stream().allMatch(Rollout::observed)) return 0;
        return Math.max(0, Math.min(desired, desired + maxSurge(deployment) - others));
    }

    /// How many pods a set may have now: those it is told to give up count until it has.
    private static long occupied(View set) {
        return Math.max(replicas(set), set.status().get("replicas").longOr(0));
    }

    /// Whether the set's counts were made for the size it is told to have.
    private static boolean observed(View set) {
        return set.status().get("observedGeneration").longOr(0)
                >= set.metadata().get("generation").longOr(0);
    }

    private static long replicas(View set) {
        return set.spec().get("replicas").longOr(0);
    }

    private static long available(View set) {
        return set.status().get("availableReplicas").longOr(0);
    }

    private static long number(View set, String annotation) {
        try {
            return Long.parseLong(set.annotation(annotation));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private List<View> active() {
        var sets = new ArrayList<View>();
        if (current.exists()) sets.add(current);
        sets.addAll(old);
        return sets.stream().filter(set -> replicas(set) > 0).toList();
    }

    /// The Deployment's own size changed since its sets were last scaled.
    boolean scaling() {
        return active().stream()
                .anyMatch(set -> number(set, DeploymentController.DESIRED) >= 0
                        && number(set, DeploymentController.DESIRED) != desired);
    }

    boolean complete() {
        var status = deployment.status();
        return status.get("updatedReplicas").longOr(0) == desired
                && status.get("replicas").longOr(0) == desired
                && status.get("availableReplicas").longOr(0) == desired
                && status.get("observedGeneration").longOr(0)
                        >= deployment.metadata().get("generation").longOr(0);
    }

    private void scale(View set, long to, List<Action> actions) {
        long from = replicas(set);
        var annotations = Trees.map(
                DeploymentController.DESIRED, String.valueOf(desired),
                DeploymentController.MAXIMUM, String.valueOf(desired + maxSurge(deployment)));
        boolean noted = number(set, DeploymentController.DESIRED) == desired
                && number(set, DeploymentController.MAXIMUM) == desired + maxSurge(deployment);
        if (from == to && noted) return;
        actions.add(new Action.Patch(
                Resources.REPLICA_SETS.untyped(),
                set.key(),
                "",
                Trees.map("metadata", Trees.map("annotations", annotations), "spec", Trees.map("replicas", to))));
        if (from != to) {
            actions.add(Action.RecordEvent.normal(
                    deployment,
                    "ScalingReplicaSet",
                    "Scaled " + (to > from ? "up" : "down") + " replica set " + set.name() + " from " + from + " to "
                            + to));
        }
    }

    /// Spreads a change of size over all sets that have pods, by their share; one set alone takes it all.
    void scaleProportionally(List<Action> actions) {
        var active = active();
        if (active.size() <= 1) {
            var only = active.isEmpty() ? current : active.getFirst();
            if (only.exists()) scale(only, desired, actions);
            return;
        }
        if (current.exists() && available(current) == desired && replicas(current) == desired) {
            for (var set : old) scale(set, 0, actions);
            return;
        }
        long total = active.stream().mapToLong(Rollout::replicas).sum();
        long allowed = desired > 0 ? desired + maxSurge(deployment) : 0;
        long toAdd = allowed - total;
        var ordered = new ArrayList<>(active);
        ordered.sort(Comparator.comparingLong(Rollout::replicas).reversed());
        long added = 0;
        for (int i = 0; i < ordered.size(); i++) {
            var set = ordered.get(i);
            long before = Math.max(1, number(set, DeploymentController.MAXIMUM));
            long share = Math.round((double) replicas(set) * allowed / before) - replicas(set);
            share = toAdd > 0
                    ? Math.min(Math.max(0, share), toAdd - added)
                    : Math.max(Math.min(0, share), toAdd - added);
            if (i == ordered.size() - 1 && added + share != toAdd) share = toAdd - added;
            added += share;
            scale(set, Math.max(0, replicas(set) + share), actions);
        }
    }

    void roll(List<Action> actions) {
        if (!current.exists()) return;
        long total =
                replicas(current) + old.stream().mapToLong(Rollout::replicas).sum();
        if (replicas(current) > desired) {
            scale(current, desired, actions);
            return;
        }
        long room = desired
                + maxSurge(deployment)
                - replicas(current)
                - old.stream().mapToLong(Rollout::occupied).sum();
        if (replicas(current) < desired && room > 0 && old.stream().allMatch(Rollout::observed)) {
            scale(current, Math.min(desired, replicas(current) + room), actions);
            return;
        }
        scaleDownOld(total, actions);
    }

    private void scaleDownOld(long total, List<Action> actions) {
        long minimum = desired - maxUnavailable(deployment);
        long unavailableNew = replicas(current) - available(current);
        // Counted from what the sets should have: their status may not tell yet what was taken from them before.
        long budget = total - minimum - unavailableNew;
        var sizes = new ArrayList<Long>();
        for (var set : old) sizes.add(replicas(set));
        // Pods that do not work go first: that never makes anything less available.
        for (int i = 0; i < old.size() && budget > 0; i++) {
            long broken = Math.max(0, sizes.get(i) - available(old.get(i)));
            long cut = Math.min(budget, broken);
            sizes.set(i, sizes.get(i) - cut);
            budget -= cut;
        }
        long free = Math.min(
                budget,
                available(current) + old.stream().mapToLong(Rollout::available).sum() - minimum);
        for (int i = 0; i < old.size() && free > 0; i++) {
            long cut = Math.min(free, Math.min(sizes.get(i), available(old.get(i))));
            sizes.set(i, sizes.get(i) - cut);
            free -= cut;
        }
        for (int i = 0; i < old.size(); i++)
            if (sizes.get(i) != replicas(old.get(i))) scale(old.get(i), sizes.get(i), actions);
    }

    /// For `Recreate`: true while old sets still had to be scaled down.
    boolean scaleDownAll(List<Action> actions) {
        boolean any = false;
        for (var set : old) {
            if (replicas(set) == 0) continue;
            scale(set, 0, actions);
            any = true;
        }
        return any;
    }

    void scaleUpNew(List<Action> actions) {
        if (current.exists() && replicas(current) != desired) scale(current, desired, actions);
    }
}
