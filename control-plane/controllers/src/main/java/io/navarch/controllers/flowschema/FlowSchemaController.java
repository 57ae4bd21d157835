package io.navarch.controllers.flowschema;

import io.navarch.client.Caches;
import io.navarch.kinds.support.Conditions;
import io.navarch.model.ConditionStatus;
import io.navarch.model.FlowSchema;
import io.navarch.model.FlowSchemaCondition;
import io.navarch.model.FlowSchemaConditionType;
import io.navarch.model.PriorityLevelConfiguration;
import io.navarch.model.Resources;
import io.navarch.model.StatusCondition;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Maintains the condition `Dangling`: true while the priority level that a schema names does not exist.
///
/// Source: https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#flowschema
public final class FlowSchemaController implements Controller<FlowSchemaController.Seen> {
    /// In the original this controller is a part of the API server, which writes the condition under this name.
    private static final String MANAGER = "api-priority-and-fairness-config-consumer-v1";

    public record Seen(FlowSchema schema, boolean levelExists) {}

    /// What became of the priority level that a schema names.
    record LevelReference(String level, boolean found) implements Reason {
        @Override
        public String reason() {
            return found ? "Found" : "NotFound";
        }

        @Override
        public String message() {
            return "This FlowSchema references the PriorityLevelConfiguration object named \"" + level
                    + (found ? "\" and it exists" : "\" but there is no such object");
        }
    }

    private static String level(FlowSchema schema) {
        return schema.spec().priorityLevelConfiguration().name();
    }

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("flow-schema-controller")
                .queue("priority_and_fairness_config_queue")
                .watches(Resources.FLOW_SCHEMAS, Controller::self)
                .watches(Resources.PRIORITY_LEVEL_CONFIGURATIONS, FlowSchemaController::schemasOf)
                .may("flowcontrol.apiserver.k8s.io", "flowschemas/status", "patch")
                .build();
    }

    private static List<ObjectKey> schemasOf(Caches caches, PriorityLevelConfiguration changed) {
        return caches.of(Resources.FLOW_SCHEMAS).all().stream()
                .filter(schema -> level(schema).equals(changed.name()))
                .map(FlowSchema::key)
                .toList();
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var schema = caches.of(Resources.FLOW_SCHEMAS).get(key);
        if (!schema.exists()) return Optional.empty();
        var found = caches.of(Resources.PRIORITY_LEVEL_CONFIGURATIONS).get(new ObjectKey("", level(schema)));
        return Optional.of(new Seen(schema, found.exists()));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var decision = Decision.builder();
        var reference = new LevelReference(level(seen.schema), seen.levelExists);
        if (!reference.found) decision.waitingOn(reference);
        var dangling = reference.found ? ConditionStatus.FALSE : ConditionStatus.TRUE;
        var known = StatusCondition.find(seen.schema.status().conditions(), FlowSchemaConditionType.DANGLING);
        if (known.isPresent() && says(known.get(), dangling, reference)) return decision.build();
        var condition = Conditions.of(
                FlowSchemaCondition::of,
                FlowSchemaConditionType.DANGLING,
                dangling,
                reference.reason(),
                reference.message(),
                now);
        var applied = FlowSchema.builder()
                .metadata(metadata -> metadata.name(seen.schema.name()))
                .status(status -> status.conditions(List.of(condition)));
        return decision.change(new Action.Apply(Resources.FLOW_SCHEMAS, applied.build(), "status", MANAGER))
                .build();
    }

    private static boolean says(FlowSchemaCondition known, ConditionStatus status, Reason reason) {
        return known.status() == status
                && known.reason().equals(reason.reason())
                && known.message().equals(reason.message());
    }
}
