package io.navarch.controllers.deployment;

import io.navarch.controllers.OwnerReferences;
import io.navarch.controllers.TemplateHash;
import io.navarch.model.Deployment;
import io.navarch.model.ReplicaSet;
import io.navarch.model.Resources;

/// The ReplicaSet of a Deployment's template: its name carries the hash of the template.
final class NewReplicaSet {
    private NewReplicaSet() {}

    /// The name that the ReplicaSet of the present template gets.
    static String name(Deployment deployment) {
        return deployment.name() + "-" + hash(deployment);
    }

    private static String hash(Deployment deployment) {
        return TemplateHash.of(deployment.spec().template(), deployment.status().collisionCount());
    }

    static ReplicaSet of(Deployment deployment, Strategy strategy, long replicas, long revision) {
        var spec = deployment.spec();
        var hash = hash(deployment);
        var template = spec.template().toBuilder()
                .metadata(metadata -> metadata.putLabels(RolloutAnnotations.HASH, hash))
                .build();
        return ReplicaSet.builder()
                .metadata(metadata -> {
                    metadata.name(deployment.name() + "-" + hash)
                            .namespace(deployment.namespace())
                            .labels(template.metadata().labels())
                            .addOwnerReferences(OwnerReferences.of(deployment, Resources.DEPLOYMENTS));
                    deployment.annotations().forEach((key, value) -> {
                        if (RolloutAnnotations.copied(key)) metadata.putAnnotations(key, value);
                    });
                    metadata.putAnnotations(RolloutAnnotations.REVISION, String.valueOf(revision));
                    RolloutAnnotations.size(strategy).forEach(metadata::putAnnotations);
                })
                .spec(set -> {
                    set.replicas((int) replicas)
                            .selector(spec.selector().toBuilder()
                                    .putMatchLabels(RolloutAnnotations.HASH, hash)
                                    .build())
                            .template(template);
                    if (spec.hasMinReadySeconds()) set.minReadySeconds(spec.minReadySeconds());
                })
                .build();
    }
}
