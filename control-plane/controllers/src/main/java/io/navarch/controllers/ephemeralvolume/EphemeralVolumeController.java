package io.navarch.controllers.ephemeralvolume;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.Owners;
import io.navarch.controllers.PodClaims;
import io.navarch.controllers.Pods;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.EventTemplate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Makes the claims of generic ephemeral volumes, owned by their pod.
///
/// Source: https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/#generic-ephemeral-volumes
public final class EphemeralVolumeController implements LegacyController<EphemeralVolumeController.Seen> {
    private static final Metric CREATIONS =
            Metric.counter("ephemeral_volume_controller_create_total", "[ALPHA] Claims that were asked for.");
    private static final Metric FAILURES = Metric.counter(
            "ephemeral_volume_controller_create_failures_total", "[ALPHA] Claims that could not be made.");

    /// @param claims those of the pod's namespace that have the name of one of its claims
    public record Seen(View pod, Map<String, View> claims) {}

    @Override
    public String name() {
        return "ephemeral-volume-controller";
    }

    @Override
    public String queue() {
        return "ephemeral_volume";
    }

    @Override
    public String eventSource() {
        return "ephemeral_volume";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(CREATIONS, FAILURES);
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.PODS.untyped(), pod -> volumes(pod).isEmpty() ? List.of() : List.of(pod.key())),
                new Input(Resources.PERSISTENT_VOLUME_CLAIMS.untyped(), claim -> LegacyController.owner(claim, "Pod")));
    }

    private static List<View> volumes(View pod) {
        return pod.spec().get("volumes").stream()
                .filter(volume -> volume.get("ephemeral").exists())
                .toList();
    }

    @Override
    public List<Permission> permissions() {
        return List.of(
                Permission.of("", "persistentvolumeclaims", "create"), Permission.of("", "pods/finalizers", "update"));
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var pod = caches.of(Resources.PODS.untyped()).get(key);
        if (!pod.exists() || pod.deleting() || Pods.ended(pod)) return null;
        var claims = new HashMap<String, View>();
        for (var volume : volumes(pod)) {
            var name = PodClaims.name(pod, volume);
            var found =
                    caches.of(Resources.PERSISTENT_VOLUME_CLAIMS.untyped()).get(new ObjectKey(key.namespace(), name));
            if (found.exists()) claims.put(name, found);
        }
        return new Seen(pod, claims);
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var actions = new ArrayList<Action>();
        for (var volume : volumes(seen.pod)) {
            var name = PodClaims.name(seen.pod, volume);
            var there = seen.claims.get(name);
            if (there != null) {
                if (!Owners.owns(seen.pod, there))
                    actions.add(Action.RecordEvent.warning(
                            seen.pod,
                            "EphemeralVolumeConflict",
                            "PVC " + there.key() + " was not created for pod " + seen.pod.key()
                                    + " (pod is not owner)"));
                continue;
            }
            var template = volume.get("ephemeral", "volumeClaimTemplate");
            actions.add(new Action.Create(
                    Resources.PERSISTENT_VOLUME_CLAIMS.untyped(),
                    Trees.map(
                            "metadata",
                            Trees.map(
                                    "name",
                                    name,
                                    "namespace",
                                    seen.pod.namespace(),
                                    "labels",
                                    Trees.copy(template.metadata().get("labels").value()),
                                    "annotations",
                                    Trees.copy(template.metadata()
                                            .get("annotations")
                                            .value()),
                                    "ownerReferences",
                                    Trees.list(Owners.reference(seen.pod, Resources.PODS.untyped()))),
                            "spec",
                            Trees.copy(template.spec().map())),
                    EventTemplate.NONE.counting(
                            List.of(CREATIONS.once()), List.of(CREATIONS.once(), FAILURES.once()))));
        }
        return Decision.of(actions);
    }
}
