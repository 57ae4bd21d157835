package io.navarch.controllers.deployment;

import io.navarch.model.Deployment;
import io.navarch.model.DeploymentStatus;
import io.navarch.model.ReplicaSet;
import io.navarch.model.Resources;
import io.navarch.reconcile.Action;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// How many pods each ReplicaSet of a Deployment should have next, within its strategy.
///
/// @param current the set of the present template, absent when it is not there yet
record Rollout(Deployment deployment, Strategy strategy, ReplicaSet current, List<ReplicaSet> old) {
    /// How many pods the new set may begin with.
    long firstReplicas() {
        long desired = strategy.desired();
        // It is only made once the others are gone.
        if (strategy.recreate()) return desired;
        if (!old.stream().allMatch(Rollout::observed)) return 0;
        long others = old.stream().mapToLong(Rollout::occupied).sum();
        return Math.clamp(strategy.maximum() - others, 0, desired);
    }

    /// How many pods a set may have now: those it is to give up count until it has.
    private static long occupied(ReplicaSet set) {
        return Math.max(set.spec().replicas(), set.status().replicas());
    }

    /// Whether the set's counts were made for the size it is to have.
    private static boolean observed(ReplicaSet set) {
        return set.status().observedGeneration() >= set.metadata().generation();
    }

    private static long replicas(ReplicaSet set) {
        return set.spec().replicas();
    }

    private static long available(ReplicaSet set) {
        return set.status().availableReplicas();
    }

    private List<ReplicaSet> active() {
        return Stream.concat(Stream.of(current), old.stream())
                .filter(set -> replicas(set) > 0)
                .toList();
    }

    /// Whether the Deployment's own size has changed since its sets were last scaled.
    boolean scaling() {
        return active().stream()
                .mapToLong(set -> RolloutAnnotations.number(set, RolloutAnnotations.DESIRED, -1))
                .anyMatch(desired -> desired >= 0 && desired != strategy.desired());
    }

    boolean complete() {
        DeploymentStatus status = deployment.status();
        long desired = strategy.desired();
        return status.updatedReplicas() == desired
                && status.replicas() == desired
                && status.availableReplicas() == desired
                && status.observedGeneration() >= deployment.metadata().generation();
    }

    private List<Action> scale(ReplicaSet set, long to) {
        long from = replicas(set);
        boolean noted = RolloutAnnotations.number(set, RolloutAnnotations.DESIRED, -1) == strategy.desired()
                && RolloutAnnotations.number(set, RolloutAnnotations.MAXIMUM, -1) == strategy.maximum();
        if (from == to && noted) return List.of();
        var patch = ReplicaSet.builder()
                .metadata(metadata -> RolloutAnnotations.size(strategy).forEach(metadata::putAnnotations))
                .spec(spec -> spec.replicas((int) to))
                .build();
        var change = new Action.Patch(Resources.REPLICA_SETS, set.key(), "", patch);
        if (from == to) return List.of(change);
        return List.of(change, Action.RecordEvent.normal(deployment, DeploymentReason.scaled(set.name(), from, to)));
    }

    private ReplicaSet latest() {
        return current.exists() || old.isEmpty() ? current : old.getLast();
    }

    /// Spreads a change of size over all sets that have pods, by their share; one set alone takes it all.
    List<Action> scaleProportionally() {
        var active = active();
        long desired = strategy.desired();
        if (active.size() <= 1) {
            var only = active.isEmpty() ? latest() : active.getFirst();
            return only.exists() ? scale(only, desired) : List.of();
        }
        var actions = new ArrayList<Action>();
        if (current.exists() && available(current) == desired && replicas(current) == desired) {
            for (var set : old) actions.addAll(scale(set, 0));
            return actions;
        }
        long total = active.stream().mapToLong(Rollout::replicas).sum();
        long allowed = desired > 0 ? strategy.maximum() : 0;
        long toAdd = allowed - total;
        var ordered = new ArrayList<>(active);
        ordered.sort(Comparator.comparingLong(Rollout::replicas).reversed());
        long added = 0;
        for (int i = 0; i < ordered.size(); i++) {
            var set = ordered.get(i);
            long before = Math.max(1, RolloutAnnotations.number(set, RolloutAnnotations.MAXIMUM, -1));
            long share = Math.round((double) replicas(set) * allowed / before) - replicas(set);
            share = toAdd > 0
                    ? Math.min(Math.max(0, share), toAdd - added)
                    : Math.max(Math.min(0, share), toAdd - added);
            if (i == ordered.size() - 1 && added + share != toAdd) share = toAdd - added;
            added += share;
            actions.addAll(scale(set, Math.max(0, replicas(set) + share)));
        }
        return actions;
    }

    /// The next step of a rolling update: the new set up as far as there is room, else the old ones down.
    List<Action> roll() {
        if (!current.exists()) return List.of();
        long desired = strategy.desired();
        if (replicas(current) > desired) return scale(current, desired);
        long room = strategy.maximum()
                - replicas(current)
                - old.stream().mapToLong(Rollout::occupied).sum();
        if (replicas(current) < desired && room > 0 && old.stream().allMatch(Rollout::observed))
            return scale(current, Math.min(desired, replicas(current) + room));
        return scaleDownOld();
    }

    private List<Action> scaleDownOld() {
        long total =
                replicas(current) + old.stream().mapToLong(Rollout::replicas).sum();
        long minimum = strategy.desired() - strategy.maxUnavailable();
        long unavailableNew = replicas(current) - available(current);
        // Counted from what the sets should have: their status may not show yet what was taken from them before.
        long budget = total - minimum - unavailableNew;
        var sizes = old.stream().mapToLong(Rollout::replicas).toArray();
        // Pods that do not work go first: that never makes anything less available.
        for (int i = 0; i < sizes.length && budget > 0; i++) {
            long broken = Math.max(0, sizes[i] - available(old.get(i)));
            long cut = Math.min(budget, broken);
            sizes[i] -= cut;
            budget -= cut;
        }
        long free = Math.min(
                budget,
                available(current) + old.stream().mapToLong(Rollout::available).sum() - minimum);
        for (int i = 0; i < sizes.length && free > 0; i++) {
            long cut = Math.min(free, Math.min(sizes[i], available(old.get(i))));
            sizes[i] -= cut;
            free -= cut;
        }
        var actions = new ArrayList<Action>();
        for (int i = 0; i < sizes.length; i++)
            if (sizes[i] != replicas(old.get(i))) actions.addAll(scale(old.get(i), sizes[i]));
        return actions;
    }

    /// Whether an old set is still to have pods.
    boolean oldOnesRun() {
        return old.stream().anyMatch(set -> replicas(set) != 0);
    }

    /// For `Recreate`: all old sets down, and once no pod of theirs runs, the new one up.
    ///
    /// @param oldPods whether pods of old sets still run
    List<Action> recreate(boolean oldPods) {
        var down = new ArrayList<Action>();
        old.stream().filter(set -> replicas(set) != 0).forEach(set -> down.addAll(scale(set, 0)));
        if (!down.isEmpty() || oldPods || !current.exists() || replicas(current) == strategy.desired()) return down;
        return scale(current, strategy.desired());
    }
}
