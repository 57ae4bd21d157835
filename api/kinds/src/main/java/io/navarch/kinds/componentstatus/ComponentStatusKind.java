package io.navarch.kinds.componentstatus;

import io.navarch.kinds.types.Types;
import io.navarch.model.ComponentCondition;
import io.navarch.model.ComponentConditionType;
import io.navarch.model.ComponentStatus;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Resources;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;

/// ComponentStatus: whether the parts of the control plane are well. Nothing is stored; every answer is made anew.
public final class ComponentStatusKind {
    private ComponentStatusKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.COMPONENT_STATUSES)
                .version(
                        types.get("V1ComponentStatus"),
                        columns -> columns.name()
                                .text(
                                        "Status",
                                        c -> condition(c).status() == ConditionStatus.TRUE ? "Healthy" : "Unhealthy")
                                .text("Message", c -> condition(c).message())
                                .text("Error", c -> condition(c).error()))
                .deprecated("v1 ComponentStatus is deprecated in v1.19+")
                .shortNames("cs")
                .verbs("get", "list")
                .asComputed()
                .build();
    }

    private static ComponentCondition condition(ComponentStatus object) {
        return object.conditions().stream()
                .filter(condition -> condition.type().equals(ComponentConditionType.HEALTHY))
                .findFirst()
                .orElse(ComponentCondition.ABSENT);
    }
}
