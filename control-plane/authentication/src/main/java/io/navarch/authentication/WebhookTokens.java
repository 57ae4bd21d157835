package io.navarch.authentication;

import io.navarch.client.RemoteReview;
import io.navarch.model.TokenReview;
import io.navarch.model.TokenReviewStatus;
import io.navarch.objects.Sha256;
import io.navarch.process.ConfigurationException;
import io.navarch.process.Remembered;
import io.navarch.schema.admission.User;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks another service whose a token is, with a TokenReview; its answers are kept for a while.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#webhook-token-authentication
public final class WebhookTokens implements TokenAuthenticator {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookTokens.class);
    private final RemoteReview webhook;
    private final String version;
    private final Duration keptFor;
    private final InstantSource clock;
    private final Remembered<Optional<User>> kept = new Remembered<>(4096);

    /// @param version `v1` or `v1beta1`
    public WebhookTokens(RemoteReview webhook, String version, Duration keptFor, InstantSource clock) {
        if (!version.equals("v1") && !version.equals("v1beta1"))
            throw new ConfigurationException("unsupported authentication webhook version \"" + version
                    + "\", supported versions are v1 and v1beta1");
        this.webhook = webhook;
        this.version = version;
        this.keptFor = keptFor;
        this.clock = clock;
    }

    @Override
    public Optional<User> recognise(String token, List<String> audiences) {
        var key = Sha256.hex(token + "\0" + String.join("\0", audiences));
        var before = kept.at(key, clock.instant());
        if (before.isPresent()) return before.get();
        try {
            var answer = answer(
                    TokenReview.of(webhook.ask(review(token, audiences), (result, took) -> {}))
                            .status(),
                    audiences);
            kept.put(key, answer, clock.instant().plus(keptFor));
            return answer;
        } catch (IOException e) {
            // No answer is none to keep.
            LOG.warn("the webhook for tokens cannot be asked: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private Map<String, Object> review(String token, List<String> audiences) {
        return TokenReview.builder()
                .apiVersion("authentication.k8s.io/" + version)
                .kind("TokenReview")
                .spec(spec -> spec.token(token).audiences(audiences))
                .map();
    }

    @Override
    public void close() {
        webhook.close();
    }

    private static Optional<User> answer(TokenReviewStatus status, List<String> audiences) {
        if (!status.authenticated()) return Optional.empty();
        var told = status.audiences();
        var meant = told.isEmpty()
                ? audiences
                : audiences.stream().filter(told::contains).toList();
        if (meant.isEmpty() && !audiences.isEmpty()) return Optional.empty();
        var user = status.user();
        var groups = new ArrayList<>(user.groups());
        if (!groups.contains(User.AUTHENTICATED)) groups.add(User.AUTHENTICATED);
        return Optional.of(new User(user.username(), user.uid(), List.copyOf(groups), new HashMap<>(user.extra())));
    }
}
