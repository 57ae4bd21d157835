package io.navarch.kinds.replicationcontroller;

import io.navarch.kinds.deployment.WorkloadRules;
import io.navarch.kinds.pod.PodDefaults;
import io.navarch.kinds.pod.PodRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.ReplicationController;
import io.navarch.model.ReplicationControllerStatus;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Names;
import io.navarch.schema.ColumnList;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// ReplicationController: a ReplicaSet whose selector is a plain map of labels.
public final class ReplicationControllerKind {
    private ReplicationControllerKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.REPLICATION_CONTROLLERS)
                .version(types.get("V1ReplicationController"), ReplicationControllerKind::columns)
                .shortNames("rc")
                .categories("all")
                .storedUnder("/registry/controllers/")
                .withStatus()
                .withGeneration()
                .keepingDependents()
                .withScale(WorkloadRules.SCALE)
                .field(
                        "status.replicas",
                        controller -> String.valueOf(controller.status().replicas()))
                .defaultedBy(ReplicationController::edit, ReplicationControllerKind::defaults)
                .statusRuledBy(WorkloadRules.status(
                        "readyReplicas",
                        ReplicationController::status,
                        ReplicationControllerStatus.FULLY_LABELED_REPLICAS,
                        ReplicationControllerStatus.READY_REPLICAS,
                        ReplicationControllerStatus.AVAILABLE_REPLICAS))
                .preparedBy(ReplicationController::edit, (now, old) -> {
                    if (now.build().spec().hasTemplate())
                        now.spec(spec -> spec.template(PodDefaults::withholdFromPods));
                })
                .ruledBy(ReplicationControllerKind::check)
                .warning((set, old) ->
                        WorkloadRules.warnings(set, old, set.spec().template()))
                .named(Names::longName)
                .withAnyPrefix()
                .build();
    }

    private static void columns(ColumnList<ReplicationController> columns) {
        columns.name()
                .number("Desired", controller -> controller.spec().replicas())
                .number("Current", controller -> controller.status().replicas())
                .number("Ready", controller -> controller.status().readyReplicas())
                .age();
        Columns.template(columns, controller -> controller.spec().template());
        columns.wide("Selector", controller -> Columns.labels(controller.spec().selector()));
    }

    private static void defaults(ReplicationController.Builder controller) {
        var spec = controller.build().spec();
        var labels = spec.template().labels();
        if (labels.isEmpty()) return;
        if (spec.selector().isEmpty()) controller.spec(each -> each.selector(labels));
        controller.metadata(metadata -> WorkloadRules.labelsOfTemplate(metadata, spec.template()));
    }

    private static List<FieldError> check(ReplicationController controller, ReplicationController old) {
        var check = new Check();
        var spec = controller.spec();
        if (spec.selector().isEmpty()) check.add(FieldError.required("spec.selector"));
        var labels = spec.template().labels();
        if (!spec.hasTemplate()) check.add(FieldError.required("spec.template"));
        else if (!LabelSelector.ofLabels(spec.selector()).matches(labels))
            check.invalid(
                    "spec.template.metadata.labels",
                    labels.isEmpty() ? null : labels,
                    "`selector` does not match template `labels`");
        if (spec.hasTemplate()) {
            PodRules.template(spec.template(), "spec.template", check);
            PodRules.alwaysRestarts(spec.template(), "spec.template", check);
            WorkloadRules.noDeadline(spec.template(), "ReplicationController", check);
        }
        return check.errors();
    }
}
