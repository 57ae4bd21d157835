package io.navarch.controllers.daemonset;

import io.navarch.client.Caches;
import io.navarch.controllers.ControllerRefs;
import io.navarch.controllers.Revisions;
import io.navarch.model.ApiObject;
import io.navarch.model.ControllerRevision;
import io.navarch.model.DaemonSet;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Keeps one pod on every node that fits.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/
public final class DaemonSetController implements Controller<DaemonSetController.Seen> {
    private static final int HISTORY_LIMIT = 10;

    /// A DaemonSet, the pods and revisions that are or could become its own, and all nodes.
    ///
    /// @param notBefore by node, when a failed pod there may be replaced; added by the read step `FailedPods`
    public record Seen(
            DaemonSet set,
            List<Pod> pods,
            List<ControllerRevision> revisions,
            List<Node> nodes,
            Map<String, Instant> notBefore) {
        Seen with(Map<String, Instant> delays) {
            return new Seen(set, pods, revisions, nodes, delays);
        }
    }

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("daemon-set-controller")
                .queue("daemonset")
                .eventSource("daemonset-controller")
                .watches(Resources.DAEMON_SETS, Controller::self)
                .watches(Resources.PODS, DaemonSetController::setsOf)
                .watches(Resources.CONTROLLER_REVISIONS, DaemonSetController::setsOf)
                .watchesChanges(Resources.NODES, DaemonSetController::setsMoved)
                .may("apps", "daemonsets/status,daemonsets/finalizers", "update")
                .may("apps", "controllerrevisions", "create,delete,patch")
                .may("", "pods", "create,delete,patch")
                .build();
    }

    /// Those that want another of a node than before. A heartbeat, and whatever else is no reason to place a pod or to
    /// take one away, is not looked at with every set.
    private static List<ObjectKey> setsMoved(Caches caches, Node old, Node now) {
        boolean same = old.exists()
                && now.exists()
                && old.labels().equals(now.labels())
                && old.spec().semanticEquals(now.spec());
        if (same) return List.of();
        boolean both = old.exists() && now.exists();
        return caches.of(Resources.DAEMON_SETS).all().stream()
                .filter(set -> !both || new DaemonPlacement(set).moved(old, now))
                .map(DaemonSet::key)
                .toList();
    }

    private static List<ObjectKey> setsOf(Caches caches, ApiObject object) {
        return ControllerRefs.ownersOf(caches, Resources.DAEMON_SETS, object, DaemonSetController::selector);
    }

    private static LabelSelector selector(DaemonSet set) {
        return LabelSelector.ofObject(set.spec().selector());
    }

    private static ControllerRefs<DaemonSet> refs(DaemonSet set) {
        return new ControllerRefs<>(set, Resources.DAEMON_SETS, selector(set));
    }

    @Override
    public void prepare(Caches caches) {
        ControllerRefs.index(caches, Resources.DAEMON_SETS, DaemonSetController::selector);
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var set = caches.of(Resources.DAEMON_SETS).get(key);
        if (!set.exists()) return Optional.empty();
        var refs = refs(set);
        return Optional.of(new Seen(
                set,
                refs.candidates(caches.of(Resources.PODS)),
                refs.candidates(caches.of(Resources.CONTROLLER_REVISIONS)),
                List.copyOf(caches.of(Resources.NODES).all()),
                Map.of()));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var set = seen.set;
        if (set.deleting()) return Decision.NOTHING;
        var refs = refs(set);
        var pods = refs.claim(Resources.PODS, seen.pods, pod -> !pod.deleting());
        var revisions = refs.claim(Resources.CONTROLLER_REVISIONS, seen.revisions);
        var history = new Revisions(
                set,
                Resources.DAEMON_SETS,
                set.spec().template(),
                set.status().collisionCount(),
                DaemonPods.HASH,
                revisions.objects());
        var current = history.current();
        var hash = current.revision().labels().getOrDefault(DaemonPods.HASH, "");
        var plan = new DaemonPlan(set, seen.nodes, pods.objects(), seen.notBefore, hash, now);
        var live = new HashSet<String>();
        live.add(current.revision().name());
        for (var pod : pods.objects()) live.add(set.name() + "-" + DaemonPods.hash(pod));
        return Decision.builder()
                .changes(pods.changes())
                .changes(revisions.changes())
                .change(current.change())
                .status(Action.Update.statusIfChanged(Resources.DAEMON_SETS, set, plan.status()))
                // After the status: a pod that cannot be created does not hold up counting.
                .afterStatus(plan.changes())
                .afterStatus(history.truncate(live, set.spec().revisionHistoryLimitOr(HISTORY_LIMIT)))
                .requeueAfter(plan.requeueAfter())
                .waitingOn(plan.waitingOn())
                .build();
    }
}
