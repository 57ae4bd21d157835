package io.navarch.controllers.flowschema;

import io.navarch.client.Caches;
import io.navarch.controllers.Conditions;
import io.navarch.controllers.LegacyController;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.List;

/// Keeps the condition `Dangling`: true while the priority level that a schema names does not exist.
///
/// Source: https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#flowschema
public final class FlowSchemaController implements LegacyController<FlowSchemaController.Seen> {
    public record Seen(View schema, boolean levelExists) {}

    private static String level(View schema) {
        return schema.spec().get("priorityLevelConfiguration", "name").string();
    }

    @Override
    public String name() {
        return "flow-schema-controller";
    }

    @Override
    public String queue() {
        return "priority_and_fairness_config_queue";
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.FLOW_SCHEMAS.untyped(), LegacyController::self),
                new Input(
                        Resources.PRIORITY_LEVEL_CONFIGURATIONS.untyped(),
                        (caches, changed) -> caches.of(Resources.FLOW_SCHEMAS.untyped()).all().stream()
                                .filter(schema -> level(schema).equals(changed.name()))
                                .map(View::key)
                                .toList()));
    }

    @Override
    public List<Permission> permissions() {
        return List.of(Permission.of("flowcontrol.apiserver.k8s.io", "flowschemas/status", "patch"));
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var schema = caches.of(Resources.FLOW_SCHEMAS.untyped()).get(key);
        if (!schema.exists() || schema.deleting()) return null;
        var found = caches.of(Resources.PRIORITY_LEVEL_CONFIGURATIONS.untyped()).get(new ObjectKey("", level(schema)));
        return new Seen(schema, found.exists());
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var status = seen.levelExists ? "False" : "True";
        if (seen.schema.condition("Dangling").equals(status)) return Decision.of(List.of());
        var reference =
                "This FlowSchema references the PriorityLevelConfiguration object named \"" + level(seen.schema);
        var condition = Conditions.of(
                "Dangling",
                status,
                seen.levelExists ? "Found" : "NotFound",
                reference + (seen.levelExists ? "\" and it exists" : "\" but there is no such object"),
                now);
        var patch = Trees.map("status", Trees.map("conditions", List.of(condition)));
        return Decision.of(
                List.of(new Action.Patch(Resources.FLOW_SCHEMAS.untyped(), seen.schema.key(), "status", patch)));
    }
}
