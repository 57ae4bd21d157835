package io.navarch.kinds.componentstatus;

import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
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
                        Columns.text("Status", c -> healthy(c) ? "Healthy" : "Unhealthy"),
                        Columns.text("Message", c -> condition(c).get("message").string()),
                        Columns.text("Error", c -> condition(c).get("error").string()))
                .names("componentstatus", "ComponentStatusList")
                .shortNames("cs")
                .clusterScoped()
                .verbs("get", "list")
                .asComputed();
    }

    private static View condition(View object) {
        return object.get("conditions").find("type", "Healthy");
    }

    private static boolean healthy(View object) {
        return condition(object).get("status").string().equals("True");
    }
}
