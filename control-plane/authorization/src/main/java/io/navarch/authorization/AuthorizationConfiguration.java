package io.navarch.authorization;

import io.navarch.apiserver.access.Forbidden;
import io.navarch.expressions.Expressions;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import io.navarch.process.ConfigurationException;
import io.navarch.process.ConfigurationFields;
import io.navarch.process.ConfigurationReader;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads an `AuthorizationConfiguration`.
///
/// Source:
/// https://kubernetes.io/docs/reference/access-authn-authz/authorization/#using-configuration-file-for-authorization
final class AuthorizationConfiguration {
    private static final List<String> VERSIONS = List.of("v1", "v1beta1", "v1alpha1");
    private static final ConfigurationFields FILE =
            ConfigurationFields.texts("apiVersion", "kind").listsOfObjects("authorizers");
    private static final ConfigurationFields AUTHORIZER =
            ConfigurationFields.texts("type", "name").objects("webhook");

    private final ConfigurationReader reader = new ConfigurationReader();
    private final WebhookRules webhooks;
    private final Set<AuthorizerType> types = EnumSet.noneOf(AuthorizerType.class);
    private final Set<String> names = new HashSet<>();

    AuthorizationConfiguration(Expressions expressions) {
        webhooks = new WebhookRules(reader, expressions);
    }

    /// @param required types that must be there, except webhooks
    /// @throws ConfigurationException naming all that is wrong
    List<ConfiguredAuthorizer> read(String text, Set<AuthorizerType> required) {
        var file = file(text);
        var listed = file.get("authorizers").views();
        if (listed.isEmpty())
            reader.wrong(FieldError.required("authorizers", "at least one authorization mode must be defined"));
        var read = new ArrayList<ConfiguredAuthorizer>();
        for (int i = 0; i < listed.size(); i++)
            authorizer(listed.get(i), "authorizers[" + i + "]").ifPresent(read::add);
        try {
            reader.check();
        } catch (ConfigurationException e) {
            // What is unknown is found while the file is read, as the original says it.
            throw String.valueOf(e.getMessage()).startsWith("strict ") ? unreadable(e) : e;
        }
        named(read, required);
        return List.copyOf(read);
    }

    private View file(String text) {
        try {
            return reader.read(text, "AuthorizationConfiguration", VERSIONS, FILE);
        } catch (ConfigurationException e) {
            throw unreadable(e);
        }
    }

    private static ConfigurationException unreadable(RuntimeException e) {
        return new ConfigurationException("failed to load AuthorizationConfiguration from file: " + e.getMessage());
    }

    private Optional<ConfiguredAuthorizer> authorizer(View entry, String at) {
        View webhook;
        Optional<WebhookConfiguration> read;
        try {
            reader.expect(entry, at, AUTHORIZER);
            webhook = entry.get("webhook");
            webhooks.expect(webhook, at + ".webhook");
        } catch (ConfigurationException e) {
            throw unreadable(e);
        }
        var type = type(entry.get("type").string(), at + ".type");
        if (type.isEmpty()) return Optional.empty();
        var name = entry.get("name").string();
        name(name, at + ".name");
        boolean asks = type.get() == AuthorizerType.WEBHOOK;
        if (asks && !webhook.exists()) reader.wrong(FieldError.required(at + ".webhook", "required when type=Webhook"));
        if (!asks && webhook.exists())
            reader.wrong(FieldError.invalid(at + ".webhook", "non-null", "may only be specified when type=Webhook"));
        try {
            // The original names the fields of a webhook as if they were the authorizer's.
            read = asks && webhook.exists() ? webhooks.read(webhook, at) : Optional.empty();
        } catch (ConfigurationException e) {
            throw unreadable(e);
        }
        return Optional.of(new ConfiguredAuthorizer(type.get(), name, read));
    }

    private Optional<AuthorizerType> type(String text, String at) {
        var type = AuthorizerType.of(text);
        if (text.isEmpty()) reader.wrong(FieldError.required(at));
        else if (type.isEmpty()) reader.wrong(FieldError.notSupported(at, text, AuthorizerType.names()));
        else if (!types.add(type.get()) && type.get() != AuthorizerType.WEBHOOK) {
            reader.wrong(FieldError.duplicate(at, text));
            return Optional.empty();
        }
        return type;
    }

    private void name(String name, String at) {
        var problems = Names.dnsSubdomain(name);
        if (name.isEmpty()) reader.wrong(FieldError.required(at));
        else if (!names.add(name)) reader.wrong(FieldError.duplicate(at, name));
        else if (!problems.isEmpty())
            reader.wrong(FieldError.invalid(at, name, "authorizer name is invalid: " + String.join(", ", problems)));
    }

    /// What is one of a kind has the name that it has without a file.
    private static void named(List<ConfiguredAuthorizer> read, Set<AuthorizerType> required) {
        var problems = new ArrayList<String>();
        var missing = EnumSet.noneOf(AuthorizerType.class);
        missing.addAll(required);
        for (var each : read) {
            var type = each.type();
            missing.remove(type);
            if (type != AuthorizerType.WEBHOOK && !each.name().equals(type.ownName()))
                problems.add("expected name " + type.ownName() + " for authorizer " + type.text() + " instead of "
                        + each.name());
        }
        missing.remove(AuthorizerType.WEBHOOK);
        if (!missing.isEmpty())
            problems.add("missing required types: ["
                    + String.join(
                            " ",
                            missing.stream().map(AuthorizerType::text).sorted().toList()) + "]");
        if (!problems.isEmpty()) throw new ConfigurationException(Forbidden.joined(problems));
    }
}
