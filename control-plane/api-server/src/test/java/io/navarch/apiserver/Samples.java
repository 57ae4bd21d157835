package io.navarch.apiserver;

import io.navarch.schema.KindDefinition;
import io.navarch.schema.types.Schema;
import java.util.Map;

/// Kinds that tests serve.
public final class Samples {
    private Samples() {}

    /// In namespaces, selectable by `spec.node`.
    public static KindDefinition things() {
        return KindDefinition.of("", "Thing", "things")
                .version("v1", Schema.object(Map.of()))
                .fieldAt("spec.node");
    }

    public static KindDefinition clusterThings() {
        return KindDefinition.of("g.io", "Widget", "widgets")
                .version("v1", Schema.object(Map.of()))
                .clusterScoped();
    }
}
