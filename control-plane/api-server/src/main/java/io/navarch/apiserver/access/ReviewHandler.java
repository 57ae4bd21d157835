package io.navarch.apiserver.access;

import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.ResourceHandler;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.model.SelfSubjectReviewStatus;
import io.navarch.model.SelfSubjectRulesReview;
import io.navarch.model.StructureBuilder;
import io.navarch.model.SubjectAccessReview;
import io.navarch.model.SubjectAccessReviewSpec;
import io.navarch.model.SubjectAccessReviewStatus;
import io.navarch.model.SubjectRulesReviewStatus;
import io.navarch.model.TokenReview;
import io.navarch.model.TokenReviewSpec;
import io.navarch.model.TokenReviewStatus;
import io.navarch.model.UserInfo;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.User;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;

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
        Trees.putIfAbsent(review, Trees.map(), TokenReview.METADATA);
        review.put(TokenReview.STATUS, status(request, View.of(review)).map());
        request.response().send(201, review);
    }

    private StructureBuilder status(ResourceRequest request, View review) {
        var user = request.user();
        return switch (request.endpoint().kind().kind()) {
            case "SelfSubjectReview" -> SelfSubjectReviewStatus.builder().userInfo(info -> describe(user, info));
            case "TokenReview" -> tokenStatus(TokenReview.of(review).spec());
            case "SelfSubjectAccessReview" ->
                accessStatus(user, SubjectAccessReview.of(review).spec());
            case "SubjectAccessReview", "LocalSubjectAccessReview" -> {
                var spec = SubjectAccessReview.of(review).spec();
                yield accessStatus(subject(spec), spec);
            }
            case "SelfSubjectRulesReview" ->
                rulesStatus(user, SelfSubjectRulesReview.of(review).spec().namespace());
            default -> throw request.endpoint().notFound("");
        };
    }

    private static void describe(User user, UserInfo.Builder info) {
        info.username(user.name());
        if (!user.uid().isEmpty()) info.uid(user.uid());
        info.groups(user.groups());
        if (!user.extra().isEmpty()) info.extra(user.extra());
    }

    private TokenReviewStatus.Builder tokenStatus(TokenReviewSpec spec) {
        var audiences = spec.audiences();
        var user = authenticator.verify(spec.token(), audiences);
        if (user.isEmpty())
            return TokenReviewStatus.builder().user(nobody -> {}).error("[invalid bearer token]");
        var status = TokenReviewStatus.builder().authenticated(true).user(info -> describe(user.get(), info));
        return audiences.isEmpty() ? status : status.audiences(audiences);
    }

    private static User subject(SubjectAccessReviewSpec spec) {
        return new User(spec.user(), spec.uid(), spec.groups(), new HashMap<>(spec.extra()));
    }

    /// @param spec what is asked; that of a review of oneself has the same fields but the user's
    private SubjectAccessReviewStatus.Builder accessStatus(User user, SubjectAccessReviewSpec spec) {
        var decision = authorizer.authorize(attributes(user, spec));
        var status = SubjectAccessReviewStatus.builder().allowed(decision.allowed());
        return decision.reason().isEmpty() ? status : status.reason(decision.reason());
    }

    private static AccessAttributes attributes(User user, SubjectAccessReviewSpec spec) {
        var resource = spec.resourceAttributes();
        if (!resource.exists()) {
            var url = spec.nonResourceAttributes();
            return AccessAttributes.ofPath(user, url.verb(), url.path());
        }
        return new AccessAttributes(
                user,
                resource.verb(),
                true,
                resource.group(),
                resource.version().isEmpty() ? "*" : resource.version(),
                resource.resource(),
                resource.subresource(),
                resource.namespace(),
                resource.name(),
                "",
                Selectors.NONE);
    }

    private SubjectRulesReviewStatus.Builder rulesStatus(User user, String namespace) {
        var status = SubjectRulesReviewStatus.builder().resourceRules(List.of()).nonResourceRules(List.of());
        for (var rule : authorizer.rules(user, namespace).rules()) {
            if (rule.urls().isEmpty()) {
                status.addResourceRules(made -> {
                    made.verbs(rule.verbs()).apiGroups(rule.groups()).resources(rule.resources());
                    if (!rule.names().isEmpty()) made.resourceNames(rule.names());
                });
            } else {
                status.addNonResourceRules(made -> made.verbs(rule.verbs()).nonResourceURLs(rule.urls()));
            }
        }
        return status.incomplete(false);
    }
}
