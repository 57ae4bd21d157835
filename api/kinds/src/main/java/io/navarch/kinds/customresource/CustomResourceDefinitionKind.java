package io.navarch.kinds.customresource;

import io.navarch.kinds.types.Types;
import io.navarch.model.ConversionStrategy;
import io.navarch.model.CustomResourceDefinition;
import io.navarch.model.CustomResourceDefinitionNames;
import io.navarch.model.Resources;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.ArrayList;
import java.util.Locale;

/// CustomResourceDefinition: the kind that makes kinds.
public final class CustomResourceDefinitionKind {
    private CustomResourceDefinitionKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.CUSTOM_RESOURCE_DEFINITIONS)
                .version(
                        types.get("V1CustomResourceDefinition"),
                        columns -> columns.name().created())
                .shortNames("crd", "crds")
                .categories("api-extensions")
                .storedUnder("/registry/apiextensions.k8s.io/customresourcedefinitions/")
                .withStatus()
                .withGeneration()
                .defaultedBy(CustomResourceDefinition::edit, CustomResourceDefinitionKind::defaults)
                .updatedConditionally()
                .statusRuledBy(CustomResourceRules::checkStatus)
                .ruledBy(CustomResourceRules::check)
                .build();
    }

    private static void defaults(CustomResourceDefinition.Builder definition) {
        definition.spec(spec -> {
            spec.names(CustomResourceDefinitionKind::names);
            if (!spec.build().conversion().hasStrategy())
                spec.conversion(conversion -> conversion.strategy(ConversionStrategy.NONE));
        });
        noteStorage(definition);
    }

    private static void names(CustomResourceDefinitionNames.Builder names) {
        var given = names.build();
        if (!given.hasSingular()) names.singular(given.kind().toLowerCase(Locale.ROOT));
        if (!given.hasListKind() && !given.kind().isEmpty()) names.listKind(given.kind() + "List");
    }

    /// A new storage version is one of the versions in which objects may be stored.
    private static void noteStorage(CustomResourceDefinition.Builder definition) {
        var given = definition.build();
        var names = new ArrayList<>(given.status().storedVersions());
        for (var version : given.spec().versions()) {
            if (version.storage() && !names.contains(version.name())) names.add(version.name());
        }
        if (!names.isEmpty()) definition.status(status -> status.storedVersions(names));
    }
}
