package io.navarch.controllers.statefulset;

import io.navarch.controllers.Pods;
import io.navarch.controllers.Scaled;
import io.navarch.model.EventType;
import io.navarch.model.Resources;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.EventTemplate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The next steps from the pods there are to those there should be: up in order, down in reverse order, then one by one
/// to the newest revision.
final class StatefulPlan {
    private final StatefulSetController.Seen seen;
    private final View set;
    private final View current;
    private final View update;
    private final Instant now;
    private final List<Action> actions;
    private final boolean ordered;
    private final long minReady;
    private final int start;
    private final int end;
    private final TreeMap<Integer, View> replicas = new TreeMap<>();
    private final TreeMap<Integer, View> condemned = new TreeMap<>();

    StatefulPlan(
            StatefulSetController.Seen seen,
            List<View> pods,
            View current,
            View update,
            Instant now,
            List<Action> actions) {
        this.seen = seen;
        this.set = seen.set();
        this.current = current;
        this.update = update;
        this.now = now;
        this.actions = actions;
        ordered = !set.spec().get("podManagementPolicy").string().equals("Parallel");
        minReady = set.spec().get("minReadySeconds").longOr(0);
        start = set.spec().get("ordinals", "start").intOr(0);
        end = start + set.spec().get("replicas").intOr(1);
        for (var pod : pods) {
            int ordinal = Identity.ordinal(set, pod);
            (ordinal >= start && ordinal < end ? replicas : condemned).put(ordinal, pod);
        }
    }

    void run() {
        for (int ordinal = start; ordinal < end; ordinal++)
            if (!keep(ordinal, replicas.getOrDefault(ordinal, View.of(null)))) return;
        var unhealthy = firstUnhealthy();
        for (var pod : condemned.descendingMap().values()) if (!remove(pod, unhealthy)) return;
        if (set.spec().get("updateStrategy", "type").string().equals("OnDelete")) return;
        roll();
    }

    private boolean available(View pod) {
        return Pods.available(pod, minReady, now);
    }

    private static boolean running(View pod) {
        return pod.status().get("phase").string().equals("Running") && Pods.ready(pod);
    }

    private boolean healthy(View pod) {
        return running(pod) && !pod.deleting();
    }

    private View firstUnhealthy() {
        for (var pod : replicas.values()) if (!healthy(pod)) return pod;
        for (var pod : condemned.values()) if (!healthy(pod)) return pod;
        return View.of(null);
    }

    /// False when the pods after this one must wait for it.
    private boolean keep(int ordinal, View pod) {
        if (!pod.exists()) {
            create(ordinal);
            return !ordered;
        }
        if (Pods.ended(pod)) {
            if (!pod.deleting()) replace(pod);
            return !ordered;
        }
        if (pod.deleting()) return !ordered;
        if (pod.status().get("phase").string().equals("Pending")) claim(ordinal);
        retain(pod, false);
        var missing = Identity.missing(set, pod);
        if (!missing.isEmpty())
            actions.add(new Action.Patch(
                    Resources.PODS.untyped(), pod.key(), "", Trees.map("metadata", Trees.map("labels", missing))));
        if (!ordered || running(pod) && available(pod)) return true;
        if (stuck(ordinal, pod)) actions.add(deletion(pod));
        return false;
    }

    /// A pod that never started, of a revision that has been given up, would hold its successor back for ever.
    private boolean stuck(int ordinal, View pod) {
        return pod.status().get("phase").string().equals("Pending")
                && set.spec().get("updateStrategy", "type").string().equals("RollingUpdate")
                && !Identity.revision(pod).equals(revisionFor(ordinal).name());
    }

    private void replace(View pod) {
        boolean failed = Pods.failed(pod);
        actions.add(Action.RecordEvent.of(
                set,
                failed ? EventType.WARNING : EventType.NORMAL,
                failed ? "RecreatingFailedPod" : "RecreatingTerminatedPod",
                "StatefulSet " + set.key() + " is recreating " + (failed ? "failed" : "terminated") + " Pod "
                        + pod.name()));
        actions.add(deletion(pod));
    }

    private View revisionFor(int ordinal) {
        var rolling = set.spec().get("updateStrategy", "rollingUpdate");
        if (!set.spec().get("updateStrategy", "type").string().equals("RollingUpdate")) return update;
        boolean old = rolling.exists()
                ? ordinal < start + rolling.get("partition").longOr(0)
                : ordinal < start + set.status().get("currentReplicas").longOr(0);
        return old ? current : update;
    }

    private void create(int ordinal) {
        claim(ordinal);
        var name = Identity.podName(set, ordinal);
        actions.add(new Action.Create(
                Resources.PODS.untyped(),
                Identity.pod(set, ordinal, revisionFor(ordinal)),
                story("create Pod " + name + " in StatefulSet " + set.name())));
    }

    private EventTemplate story(String what) {
        return new EventTemplate(
                set, "SuccessfulCreate", what + " successful", "FailedCreate", what + " failed error: %s");
    }

    private void claim(int ordinal) {
        var pod = Identity.podName(set, ordinal);
        Identity.claims(set, ordinal).forEach((volume, claim) -> {
            var name = View.of(claim).name();
            if (seen.claims().containsKey(name)) return;
            var what = "create Claim " + name + " Pod " + pod + " in StatefulSet " + set.name();
            actions.add(new Action.Create(
                    Resources.PERSISTENT_VOLUME_CLAIMS.untyped(),
                    claim,
                    new EventTemplate(
                            set, "SuccessfulCreate", what + " success", "FailedCreate", what + " failed error: %s")));
        });
    }

    /// Claims belong to the set or to the pod as the retention policy says.
    private void retain(View pod, boolean condemned) {
        Identity.claims(set, Identity.ordinal(set, pod)).forEach((volume, template) -> {
            var claim = seen.claims().get(View.of(template).name());
            if (claim == null || claim.deleting()) return;
            var owners = Identity.owners(set, pod, claim, condemned);
            if (owners == null) return;
            actions.add(Action.Patch.ofMetadata(
                    Resources.PERSISTENT_VOLUME_CLAIMS.untyped(), claim, "ownerReferences", owners));
        });
    }

    /// False when the pods before this one must wait until it is gone.
    private boolean remove(View pod, View unhealthy) {
        if (pod.deleting()) return !ordered;
        boolean first = pod.uid().equals(unhealthy.uid());
        if (ordered && !first && !(running(pod) && available(pod))) return false;
        retain(pod, true);
        actions.add(deletion(pod));
        return !ordered;
    }

    private Action deletion(View pod) {
        var what = "delete Pod " + pod.name() + " in StatefulSet " + set.name();
        return new Action.Delete(
                Resources.PODS.untyped(),
                pod.key(),
                pod.uid(),
                new EventTemplate(
                        set, "SuccessfulDelete", what + " successful", "FailedDelete", what + " failed error: %s"));
    }

    /// From the highest number down, no more at a time than may be unavailable.
    private void roll() {
        var rolling = set.spec().get("updateStrategy", "rollingUpdate");
        int lowest = start + rolling.get("partition").intOr(0);
        long most = rolling.get("maxUnavailable").exists()
                ? Math.max(1, Scaled.of(rolling.get("maxUnavailable"), end - start, false))
                : 1;
        var down = new ArrayList<View>();
        for (var pod : replicas.values()) if (!healthy(pod) || !available(pod)) down.add(pod);
        long room = most - (end - start - replicas.size()) - down.size();
        for (var entry : replicas.descendingMap().entrySet()) {
            var pod = entry.getValue();
            if (entry.getKey() < lowest) return;
            boolean old = !Identity.revision(pod).equals(update.name());
            if (old && !pod.deleting()) {
                // One that serves nobody costs nothing.
                if (!down.contains(pod) && room-- <= 0) return;
                actions.add(deletion(pod));
                if (most == 1) return;
            } else if (down.contains(pod) && most == 1) {
                return;
            }
        }
    }
}
