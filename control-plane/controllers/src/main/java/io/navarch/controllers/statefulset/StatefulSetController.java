package io.navarch.controllers.statefulset;

import io.navarch.client.Caches;
import io.navarch.controllers.ControllerRefs;
import io.navarch.controllers.Revisions;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.ApiObject;
import io.navarch.model.ControllerRevision;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.StatefulSet;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Keeps pods with numbers, each with its own name and claims, and changes them in order.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/
public final class StatefulSetController implements Controller<StatefulSetController.Seen> {
    private static final String HASH = "controller.kubernetes.io/hash";
    private static final int HISTORY_LIMIT = 10;
    /// The index of claims, and of the sets that they are of, by what their names begin with.
    private static final String CLAIMS = "claims";

    /// A StatefulSet, the pods and revisions that are or could become its own, and its claims by name.
    public record Seen(
            StatefulSet set,
            List<Pod> pods,
            List<ControllerRevision> revisions,
            Map<String, PersistentVolumeClaim> claims) {}

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("statefulset-controller")
                .queue("statefulset")
                .watches(Resources.STATEFUL_SETS, Controller::self)
                .watches(Resources.PODS, StatefulSetController::setsOf)
                .watches(Resources.CONTROLLER_REVISIONS, StatefulSetController::setsOf)
                // A pod may wait until the claim of its name is gone.
                .watches(Resources.PERSISTENT_VOLUME_CLAIMS, StatefulSetController::setsClaiming)
                .may("apps", "statefulsets/status,statefulsets/finalizers", "update")
                .may("apps", "controllerrevisions", "create,delete,patch")
                .may("", "pods", "create,delete,patch,update")
                .may("", "persistentvolumeclaims", "create,patch")
                .build();
    }

    private static List<ObjectKey> setsOf(Caches caches, ApiObject object) {
        return ControllerRefs.ownersOf(caches, Resources.STATEFUL_SETS, object, StatefulSetController::selector);
    }

    private static List<ObjectKey> setsClaiming(Caches caches, PersistentVolumeClaim claim) {
        return caches.of(Resources.STATEFUL_SETS).byIndex(CLAIMS, series(claim)).stream()
                .map(StatefulSet::key)
                .toList();
    }

    /// What the names of a claim's series begin with: all but the number.
    private static String series(PersistentVolumeClaim claim) {
        var name = claim.name();
        return claim.namespace() + "/" + name.substring(0, name.lastIndexOf('-') + 1);
    }

    private static List<String> series(StatefulSet set) {
        return set.spec().volumeClaimTemplates().stream()
                .map(template -> set.namespace() + "/" + template.name() + "-" + set.name() + "-")
                .toList();
    }

    private static LabelSelector selector(StatefulSet set) {
        return LabelSelector.ofObject(set.spec().selector());
    }

    private static ControllerRefs<StatefulSet> refs(StatefulSet set) {
        return new ControllerRefs<>(set, Resources.STATEFUL_SETS, selector(set));
    }

    @Override
    public void prepare(Caches caches) {
        ControllerRefs.index(caches, Resources.STATEFUL_SETS, StatefulSetController::selector);
        caches.of(Resources.STATEFUL_SETS).indexedBy(CLAIMS, StatefulSetController::series);
        caches.of(Resources.PERSISTENT_VOLUME_CLAIMS).indexedBy(CLAIMS, claim -> List.of(series(claim)));
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var set = caches.of(Resources.STATEFUL_SETS).get(key);
        if (!set.exists()) return Optional.empty();
        var refs = refs(set);
        var pods = refs.candidates(caches.of(Resources.PODS)).stream()
                .filter(pod -> Identity.ordinal(set, pod) >= 0)
                .toList();
        var claims = new HashMap<String, PersistentVolumeClaim>();
        for (var series : series(set))
            for (var claim : caches.of(Resources.PERSISTENT_VOLUME_CLAIMS).byIndex(CLAIMS, series))
                claims.put(claim.name(), claim);
        var revisions = refs.candidates(caches.of(Resources.CONTROLLER_REVISIONS));
        return Optional.of(new Seen(set, pods, revisions, claims));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var set = seen.set;
        var refs = refs(set);
        var pods = refs.claim(Resources.PODS, seen.pods, pod -> !pod.deleting());
        var revisions = refs.claim(Resources.CONTROLLER_REVISIONS, seen.revisions);
        var history = new Revisions(
                set,
                Resources.STATEFUL_SETS,
                set.spec().template(),
                set.status().collisionCount(),
                HASH,
                revisions.objects());
        var newest = history.current();
        var update = newest.revision();
        var current = history.named(set.status().currentRevision()).orElse(update);
        var status = StatefulStatus.of(set, pods.objects(), current.name(), update.name(), now);
        var counted = Action.Update.statusIfChanged(Resources.STATEFUL_SETS, set, status);
        if (set.deleting()) return Decision.builder().status(counted).build();
        var steps = new StatefulPlan(set, pods.objects(), seen.claims, current, update, now).run();
        var live = new HashSet<String>();
        live.add(update.name());
        live.add(current.name());
        for (var pod : pods.objects()) live.add(Identity.revision(pod));
        return Decision.builder()
                .changes(pods.changes())
                .changes(revisions.changes())
                .change(newest.change())
                .status(counted)
                // After the status: a pod that cannot be created does not hold up counting.
                .afterStatus(steps.changes())
                .afterStatus(history.truncate(live, set.spec().revisionHistoryLimitOr(HISTORY_LIMIT)))
                .requeueAfter(Pods.nextAvailability(pods.objects(), set.spec().minReadySeconds(), now))
                .waitingOn(steps.waitingOn())
                .build();
    }
}
