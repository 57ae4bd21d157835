package io.navarch.controllers.resourceclaim;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.Owners;
import io.navarch.controllers.Pods;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Makes ResourceClaims from the templates that pods name, and takes ended pods from the list of those that reserved
/// one.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/
public final class ResourceClaimController implements LegacyController<ResourceClaimController.Seen> {
    static final String POD_CLAIM = "resource.kubernetes.io/pod-claim-name";
    private static final String FINALIZER = "resource.kubernetes.io/delete-protection";
    /// Keys of claims, to tell them from those of pods.
    private static final String CLAIM = "claim/";

    /// A pod, its claims and the templates it names; or a claim and the pods that have reserved it, by uid.
    public record Seen(View pod, List<View> claims, Map<String, View> templates, View claim, Map<String, View> users) {}

    @Override
    public String name() {
        return "resource-claim-controller";
    }

    @Override
    public String queue() {
        return "resource_claim";
    }

    @Override
    public String eventSource() {
        return "resource_claim";
    }

    @Override
    public List<Metric> metrics() {
        return ClaimMetrics.ALL;
    }

    @Override
    public List<Metric.Sample> state(Caches caches) {
        return ClaimMetrics.state(caches.of(Resources.RESOURCE_CLAIMS.untyped()).all());
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.PODS.untyped(), (caches, pod) -> keysOf(pod)),
                new Input(Resources.RESOURCE_CLAIMS.untyped(), claim -> {
                    var keys = new ArrayList<>(LegacyController.owner(claim, "Pod"));
                    keys.add(new ObjectKey(claim.namespace(), CLAIM + claim.name()));
                    return keys;
                }),
                new Input(
                        Resources.RESOURCE_CLAIM_TEMPLATES.untyped(),
                        (caches, template) ->
                                caches.of(Resources.PODS.untyped()).inNamespace(template.namespace()).stream()
                                        .filter(pod -> pod.spec().get("resourceClaims").stream()
                                                .anyMatch(claim -> claim.get("resourceClaimTemplateName")
                                                        .string()
                                                        .equals(template.name())))
                                        .map(View::key)
                                        .toList()));
    }

    private static List<ObjectKey> keysOf(View pod) {
        var claims = pod.spec().get("resourceClaims").views();
        if (claims.isEmpty()) return List.of();
        var keys = new ArrayList<>(List.of(pod.key()));
        for (var claim : claims) {
            var name = claim.get("resourceClaimName").string();
            if (!name.isEmpty()) keys.add(new ObjectKey(pod.namespace(), CLAIM + name));
        }
        for (var status : pod.status().get("resourceClaimStatuses").views())
            keys.add(new ObjectKey(
                    pod.namespace(), CLAIM + status.get("resourceClaimName").string()));
        return keys;
    }

    @Override
    public List<Permission> permissions() {
        return List.of(
                Permission.of("resource.k8s.io", "resourceclaims", "create,delete,update"),
                Permission.of("resource.k8s.io", "resourceclaims/status", "update"),
                Permission.of("", "pods/status", "patch"),
                Permission.of("", "pods/finalizers", "update"));
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        if (key.name().startsWith(CLAIM)) {
            var claim = caches.of(Resources.RESOURCE_CLAIMS.untyped())
                    .get(new ObjectKey(key.namespace(), key.name().substring(CLAIM.length())));
            if (!claim.exists()) return null;
            var users = new HashMap<String, View>();
            for (var user : claim.status().get("reservedFor").views()) {
                var pod = caches.of(Resources.PODS.untyped())
                        .get(new ObjectKey(key.namespace(), user.get("name").string()));
                if (pod.exists()) users.put(pod.uid(), pod);
            }
            return new Seen(View.of(null), List.of(), Map.of(), claim, users);
        }
        var pod = caches.of(Resources.PODS.untyped()).get(key);
        if (!pod.exists()) return null;
        var templates = new HashMap<String, View>();
        for (var claim : pod.spec().get("resourceClaims").views()) {
            var name = claim.get("resourceClaimTemplateName").string();
            var template =
                    caches.of(Resources.RESOURCE_CLAIM_TEMPLATES.untyped()).get(new ObjectKey(key.namespace(), name));
            if (template.exists()) templates.put(name, template);
        }
        return new Seen(
                pod, caches.of(Resources.RESOURCE_CLAIMS.untyped()).ownedBy(pod), templates, View.of(null), Map.of());
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        return Decision.of(seen.claim.exists() ? release(seen) : claim(seen));
    }

    private static List<Action> claim(Seen seen) {
        var pod = seen.pod;
        var actions = new ArrayList<Action>();
        if (Pods.ended(pod) || pod.deleting()) {
            // A claim that was made for a pod is of no use when that has ended.
            if (Pods.ended(pod))
                for (var claim : seen.claims)
                    if (!claim.deleting())
                        actions.add(new Action.Delete(Resources.RESOURCE_CLAIMS.untyped(), claim.key(), claim.uid()));
            return actions;
        }
        var statuses = new ArrayList<Object>();
        for (var wanted : pod.spec().get("resourceClaims").views()) {
            var name = wanted.get("name").string();
            var template =
                    seen.templates.get(wanted.get("resourceClaimTemplateName").string());
            if (wanted.get("resourceClaimTemplateName").string().isEmpty()) continue;
            var there = seen.claims.stream()
                    .filter(claim -> claim.annotation(POD_CLAIM).equals(name))
                    .findFirst()
                    .orElse(View.of(null));
            if (there.exists()) statuses.add(Trees.map("name", name, "resourceClaimName", there.name()));
            else if (template == null)
                actions.add(Action.RecordEvent.warning(
                        pod,
                        "FailedResourceClaimCreation",
                        "PodResourceClaim " + name + ": resourceclaimtemplates.resource.k8s.io \""
                                + wanted.get("resourceClaimTemplateName").string() + "\" not found"));
            else
                actions.add(new Action.Create(
                        Resources.RESOURCE_CLAIMS.untyped(),
                        made(pod, name, template),
                        ClaimMetrics.creation(template)));
        }
        if (!statuses.isEmpty()
                && !Trees.semanticEquals(
                        statuses, pod.status().get("resourceClaimStatuses").value()))
            actions.add(new Action.Patch(
                    Resources.PODS.untyped(),
                    pod.key(),
                    "status",
                    Trees.map("status", Trees.map("resourceClaimStatuses", statuses))));
        return actions;
    }

    private static Map<String, Object> made(View pod, String name, View template) {
        var metadata = template.spec().metadata();
        var annotations = Trees.map();
        annotations.putAll(metadata.get("annotations").map());
        annotations.put(POD_CLAIM, name);
        return Trees.map(
                "metadata",
                Trees.map(
                        "generateName",
                        pod.name() + "-" + name + "-",
                        "namespace",
                        pod.namespace(),
                        "labels",
                        Trees.copy(metadata.get("labels").value()),
                        "annotations",
                        annotations,
                        "ownerReferences",
                        Trees.list(Owners.reference(pod, Resources.PODS.untyped()))),
                "spec",
                Trees.copy(template.spec().spec().map()));
    }

    /// Pods that have ended, or are gone, no longer hold a claim; one that nobody holds and that is to go is given
    /// back.
    private static List<Action> release(Seen seen) {
        var claim = seen.claim;
        var status = Trees.copy(claim.status().map());
        var left = new ArrayList<Object>();
        for (var user : claim.status().get("reservedFor").views()) {
            boolean pods = user.get("resource").string().equals("pods");
            var pod = seen.users.get(user.get("uid").string());
            if (!pods || pod != null && !Pods.ended(pod)) left.add(user.value());
        }
        if (left.isEmpty()) status.remove("reservedFor");
        else status.put("reservedFor", left);
        boolean gone = claim.deleting() && left.isEmpty();
        if (gone) status.remove("allocation");
        var actions = new ArrayList<Action>();
        if (!Trees.semanticEquals(status, claim.status().map())) {
            actions.add(Action.Update.status(Resources.RESOURCE_CLAIMS.untyped(), claim, status));
            return actions;
        }
        var finalizers = new ArrayList<>(claim.metadata().get("finalizers").strings());
        if (gone && finalizers.remove(FINALIZER)) {
            var object = Trees.copy(claim.map());
            Trees.put(object, List.copyOf(finalizers), "metadata", "finalizers");
            actions.add(new Action.Update(Resources.RESOURCE_CLAIMS.untyped(), object, ""));
        }
        return actions;
    }
}
