package io.navarch.controllers.deployment;

import io.navarch.controllers.Owners;
import io.navarch.controllers.TemplateHash;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The ReplicaSet of a Deployment's template: its name carries the hash of the template.
final class NewReplicaSet {
    private static final Set<String> NOT_COPIED = Set.of(
            "kubectl.kubernetes.io/last-applied-configuration",
            DeploymentController.REVISION,
            "deprecated.deployment.rollback.to",
            DeploymentController.DESIRED,
            DeploymentController.MAXIMUM);

    private NewReplicaSet() {}

    static boolean copied(String annotation) {
        return !NOT_COPIED.contains(annotation);
    }

    /// The name that the ReplicaSet of the present template gets.
    static String name(View deployment) {
        return deployment.name() + "-"
                + TemplateHash.of(
                        deployment.spec().get("template").value(),
                        deployment.status().get("collisionCount").longOr(0));
    }

    static Map<String, Object> of(View deployment, List<View> old, long revision) {
        var spec = deployment.spec();
        var hash = TemplateHash.of(
                spec.get("template").value(),
                deployment.status().get("collisionCount").longOr(0));
        var template = Trees.copy(spec.get("template").map());
        Trees.put(template, hash, "metadata", "labels", DeploymentController.HASH);
        var selector = Trees.copy(spec.get("selector").map());
        Trees.put(selector, hash, "matchLabels", DeploymentController.HASH);
        long desired = spec.get("replicas").longOr(1);
        var annotations = Trees.map();
        deployment.metadata().get("annotations").map().forEach((key, value) -> {
            if (copied(key)) annotations.put(key, value);
        });
        annotations.put(DeploymentController.REVISION, String.valueOf(revision));
        annotations.put(DeploymentController.DESIRED, String.valueOf(desired));
        annotations.put(DeploymentController.MAXIMUM, String.valueOf(desired + Rollout.maxSurge(deployment)));
        return Trees.map(
                "metadata",
                        Trees.map(
                                "name", deployment.name() + "-" + hash,
                                "namespace", deployment.namespace(),
                                "labels",
                                        Trees.copy(View.of(template)
                                                .metadata()
                                                .get("labels")
                                                .map()),
                                "annotations", annotations,
                                "ownerReferences", Trees.list(Owners.reference(deployment, "apps/v1", "Deployment"))),
                "spec",
                        Trees.map(
                                "replicas",
                                Rollout.firstReplicas(deployment, old),
                                "minReadySeconds",
                                spec.get("minReadySeconds").value(),
                                "selector",
                                selector,
                                "template",
                                template));
    }
}
