package io.navarch.controllers.statefulset;

import io.navarch.client.Caches;
import io.navarch.controllers.Claims;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.Pods;
import io.navarch.controllers.Revisions;
import io.navarch.model.Resources;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Keeps pods with numbers, each with its own name and claims, and changes them in order.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/
public final class StatefulSetController implements LegacyController<StatefulSetController.Seen> {
    static final String REVISION = "controller-revision-hash";
    private static final String HASH = "controller.kubernetes.io/hash";

    /// A StatefulSet, the pods and revisions that are or could be its own, and the claims of its namespace by name.
    public record Seen(View set, List<View> pods, List<View> revisions, Map<String, View> claims) {}

    @Override
    public String name() {
        return "statefulset-controller";
    }

    @Override
    public String queue() {
        return "statefulset";
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.STATEFUL_SETS.untyped(), LegacyController::self),
                new Input(Resources.PODS.untyped(), StatefulSetController::setsOf),
                new Input(Resources.CONTROLLER_REVISIONS.untyped(), StatefulSetController::setsOf),
                Input.lookedAt(Resources.PERSISTENT_VOLUME_CLAIMS.untyped()));
    }

    @Override
    public List<Permission> permissions() {
        return List.of(
                Permission.of("apps", "statefulsets/status,statefulsets/finalizers", "update"),
                Permission.of("apps", "controllerrevisions", "create,delete,patch"),
                Permission.of("", "pods", "create,delete,patch,update"),
                Permission.of("", "persistentvolumeclaims", "create,patch"));
    }

    private static List<ObjectKey> setsOf(Caches caches, View object) {
        return Claims.ownersOf(caches, Resources.STATEFUL_SETS.untyped(), object, StatefulSetController::selector);
    }

    private static LabelSelector selector(View set) {
        return LabelSelector.ofObject(set.spec().get("selector"));
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var set = caches.of(Resources.STATEFUL_SETS.untyped()).get(key);
        if (!set.exists()) return null;
        var claims = Claims.of(set, selector(set));
        var pods = claims.candidates(caches.of(Resources.PODS.untyped())).stream()
                .filter(pod -> Identity.ordinal(set, pod) >= 0)
                .toList();
        var volumes = new HashMap<String, View>();
        if (!set.spec().get("volumeClaimTemplates").list().isEmpty()) {
            for (var claim :
                    caches.of(Resources.PERSISTENT_VOLUME_CLAIMS.untyped()).inNamespace(key.namespace()))
                volumes.put(claim.name(), claim);
        }
        return new Seen(set, pods, claims.candidates(caches.of(Resources.CONTROLLER_REVISIONS.untyped())), volumes);
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var set = seen.set;
        var actions = new ArrayList<Action>();
        var claims = Claims.of(set, selector(set));
        var pods = claims.claim(
                Resources.STATEFUL_SETS.untyped(),
                Resources.PODS.untyped(),
                seen.pods,
                pod -> !pod.deleting(),
                actions);
        var history = Revisions.of(
                set,
                Resources.STATEFUL_SETS.untyped(),
                HASH,
                claims.claim(
                        Resources.STATEFUL_SETS.untyped(),
                        Resources.CONTROLLER_REVISIONS.untyped(),
                        seen.revisions,
                        revision -> true,
                        actions));
        if (set.deleting()) return Decision.NOTHING;
        var update = history.current(actions);
        var current = history.named(set.status().get("currentRevision").string());
        if (!current.exists()) current = update;
        // A pod that cannot be made holds up no counting.
        new StatefulStatus(set, pods, current.name(), update.name(), now)
                .update()
                .ifPresent(actions::add);
        new StatefulPlan(seen, pods, current, update, now, actions).run();
        var live = new HashSet<String>();
        live.add(update.name());
        live.add(current.name());
        for (var pod : pods) live.add(Identity.revision(pod));
        history.truncate(live, actions);
        return LegacyController.decision(
                actions,
                Pods.nextAvailability(pods, set.spec().get("minReadySeconds").longOr(0), now));
    }
}
