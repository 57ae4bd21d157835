package io.navarch.kinds.replicaset;

import io.navarch.kinds.deployment.WorkloadRules;
import io.navarch.kinds.pod.PodDefaults;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.ReplicaSet;
import io.navarch.model.ReplicaSetStatus;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.schema.ColumnList;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// ReplicaSet.
public final class ReplicaSetKind {
    private ReplicaSetKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.REPLICA_SETS)
                .version(types.get("V1ReplicaSet"), ReplicaSetKind::columns)
                .shortNames("rs")
                .categories("all")
                .withStatus()
                .withGeneration()
                .withScale(WorkloadRules.SCALE)
                .statusRuledBy(WorkloadRules.status(
                        "readyReplicas",
                        ReplicaSet::status,
                        ReplicaSetStatus.FULLY_LABELED_REPLICAS,
                        ReplicaSetStatus.READY_REPLICAS,
                        ReplicaSetStatus.AVAILABLE_REPLICAS))
                .preparedBy(ReplicaSet::edit, (now, old) -> {
                    if (now.build().spec().hasTemplate())
                        now.spec(spec -> spec.template(PodDefaults::withholdFromPods));
                })
                .ruledBy(ReplicaSetKind::check)
                .warning((set, old) ->
                        WorkloadRules.warnings(set, old, set.spec().template()))
                .build();
    }

    private static void columns(ColumnList<ReplicaSet> columns) {
        columns.name()
                .number("Desired", set -> set.spec().replicas())
                .number("Current", set -> set.status().replicas())
                .number("Ready", set -> set.status().readyReplicas())
                .age();
        WorkloadRules.podColumns(
                columns, set -> set.spec().template(), set -> set.spec().selector());
    }

    private static List<FieldError> check(ReplicaSet set, ReplicaSet old) {
        var check = new Check();
        var spec = set.spec();
        WorkloadRules.check(spec.selector(), old.spec().selector(), spec.template(), "deployment", check);
        WorkloadRules.noDeadline(spec.template(), "ReplicaSet", check);
        return check.errors();
    }
}
