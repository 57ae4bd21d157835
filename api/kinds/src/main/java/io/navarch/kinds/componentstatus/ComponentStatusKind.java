package io.navarch.kinds.componentstatus;

import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.ComponentCondition;
import io.navarch.model.ComponentConditionType;
import io.navarch.model.ComponentStatus;
import io.navarch.model.ConditionStatus;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;

/// ComponentStatus: whether the parts of the control plane are well. Nothing is stored; every answer is made anew.
public final class ComponentStatusKind {
    private ComponentStatusKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("", "ComponentStatus", "componentstatuses")
                .deprecatedVersion(
                        "v1",
                        types.get("V1ComponentStatus"),
                        "v1 ComponentStatus is deprecated in v1.19+",
                        Columns.NAME,
                        Columns.text(
                                "Status", c -> condition(c).status() == ConditionStatus.TRUE ? "Healthy" : "Unhealthy"),
                        Columns.text("Message", c -> condition(c).message()),
                        Columns.text("Error", c -> condition(c).error()))
                .names("componentstatus", "ComponentStatusList")
                .shortNames("cs")
                .clusterScoped()
                .verbs("get", "list")
                .asComputed();
    }

    private static ComponentCondition condition(View object) {
        return ComponentStatus.of(object).conditions().stream()
                .filter(condition -> condition.type().equals(ComponentConditionType.HEALTHY))
                .findFirst()
                .orElse(ComponentCondition.ABSENT);
    }
}
