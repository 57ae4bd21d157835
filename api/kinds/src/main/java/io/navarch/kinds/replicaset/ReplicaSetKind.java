package io.navarch.kinds.replicaset;

import io.navarch.kinds.deployment.WorkloadRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.schema.KindDefinition;

/// ReplicaSet.
public final class ReplicaSetKind {
    private ReplicaSetKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("apps", "ReplicaSet", "replicasets")
                .version(
                        "v1",
                        types.get("V1ReplicaSet"),
                        WorkloadRules.columns(
                                Columns.NAME,
                                Columns.count("Desired", "spec.replicas"),
                                Columns.count("Current", "status.replicas"),
                                Columns.count("Ready", "status.readyReplicas"),
                                Columns.AGE))
                .shortNames("rs")
                .categories("all")
                .withStatus()
                .withGeneration()
                .withScale(WorkloadRules.SCALE)
                .field(
                        "status.replicas",
                        r -> String.valueOf(r.status().get("replicas").longOr(0)))
                .statusRuledBy(WorkloadRules.status("fullyLabeledReplicas", "readyReplicas", "availableReplicas"))
                .ruledBy((object, old) -> {
                    var check = new Check();
                    WorkloadRules.check(object, old, "deployment", check);
                    return check.errors();
                });
    }
}
