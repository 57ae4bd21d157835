package io.navarch.kinds.customresource;

import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.Locale;
import java.util.Map;

/// CustomResourceDefinition: the kind that makes kinds.
public final class CustomResourceDefinitionKind {
    private CustomResourceDefinitionKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("apiextensions.k8s.io", "CustomResourceDefinition", "customresourcedefinitions")
                .version(
                        "v1",
                        types.get("V1CustomResourceDefinition"),
                        Columns.NAME,
                        Columns.text(
                                "Created At",
                                c -> c.metadata().get("creationTimestamp").string()))
                .shortNames("crd", "crds")
                .categories("api-extensions")
                .clusterScoped()
                .storedUnder("/registry/apiextensions.k8s.io/customresourcedefinitions/")
                .withStatus()
                .withGeneration()
                .defaultedBy(CustomResourceDefinitionKind::defaults)
                .updatedConditionally()
                .statusRuledBy(CustomResourceRules::checkStatus)
                .ruledBy(CustomResourceRules::check);
    }

    private static void defaults(Map<String, Object> object) {
        var names = Trees.child(Trees.child(object, "spec"), "names");
        var kind = View.of(names).get("kind").string();
        Trees.putIfAbsent(names, kind.toLowerCase(Locale.ROOT), "singular");
        if (!kind.isEmpty()) Trees.putIfAbsent(names, kind + "List", "listKind");
        Trees.putIfAbsent(object, "None", "spec", "conversion", "strategy");
        CustomResourceRules.noteStorage(object);
    }
}
