package io.navarch.controllers.daemonset;

import io.navarch.client.Caches;
import io.navarch.controllers.Claims;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.Pods;
import io.navarch.controllers.Revisions;
import io.navarch.model.Resources;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.EventTemplate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Keeps one pod on every node that fits.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/
public final class DaemonSetController implements LegacyController<DaemonSetController.Seen> {
    static final String HASH = "controller-revision-hash";
    private static final String GENERATION = "pod-template-generation";
    private static final int BURST = 250;

    private final FailedPods failures = new FailedPods();

    /// A DaemonSet, the pods and revisions that are or could be its own, all nodes, and when a failed pod's node may
    /// have its next one.
    public record Seen(
            View set, List<View> pods, List<View> revisions, List<View> nodes, Map<String, Instant> notBefore) {}

    @Override
    public String name() {
        return "daemon-set-controller";
    }

    @Override
    public String queue() {
        return "daemonset";
    }

    @Override
    public String eventSource() {
        return "daemonset-controller";
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.DAEMON_SETS.untyped(), LegacyController::self),
                new Input(Resources.PODS.untyped(), DaemonSetController::setsOf),
                new Input(Resources.CONTROLLER_REVISIONS.untyped(), DaemonSetController::setsOf),
                new Input(
                        Resources.NODES.untyped(),
                        (caches, node) -> caches.of(Resources.DAEMON_SETS.untyped()).all().stream()
                                .map(View::key)
                                .toList()));
    }

    @Override
    public List<Permission> permissions() {
        return List.of(
                Permission.of("apps", "daemonsets/status,daemonsets/finalizers", "update"),
                Permission.of("apps", "controllerrevisions", "create,delete,patch"),
                Permission.of("", "pods", "create,delete,patch"));
    }

    private static List<ObjectKey> setsOf(Caches caches, View object) {
        return Claims.ownersOf(caches, Resources.DAEMON_SETS.untyped(), object, DaemonSetController::selector);
    }

    private static LabelSelector selector(View set) {
        return LabelSelector.ofObject(set.spec().get("selector"));
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var set = caches.of(Resources.DAEMON_SETS.untyped()).get(key);
        if (!set.exists()) return null;
        var claims = Claims.of(set, selector(set));
        var pods = claims.candidates(caches.of(Resources.PODS.untyped()));
        return new Seen(
                set,
                pods,
                claims.candidates(caches.of(Resources.CONTROLLER_REVISIONS.untyped())),
                List.copyOf(caches.of(Resources.NODES.untyped()).all()),
                failures.notBefore(set, pods));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var set = seen.set;
        if (set.deleting()) return Decision.NOTHING;
        var actions = new ArrayList<Action>();
        var claims = Claims.of(set, selector(set));
        var pods = claims.claim(
                Resources.DAEMON_SETS.untyped(), Resources.PODS.untyped(), seen.pods, pod -> !pod.deleting(), actions);
        var history = Revisions.of(
                set,
                Resources.DAEMON_SETS.untyped(),
                HASH,
                claims.claim(
                        Resources.DAEMON_SETS.untyped(),
                        Resources.CONTROLLER_REVISIONS.untyped(),
                        seen.revisions,
                        revision -> true,
                        actions));
        var revision = history.current(actions);
        var hash = revision.labels().getOrDefault(HASH, "");
        var onNodes = new LinkedHashMap<String, List<View>>();
        for (var pod : pods)
            onNodes.computeIfAbsent(DaemonPlacement.node(pod), node -> new ArrayList<>())
                    .add(pod);
        var plan = new DaemonPlan(seen, onNodes, hash, now);
        // A pod that cannot be made holds up no counting.
        plan.status().ifPresent(actions::add);
        plan.actions(actions);
        var live = new HashSet<String>();
        live.add(revision.name());
        for (var pod : pods) live.add(set.name() + "-" + pod.labels().getOrDefault(HASH, ""));
        history.truncate(live, actions);
        return LegacyController.decision(actions, plan.lookAgain());
    }

    static Action create(View set, String node, String hash) {
        var template = set.spec().get("template");
        var pod = Pods.fromTemplate(template, set, Resources.DAEMON_SETS.untyped());
        pod.put("spec", DaemonPlacement.specFor(template, node));
        Trees.put(pod, hash, "metadata", "labels", HASH);
        var generation = set.annotation("deprecated.daemonset.template.generation");
        Trees.put(pod, generation.isEmpty() ? "1" : generation, "metadata", "labels", GENERATION);
        return new Action.Create(Resources.PODS.untyped(), pod, EventTemplate.created(set, "pod"));
    }

    static Action delete(View set, View pod) {
        return new Action.Delete(
                Resources.PODS.untyped(), pod.key(), pod.uid(), EventTemplate.deleted(set, "pod", pod.name()));
    }

    /// At most so many of a kind in one go.
    static <T> List<T> burst(List<T> all) {
        return all.subList(0, Math.min(BURST, all.size()));
    }

    static final Comparator<View> OLDEST = Comparator.comparing(
                    (View pod) -> Pods.node(pod).isEmpty())
            .thenComparing(Pods::created)
            .thenComparing(View::name);

    static Duration sooner(Duration one, Duration other) {
        return one == null || other != null && other.compareTo(one) < 0 ? other : one;
    }
}
