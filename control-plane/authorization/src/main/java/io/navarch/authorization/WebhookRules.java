package io.navarch.authorization;

import io.navarch.expressions.Expressions;
import io.navarch.objects.FieldError;
import io.navarch.objects.GoDuration;
import io.navarch.objects.View;
import io.navarch.process.ConfigurationException;
import io.navarch.process.ConfigurationFields;
import io.navarch.process.ConfigurationReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What must be right about a webhook that is asked whether somebody may do something.
final class WebhookRules {
    private static final Duration ALLOWED_FOR = Duration.ofMinutes(5);
    private static final Duration REFUSED_FOR = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int MOST_CONDITIONS = 64;
    private static final String IN_CLUSTER = "InClusterConfig";
    private static final String FILE = "KubeConfigFile";

    private static final ConfigurationFields WEBHOOK = ConfigurationFields.texts(
                    "authorizedTTL",
                    "unauthorizedTTL",
                    "timeout",
                    "subjectAccessReviewVersion",
                    "matchConditionSubjectAccessReviewVersion",
                    "failurePolicy")
            .flags("cacheAuthorizedRequests", "cacheUnauthorizedRequests")
            .objects("connectionInfo")
            .listsOfObjects("matchConditions");

    private final ConfigurationReader reader;
    private final Expressions expressions;

    WebhookRules(ConfigurationReader reader, Expressions expressions) {
        this.reader = reader;
        this.expressions = expressions;
    }

    /// @throws ConfigurationException when something is of another type
    void expect(View webhook, String at) {
        reader.expect(webhook, at, WEBHOOK);
        reader.expect(
                webhook.get("connectionInfo"),
                at + ".connectionInfo",
                ConfigurationFields.texts("type", "kubeConfigFile"));
        var conditions = webhook.get("matchConditions").views();
        for (int i = 0; i < conditions.size(); i++)
            reader.expect(
                    conditions.get(i), at + ".matchConditions[" + i + "]", ConfigurationFields.texts("expression"));
    }

    /// @return empty when it cannot be used
    Optional<WebhookConfiguration> read(View webhook, String at) {
        int before = reader.errors();
        var timeout = length(webhook, "timeout", Duration.ZERO);
        var shown = GoDuration.text(timeout);
        if (timeout.isZero()) reader.wrong(FieldError.required(at + ".timeout"));
        else if (timeout.isNegative() || timeout.compareTo(LONGEST) > 0)
            reader.wrong(FieldError.invalid(at + ".timeout", shown, "must be > 0s and <= 30s"));
        var allowed = kept(webhook, "authorizedTTL", ALLOWED_FOR, at);
        var refused = kept(webhook, "unauthorizedTTL", REFUSED_FOR, at);
        var version = webhook.get("subjectAccessReviewVersion").string();
        one(version, at + ".subjectAccessReviewVersion", List.of("v1", "v1beta1"));
        conditionVersion(webhook, at + ".matchConditionSubjectAccessReviewVersion");
        var policy = webhook.get("failurePolicy").string();
        one(policy, at + ".failurePolicy", List.of("NoOpinion", "Deny"));
        var kubeconfig = connection(webhook.get("connectionInfo"), at + ".connectionInfo");
        var conditions = conditions(webhook.get("matchConditions").views(), at + ".matchConditions");
        if (reader.errors() > before || kubeconfig.isEmpty()) return Optional.empty();
        return Optional.of(new WebhookConfiguration(
                kubeconfig.get(),
                version,
                timeout,
                cached(webhook, "cacheAuthorizedRequests") ? allowed : Duration.ZERO,
                cached(webhook, "cacheUnauthorizedRequests") ? refused : Duration.ZERO,
                policy.equals("Deny"),
                conditions));
    }

    private static boolean cached(View webhook, String name) {
        return !webhook.get(name).exists() || webhook.get(name).bool();
    }

    private static Duration length(View webhook, String name, Duration otherwise) {
        if (!webhook.get(name).exists()) return otherwise;
        try {
            return GoDuration.parse(webhook.get(name).string());
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(String.valueOf(e.getMessage()));
        }
    }

    private Duration kept(View webhook, String name, Duration otherwise, String at) {
        var length = length(webhook, name, otherwise);
        if (length.isNegative())
            reader.wrong(FieldError.invalid(at + "." + name, GoDuration.text(length), "must be > 0s"));
        return length.isZero() ? otherwise : length;
    }

    private void one(String value, String at, List<String> supported) {
        if (value.isEmpty()) reader.wrong(FieldError.required(at));
        else if (!supported.contains(value)) reader.wrong(FieldError.notSupported(at, value, supported));
    }

    private void conditionVersion(View webhook, String at) {
        var version = webhook.get("matchConditionSubjectAccessReviewVersion").string();
        boolean needed = !webhook.get("matchConditions").views().isEmpty();
        if (!version.isEmpty()) one(version, at, List.of("v1"));
        else if (needed) reader.wrong(FieldError.required(at, "required if match conditions are specified"));
    }

    private Optional<Path> connection(View info, String at) {
        var type = info.get("type").string();
        var file = info.get("kubeConfigFile");
        switch (type) {
            case "" -> reader.wrong(FieldError.required(at + ".type"));
            case IN_CLUSTER -> inCluster(file, at);
            case FILE -> {
                return file(file.string(), at + ".kubeConfigFile");
            }
            default ->
                reader.wrong(FieldError.notSupported(at + ".type", shown(type, file), List.of(IN_CLUSTER, FILE)));
        }
        return Optional.empty();
    }

    private static Map<String, @Nullable Object> shown(String type, View file) {
        var shown = new LinkedHashMap<String, @Nullable Object>();
        shown.put("Type", type);
        shown.put("KubeConfigFile", file.value());
        return shown;
    }

    /// Of use to others than an API server, which would ask itself without end.
    private void inCluster(View file, String at) {
        if (file.exists())
            reader.wrong(FieldError.invalid(
                    at + ".kubeConfigFile", file.string(), "can only be set when type=KubeConfigFile"));
        else reader.wrong(FieldError.invalid(at + ".type", IN_CLUSTER, "not allowed for an API server"));
    }

    private Optional<Path> file(String name, String at) {
        var path = Path.of(name);
        if (name.isEmpty()) reader.wrong(FieldError.required(at));
        else if (!path.isAbsolute()) reader.wrong(FieldError.invalid(at, name, "must be an absolute path"));
        else if (!Files.exists(path))
            reader.wrong(
                    FieldError.invalid(at, name, "error loading file: stat " + name + ": no such file or directory"));
        else if (!Files.isRegularFile(path)) reader.wrong(FieldError.invalid(at, name, "must be a regular file"));
        else return Optional.of(path);
        return Optional.empty();
    }

    private MatchConditions conditions(List<View> listed, String at) {
        if (listed.size() > MOST_CONDITIONS) {
            reader.wrong(FieldError.tooMany(at, listed.size(), "must have at most " + MOST_CONDITIONS + " items"));
            return MatchConditions.NONE;
        }
        var read = new ArrayList<MatchConditions.Condition>();
        var seen = new HashSet<String>();
        for (int i = 0; i < listed.size(); i++) {
            var expression = listed.get(i).get("expression").string();
            var here = at + "[" + i + "].expression";
            if (expression.isBlank()) reader.wrong(FieldError.required(here));
            else if (!seen.add(expression)) reader.wrong(FieldError.duplicate(here, expression));
            else condition(expression, here).ifPresent(read::add);
        }
        return new MatchConditions(read);
    }

    private Optional<MatchConditions.Condition> condition(String expression, String at) {
        var error = expressions.compile(expression, MatchConditions.ENVIRONMENT).error();
        if (error.isEmpty())
            return Optional.of(new MatchConditions.Condition(
                    expression, expressions.program(expression, MatchConditions.ENVIRONMENT)));
        reader.wrong(FieldError.invalid(at, expression, error));
        return Optional.empty();
    }
}
