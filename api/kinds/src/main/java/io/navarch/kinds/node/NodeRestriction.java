package io.navarch.kinds.node;

import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
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
            "topology.kubernetes.io/region",
            "topology.kubernetes.io/zone",
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
            case "pods" -> pods(call, node, object, old, lookup);
            case "nodes" -> nodes(call, node, object, old);
            case "leases" -> {
                if (!call.namespace().equals("kube-node-lease")
                        || !name(call, object).equals(node))
                    throw refused(call, "can only access node lease with the same name as the requesting node");
            }
            case "csinodes" -> {
                if (!name(call, object).equals(node))
                    throw refused(call, "can only access CSINode with the same name as the requesting node");
            }
            case "serviceaccounts" -> token(call, node, object, lookup);
            case "resourceslices" -> {
                var owner =
                        (object.exists() ? object : old).spec().get("nodeName").string();
                if (!owner.equals(node))
                    throw refused(call, "can only create ResourceSlice with the same NodeName as the requesting node");
            }
            default -> {}
        }
    }

    private static String name(Admission.Attributes call, View object) {
        return object.exists() && !object.name().isEmpty() ? object.name() : call.name();
    }

    private static void pods(Admission.Attributes call, String node, View pod, View old, Admission.Lookup lookup) {
        var who = "node \"" + node + "\" ";
        switch (call.subresource()) {
            case "" -> {
                if (call.operation() == Operation.DELETE) {
                    if (!old.spec().get("nodeName").string().equals(node))
                        throw refused(call, who + "can only delete pods with spec.nodeName set to itself");
                    return;
                }
                if (call.operation() != Operation.CREATE)
                    throw refused(
                            call,
                            "unexpected operation \"" + call.operation() + "\", " + who
                                    + "can only create and delete mirror pods");
                if (!pod.metadata().get("annotations").get(MIRROR).exists())
                    throw refused(
                            call,
                            "pod does not have \"" + MIRROR + "\" annotation, " + who + "can only create mirror pods");
                if (!pod.spec().get("nodeName").string().equals(node))
                    throw refused(call, who + "can only create pods with spec.nodeName set to itself");
                if (!pod.spec().get("serviceAccountName").string().isEmpty())
                    throw refused(call, who + "can not create pods that reference a service account");
            }
            case "status" -> {
                if (!old.spec().get("nodeName").string().equals(node))
                    throw refused(call, who + "can only update pod status for pods with spec.nodeName set to itself");
                if (!Trees.semanticEquals(old.labels(), pod.labels()))
                    throw refused(call, who + "cannot update labels through pod status");
            }
            case "eviction" -> {
                var target = lookup.get("", "pods", call.namespace(), call.name());
                if (!target.spec().get("nodeName").string().equals(node))
                    throw refused(call, who + "can only evict pods with spec.nodeName set to itself");
            }
            default -> {}
        }
    }

    private static void nodes(Admission.Attributes call, String node, View object, View old) {
        var who = "node \"" + node + "\" is not allowed to ";
        var name = name(call, object);
        if (!name.equals(node)) throw refused(call, who + "modify node \"" + name + "\"");
        if (call.operation() == Operation.DELETE) return;
        if (object.spec().get("configSource").exists() && !old.exists())
            throw refused(call, "is not allowed to create pods with a non-nil configSource");
        if (old.exists()
                && !Trees.semanticEquals(
                        object.spec().get("taints").value(),
                        old.spec().get("taints").value())) throw refused(call, who + "modify taints");
        var changed = new TreeSet<String>();
        var keys = new TreeSet<>(object.labels().keySet());
        keys.addAll(old.labels().keySet());
        for (var key : keys) {
            boolean same = String.valueOf(object.labels().get(key))
                    .equals(String.valueOf(old.labels().get(key)));
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

    private static void token(Admission.Attributes call, String node, View request, Admission.Lookup lookup) {
        if (!call.subresource().equals("token")) return;
        var bound = request.spec().get("boundObjectRef");
        if (!bound.get("kind").string().equals("Pod")) throw refused(call, "node requested token not bound to a pod");
        var pod = lookup.get("", "pods", call.namespace(), bound.get("name").string());
        if (!pod.spec().get("nodeName").string().equals(node))
            throw refused(call, "node requested token bound to a pod scheduled on a different node");
    }

    private static ApiException refused(Admission.Attributes call, String why) {
        return ApiException.forbidden(call.resource(), call.group(), call.name(), why);
    }
}
