package io.navarch.apiserver.access;

import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.ResourceHandler;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.User;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Answers the kinds that are questions: whose is this token, may this user do that.
public final class ReviewHandler implements ResourceHandler {
    private final Authenticator authenticator;
    private final Authorizer authorizer;

    public ReviewHandler(Authenticator authenticator, Authorizer authorizer) {
        this.authenticator = authenticator;
        this.authorizer = authorizer;
    }

    @Override
    public void serve(ResourceRequest request) throws IOException {
        var review = BodyDecoder.object(request);
        Trees.putIfAbsent(review, Trees.map(), "metadata");
        review.put("status", status(request, View.of(review).spec()));
        request.response().send(201, review);
    }

    private Map<String, Object> status(ResourceRequest request, View spec) {
        var user = request.user();
        return switch (request.endpoint().kind().kind()) {
            case "SelfSubjectReview" -> Trees.map("userInfo", userInfo(user));
            case "TokenReview" -> tokenStatus(spec);
            case "SelfSubjectAccessReview" -> accessStatus(user, spec);
            case "SubjectAccessReview", "LocalSubjectAccessReview" -> accessStatus(subject(spec), spec);
            case "SelfSubjectRulesReview" ->
                rulesStatus(user, spec.get("namespace").string());
            default -> throw request.endpoint().notFound("");
        };
    }

    private static Map<String, Object> userInfo(User user) {
        return Trees.map(
                "username",
                user.name(),
                "uid",
                user.uid().isEmpty() ? null : user.uid(),
                "groups",
                user.groups(),
                "extra",
                user.extra().isEmpty() ? null : user.extra());
    }

    private Map<String, Object> tokenStatus(View spec) {
        var audiences = spec.get("audiences").strings();
        return authenticator
                .verify(spec.get("token").string(), audiences)
                .map(user -> Trees.map(
                        "authenticated",
                        true,
                        "user",
                        userInfo(user),
                        "audiences",
                        audiences.isEmpty() ? null : audiences))
                .orElseGet(() -> Trees.map("user", Trees.map(), "error", "[invalid bearer token]"));
    }

    private static User subject(View spec) {
        var extra = new HashMap<String, List<String>>();
        spec.get("extra")
                .map()
                .forEach((key, value) -> extra.put(key, View.of(value).strings()));
        return new User(
                spec.get("user").string(),
                spec.get("uid").string(),
                spec.get("groups").strings(),
                extra);
    }

    private Map<String, Object> accessStatus(User user, View spec) {
        var decision = authorizer.authorize(attributes(user, spec));
        return Trees.map(
                "allowed", decision.allowed(), "reason", decision.reason().isEmpty() ? null : decision.reason());
    }

    private static AccessAttributes attributes(User user, View spec) {
        var resource = spec.get("resourceAttributes");
        if (!resource.exists()) {
            var url = spec.get("nonResourceAttributes");
            return AccessAttributes.ofPath(
                    user, url.get("verb").string(), url.get("path").string());
        }
        return new AccessAttributes(
                user,
                resource.get("verb").string(),
                true,
                resource.get("group").string(),
                resource.get("version").string(),
                resource.get("resource").string(),
                resource.get("subresource").string(),
                resource.get("namespace").string(),
                resource.get("name").string(),
                "");
    }

    private Map<String, Object> rulesStatus(User user, String namespace) {
        var resources = new ArrayList<Object>();
        var urls = new ArrayList<Object>();
        for (var rule : authorizer.rules(user, namespace)) {
            if (rule.urls().isEmpty()) resources.add(resourceRule(rule));
            else urls.add(Trees.map("verbs", rule.verbs(), "nonResourceURLs", rule.urls()));
        }
        return Trees.map("resourceRules", resources, "nonResourceRules", urls, "incomplete", false);
    }

    private static Map<String, Object> resourceRule(PolicyRule rule) {
        return Trees.map(
                "verbs", rule.verbs(),
                "apiGroups", rule.groups(),
                "resources", rule.resources(),
                "resourceNames", rule.names().isEmpty() ? null : rule.names());
    }
}
