package io.navarch.controllers.ephemeralvolume;

import io.navarch.client.Caches;
import io.navarch.controllers.OwnerReferences;
import io.navarch.controllers.PodClaims;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.Volume;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.EventTemplate;
import io.navarch.reconcile.Reason;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes the claims of generic ephemeral volumes, owned by their pod.
///
/// Source: https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/#generic-ephemeral-volumes
public final class EphemeralVolumeController implements Controller<EphemeralVolumeController.Seen> {
    private static final Metric CREATIONS =
            Metric.counter("ephemeral_volume_controller_create_total", "[ALPHA] Claims that were asked for.");
    private static final Metric FAILURES = Metric.counter(
            "ephemeral_volume_controller_create_failures_total", "[ALPHA] Claims that could not be made.");
    private static final EventTemplate COUNTED =
            EventTemplate.NONE.counting(List.of(CREATIONS.once()), List.of(CREATIONS.once(), FAILURES.once()));

    /// @param claims those of the pod's namespace that have the name of one of its claims
    public record Seen(Pod pod, Map<String, PersistentVolumeClaim> claims) {}

    /// A claim of that name is there, and is not the pod's.
    record Conflict(ObjectKey claim, ObjectKey pod) implements Reason {
        @Override
        public String reason() {
            return "EphemeralVolumeConflict";
        }

        @Override
        public String message() {
            return "PVC " + claim + " was not created for pod " + pod + " (pod is not owner)";
        }
    }

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("ephemeral-volume-controller")
                .queue("ephemeral_volume")
                .eventSource("ephemeral_volume")
                .watches(Resources.PODS, pod -> volumes(pod).isEmpty() ? List.of() : List.of(pod.key()))
                .watches(Resources.PERSISTENT_VOLUME_CLAIMS, claim -> Controller.owner(claim, Resources.PODS.kind()))
                .may("", "persistentvolumeclaims", "create")
                .may("", "pods/finalizers", "update")
                .metrics(CREATIONS, FAILURES)
                .build();
    }

    private static List<Volume> volumes(Pod pod) {
        return pod.spec().volumes().stream().filter(Volume::hasEphemeral).toList();
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var pod = caches.of(Resources.PODS).get(key);
        if (!pod.exists() || !Pods.active(pod)) return Optional.empty();
        var claims = new HashMap<String, PersistentVolumeClaim>();
        for (var volume : volumes(pod)) {
            var name = PodClaims.name(pod, volume);
            var found = caches.of(Resources.PERSISTENT_VOLUME_CLAIMS).get(new ObjectKey(key.namespace(), name));
            if (found.exists()) claims.put(name, found);
        }
        return Optional.of(new Seen(pod, claims));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var decision = Decision.builder();
        for (var volume : volumes(seen.pod)) {
            var name = PodClaims.name(seen.pod, volume);
            var claim = seen.claims.get(name);
            if (claim == null) {
                decision.change(create(seen.pod, volume, name));
            } else if (!OwnerReferences.owns(seen.pod, claim)) {
                var conflict = new Conflict(claim.key(), seen.pod.key());
                decision.event(Action.RecordEvent.warning(seen.pod, conflict)).waitingOn(conflict);
            }
        }
        return decision.build();
    }

    private static Action create(Pod pod, Volume volume, String name) {
        var template = volume.ephemeral().volumeClaimTemplate();
        var claim = PersistentVolumeClaim.builder()
                .metadata(metadata -> metadata.name(name)
                        .namespace(pod.namespace())
                        .labels(template.metadata().labels())
                        .annotations(template.metadata().annotations())
                        .addOwnerReferences(OwnerReferences.of(pod, Resources.PODS)))
                .spec(template.spec());
        return new Action.Create(Resources.PERSISTENT_VOLUME_CLAIMS, claim.build(), COUNTED);
    }
}
