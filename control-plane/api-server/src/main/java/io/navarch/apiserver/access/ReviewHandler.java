package io.navarch.apiserver.access;

import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.RequestContext;
import io.navarch.apiserver.request.User;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Answers the kinds that are questions: who is this token, may this user do that.
public final class ReviewHandler {
    private final Authenticator authenticator;
    private final Authorizer authorizer;

    public ReviewHandler(Authenticator authenticator, Authorizer authorizer) {
        this.authenticator = authenticator;
        this.authorizer = authorizer;
    }

    public void serve(RequestContext context) throws IOException {
        var body = BodyDecoder.object(context, BodyDecoder.read(context));
        BodyDecoder.check(context, body);
        var review = body.tree();
        Trees.putIfAbsent(review, Trees.map(), "metadata");
        switch (context.endpoint.kind().kind()) {
            case "SelfSubjectReview" -> review.put("status", Trees.map("userInfo", userInfo(context.user)));
            case "TokenReview" ->
                review.put("status", tokenStatus(View.of(review).spec()));
            case "SelfSubjectAccessReview" ->
                review.put("status", accessStatus(context.user, View.of(review).spec()));
            case "SubjectAccessReview", "LocalSubjectAccessReview" ->
                review.put(
                        "status",
                        accessStatus(
                                subject(View.of(review).spec()), View.of(review).spec()));
            case "SelfSubjectRulesReview" ->
                review.put(
                        "status",
                        rulesStatus(
                                context.user,
                                View.of(review).spec().get("namespace").string()));
            default -> throw context.endpoint.notFound("");
        }
        context.respond(201, review);
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
        var user = authenticator.token(spec.get("token").string(), audiences);
        if (user == null) return Trees.map("user", Trees.map(), "error", "[invalid bearer token]");
        return Trees.map(
                "authenticated", true, "user", userInfo(user), "audiences", audiences.isEmpty() ? null : audiences);
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
        var resource = spec.get("resourceAttributes");
        Authorizer.Attributes attributes;
        if (resource.exists()) {
            attributes = new Authorizer.Attributes(
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
        } else {
            var url = spec.get("nonResourceAttributes");
            attributes = new Authorizer.Attributes(
                    user,
                    url.get("verb").string(),
                    false,
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    url.get("path").string());
        }
        var decision = authorizer.authorize(attributes);
        return Trees.map(
                "allowed", decision.allowed(), "reason", decision.reason().isEmpty() ? null : decision.reason());
    }

    private Map<String, Object> rulesStatus(User user, String namespace) {
        var resources = new ArrayList<Object>();
        var urls = new ArrayList<Object>();
        for (var rule : authorizer.rules(user, namespace)) {
            if (!rule.urls().isEmpty()) urls.add(Trees.map("verbs", rule.verbs(), "nonResourceURLs", rule.urls()));
            else {
                resources.add(Trees.map(
                        "verbs",
                        rule.verbs(),
                        "apiGroups",
                        rule.groups(),
                        "resources",
                        rule.resources(),
                        "resourceNames",
                        rule.names().isEmpty() ? null : rule.names()));
            }
        }
        return Trees.map("resourceRules", resources, "nonResourceRules", urls, "incomplete", false);
    }
}
