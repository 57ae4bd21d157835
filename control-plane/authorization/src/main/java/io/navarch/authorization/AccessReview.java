package io.navarch.authorization;

import io.navarch.apiserver.access.AccessAttributes;
import io.navarch.apiserver.access.Selectors;
import io.navarch.model.LabelSelectorOperator;
import io.navarch.model.ResourceAttributes;
import io.navarch.model.SubjectAccessReview;
import io.navarch.model.SubjectAccessReviewSpec;
import io.navarch.objects.LabelSelector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A call as a question to somebody else: a SubjectAccessReview.
final class AccessReview {
    /// How groups are named in `v1beta1`.
    private static final String OLD_GROUPS = "group";

    /// Of the texts of a question, those that are there.
    private final boolean whole;

    /// @param whole whether empty texts and lists are there, as conditions want them
    private AccessReview(boolean whole) {
        this.whole = whole;
    }

    /// @param version `v1` or `v1beta1`, which names groups otherwise
    static Map<String, Object> of(AccessAttributes call, String version) {
        var spec = spec(call);
        var groups = spec.remove(SubjectAccessReviewSpec.GROUPS);
        if (groups != null) spec.put(version.equals("v1beta1") ? OLD_GROUPS : SubjectAccessReviewSpec.GROUPS, groups);
        var review = SubjectAccessReview.builder()
                .apiVersion("authorization.k8s.io/" + version)
                .kind("SubjectAccessReview")
                .metadata(metadata -> {})
                .status(status -> status.allowed(false))
                .map();
        review.put(SubjectAccessReview.SPEC, spec);
        return review;
    }

    /// What tells one question from another.
    static Map<String, Object> spec(AccessAttributes call) {
        return new AccessReview(false).tree(call);
    }

    /// The call as conditions see it.
    static Map<String, Object> variable(AccessAttributes call) {
        return new AccessReview(true).tree(call);
    }

    private Map<String, Object> tree(AccessAttributes call) {
        var spec = SubjectAccessReviewSpec.builder();
        if (call.resource()) spec.resourceAttributes(resource -> describe(call, resource));
        else
            spec.nonResourceAttributes(url -> {
                text(call.path(), url::path);
                text(call.verb(), url::verb);
            });
        var user = call.user();
        text(user.name(), spec::user);
        text(user.uid(), spec::uid);
        if (whole || !user.groups().isEmpty()) spec.groups(List.copyOf(user.groups()));
        if (whole || !user.extra().isEmpty()) spec.extra(user.extra());
        return spec.map();
    }

    private void text(String value, Consumer<String> field) {
        if (whole || !value.isEmpty()) field.accept(value);
    }

    private void describe(AccessAttributes call, ResourceAttributes.Builder resource) {
        text(call.namespace(), resource::namespace);
        text(call.verb(), resource::verb);
        text(call.group(), resource::group);
        text(call.version(), resource::version);
        text(call.kindPlural(), resource::resource);
        text(call.subresource(), resource::subresource);
        text(call.name(), resource::name);
        fields(call.selectors(), resource);
        labels(call.selectors(), resource);
    }

    private static void fields(Selectors selectors, ResourceAttributes.Builder resource) {
        if (selectors.fields().isEmpty()) return;
        resource.fieldSelector(selector -> {
            for (var term : selectors.fields())
                selector.addRequirements(requirement -> requirement
                        .key(term.path())
                        .operator(term.equal() ? "In" : "NotIn")
                        .values(List.of(term.value())));
        });
    }

    private void labels(Selectors selectors, ResourceAttributes.Builder resource) {
        // What cannot be told only makes the question wider.
        var told = selectors.labels().stream()
                .filter(each -> operator(each.operator()).isPresent())
                .toList();
        if (told.isEmpty()) return;
        resource.labelSelector(selector -> {
            for (var each : told)
                selector.addRequirements(requirement -> {
                    requirement
                            .key(each.key())
                            .operator(operator(each.operator()).orElseThrow());
                    if (whole || !each.values().isEmpty()) requirement.values(List.copyOf(each.values()));
                });
        });
    }

    private static Optional<LabelSelectorOperator> operator(LabelSelector.Operator operator) {
        return switch (operator) {
            case IN -> Optional.of(LabelSelectorOperator.IN);
            case NOT_IN -> Optional.of(LabelSelectorOperator.NOT_IN);
            case EXISTS -> Optional.of(LabelSelectorOperator.EXISTS);
            case DOES_NOT_EXIST -> Optional.of(LabelSelectorOperator.DOES_NOT_EXIST);
            case GREATER, LESS -> Optional.empty();
        };
    }
}
