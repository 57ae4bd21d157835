package io.navarch.kinds.customresource;

import io.navarch.kinds.types.Types;
import io.navarch.model.ConversionStrategy;
import io.navarch.model.CustomResourceDefinition;
import io.navarch.model.CustomResourceDefinitionNames;
import io.navarch.model.CustomResourceDefinitionVersion;
import io.navarch.model.Resources;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// CustomResourceDefinition: the kind that makes kinds.
public final class CustomResourceDefinitionKind {
    private static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";
    private static final String TERMINATING = "Terminating";

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
                .normalisedBy(CustomResourceDefinitionKind::normalise)
                .preparedBy(CustomResourceDefinition::edit, (definition, old) -> noteStorage(definition))
                .heldWhile(definition -> !View.over(definition).deleting(), CustomResourceDefinitionKind::beginDeletion)
                .withoutPropagation()
                .statusRuledBy(CustomResourceRules::checkStatus)
                .ruledBy(CustomResourceRules::check)
                .warning(SchemaFormats::warnings)
                .withAnyFinalizers()
                .build();
    }

    /// `items` may be given as a list of schemas or as anything at all; only a list that is not empty is told apart
    /// from
    /// none.
    private static void normalise(Map<String, Object> definition) {
        for (var version : View.of(definition).spec().get("versions").views())
            withoutItems(version.get("schema", "openAPIV3Schema").value());
    }

    private static void withoutItems(@Nullable Object tree) {
        if (tree instanceof List<?> list) list.forEach(CustomResourceDefinitionKind::withoutItems);
        if (!(tree instanceof Map<?, ?> map)) return;
        map.entrySet()
                .removeIf(entry -> entry.getKey().equals("items")
                        && !(entry.getValue() instanceof Map)
                        && !(entry.getValue() instanceof List<?> list && !list.isEmpty()));
        map.values().forEach(CustomResourceDefinitionKind::withoutItems);
    }

    /// A definition stays until its resources are gone.
    private static void beginDeletion(Map<String, Object> definition) {
        var finalizers = Trees.childList(Trees.child(definition, "metadata"), "finalizers");
        if (!finalizers.contains(CLEANUP)) finalizers.add(CLEANUP);
        var conditions = Trees.childList(Trees.child(definition, "status"), "conditions");
        conditions.removeIf(condition -> View.of(condition).get("type").string().equals(TERMINATING));
        conditions.add(Trees.map(
                "type",
                TERMINATING,
                "status",
                "True",
                "lastTransitionTime",
                View.of(definition).metadata().get("deletionTimestamp").string(),
                "reason",
                "InstanceDeletionPending",
                "message",
                "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon"));
    }

    private static void defaults(CustomResourceDefinition.Builder definition) {
        definition.spec(spec -> {
            spec.names(CustomResourceDefinitionKind::names);
            if (!spec.build().conversion().exists())
                spec.conversion(conversion -> conversion.strategy(ConversionStrategy.NONE));
        });
        if (definition.build().status().storedVersions().isEmpty()) noteStorage(definition);
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
        given.spec().versions().stream()
                .filter(CustomResourceDefinitionVersion::storage)
                .map(CustomResourceDefinitionVersion::name)
                .findFirst()
                .filter(name -> !names.contains(name))
                .ifPresent(names::add);
        if (!names.isEmpty()) definition.status(status -> status.storedVersions(names));
    }
}
