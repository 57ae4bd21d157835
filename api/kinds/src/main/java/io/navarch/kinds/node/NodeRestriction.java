package io.navarch.kinds.node;

import io.navarch.model.AnyObject;
import io.navarch.model.Node;
import io.navarch.model.NodeSpec;
import io.navarch.model.Pod;
import io.navarch.model.ResourceSlice;
import io.navarch.model.Resources;
import io.navarch.model.TokenRequest;
import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// A node may change its own objects and no others.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction
public final class NodeRestriction implements Admission.Validating {
    private static final String PREFIX = "system:node:";
    private static final String MIRROR = "kubernetes.io/config.mirror";
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

    @Override
    public boolean handles(Admission.Attributes call) {
        return call.groups().contains("system:nodes") && call.user().startsWith(PREFIX);
    }

    @Override
    public void validate(Admission.Attributes call, View object, View old, Admission.Lookup lookup) {
        var node = call.user().substring(PREFIX.length());
        switch (call.resource()) {
            case "pods" -> pods(call, node, Pod.of(object), Pod.of(old), lookup);
            case "nodes" -> nodes(call, node, Node.of(object), Node.of(old));
            case "leases" -> {
                if (!call.namespace().equals("kube-node-lease")
                        || !name(call, object).equals(node))
                    throw refused(call, "can only access node lease with the same name as the requesting node");
            }
            case "csinodes" -> {
                if (!name(call, object).equals(node))
                    throw refused(call, "can only access CSINode with the same name as the requesting node");
            }
            case "serviceaccounts" -> token(call, node, TokenRequest.of(object), lookup);
            case "resourceslices" -> {
                var slice = ResourceSlice.of(object.exists() ? object : old);
                if (!slice.spec().nodeName().equals(node))
                    throw refused(call, "can only create ResourceSlice with the same NodeName as the requesting node");
            }
            default -> {}
        }
    }

    private static String name(Admission.Attributes call, View object) {
        var name = AnyObject.of(object).name();
        return name.isEmpty() ? call.name() : name;
    }

    private static void pods(Admission.Attributes call, String node, Pod pod, Pod old, Admission.Lookup lookup) {
        var who = "node \"" + node + "\" ";
        switch (call.subresource()) {
            case "" -> mirrorPods(call, node, pod, old, who);
            case "status" -> {
                if (!old.spec().nodeName().equals(node))
                    throw refused(call, who + "can only update pod status for pods with spec.nodeName set to itself");
                if (!old.labels().equals(pod.labels()))
                    throw refused(call, who + "cannot update labels through pod status");
            }
            case "eviction" -> {
                var target = lookup.get(Resources.PODS, call.namespace(), call.name());
                if (!target.spec().nodeName().equals(node))
                    throw refused(call, who + "can only evict pods with spec.nodeName set to itself");
            }
            default -> {}
        }
    }

    private static void mirrorPods(Admission.Attributes call, String node, Pod pod, Pod old, String who) {
        switch (call.operation()) {
            case DELETE -> {
                if (!old.spec().nodeName().equals(node))
                    throw refused(call, who + "can only delete pods with spec.nodeName set to itself");
            }
            case UPDATE ->
                throw refused(
                        call,
                        "unexpected operation \"" + call.operation() + "\", " + who
                                + "can only create and delete mirror pods");
            case CREATE -> {
                if (!pod.annotations().containsKey(MIRROR))
                    throw refused(
                            call,
                            "pod does not have \"" + MIRROR + "\" annotation, " + who + "can only create mirror pods");
                if (!pod.spec().nodeName().equals(node))
                    throw refused(call, who + "can only create pods with spec.nodeName set to itself");
                if (!pod.spec().serviceAccountName().isEmpty())
                    throw refused(call, who + "can not create pods that reference a service account");
            }
        }
    }

    private static void nodes(Admission.Attributes call, String node, Node object, Node old) {
        var who = "node \"" + node + "\" is not allowed to ";
        var name = name(call, object.view());
        if (!name.equals(node)) throw refused(call, who + "modify node \"" + name + "\"");
        if (call.operation() == Operation.DELETE) return;
        if (object.spec().hasConfigSource() && !old.exists())
            throw refused(call, "is not allowed to create pods with a non-nil configSource");
        if (old.exists()
                && !Trees.semanticEquals(
                        object.spec().raw(NodeSpec.TAINTS).value(),
                        old.spec().raw(NodeSpec.TAINTS).value())) throw refused(call, who + "modify taints");
        var changed = new TreeSet<String>();
        var keys = new TreeSet<>(object.labels().keySet());
        keys.addAll(old.labels().keySet());
        for (var key : keys) {
            boolean same = Objects.equals(object.labels().get(key), old.labels().get(key));
            if (!same && restricted(key)) changed.add(key);
        }
        if (!changed.isEmpty())
            throw refused(
                    call,
                    who + (old.exists() ? "modify" : "set the following") + " labels: " + String.join(", ", changed));
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

    private static void token(Admission.Attributes call, String node, TokenRequest request, Admission.Lookup lookup) {
        if (!call.subresource().equals("token")) return;
        var bound = request.spec().boundObjectRef();
        if (!bound.kind().equals("Pod")) throw refused(call, "node requested token not bound to a pod");
        var pod = lookup.get(Resources.PODS, call.namespace(), bound.name());
        if (!pod.spec().nodeName().equals(node))
            throw refused(call, "node requested token bound to a pod scheduled on a different node");
    }

    private static ApiException refused(Admission.Attributes call, String why) {
        return ApiException.forbidden(call.resource(), call.group(), call.name(), why);
    }
}
