package io.navarch.kinds.customresource;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.kinds.validatingwebhookconfiguration.WebhookRules;
import io.navarch.model.ConversionStrategy;
import io.navarch.model.CustomResourceColumnDefinition;
import io.navarch.model.CustomResourceConversion;
import io.navarch.model.CustomResourceDefinition;
import io.navarch.model.CustomResourceDefinitionConditionType;
import io.navarch.model.CustomResourceDefinitionNames;
import io.navarch.model.CustomResourceDefinitionSpec;
import io.navarch.model.CustomResourceDefinitionVersion;
import io.navarch.model.CustomResourceSubresourceScale;
import io.navarch.model.StatusCondition;
import io.navarch.model.WebhookClientConfig;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// What a definition of custom resources must be.
final class CustomResourceRules {
    private static final Set<String> COLUMN_TYPES =
            new TreeSet<>(Set.of("integer", "number", "string", "boolean", "date"));
    private static final Set<String> COLUMN_FORMATS =
            new TreeSet<>(Set.of("int32", "int64", "float", "double", "byte", "date", "date-time", "password"));

    private CustomResourceRules() {}

    static List<FieldError> check(CustomResourceDefinition definition, CustomResourceDefinition old) {
        var check = new Check();
        var spec = definition.spec();
        var expected = spec.names().plural() + "." + spec.group();
        if (!old.exists() && !definition.name().equals(expected))
            check.invalid("metadata.name", definition.name(), "must be spec.names.plural+\".\"+spec.group");
        if (check.required(spec.group(), "spec.group")) group(spec.group(), "spec.group", check);
        var scope = spec.raw(CustomResourceDefinitionSpec.SCOPE);
        if (check.required(scope, "spec.scope")) check.oneOf(scope, "spec.scope", Set.of("Cluster", "Namespaced"));
        if (spec.preserveUnknownFields() && !old.spec().preserveUnknownFields())
            check.invalid(
                    "spec.preserveUnknownFields",
                    true,
                    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in"
                            + " spec.versions[*].schema instead");
        names(spec.names(), "spec.names.", check);
        versions(spec, new ExpressionRules(old, check), check);
        conversion(spec.conversion(), "spec.conversion", check);
        stored(definition, "status.storedVersions", check);
        if (StatusCondition.isTrue(old.status().conditions(), CustomResourceDefinitionConditionType.ESTABLISHED))
            established(spec, old.spec(), check);
        return check.errors();
    }

    static List<FieldError> checkStatus(CustomResourceDefinition definition, CustomResourceDefinition old) {
        var check = new Check();
        stored(definition, "status.storedVersions", check);
        return check.errors();
    }

    /// All that is wrong with a name in one error.
    private static void joined(String name, String path, List<String> wrong, String before, Check check) {
        if (!wrong.isEmpty()) check.invalid(path, name, before + String.join(",", wrong));
    }

    private static void group(String group, String path, Check check) {
        var wrong = Names.dnsSubdomain(group);
        joined(group, path, wrong, "", check);
        if (wrong.isEmpty() && !group.contains("."))
            check.invalid(path, group, "should be a domain with at least one dot");
    }

    private static void names(CustomResourceDefinitionNames names, String path, Check check) {
        name(names.plural(), path + "plural", false, check);
        name(names.singular(), path + "singular", false, check);
        name(names.kind(), path + "kind", true, check);
        name(names.listKind(), path + "listKind", true, check);
        Check.each(
                names.shortNames(),
                path + "shortNames",
                (name, at) -> joined(name, at, Names.dns1035Label(name), "", check));
        Check.each(
                names.categories(),
                path + "categories",
                (name, at) -> joined(name, at, Names.dns1035Label(name), "", check));
        if (!names.kind().isEmpty() && names.kind().equals(names.listKind()))
            check.invalid(path + "listKind", names.kind(), "kind and listKind may not be the same");
    }

    private static void name(String name, String path, boolean mixedCase, Check check) {
        if (!check.required(name, path)) return;
        joined(
                name,
                path,
                Names.dns1035Label(mixedCase ? name.toLowerCase(Locale.ROOT) : name),
                mixedCase ? "may have mixed case, but should otherwise match: " : "",
                check);
    }

    private static void versions(CustomResourceDefinitionSpec spec, ExpressionRules expressions, Check check) {
        var versions = spec.versions();
        var value = spec.raw(CustomResourceDefinitionSpec.VERSIONS).list();
        // Schemas that are the same in all versions are spoken of as one.
        boolean same = versions.stream()
                        .map(CustomResourceDefinitionVersion::schema)
                        .distinct()
                        .count()
                == 1;
        var seen = new HashSet<String>();
        for (int i = 0; i < versions.size(); i++) {
            var version = versions.get(i);
            var at = "spec.versions[" + i + "]";
            seen.add(version.name());
            joined(version.name(), at + ".name", Names.dns1035Label(version.name()), "", check);
            if (i == 0 && !version.name().isEmpty())
                joined(version.name(), "spec.version", Names.dns1035Label(version.name()), "", check);
            var path = (same ? "spec.validation" : at + ".schema") + ".openAPIV3Schema";
            schema(version, path, at, !same || i == 0, expressions);
            version(version, at, check);
        }
        if (seen.size() < versions.size()) check.invalid("spec.versions", value, "must contain unique version names");
        if (versions.stream().filter(CustomResourceDefinitionVersion::storage).count() != 1)
            check.invalid("spec.versions", value, "must have exactly one version marked as storage version");
    }

    /// @param path what errors call the schema
    /// @param own whether it was not checked with another version already
    private static void schema(
            CustomResourceDefinitionVersion version, String path, String at, boolean own, ExpressionRules expressions) {
        var check = expressions.errors();
        var schema = version.schema().openAPIV3Schema();
        if (!schema.exists()) {
            check.missing(at + ".schema.openAPIV3Schema", "schemas are required");
            return;
        }
        if (own) CustomSchemaRules.check(schema.view(), path, expressions);
        if (version.subresources().hasStatus() && !schema.type().equals("object"))
            check.invalid(
                    path + ".type",
                    schema.type(),
                    "only \"object\" is allowed as the type at the root of the schema if the status subresource is"
                            + " enabled");
    }

    private static void version(CustomResourceDefinitionVersion version, String at, Check check) {
        if (version.hasDeprecationWarning()) warning(version, at + ".deprecationWarning", check);
        Check.each(
                version.additionalPrinterColumns(),
                at + ".additionalPrinterColumns",
                (column, here) -> column(column, here, check));
        var scale = version.subresources().scale();
        if (scale.exists()) scale(scale, at + ".subresources.scale", check);
    }

    private static void warning(CustomResourceDefinitionVersion version, String path, Check check) {
        var warning = version.deprecationWarning();
        if (!version.deprecated()) check.invalid(path, warning, "can only be set for deprecated versions");
        if (warning.length() > 256) check.invalid(path, warning, "must be <= 256 characters long");
        if (warning.isEmpty()) check.invalid(path, "", "must not be an empty string");
    }

    private static void scale(CustomResourceSubresourceScale scale, String path, Check check) {
        replicas(scale.specReplicasPath(), path + ".specReplicasPath", ".spec", check);
        replicas(scale.statusReplicasPath(), path + ".statusReplicasPath", ".status", check);
        var selector = scale.labelSelectorPath();
        if (selector.isEmpty() || !simplePath(selector, path + ".labelSelectorPath", check)) return;
        if (!selector.startsWith(".spec.") && !selector.startsWith(".status."))
            check.invalid(path + ".labelSelectorPath", selector, "should be a json path under either .spec or .status");
    }

    private static void replicas(String value, String path, String root, Check check) {
        if (!check.required(value, path) || !simplePath(value, path, check)) return;
        if (!value.startsWith(root + ".")) check.invalid(path, value, "should be a json path under " + root);
    }

    private static boolean simplePath(String value, String path, Check check) {
        if (value.startsWith(".")) return true;
        check.invalid(path, value, "must be a simple json path starting with .");
        return false;
    }

    private static void column(CustomResourceColumnDefinition column, String at, Check check) {
        check.required(column.name(), at + ".name");
        var types = "must be one of " + String.join(",", COLUMN_TYPES);
        if (column.type().isEmpty()) check.missing(at + ".type", types);
        else if (!COLUMN_TYPES.contains(column.type())) check.invalid(at + ".type", column.type(), types);
        var format = column.format();
        if (!format.isEmpty() && !COLUMN_FORMATS.contains(format))
            check.invalid(at + ".format", format, "must be one of " + String.join(",", COLUMN_FORMATS));
        if (check.required(column.jsonPath(), at + ".JSONPath")) simplePath(column.jsonPath(), at + ".JSONPath", check);
    }

    private static void conversion(CustomResourceConversion conversion, String path, Check check) {
        var strategy = conversion.raw(CustomResourceConversion.STRATEGY);
        if (!strategy.string().isEmpty()) check.oneOf(strategy, path + ".strategy", Set.of("None", "Webhook"));
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
        if (check.required(reviews, reviewsPath) && !reviews.contains("v1") && !reviews.contains("v1beta1"))
            check.invalid(reviewsPath, reviews, "must include at least one of v1, v1beta1");
        WebhookRules.reviewVersions(reviews, reviewsPath, check);
    }

    /// Every version in which objects may still be stored is one of the definition's.
    private static void stored(CustomResourceDefinition definition, String path, Check check) {
        var names = definition.status().storedVersions();
        var versions = definition.spec().versions();
        if (names.isEmpty()) {
            check.invalid(path, names, "must have at least one stored version");
            return;
        }
        for (var version : versions) {
            if (version.storage() && !names.contains(version.name()))
                check.invalid(path, version.view().map(), "must have the storage version " + version.name());
        }
        Check.each(names, path, (name, at) -> {
            if (versions.stream().noneMatch(version -> version.name().equals(name)))
                check.invalid(at, name, "must appear in spec.versions");
        });
    }

    /// Once clients may know it, a resource keeps its name and place.
    private static void established(CustomResourceDefinitionSpec spec, CustomResourceDefinitionSpec old, Check check) {
        check.immutable(spec, old, "spec", CustomResourceDefinitionSpec.SCOPE, CustomResourceDefinitionSpec.GROUP);
        check.immutable(
                spec.names(),
                old.names(),
                "spec.names",
                CustomResourceDefinitionNames.KIND,
                CustomResourceDefinitionNames.PLURAL);
    }
}
