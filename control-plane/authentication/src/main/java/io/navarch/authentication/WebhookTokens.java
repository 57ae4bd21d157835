package io.navarch.authentication;

import io.navarch.model.TokenReview;
import io.navarch.model.TokenReviewStatus;
import io.navarch.schema.admission.User;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
    private static final int MOST_KEPT = 4096;

    private record Kept(Optional<Recognised> answer, Instant until) {}

    private final RemoteReview webhook;
    private final String version;
    private final Duration keptFor;
    private final InstantSource clock;
    private final Map<String, Kept> kept = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
            return size() > MOST_KEPT;
        }
    };

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
    public Optional<Recognised> recognise(String token, List<String> audiences) {
        var key = TokenFile.digest(token + "\0" + String.join("\0", audiences));
        synchronized (kept) {
            var known = kept.get(key);
            if (known != null && known.until.isAfter(clock.instant())) return known.answer;
        }
        try {
            var answer =
                    answer(TokenReview.of(webhook.ask(review(token, audiences))).status(), audiences);
            synchronized (kept) {
                kept.put(key, new Kept(answer, clock.instant().plus(keptFor)));
            }
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

    private static Optional<Recognised> answer(TokenReviewStatus status, List<String> audiences) {
        if (!status.authenticated()) return Optional.empty();
        var told = status.audiences();
        var meant = told.isEmpty()
                ? audiences
                : audiences.stream().filter(told::contains).toList();
        if (meant.isEmpty() && !audiences.isEmpty()) return Optional.empty();
        var user = status.user();
        var groups = new ArrayList<>(user.groups());
        if (!groups.contains(User.AUTHENTICATED)) groups.add(User.AUTHENTICATED);
        return Optional.of(new Recognised(
                new User(user.username(), user.uid(), List.copyOf(groups), new HashMap<>(user.extra())), meant));
    }
}
