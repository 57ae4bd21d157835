package io.navarch.kinds.noderestriction;

import io.navarch.kinds.node.Nodes;
import io.navarch.model.AnyObject;
import io.navarch.model.Eviction;
import io.navarch.model.Node;
import io.navarch.model.NodeSpec;
import io.navarch.model.ObjectMeta;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.PersistentVolumeClaimStatus;
import io.navarch.model.Pod;
import io.navarch.model.ResourceSlice;
import io.navarch.model.TokenRequest;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// A node may change its own objects and no others.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction
public final class NodeRestriction implements Admission.Mutating, Admission.Validating {
    private static final String PREFIX = "system:node:";
    private static final String LEASES = "kube-node-lease";
    private static final Set<String> LABELS = Set.of(
            "kubernetes.io/hostname",
            "kubernetes.io/arch",
            "kubernetes.io/os",
            "beta.kubernetes.io/instance-type",
            "node.kubernetes.io/instance-type",
            "failure-domain.beta.kubernetes.io/region",
            "failure-domain.beta.kubernetes.io/zone",
            Nodes.REGION,
            Nodes.ZONE,
            "beta.kubernetes.io/arch",
            "beta.kubernetes.io/os");
    /// What a node may say of a claim: how large its volume has become.
    private static final List<String> CLAIM_STATUS = List.of(
            PersistentVolumeClaimStatus.CAPACITY,
            PersistentVolumeClaimStatus.CONDITIONS,
            PersistentVolumeClaimStatus.ALLOCATED_RESOURCES,
            PersistentVolumeClaimStatus.ALLOCATED_RESOURCE_STATUSES);

    private final NodeTokens tokens;

    /// @param permission asks for the right to tokens for other audiences
    public NodeRestriction(Admission.Permission permission) {
        tokens = new NodeTokens(permission);
    }

    @Override
    public boolean handles(Admission.Attributes call) {
        return call.groups().contains("system:nodes") && call.user().startsWith(PREFIX);
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> object, View old, Admission.Lookup lookup) {
        check(call, View.of(object), old, lookup);
    }

    @Override
    public void validate(Admission.Attributes call, View object, View old, Admission.Lookup lookup) {
        // What is stored was checked before others completed it; there is left what is deleted, or only answered.
        boolean stored = call.subresource().isEmpty() || call.subresource().equals("status");
        if (call.operation() == Operation.DELETE || !stored) check(call, object, old, lookup);
    }

    private void check(Admission.Attributes call, View object, View old, Admission.Lookup lookup) {
        var node = call.user().substring(PREFIX.length());
        if (node.isEmpty()) throw Refusal.of(call, "could not determine node from user \"" + call.user() + "\"");
        switch (call.resource() + (call.group().isEmpty() ? "" : "." + call.group())) {
            case "pods" -> NodePods.check(call, node, Pod.of(object), Pod.of(old), Eviction.of(object), lookup);
            case "nodes" -> node(call, node, Node.of(object), Node.of(old));
            case "persistentvolumeclaims" -> claim(call, node, object, old);
            case "persistentvolumes" -> NodeVolumes.check(call, node, object, old);
            case "volumesnapshotcontents.snapshot.storage.k8s.io" -> NodeSnapshots.check(call, node, object, old);
            case "serviceaccounts" -> {
                if (call.operation() == Operation.CREATE && call.subresource().equals("token"))
                    tokens.check(call, node, TokenRequest.of(object), lookup);
            }
            case "podcertificaterequests.certificates.k8s.io" ->
                throw Refusal.of(call, "PodCertificateRequest feature gate is disabled");
            case "leases.coordination.k8s.io" -> {
                if (!call.namespace().equals(LEASES))
                    throw Refusal.of(call, "can only access leases in the \"" + LEASES + "\" system namespace");
                own(call, node, object, "node lease");
            }
            case "csinodes.storage.k8s.io" -> own(call, node, object, "CSINode");
            case "resourceslices.resource.k8s.io" -> slice(call, node, ResourceSlice.of(object), ResourceSlice.of(old));
            default -> {}
        }
    }

    private static void own(Admission.Attributes call, String node, View object, String what) {
        var name = call.operation() == Operation.CREATE ? AnyObject.of(object).name() : call.name();
        if (!name.equals(node))
            throw Refusal.of(call, "can only access " + what + " with the same name as the requesting node");
    }

    private static void slice(Admission.Attributes call, String node, ResourceSlice slice, ResourceSlice old) {
        boolean deletes = call.operation() == Operation.DELETE;
        if (call.operation() == Operation.UPDATE) return;
        if (!(deletes ? old : slice).spec().nodeName().equals(node))
            throw Refusal.of(
                    call,
                    "can only " + (deletes ? "delete" : "create")
                            + " ResourceSlice with the same NodeName as the requesting node");
    }

    private static void claim(Admission.Attributes call, String node, View object, View old) {
        if (!call.subresource().equals("status")) throw Refusal.of(call, "may only update PVC status");
        if (!Trees.semanticEquals(rest(object).value(), rest(old).value()))
            throw Refusal.of(
                    call,
                    "node \"" + node + "\" is not allowed to update fields other than status.quantity and"
                            + " status.conditions");
    }

    /// What a node may not change of a claim.
    private static View rest(View claim) {
        var copy = Trees.copy(claim.map());
        for (var field : CLAIM_STATUS) Trees.remove(copy, PersistentVolumeClaim.STATUS, field);
        Trees.remove(copy, AnyObject.METADATA, ObjectMeta.RESOURCE_VERSION);
        Trees.remove(copy, AnyObject.METADATA, ObjectMeta.MANAGED_FIELDS);
        return View.of(copy);
    }

    private static void node(Admission.Attributes call, String node, Node object, Node old) {
        var who = "node \"" + node + "\" is not allowed to ";
        var name = call.name().isEmpty() ? object.name() : call.name();
        if (!name.equals(node)) throw Refusal.of(call, who + "modify node \"" + name + "\"");
        switch (call.operation()) {
            case CREATE -> {
                if (object.spec().hasConfigSource())
                    throw Refusal.of(call, who + "create pods with a non-nil configSource");
                var labels = restricted(object, old);
                if (!labels.isEmpty()) throw Refusal.of(call, who + "set the following labels: " + labels);
            }
            case UPDATE -> {
                if (object.spec().hasConfigSource() && changed(object, old, NodeSpec.CONFIG_SOURCE))
                    throw Refusal.of(call, who + "update configSource to a new non-nil configSource");
                if (changed(object, old, NodeSpec.TAINTS)) throw Refusal.of(call, who + "modify taints");
                if (!Trees.semanticEquals(
                        object.metadata().raw(ObjectMeta.OWNER_REFERENCES).value(),
                        old.metadata().raw(ObjectMeta.OWNER_REFERENCES).value()))
                    throw Refusal.of(call, who + "modify ownerReferences");
                var labels = restricted(object, old);
                if (!labels.isEmpty()) throw Refusal.of(call, "is not allowed to modify labels: " + labels);
            }
            case DELETE, CONNECT -> {}
        }
    }

    private static boolean changed(Node object, Node old, String field) {
        return !Trees.semanticEquals(
                object.spec().raw(field).value(), old.spec().raw(field).value());
    }

    /// The labels that are other than before and that a node may not change, in one line.
    private static String restricted(Node object, Node old) {
        var keys = new TreeSet<>(object.labels().keySet());
        keys.addAll(old.labels().keySet());
        keys.removeIf(key -> !restricted(key)
                || Objects.equals(object.labels().get(key), old.labels().get(key)));
        return String.join(", ", keys);
    }

    private static boolean restricted(String label) {
        int slash = label.indexOf('/');
        if (slash < 0 || LABELS.contains(label)) return false;
        var domain = label.substring(0, slash);
        if (domain.equals("kubelet.kubernetes.io") || domain.endsWith(".kubelet.kubernetes.io")) return false;
        if (domain.equals("node.kubernetes.io") || domain.endsWith(".node.kubernetes.io")) return false;
        return domain.equals("kubernetes.io")
                || domain.endsWith(".kubernetes.io")
                || domain.equals("k8s.io")
                || domain.endsWith(".k8s.io");
    }
}
