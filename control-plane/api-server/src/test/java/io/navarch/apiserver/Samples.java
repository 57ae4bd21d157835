package io.navarch.apiserver;

import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.types.Schema;
import java.util.Map;

/// Kinds that tests serve.
public final class Samples {
    private Samples() {}

    /// In namespaces, selectable by `spec.node`.
    public static KindDefinition things() {
        return declareThings().build();
    }

    /// For tests that want more of them.
    public static KindBuilder<View> declareThings() {
        return KindBuilder.of(ResourceType.untyped("", "v1", "things", "Thing", true))
                .version(Schema.object(Map.of()))
                .fieldAt("spec.node");
    }

    public static KindDefinition clusterThings() {
        return KindBuilder.of(ResourceType.untyped("g.io", "v1", "widgets", "Widget", false))
                .version(Schema.object(Map.of()))
                .build();
    }
}
