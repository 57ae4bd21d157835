package io.navarch.agent.api;

import io.navarch.client.Client;
import io.navarch.model.Resources;
import io.navarch.model.SubjectAccessReview;
import io.navarch.model.TokenReview;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Asks the API server, and remembers its answers for as long as the kubelet does.
final class ApiReviews implements Reviews {
    private static final Duration TOKEN_HOLDS = Duration.ofMinutes(2);
    private static final Duration ALLOWED_HOLDS = Duration.ofMinutes(5);
    private static final Duration FORBIDDEN_HOLDS = Duration.ofSeconds(30);
    private static final int MOST_REMEMBERED = 1000;
    private static final int LONGEST_TOKEN = 32 << 10;

    private record Question(Caller caller, String verb, String subresource) {}

    private final Client client;
    private final String nodeName;
    private final ExpiringMap<String, Optional<Caller>> callers;
    private final ExpiringMap<Question, Boolean> answers;

    ApiReviews(Client client, String nodeName, InstantSource clock) {
        this.client = client;
        this.nodeName = nodeName;
        callers = new ExpiringMap<>(MOST_REMEMBERED, clock);
        answers = new ExpiringMap<>(MOST_REMEMBERED, clock);
    }

    @Override
    public Optional<Caller> authenticate(String token) {
        if (token.length() > LONGEST_TOKEN) return Optional.empty();
        var known = callers.get(token);
        if (known.isPresent()) return known.get();
        var review = client.create(
                Resources.TOKEN_REVIEWS,
                TokenReview.builder().spec(spec -> spec.token(token)).build());
        var user = review.status().user();
        var caller = review.status().authenticated()
                ? Optional.of(new Caller(user.username(), user.uid(), List.copyOf(user.groups()), user.extra()))
                : Optional.<Caller>empty();
        callers.put(token, caller, TOKEN_HOLDS);
        return caller;
    }

    @Override
    public boolean allowed(Caller caller, String verb, String subresource) {
        var question = new Question(caller, verb, subresource);
        var known = answers.get(question);
        if (known.isPresent()) return known.get();
        var review = SubjectAccessReview.builder()
                .spec(spec -> spec.user(caller.user())
                        .uid(caller.uid())
                        .groups(caller.groups())
                        .extra(caller.extra())
                        .resourceAttributes(node -> node.verb(verb)
                                .version("v1")
                                .resource("nodes")
                                .subresource(subresource)
                                .name(nodeName)))
                .build();
        boolean allowed =
                client.create(Resources.SUBJECT_ACCESS_REVIEWS, review).status().allowed();
        answers.put(question, allowed, allowed ? ALLOWED_HOLDS : FORBIDDEN_HOLDS);
        return allowed;
    }
}
