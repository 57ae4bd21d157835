package io.navarch.kinds.replicationcontroller;

import io.navarch.kinds.deployment.WorkloadRules;
import io.navarch.kinds.pod.PodRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindDefinition.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// ReplicationController: a ReplicaSet whose selector is a plain map of labels.
public final class ReplicationControllerKind {
    private ReplicationControllerKind() {}

    public static KindDefinition definition(Types types) {
        var columns = new ArrayList<>(List.of(Columns.withTemplate(
                "spec.template",
                Columns.NAME,
                Columns.count("Desired", "spec.replicas"),
                Columns.count("Current", "status.replicas"),
                Columns.count("Ready", "status.readyReplicas"),
                Columns.AGE)));
        columns.add(Columns.wide(
                "Selector",
                object -> Columns.orNone(
                        LabelSelector.ofLabels(object.spec().get("selector").stringMap())
                                .toString())));
        return KindDefinition.of("", "ReplicationController", "replicationcontrollers")
                .version("v1", types.get("V1ReplicationController"), columns.toArray(Column[]::new))
                .shortNames("rc")
                .categories("all")
                .storedUnder("/registry/controllers/")
                .withStatus()
                .withGeneration()
                .withScale(WorkloadRules.SCALE)
                .field(
                        "status.replicas",
                        r -> String.valueOf(r.status().get("replicas").longOr(0)))
                .defaultedBy(ReplicationControllerKind::defaults)
                .statusRuledBy(WorkloadRules.status("fullyLabeledReplicas", "readyReplicas", "availableReplicas"))
                .ruledBy(ReplicationControllerKind::check);
    }

    private static void defaults(Map<String, Object> object) {
        var labels = View.of(object).path("spec.template.metadata.labels");
        if (labels.map().isEmpty()) return;
        if (View.of(object).spec().get("selector").map().isEmpty())
            Trees.put(object, Trees.copy(labels.value()), "spec", "selector");
        WorkloadRules.labelsOfTemplate(object);
    }

    private static List<FieldError> check(View object, View old) {
        var check = new Check();
        var spec = object.spec();
        var selector = spec.get("selector");
        if (selector.map().isEmpty()) check.add(FieldError.required("spec.selector"));
        var template = spec.get("template");
        if (!template.exists()) check.add(FieldError.required("spec.template"));
        else if (!LabelSelector.ofLabels(selector.stringMap()).matches(template.labels())) {
            check.add(FieldError.invalid(
                    "spec.template.metadata.labels",
                    template.metadata().get("labels").map(),
                    "`selector` does not match template `labels`"));
        }
        PodRules.alwaysRestarts(template, "spec.template", check);
        return check.errors();
    }
}
