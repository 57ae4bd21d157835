package io.navarch.apiserver.access;

import io.navarch.apiserver.admission.AskedAdmission;
import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.ResourceHandler;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.model.SelfSubjectReviewStatus;
import io.navarch.model.SelfSubjectRulesReview;
import io.navarch.model.StructureBuilder;
import io.navarch.model.SubjectAccessReview;
import io.navarch.model.SubjectAccessReviewStatus;
import io.navarch.model.SubjectRulesReviewStatus;
import io.navarch.model.TokenReview;
import io.navarch.model.TokenReviewSpec;
import io.navarch.model.TokenReviewStatus;
import io.navarch.model.UserInfo;
import io.navarch.objects.ApiException;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.User;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Answers the kinds that are questions: whose is this token, may this user do that.
public final class ReviewHandler implements ResourceHandler {
    private static final String LOCAL = "LocalSubjectAccessReview";

    private final Authenticator authenticator;
    private final Authorizer authorizer;
    private final AskedAdmission asked;
    private final InstantSource clock;

    public ReviewHandler(
            Authenticator authenticator, Authorizer authorizer, AskedAdmission asked, InstantSource clock) {
        this.authenticator = authenticator;
        this.authorizer = authorizer;
        this.asked = asked;
        this.clock = clock;
    }

    @Override
    public void serve(ResourceRequest request) throws IOException {
        var review = BodyDecoder.object(request);
        Trees.putIfAbsent(review, Trees.map(), TokenReview.METADATA);
        if (request.endpoint().kind().kind().equals(LOCAL))
            settleNamespace(request.info().namespace(), review);
        review = asked.created(request, review);
        var status = status(request, review);
        review.put(TokenReview.STATUS, status.map());
        request.response().send(201, review);
    }

    private StructureBuilder status(ResourceRequest request, Map<String, Object> tree) {
        var user = request.user();
        var review = View.of(tree);
        var kind = request.endpoint().kind().kind();
        return switch (kind) {
            case "SelfSubjectReview" -> {
                tree.put(
                        AnyObject.METADATA,
                        Trees.map(ObjectMeta.CREATION_TIMESTAMP, Timestamps.seconds(clock.instant())));
                yield SelfSubjectReviewStatus.builder().userInfo(info -> describe(user, info));
            }
            case "TokenReview" -> tokenStatus(TokenReview.of(review).spec());
            case "SelfSubjectAccessReview", "SubjectAccessReview", LOCAL -> accessStatus(request, kind, review);
            case "SelfSubjectRulesReview" -> {
                var namespace = SelfSubjectRulesReview.of(review).spec().namespace();
                if (namespace.isEmpty()) throw ApiException.badRequest("no namespace on request");
                tree.put(AnyObject.METADATA, Trees.map());
                tree.put(SelfSubjectRulesReview.SPEC, Trees.map());
                yield rulesStatus(user, namespace);
            }
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
        if (spec.token().isEmpty())
            throw ApiException.badRequest("token is required for TokenReview in authentication");
        var found = authenticator.review(spec.token(), spec.audiences());
        if (found.isEmpty())
            return TokenReviewStatus.builder()
                    .user(nobody -> {})
                    .error(authenticator.refusal(spec.token(), spec.audiences()));
        var status = TokenReviewStatus.builder()
                .authenticated(true)
                .user(info -> describe(found.get().user(), info));
        return status.audiences(found.get().audiences());
    }

    private SubjectAccessReviewStatus.Builder accessStatus(ResourceRequest request, String kind, View review) {
        // A review of oneself has the same fields but the user's.
        var spec = SubjectAccessReview.of(review).spec();
        ReviewRules.check(kind, review, spec);
        var user = kind.startsWith("Self") ? request.user() : AccessQuestion.subject(spec);
        var question = AccessQuestion.of(user, spec);
        var decision = authorizer.authorize(question);
        var status = SubjectAccessReviewStatus.builder().allowed(decision.allowed());
        if (decision.verdict() == Authorizer.Verdict.DENY) status.denied(true);
        if (!decision.reason().isEmpty()) status.reason(decision.reason());
        var errors = Stream.of(decision.error(), AccessQuestion.ignored(question.selectors()))
                .filter(error -> !error.isEmpty())
                .toList();
        return errors.isEmpty() ? status : status.evaluationError(String.join("; ", errors));
    }

    /// Whoever may ask about one namespace may not ask about others. One that is not named is the one of the call.
    private static void settleNamespace(String called, Map<String, Object> review) {
        var named = View.of(review).namespace();
        if (named.isEmpty()) Trees.put(review, called, AnyObject.METADATA, ObjectMeta.NAMESPACE);
        else if (!called.equals(named))
            throw ApiException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
    }

    private SubjectRulesReviewStatus.Builder rulesStatus(User user, String namespace) {
        var status = SubjectRulesReviewStatus.builder().resourceRules(List.of()).nonResourceRules(List.of());
        var found = authorizer.rules(user, namespace);
        for (var rule : found.rules()) {
            if (!rule.resources().isEmpty())
                status.addResourceRules(made -> {
                    made.verbs(rule.verbs()).apiGroups(rule.groups()).resources(rule.resources());
                    if (!rule.names().isEmpty()) made.resourceNames(rule.names());
                });
            if (!rule.urls().isEmpty())
                status.addNonResourceRules(made -> made.verbs(rule.verbs()).nonResourceURLs(rule.urls()));
        }
        status.incomplete(found.incomplete());
        return found.error().isEmpty() ? status : status.evaluationError(found.error());
    }
}
