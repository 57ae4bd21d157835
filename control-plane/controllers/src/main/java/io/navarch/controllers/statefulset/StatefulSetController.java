package io.navarch.controllers.statefulset;

import io.navarch.client.Caches;
import io.navarch.client.ResourceType;
import io.navarch.controllers.Claims;
import io.navarch.controllers.Pods;
import io.navarch.controllers.Revisions;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
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
public final class StatefulSetController implements Controller<StatefulSetController.Seen> {
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
                new Input(ResourceType.STATEFUL_SETS, Controller::self),
                new Input(ResourceType.PODS, StatefulSetController::setsOf),
                new Input(ResourceType.CONTROLLER_REVISIONS, StatefulSetController::setsOf),
                Input.lookedAt(ResourceType.PERSISTENT_VOLUME_CLAIMS));
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
        return Claims.ownersOf(caches, ResourceType.STATEFUL_SETS, object, StatefulSetController::selector);
    }

    private static LabelSelector selector(View set) {
        return LabelSelector.ofObject(set.spec().get("selector"));
    }

    @Override
    public Seen observe(Caches caches, ObjectKey key) {
        var set = caches.of(ResourceType.STATEFUL_SETS).get(key);
        if (!set.exists()) return null;
        var claims = Claims.of(set, selector(set));
        var pods = claims.candidates(caches.of(ResourceType.PODS)).stream()
                .filter(pod -> Identity.ordinal(set, pod) >= 0)
                .toList();
        var volumes = new HashMap<String, View>();
        if (!set.spec().get("volumeClaimTemplates").list().isEmpty()) {
            for (var claim : caches.of(ResourceType.PERSISTENT_VOLUME_CLAIMS).inNamespace(key.namespace()))
                volumes.put(claim.name(), claim);
        }
        return new Seen(set, pods, claims.candidates(caches.of(ResourceType.CONTROLLER_REVISIONS)), volumes);
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var set = seen.set;
        var actions = new ArrayList<Action>();
        var claims = Claims.of(set, selector(set));
        var pods =
                claims.claim(ResourceType.STATEFUL_SETS, ResourceType.PODS, seen.pods, pod -> !pod.deleting(), actions);
        var history = Revisions.of(
                set,
                ResourceType.STATEFUL_SETS,
                HASH,
                claims.claim(
                        ResourceType.STATEFUL_SETS,
                        ResourceType.CONTROLLER_REVISIONS,
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
        return new Decision(
                actions,
                Pods.nextAvailability(pods, set.spec().get("minReadySeconds").longOr(0), now));
    }
}
