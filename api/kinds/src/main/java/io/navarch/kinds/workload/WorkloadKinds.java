package io.navarch.kinds.workload;

import io.navarch.kinds.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.List;
import java.util.Map;

/// Deployment and ReplicaSet.
public final class WorkloadKinds {
    private static final KindDefinition.Scale SCALE =
            new KindDefinition.Scale("spec.replicas", "status.replicas", "spec.selector");

    private WorkloadKinds() {}

    public static KindDefinition deployment(Types types) {
        return KindDefinition.of("apps", "Deployment", "deployments")
                .version(
                        "v1",
                        types.get("V1Deployment"),
                        Columns.NAME,
                        Columns.text(
                                "Ready",
                                d -> d.status().get("readyReplicas").longOr(0) + "/"
                                        + d.spec().get("replicas").longOr(0)),
                        Columns.number(
                                "Up-to-date",
                                d -> d.status().get("updatedReplicas").longOr(0)),
                        Columns.number(
                                "Available",
                                d -> d.status().get("availableReplicas").longOr(0)),
                        Columns.AGE,
                        Columns.wide(
                                "Containers",
                                d -> Columns.containers(d.spec().get("template").spec())),
                        Columns.wide(
                                "Images",
                                d -> Columns.images(d.spec().get("template").spec())),
                        Columns.wide("Selector", WorkloadKinds::selector))
                .shortNames("deploy")
                .categories("all")
                .withStatus()
                .withGeneration()
                .withScale(SCALE)
                .normalisedBy(WorkloadKinds::bareStrategy)
                .warningAbout(WorkloadKinds::warnings)
                .defaultedBy(WorkloadDefaults::deployment)
                .ruledBy(WorkloadRules::deployment);
    }

    public static KindDefinition replicaSet(Types types) {
        return KindDefinition.of("apps", "ReplicaSet", "replicasets")
                .version(
                        "v1",
                        types.get("V1ReplicaSet"),
                        Columns.NAME,
                        Columns.number("Desired", r -> r.spec().get("replicas").longOr(0)),
                        Columns.number(
                                "Current", r -> r.status().get("replicas").longOr(0)),
                        Columns.number(
                                "Ready", r -> r.status().get("readyReplicas").longOr(0)),
                        Columns.AGE,
                        Columns.wide(
                                "Containers",
                                r -> Columns.containers(r.spec().get("template").spec())),
                        Columns.wide(
                                "Images",
                                r -> Columns.images(r.spec().get("template").spec())),
                        Columns.wide("Selector", WorkloadKinds::selector))
                .shortNames("rs")
                .categories("all")
                .withStatus()
                .withGeneration()
                .withScale(SCALE)
                .field("status.replicas", r -> r.status().get("replicas").text())
                .defaultedBy(WorkloadDefaults::replicaSet)
                .ruledBy(WorkloadRules::replicaSet);
    }

    private static String selector(View object) {
        return Columns.orNone(
                LabelSelector.ofObject(object.spec().get("selector")).toString());
    }

    /// Old manifests write `strategy: RollingUpdate`, a bare word where an object belongs.
    private static void bareStrategy(Map<String, Object> object) {
        if (View.of(object).spec().get("strategy").value() instanceof String word) {
            Trees.put(object, Trees.map("type", word), "spec", "strategy");
        }
    }

    private static List<String> warnings(View sent) {
        return sent.spec().get("strategy").value() instanceof String word
                ? List.of("spec.strategy: \"" + word + "\" is not an object; taken as {type: " + word + "}")
                : List.of();
    }
}
