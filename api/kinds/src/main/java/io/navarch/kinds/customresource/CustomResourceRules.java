package io.navarch.kinds.customresource;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.kinds.validatingwebhookconfiguration.WebhookRules;
import io.navarch.model.ConversionStrategy;
import io.navarch.model.CustomResourceConversion;
import io.navarch.model.CustomResourceDefinition;
import io.navarch.model.CustomResourceDefinitionConditionType;
import io.navarch.model.CustomResourceDefinitionNames;
import io.navarch.model.CustomResourceDefinitionSpec;
import io.navarch.model.StatusCondition;
import io.navarch.model.WebhookClientConfig;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.util.ArrayList;
import java.util.List;

/// What a definition of custom resources must be.
final class CustomResourceRules {
    private static final List<String> SCOPES = List.of("Cluster", "Namespaced");
    private static final List<String> STRATEGIES = List.of("None", "Webhook");

    private CustomResourceRules() {}

    static List<FieldError> check(CustomResourceDefinition definition, CustomResourceDefinition old) {
        var check = new Check();
        var spec = definition.spec();
        var expected = spec.names().plural() + "." + spec.group();
        if (!old.exists()) named(definition, expected, check);
        spec(spec, old.spec(), new ExpressionRules(old, check), check);
        if (old.exists()) unchanged(definition, old, check);
        DefinitionNameRules.names(definition.status().acceptedNames(), "status.acceptedNames.", check);
        stored(definition, "status.storedVersions", check);
        ApprovalRules.check(definition, old, check);
        if (spec.preserveUnknownFields() && !old.spec().preserveUnknownFields())
            check.invalid(
                    "spec.preserveUnknownFields",
                    true,
                    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in"
                            + " spec.versions[*].schema instead");
        return check.errors();
    }

    static List<FieldError> checkStatus(CustomResourceDefinition definition, CustomResourceDefinition old) {
        var check = new Check();
        DefinitionNameRules.names(definition.status().acceptedNames(), "status.acceptedNames.", check);
        return check.errors();
    }

    private static void spec(
            CustomResourceDefinitionSpec spec,
            CustomResourceDefinitionSpec old,
            ExpressionRules expressions,
            Check check) {
        if (check.required(spec.group(), "spec.group")) group(spec.group(), "spec.group", check);
        var scope = spec.raw(CustomResourceDefinitionSpec.SCOPE);
        if (check.required(scope, "spec.scope") && !SCOPES.contains(scope.string()))
            check.add(FieldError.notSupported("spec.scope", scope.string(), SCOPES));
        new VersionRules(spec, old, expressions).check();
        conversion(spec, "spec.conversion", check);
    }

    private static void group(String group, String path, Check check) {
        var wrong = Names.dnsSubdomain(group);
        DefinitionNameRules.joined(group, path, wrong, "", check);
        if (wrong.isEmpty() && !group.contains("."))
            check.invalid(path, group, "should be a domain with at least one dot");
    }

    private static void conversion(CustomResourceDefinitionSpec spec, String path, Check check) {
        var conversion = spec.conversion();
        if (!conversion.exists()) return;
        var strategy = conversion.raw(CustomResourceConversion.STRATEGY).string();
        if (spec.preserveUnknownFields() && !strategy.equals("None"))
            check.invalid(path + ".strategy", strategy, "must be None if spec.preserveUnknownFields is true");
        if (check.required(strategy, path + ".strategy") && !STRATEGIES.contains(strategy))
            check.add(FieldError.notSupported(path + ".strategy", strategy, STRATEGIES));
        var client = conversion.webhook().clientConfig();
        var reviews = conversion.webhook().conversionReviewVersions();
        var clientPath = path + ".webhookClientConfig";
        var reviewsPath = path + ".conversionReviewVersions";
        if (conversion.strategy() != ConversionStrategy.WEBHOOK) {
            var why = "should not be set when strategy is not set to Webhook";
            if (client.exists()) check.forbidden(clientPath, why);
            if (!reviews.isEmpty()) check.forbidden(reviewsPath, why);
            return;
        }
        if (!client.exists()) check.missing(clientPath, "required when strategy is set to Webhook");
        else WebhookRules.client(WebhookClientConfig.of(client.view()), clientPath, check);
        WebhookRules.reviewVersions(reviews, reviewsPath, check);
        if (check.required(reviews, reviewsPath) && !reviews.contains("v1") && !reviews.contains("v1beta1"))
            check.invalid(reviewsPath, reviews, "must include at least one of v1, v1beta1");
    }

    /// Every version in which objects may still be stored is one of the definition's.
    private static void stored(CustomResourceDefinition definition, String path, Check check) {
        var names = definition.status().storedVersions();
        var versions = definition.spec().versions();
        if (names.isEmpty()) {
            check.invalid(path, null, "must have at least one stored version");
            return;
        }
        // A second version of a name finds none any more, as in the original.
        var left = new ArrayList<>(names);
        for (var version : versions)
            if (!left.remove(version.name()) && version.storage())
                check.invalid(path, names, "must have the storage version " + version.name());
        Check.each(names, path, (name, at) -> {
            if (versions.stream().noneMatch(version -> version.name().equals(name)))
                check.invalid(
                        at,
                        name,
                        "missing from spec.versions; " + name + " was previously a storage version, and must remain in"
                                + " spec.versions until a storage migration ensures no data remains persisted in "
                                + name + " and removes " + name + " from status.storedVersions");
        });
    }

    /// A resource keeps its name, and once clients may know it, its kind and place as well.
    /// Both the name and what it was to begin with are the definition's.
    private static void named(CustomResourceDefinition definition, String expected, Check check) {
        var why = "must be spec.names.plural+\".\"+spec.group";
        var prefix = definition.metadata().generateName();
        if (!prefix.isEmpty() && !prefix.equals(expected)) check.invalid("metadata.generateName", prefix, why);
        var name = definition.name();
        if (!name.isEmpty() && !name.equals(expected)) check.invalid("metadata.name", name, why);
    }

    private static void unchanged(CustomResourceDefinition definition, CustomResourceDefinition old, Check check) {
        var spec = definition.spec();
        var names = spec.names();
        if (StatusCondition.isTrue(old.status().conditions(), CustomResourceDefinitionConditionType.ESTABLISHED)) {
            check.immutable(spec, old.spec(), "spec", CustomResourceDefinitionSpec.SCOPE);
            check.immutable(names, old.spec().names(), "spec.names", CustomResourceDefinitionNames.KIND);
        }
        check.immutable(spec, old.spec(), "spec", CustomResourceDefinitionSpec.GROUP);
        check.immutable(names, old.spec().names(), "spec.names", CustomResourceDefinitionNames.PLURAL);
    }
}
