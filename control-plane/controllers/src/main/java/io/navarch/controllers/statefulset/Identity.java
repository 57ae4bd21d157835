package io.navarch.controllers.statefulset;

import io.navarch.controllers.Owners;
import io.navarch.controllers.Pods;
import io.navarch.controllers.Revisions;
import io.navarch.model.Resources;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The names, labels and volumes by which a StatefulSet's pod of a number is known.
final class Identity {
    private static final String POD_NAME = "statefulset.kubernetes.io/pod-name";
    private static final String POD_INDEX = "apps.kubernetes.io/pod-index";

    private Identity() {}

    /// The number in the name of a set's pod, or -1 when the name is not one of the set's.
    static int ordinal(View set, View pod) {
        var name = pod.name();
        int dash = name.lastIndexOf('-');
        if (dash < 0 || !name.substring(0, dash).equals(set.name())) return -1;
        var number = name.substring(dash + 1);
        return number.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(number) : -1;
    }

    static String podName(View set, int ordinal) {
        return set.name() + "-" + ordinal;
    }

    static String revision(View pod) {
        return pod.labels().getOrDefault(StatefulSetController.REVISION, "");
    }

    /// The claims of a pod by the name of their volume, from their templates.
    static Map<String, Map<String, Object>> claims(View set, int ordinal) {
        var result = new LinkedHashMap<String, Map<String, Object>>();
        for (var template : set.spec().get("volumeClaimTemplates").views()) {
            var claim = Trees.copy(template.map());
            var labels = Trees.map();
            labels.putAll(set.spec().get("selector", "matchLabels").map());
            labels.putAll(template.metadata().get("labels").map());
            claim.remove("status");
            Trees.put(claim, template.name() + "-" + podName(set, ordinal), "metadata", "name");
            Trees.put(claim, set.namespace(), "metadata", "namespace");
            Trees.put(claim, labels, "metadata", "labels");
            result.put(template.name(), claim);
        }
        return result;
    }

    /// @param revision whose template the pod is made of
    static Map<String, Object> pod(View set, int ordinal, View revision) {
        var template = Revisions.template(revision);
        var pod = Pods.fromTemplate(template, set, Resources.STATEFUL_SETS.untyped());
        var metadata = Trees.child(pod, "metadata");
        metadata.remove("generateName");
        metadata.put("name", podName(set, ordinal));
        Trees.put(pod, revision.name(), "metadata", "labels", StatefulSetController.REVISION);
        Trees.put(pod, podName(set, ordinal), "spec", "hostname");
        Trees.put(pod, set.spec().get("serviceName").string(), "spec", "subdomain");
        complete(set, ordinal, pod);
        return pod;
    }

    private static void complete(View set, int ordinal, Map<String, Object> pod) {
        var name = podName(set, ordinal);
        Trees.put(pod, name, "metadata", "labels", POD_NAME);
        Trees.put(pod, String.valueOf(ordinal), "metadata", "labels", POD_INDEX);
        var claims = claims(set, ordinal);
        if (claims.isEmpty()) return;
        var volumes = new ArrayList<Object>();
        claims.forEach((volume, claim) -> volumes.add(Trees.map(
                "name",
                volume,
                "persistentVolumeClaim",
                Trees.map("claimName", View.of(claim).name()))));
        for (var volume : View.of(pod).spec().get("volumes").views())
            if (!claims.containsKey(volume.get("name").string())) volumes.add(volume.value());
        Trees.put(pod, volumes, "spec", "volumes");
    }

    /// What is missing of the labels by which a pod that was adopted is known.
    static Map<String, Object> missing(View set, View pod) {
        var wanted = Trees.map(POD_NAME, pod.name(), POD_INDEX, String.valueOf(ordinal(set, pod)));
        wanted.entrySet().removeIf(entry -> entry.getValue().equals(pod.labels().get(entry.getKey())));
        return wanted;
    }

    /// The owners that a claim should have by the set's retention policy, `null` when it has them.
    static List<Object> owners(View set, View pod, View claim, boolean condemned) {
        var policy = set.spec().get("persistentVolumeClaimRetentionPolicy");
        boolean whenDeleted = policy.get("whenDeleted").string().equals("Delete");
        boolean whenScaled = policy.get("whenScaled").string().equals("Delete");
        var wanted = new ArrayList<Object>();
        for (var owner : claim.metadata().get("ownerReferences").views()) {
            var uid = owner.get("uid").string();
            if (!uid.equals(set.uid()) && !uid.equals(pod.uid())) wanted.add(owner.value());
        }
        if (condemned && whenScaled) wanted.add(Owners.reference(pod, "v1", "Pod"));
        else if (whenDeleted) wanted.add(Owners.reference(set, Resources.STATEFUL_SETS.untyped()));
        return Trees.semanticEquals(
                        wanted, claim.metadata().get("ownerReferences").list())
                ? null
                : wanted;
    }
}
