package io.navarch.apiserver.access;

import io.navarch.model.AnyObject;
import io.navarch.model.FieldSelectorRequirement;
import io.navarch.model.LabelSelectorRequirement;
import io.navarch.model.ObjectMeta;
import io.navarch.model.SubjectAccessReviewSpec;
import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.FieldErrors;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What must be right about a review of access before it is answered.
final class ReviewRules {
    private static final String RESOURCE = "spec.resourceAttributes";
    private static final String GROUP = "authorization.k8s.io";

    private final List<FieldError> errors = new FieldErrors();

    private ReviewRules() {}

    /// @throws ApiException 422 with everything that is wrong
    static void check(String kind, View review, SubjectAccessReviewSpec spec) {
        var rules = new ReviewRules();
        rules.either(spec);
        boolean local = kind.equals("LocalSubjectAccessReview");
        if (!kind.startsWith("Self") && spec.user().isEmpty() && spec.groups().isEmpty())
            rules.errors.add(FieldError.invalid("spec.user", "", "at least one of user or group must be specified"));
        rules.selectors(spec);
        rules.metadata(review, local);
        if (local) rules.local(review, spec);
        if (!rules.errors.isEmpty()) throw ApiException.invalid(GROUP, "", "", rules.errors);
    }

    private void either(SubjectAccessReviewSpec spec) {
        if (spec.hasResourceAttributes() && spec.hasNonResourceAttributes())
            errors.add(FieldError.invalid(
                    "spec.nonResourceAttributes",
                    url(spec).value(),
                    "cannot be specified in combination with resourceAttributes"));
        if (!spec.hasResourceAttributes() && !spec.hasNonResourceAttributes())
            errors.add(FieldError.invalid(
                    RESOURCE, null, "exactly one of nonResourceAttributes or resourceAttributes must be specified"));
    }

    /// The value as the original's internal type prints it.
    private static View url(SubjectAccessReviewSpec spec) {
        var url = spec.nonResourceAttributes();
        return View.of(new TreeMap<>(Map.of("Path", url.path(), "Verb", url.verb())));
    }

    private void metadata(View review, boolean local) {
        for (var field : review.metadata().map().keySet()) {
            boolean allowed = field.equals(ObjectMeta.MANAGED_FIELDS)
                    || field.equals(ObjectMeta.CREATION_TIMESTAMP)
                    || local && field.equals(ObjectMeta.NAMESPACE);
            if (allowed || !review.metadata().get(field).exists()) continue;
            errors.add(FieldError.invalid(
                    AnyObject.METADATA,
                    review.metadata().value(),
                    local ? "must be empty except for namespace" : "must be empty"));
            return;
        }
    }

    private void local(View review, SubjectAccessReviewSpec spec) {
        var namespace = spec.resourceAttributes().namespace();
        if (spec.hasResourceAttributes() && !namespace.equals(review.namespace()))
            errors.add(FieldError.invalid(RESOURCE + ".namespace", namespace, "must match metadata.namespace"));
        if (spec.hasNonResourceAttributes())
            errors.add(FieldError.invalid(
                    "spec.nonResourceAttributes", url(spec).value(), "disallowed on this kind of request"));
    }

    private void selectors(SubjectAccessReviewSpec spec) {
        var resource = spec.resourceAttributes();
        var fields = resource.fieldSelector();
        if (resource.hasFieldSelector()) {
            var path = RESOURCE + ".fieldSelector";
            one(path, fields.rawSelector(), fields.requirements());
            for (int i = 0; i < fields.requirements().size(); i++)
                field(path + ".requirements[" + i + "]", fields.requirements().get(i));
        }
        var labels = resource.labelSelector();
        if (!resource.hasLabelSelector()) return;
        var path = RESOURCE + ".labelSelector";
        one(path, labels.rawSelector(), labels.requirements());
        for (int i = 0; i < labels.requirements().size(); i++)
            label(path + ".requirements[" + i + "]", labels.requirements().get(i));
    }

    private void one(String path, String raw, List<?> requirements) {
        if (!raw.isEmpty() && !requirements.isEmpty())
            errors.add(FieldError.invalid(
                    path + ".rawSelector", raw, "may not specified at the same time as requirements"));
        if (raw.isEmpty() && requirements.isEmpty())
            errors.add(FieldError.required(
                    path + ".requirements", "when " + path + " is specified, requirements or rawSelector is required"));
    }

    private void field(String path, FieldSelectorRequirement requirement) {
        if (requirement.key().isEmpty()) errors.add(FieldError.required(path + ".key", "must be specified"));
        values(path, requirement.operator(), requirement.values());
    }

    private void label(String path, LabelSelectorRequirement requirement) {
        values(path, requirement.raw(LabelSelectorRequirement.OPERATOR).string(), requirement.values());
        for (var why : Names.qualifiedName(requirement.key()))
            errors.add(FieldError.invalid(path + ".key", requirement.key(), why));
        for (int i = 0; i < requirement.values().size(); i++)
            for (var why : Names.labelValue(requirement.values().get(i)))
                errors.add(FieldError.invalid(
                        path + ".values[" + i + "]", requirement.values().get(i), why));
    }

    /// Operators that nobody knows yet are left to whoever decides.
    private void values(String path, String operator, List<String> values) {
        switch (operator) {
            case "In", "NotIn" -> {
                if (values.isEmpty())
                    errors.add(FieldError.required(
                            path + ".values", "must be specified when `operator` is 'In' or 'NotIn'"));
            }
            case "Exists", "DoesNotExist" -> {
                if (!values.isEmpty())
                    errors.add(FieldError.forbidden(
                            path + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
            }
            default -> {}
        }
    }
}
