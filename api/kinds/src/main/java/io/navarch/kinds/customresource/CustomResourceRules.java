package io.navarch.kinds.customresource;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.kinds.validatingwebhookconfiguration.WebhookRules;
import io.navarch.model.WebhookClientConfig;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What a definition of custom resources must be.
final class CustomResourceRules {
    private static final Set<String> COLUMN_TYPES =
            new TreeSet<>(Set.of("integer", "number", "string", "boolean", "date"));
    private static final Set<String> COLUMN_FORMATS =
            new TreeSet<>(Set.of("int32", "int64", "float", "double", "byte", "date", "date-time", "password"));

    private CustomResourceRules() {}

    static List<FieldError> check(View definition, View old) {
        var check = new Check();
        var spec = definition.spec();
        var expected =
                spec.get("names", "plural").string() + "." + spec.get("group").string();
        if (!old.exists() && !definition.name().equals(expected))
            check.add(FieldError.invalid(
                    "metadata.name", definition.name(), "must be spec.names.plural+\".\"+spec.group"));
        var group = spec.get("group").string();
        if (check.required(spec.get("group"), "spec.group")) {
            var wrong = Names.dnsSubdomain(group);
            joined(group, "spec.group", wrong, "", check);
            if (wrong.isEmpty() && !group.contains("."))
                check.add(FieldError.invalid("spec.group", group, "should be a domain with at least one dot"));
        }
        if (check.required(spec.get("scope"), "spec.scope"))
            check.oneOf(spec.get("scope"), "spec.scope", Set.of("Cluster", "Namespaced"));
        if (spec.get("preserveUnknownFields").bool()
                && !old.spec().get("preserveUnknownFields").bool())
            check.add(
                    FieldError.invalid(
                            "spec.preserveUnknownFields",
                            true,
                            "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"));
        names(spec.get("names"), check);
        versions(spec.get("versions"), new ExpressionRules(old, check), check);
        conversion(spec.get("conversion"), "spec.conversion", check);
        stored(definition.status().get("storedVersions"), spec.get("versions"), check);
        if (old.condition("Established").equals("True")) established(spec, old.spec(), check);
        return check.errors();
    }

    static List<FieldError> checkStatus(View definition, View old) {
        var check = new Check();
        stored(definition.status().get("storedVersions"), definition.spec().get("versions"), check);
        return check.errors();
    }

    /// All that is wrong with a name in one error.
    private static void joined(String name, String path, List<String> wrong, String before, Check check) {
        if (!wrong.isEmpty()) check.add(FieldError.invalid(path, name, before + String.join(",", wrong)));
    }

    private static void names(View names, Check check) {
        for (var field : List.of("plural", "singular", "kind", "listKind")) {
            var name = names.get(field).string();
            var path = "spec.names." + field;
            boolean mixed = field.equals("kind") || field.equals("listKind");
            if (name.isEmpty()) check.add(FieldError.required(path));
            else
                joined(
                        name,
                        path,
                        Names.dns1035Label(mixed ? name.toLowerCase(Locale.ROOT) : name),
                        mixed ? "may have mixed case, but should otherwise match: " : "",
                        check);
        }
        for (var field : List.of("shortNames", "categories")) {
            int i = 0;
            for (var name : names.get(field).strings())
                joined(name, "spec.names." + field + "[" + i++ + "]", Names.dns1035Label(name), "", check);
        }
        var kind = names.get("kind").string();
        if (!kind.isEmpty() && kind.equals(names.get("listKind").string()))
            check.add(FieldError.invalid("spec.names.listKind", kind, "kind and listKind may not be the same"));
    }

    private static void versions(View versions, ExpressionRules expressions, Check check) {
        long storage = versions.stream()
                .filter(version -> version.get("storage").bool())
                .count();
        // Schemas that are the same in all versions are spoken of as one.
        boolean same = versions.stream()
                        .map(version -> version.get("schema").map())
                        .distinct()
                        .count()
                == 1;
        var seen = new HashSet<String>();
        boolean twice = false;
        int i = 0;
        for (var version : versions.views()) {
            var at = "spec.versions[" + i + "]";
            var name = version.get("name").string();
            twice |= !seen.add(name);
            joined(name, at + ".name", Names.dns1035Label(name), "", check);
            if (i == 0 && !name.isEmpty()) joined(name, "spec.version", Names.dns1035Label(name), "", check);
            var schema = version.get("schema", "openAPIV3Schema");
            if (!schema.exists())
                check.add(FieldError.required(at + ".schema.openAPIV3Schema", "schemas are required"));
            else if (!same) CustomSchemaRules.check(schema, at + ".schema.openAPIV3Schema", expressions);
            else if (i == 0) CustomSchemaRules.check(schema, "spec.validation.openAPIV3Schema", expressions);
            if (version.get("subresources", "status").exists()
                    && schema.exists()
                    && !schema.get("type").string().equals("object"))
                check.add(
                        FieldError.invalid(
                                (same ? "spec.validation" : at + ".schema") + ".openAPIV3Schema.type",
                                schema.get("type").string(),
                                "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled"));
            version(version, at, check);
            i++;
        }
        if (twice) check.add(FieldError.invalid("spec.versions", versions.list(), "must contain unique version names"));
        if (storage != 1)
            check.add(FieldError.invalid(
                    "spec.versions", versions.list(), "must have exactly one version marked as storage version"));
    }

    private static void version(View version, String at, Check check) {
        var warning = version.get("deprecationWarning");
        if (warning.exists()) {
            if (!version.get("deprecated").bool())
                check.add(FieldError.invalid(
                        at + ".deprecationWarning", warning.string(), "can only be set for deprecated versions"));
            if (warning.string().length() > 256)
                check.add(FieldError.invalid(
                        at + ".deprecationWarning", warning.string(), "must be <= 256 characters long"));
            if (warning.string().isEmpty())
                check.add(FieldError.invalid(at + ".deprecationWarning", "", "must not be an empty string"));
        }
        int i = 0;
        for (var column : version.get("additionalPrinterColumns").views())
            column(column, at + ".additionalPrinterColumns[" + i++ + "]", check);
        var scale = version.get("subresources", "scale");
        if (!scale.exists()) return;
        var path = at + ".subresources.scale";
        replicas(scale.get("specReplicasPath"), path + ".specReplicasPath", ".spec.", ".spec", check);
        replicas(scale.get("statusReplicasPath"), path + ".statusReplicasPath", ".status.", ".status", check);
        var selector = scale.get("labelSelectorPath").string();
        if (selector.isEmpty()) return;
        if (!simplePath(selector, path + ".labelSelectorPath", check)) return;
        if (!selector.startsWith(".spec.") && !selector.startsWith(".status."))
            check.add(FieldError.invalid(
                    path + ".labelSelectorPath", selector, "should be a json path under either .spec or .status"));
    }

    private static void replicas(View value, String path, String prefix, String words, Check check) {
        if (!check.required(value, path) || !simplePath(value.string(), path, check)) return;
        if (!value.string().startsWith(prefix))
            check.add(FieldError.invalid(path, value.string(), "should be a json path under " + words));
    }

    private static boolean simplePath(String value, String path, Check check) {
        if (value.startsWith(".")) return true;
        check.add(FieldError.invalid(path, value, "must be a simple json path starting with ."));
        return false;
    }

    private static void column(View column, String at, Check check) {
        check.required(column.get("name"), at + ".name");
        var type = column.get("type").string();
        var types = "must be one of " + String.join(",", COLUMN_TYPES);
        if (type.isEmpty()) check.add(FieldError.required(at + ".type", types));
        else if (!COLUMN_TYPES.contains(type)) check.add(FieldError.invalid(at + ".type", type, types));
        var format = column.get("format").string();
        if (!format.isEmpty() && !COLUMN_FORMATS.contains(format))
            check.add(FieldError.invalid(at + ".format", format, "must be one of " + String.join(",", COLUMN_FORMATS)));
        if (check.required(column.get("jsonPath"), at + ".JSONPath"))
            simplePath(column.get("jsonPath").string(), at + ".JSONPath", check);
    }

    private static void conversion(View conversion, String path, Check check) {
        var strategy = conversion.get("strategy").string();
        if (!strategy.isEmpty()) check.oneOf(conversion.get("strategy"), path + ".strategy", Set.of("None", "Webhook"));
        var webhook = conversion.get("webhook");
        var client = webhook.get("clientConfig");
        if (!strategy.equals("Webhook")) {
            if (client.exists())
                check.add(FieldError.forbidden(
                        path + ".webhookClientConfig", "should not be set when strategy is not set to Webhook"));
            if (!webhook.get("conversionReviewVersions").list().isEmpty())
                check.add(FieldError.forbidden(
                        path + ".conversionReviewVersions", "should not be set when strategy is not set to Webhook"));
            return;
        }
        if (!client.exists())
            check.add(FieldError.required(path + ".webhookClientConfig", "required when strategy is set to Webhook"));
        else WebhookRules.client(WebhookClientConfig.of(client), path + ".webhookClientConfig", check);
        var reviews = webhook.get("conversionReviewVersions").strings();
        if (reviews.isEmpty()) check.add(FieldError.required(path + ".conversionReviewVersions"));
        else if (!reviews.contains("v1") && !reviews.contains("v1beta1"))
            check.add(FieldError.invalid(
                    path + ".conversionReviewVersions", reviews, "must include at least one of v1, v1beta1"));
        WebhookRules.reviewVersions(reviews, path + ".conversionReviewVersions", check);
    }

    /// Every version in which objects may still be stored is one of the definition's.
    private static void stored(View stored, View versions, Check check) {
        var path = "status.storedVersions";
        var names = stored.strings();
        if (names.isEmpty()) {
            check.add(FieldError.invalid(path, stored.list(), "must have at least one stored version"));
            return;
        }
        for (var version : versions.views()) {
            var name = version.get("name").string();
            if (version.get("storage").bool() && !names.contains(name))
                check.add(FieldError.invalid(path, version.map(), "must have the storage version " + name));
        }
        int i = 0;
        for (var name : names) {
            if (!versions.find("name", name).exists())
                check.add(FieldError.invalid(path + "[" + i + "]", name, "must appear in spec.versions"));
            i++;
        }
    }

    /// Once clients may know it, a resource keeps its name and place.
    private static void established(View spec, View old, Check check) {
        for (var field : List.of("scope", "group")) check.immutable(spec.get(field), old.get(field), "spec." + field);
        for (var field : List.of("kind", "plural"))
            check.immutable(spec.get("names", field), old.get("names", field), "spec.names." + field);
    }

    /// A new storage version is one of the versions in which objects may be stored.
    static void noteStorage(Map<String, Object> object) {
        var view = View.of(object);
        var names = new ArrayList<Object>(view.status().get("storedVersions").list());
        for (var version : view.spec().get("versions").views()) {
            var name = version.get("name").string();
            if (version.get("storage").bool() && !names.contains(name)) names.add(name);
        }
        if (!names.isEmpty()) Trees.put(object, names, "status", "storedVersions");
    }
}
