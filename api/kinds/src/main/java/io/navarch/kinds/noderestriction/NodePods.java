package io.navarch.kinds.noderestriction;

import io.navarch.kinds.pod.PodReferences;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Eviction;
import io.navarch.model.Pod;
import io.navarch.model.PodExtendedResourceClaimStatus;
import io.navarch.model.PodResourceClaimStatus;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.Optional;

/// What a node may do to pods: make mirrors of those that it runs by itself, and report on, evict and delete its own.
final class NodePods {
    private final Admission.Attributes call;
    private final String node;

    private NodePods(Admission.Attributes call, String node) {
        this.call = call;
        this.node = node;
    }

    static void check(
            Admission.Attributes call, String node, Pod pod, Pod old, Eviction eviction, Admission.Lookup lookup) {
        var pods = new NodePods(call, node);
        switch (call.subresource()) {
            case "" -> pods.pod(pod, old, lookup);
            case "status" -> pods.status(pod, old);
            case "eviction" -> pods.eviction(eviction, lookup);
            default ->
                throw pods.refused("unexpected pod subresource \"" + call.subresource()
                        + "\", only 'status' and 'eviction' are allowed");
        }
    }

    private ApiException refused(String why) {
        return Refusal.of(call, why);
    }

    private ApiException may(String what) {
        return refused("node \"" + node + "\" " + what);
    }

    private void pod(Pod pod, Pod old, Admission.Lookup lookup) {
        switch (call.operation()) {
            case CREATE -> mirror(pod, lookup);
            case UPDATE, CONNECT ->
                throw refused("unexpected operation \"" + call.operation() + "\", node \"" + node
                        + "\" can only create and delete mirror pods");
            case DELETE -> {
                if (!old.spec().nodeName().equals(node))
                    throw may("can only delete pods with spec.nodeName set to itself");
            }
        }
    }

    private void mirror(Pod pod, Admission.Lookup lookup) {
        if (!pod.annotations().containsKey(Pods.MIRROR))
            throw refused("pod does not have \"" + Pods.MIRROR + "\" annotation, node \"" + node
                    + "\" can only create mirror pods");
        if (!pod.spec().nodeName().equals(node)) throw may("can only create pods with spec.nodeName set to itself");
        owner(pod, lookup);
        // Nobody can give a node more rights than it has.
        PodReferences.ofApi(pod).ifPresent(what -> {
            throw may("can not create pods that reference " + what);
        });
    }

    private void owner(Pod pod, Admission.Lookup lookup) {
        var owners = pod.metadata().ownerReferences();
        if (owners.size() > 1) throw may("can only create pods with a single owner reference set to itself");
        var own = owners.stream()
                .filter(each -> each.apiVersion().equals("v1")
                        && each.kind().equals(Resources.NODES.kind())
                        && each.name().equals(node))
                .findFirst()
                .orElseThrow(() -> may("can only create pods with an owner reference set to itself"));
        if (!own.controller()) throw may("can only create pods with a controller owner reference set to itself");
        if (own.blockOwnerDeletion()) throw may("must not set blockOwnerDeletion on an owner reference");
        var self = lookup.get(Resources.NODES, "", node);
        if (!self.exists()) throw ApiException.notFound("node", "", node);
        if (!own.uid().equals(self.uid()))
            throw refused("node " + node + " UID mismatch: expected " + own.uid() + " got " + self.uid());
    }

    private void status(Pod pod, Pod old) {
        if (call.operation() != Operation.UPDATE) throw refused("unexpected operation \"" + call.operation() + "\"");
        if (!old.spec().nodeName().equals(node))
            throw may("can only update pod status for pods with spec.nodeName set to itself");
        if (!old.labels().equals(pod.labels())) throw may("cannot update labels through pod status");
        if (!old.status().resourceClaimStatuses().stream()
                .map(NodePods::claim)
                .toList()
                .equals(pod.status().resourceClaimStatuses().stream()
                        .map(NodePods::claim)
                        .toList())) throw may("cannot update resource claim statues");
        if (!Trees.semanticEquals(
                tree(old.status().extendedResourceClaimStatus()),
                tree(pod.status().extendedResourceClaimStatus())))
            throw may("cannot update extended resource claim status");
    }

    private static Optional<Object> tree(PodExtendedResourceClaimStatus status) {
        return Optional.ofNullable(status.view().value());
    }

    private static String claim(PodResourceClaimStatus status) {
        return status.name() + "/" + status.hasResourceClaimName() + "/" + status.resourceClaimName();
    }

    private void eviction(Eviction eviction, Admission.Lookup lookup) {
        var name = call.name().isEmpty() ? eviction.name() : call.name();
        if (name.isEmpty()) throw refused("could not determine pod from request data");
        var pod = lookup.get(Resources.PODS, call.namespace(), name);
        if (!pod.exists()) throw ApiException.notFound("pod", "", name);
        if (!pod.spec().nodeName().equals(node))
            throw refused("node " + node + " can only evict pods with spec.nodeName set to itself");
    }
}
