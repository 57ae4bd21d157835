package io.navarch.controllers.resourceclaim;

import io.navarch.client.Caches;
import io.navarch.controllers.OwnerReferences;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Pod;
import io.navarch.model.PodResourceClaim;
import io.navarch.model.PodResourceClaimStatus;
import io.navarch.model.PodStatus;
import io.navarch.model.ResourceClaim;
import io.navarch.model.ResourceClaimTemplate;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Makes ResourceClaims from the templates that pods name, and releases claims of pods that have ended.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/
public final class ResourceClaimController implements Controller<Seen> {
    private static final String FINALIZER = "resource.kubernetes.io/delete-protection";
    /// Prefix of the keys of claims, to tell them from those of pods.
    private static final String CLAIM = "claim/";

    /// A pod names a template that does not exist.
    record TemplateMissing(String claim, String template) implements Reason {
        @Override
        public String reason() {
            return "FailedResourceClaimCreation";
        }

        @Override
        public String message() {
            return "PodResourceClaim " + claim + ": " + Resources.RESOURCE_CLAIM_TEMPLATES + " \"" + template
                    + "\" not found";
        }
    }

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("resource-claim-controller")
                .queue("resource_claim")
                .eventSource("resource_claim")
                .watches(Resources.PODS, ResourceClaimController::keysOfPod)
                .watches(Resources.RESOURCE_CLAIMS, ResourceClaimController::keysOfClaim)
                .watches(Resources.RESOURCE_CLAIM_TEMPLATES, ResourceClaimController::podsOf)
                .may("resource.k8s.io", "resourceclaims", "create,delete,update")
                .may("resource.k8s.io", "resourceclaims/status", "update")
                .may("", "pods/status", "patch")
                .may("", "pods/finalizers", "update")
                .metrics(ClaimMetrics.ALL)
                .build();
    }

    private static ObjectKey claimKey(String namespace, String claim) {
        return new ObjectKey(namespace, CLAIM + claim);
    }

    private static List<ObjectKey> keysOfPod(Pod pod) {
        if (pod.spec().resourceClaims().isEmpty()) return List.of();
        var keys = new ArrayList<>(List.of(pod.key()));
        for (var claim : pod.spec().resourceClaims())
            if (!claim.resourceClaimName().isEmpty()) keys.add(claimKey(pod.namespace(), claim.resourceClaimName()));
        for (var status : pod.status().resourceClaimStatuses())
            keys.add(claimKey(pod.namespace(), status.resourceClaimName()));
        return keys;
    }

    private static List<ObjectKey> keysOfClaim(ResourceClaim claim) {
        var keys = new ArrayList<>(Controller.owner(claim, Resources.PODS.kind()));
        keys.add(claimKey(claim.namespace(), claim.name()));
        return keys;
    }

    private static List<ObjectKey> podsOf(Caches caches, ResourceClaimTemplate template) {
        return caches.of(Resources.PODS).inNamespace(template.namespace()).stream()
                .filter(pod -> pod.spec().resourceClaims().stream()
                        .anyMatch(claim -> claim.resourceClaimTemplateName().equals(template.name())))
                .map(Pod::key)
                .toList();
    }

    @Override
    public List<Metric.Sample> gauges(Caches caches) {
        return ClaimMetrics.gauges(caches.of(Resources.RESOURCE_CLAIMS).all());
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        return key.name().startsWith(CLAIM)
                ? observeClaim(caches, new ObjectKey(key.namespace(), key.name().substring(CLAIM.length())))
                : observePod(caches, key);
    }

    private static Optional<Seen> observeClaim(Caches caches, ObjectKey key) {
        var claim = caches.of(Resources.RESOURCE_CLAIMS).get(key);
        if (!claim.exists()) return Optional.empty();
        var users = new HashSet<String>();
        for (var user : claim.status().reservedFor()) {
            var pod = caches.of(Resources.PODS).get(new ObjectKey(key.namespace(), user.name()));
            if (pod.exists() && !Pods.ended(pod)) users.add(pod.uid());
        }
        return Optional.of(new Seen.OfClaim(claim, users));
    }

    private static Optional<Seen> observePod(Caches caches, ObjectKey key) {
        var pod = caches.of(Resources.PODS).get(key);
        if (!pod.exists()) return Optional.empty();
        var templates = new HashMap<String, ResourceClaimTemplate>();
        for (var claim : pod.spec().resourceClaims()) {
            var name = claim.resourceClaimTemplateName();
            var template = caches.of(Resources.RESOURCE_CLAIM_TEMPLATES).get(new ObjectKey(key.namespace(), name));
            if (template.exists()) templates.put(name, template);
        }
        return Optional.of(
                new Seen.OfPod(pod, caches.of(Resources.RESOURCE_CLAIMS).ownedBy(pod), templates));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        return switch (seen) {
            case Seen.OfClaim claim -> release(claim);
            case Seen.OfPod pod when Pods.ended(pod.pod()) -> discard(pod.claims());
            case Seen.OfPod pod when pod.pod().deleting() -> Decision.NOTHING;
            case Seen.OfPod pod -> claim(pod);
        };
    }

    /// Claims that were made for a pod are of no use once it has ended.
    private static Decision discard(List<ResourceClaim> claims) {
        return Decision.of(claims.stream()
                .filter(claim -> !claim.deleting())
                .<Action>map(claim -> new Action.Delete(Resources.RESOURCE_CLAIMS, claim))
                .toList());
    }

    private static Decision claim(Seen.OfPod seen) {
        var pod = seen.pod();
        var decision = Decision.builder();
        var statuses = new ArrayList<PodResourceClaimStatus>();
        for (var wanted : pod.spec().resourceClaims()) {
            if (wanted.resourceClaimTemplateName().isEmpty()) continue;
            var made = seen.claims().stream()
                    .filter(claim -> claim.annotation(Seen.POD_CLAIM).equals(wanted.name()))
                    .findFirst();
            if (made.isPresent()) statuses.add(status(wanted, made.get()));
            else decision.include(create(seen, wanted));
        }
        return decision.changes(report(pod, statuses)).build();
    }

    private static PodResourceClaimStatus status(PodResourceClaim wanted, ResourceClaim made) {
        return PodResourceClaimStatus.builder()
                .name(wanted.name())
                .resourceClaimName(made.name())
                .build();
    }

    private static List<Action> report(Pod pod, List<PodResourceClaimStatus> statuses) {
        var partial = Pod.builder()
                .status(status -> status.resourceClaimStatuses(statuses))
                .build();
        boolean same = partial.status()
                .raw(PodStatus.RESOURCE_CLAIM_STATUSES)
                .semanticEquals(pod.status().raw(PodStatus.RESOURCE_CLAIM_STATUSES));
        return same || statuses.isEmpty() ? List.of() : List.of(Action.Patch.ofStatus(Resources.PODS, pod, partial));
    }

    private static Decision create(Seen.OfPod seen, PodResourceClaim wanted) {
        var pod = seen.pod();
        var template = seen.templates().get(wanted.resourceClaimTemplateName());
        if (template == null) {
            var missing = new TemplateMissing(wanted.name(), wanted.resourceClaimTemplateName());
            return Decision.builder()
                    .event(Action.RecordEvent.warning(pod, missing))
                    .waitingOn(missing)
                    .build();
        }
        var metadata = template.spec().metadata();
        var claim = ResourceClaim.builder()
                .metadata(it -> it.generateName(pod.name() + "-" + wanted.name() + "-")
                        .namespace(pod.namespace())
                        .labels(metadata.labels())
                        .annotations(metadata.annotations())
                        .putAnnotations(Seen.POD_CLAIM, wanted.name())
                        .addOwnerReferences(OwnerReferences.of(pod, Resources.PODS)))
                .spec(template.spec().spec());
        var counted = ClaimMetrics.creation(template.spec().spec());
        return Decision.of(new Action.Create(Resources.RESOURCE_CLAIMS, claim.build(), counted));
    }

    /// Pods that have ended, or are gone, no longer hold a claim; a deleted one that nobody holds is deallocated.
    private static Decision release(Seen.OfClaim seen) {
        var claim = seen.claim();
        var left = claim.status().reservedFor().stream()
                .filter(user -> !user.resource().equals(Resources.PODS.plural())
                        || seen.users().contains(user.uid()))
                .toList();
        boolean unused = claim.deleting() && left.isEmpty();
        var status = claim.status().toBuilder();
        if (left.isEmpty()) status.clearReservedFor();
        else status.reservedFor(left);
        if (unused) status.clearAllocation();
        var update = Action.Update.statusIfChanged(Resources.RESOURCE_CLAIMS, claim, status.build());
        if (update.isPresent()) return Decision.builder().status(update).build();
        var finalizers = new ArrayList<>(claim.metadata().finalizers());
        return unused && finalizers.remove(FINALIZER)
                ? Decision.of(Action.Update.withFinalizers(Resources.RESOURCE_CLAIMS, claim, finalizers))
                : Decision.NOTHING;
    }
}
