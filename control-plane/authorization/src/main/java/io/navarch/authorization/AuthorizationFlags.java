package io.navarch.authorization;

import io.navarch.apiserver.access.Forbidden;
import io.navarch.objects.GoText;
import io.navarch.process.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Who is asked when no file says it.
///
/// @param modes in the order in which they are asked; Node and RBAC when there are none
/// @param webhook the kubeconfig of a service that is asked in mode Webhook
/// @param version of the SubjectAccessReviews it is sent
public record AuthorizationFlags(
        List<String> modes, Optional<Path> webhook, String version, Duration allowedFor, Duration refusedFor) {
    private static final List<AuthorizerType> DEFAULT = List.of(AuthorizerType.NODE, AuthorizerType.RBAC);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String WEBHOOK = AuthorizerType.WEBHOOK.text();

    /// @throws ConfigurationException naming all that is wrong
    public List<ConfiguredAuthorizer> configured() {
        var problems = new ArrayList<String>();
        for (var mode : modes) {
            if (AuthorizerType.of(mode).isEmpty())
                problems.add("authorization-mode " + GoText.quoted(mode) + " is not a valid mode");
            if (mode.equals(WEBHOOK) && webhook.isEmpty())
                problems.add("authorization-mode Webhook's authorization config file not passed");
        }
        if (webhook.isPresent() && !modes.contains(WEBHOOK))
            problems.add("cannot specify --authorization-webhook-config-file without mode Webhook");
        if (new HashSet<>(modes).size() < modes.size())
            problems.add("authorization-mode ["
                    + String.join(" ", modes.stream().map(GoText::quoted).toList())
                    + "] has mode specified more than once");
        if (!problems.isEmpty()) throw new ConfigurationException(Forbidden.joined(problems));
        if (webhook.isPresent()) check(webhook.get());
        return modes.isEmpty()
                ? DEFAULT.stream().map(ConfiguredAuthorizer::of).toList()
                : modes.stream()
                        .flatMap(mode -> AuthorizerType.of(mode).stream())
                        .map(this::authorizer)
                        .toList();
    }

    private void check(Path file) {
        if (!Files.exists(file))
            throw new ConfigurationException(
                    "invalid authorization config: stat " + file + ": no such file or directory");
        if (!version.equals("v1") && !version.equals("v1beta1"))
            throw new ConfigurationException("invalid authorization config: unsupported webhook authorizer version "
                    + GoText.quoted(version) + ", supported versions are \"v1\", \"v1beta1\"");
    }

    private ConfiguredAuthorizer authorizer(AuthorizerType type) {
        if (type != AuthorizerType.WEBHOOK) return ConfiguredAuthorizer.of(type);
        var asked = new WebhookConfiguration(
                webhook.orElseThrow(), version, TIMEOUT, allowedFor, refusedFor, false, MatchConditions.NONE);
        return new ConfiguredAuthorizer(type, "default", Optional.of(asked));
    }
}
