package io.navarch.apiserver.access;

import io.navarch.model.FieldSelectorAttributes;
import io.navarch.model.LabelSelectorAttributes;
import io.navarch.model.ResourceAttributes;
import io.navarch.model.SubjectAccessReviewSpec;
import io.navarch.objects.FieldSelector;
import io.navarch.objects.LabelSelector;
import io.navarch.schema.admission.User;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;

/// What a review of access asks.
final class AccessQuestion {
    private AccessQuestion() {}

    /// Whom it asks about.
    static User subject(SubjectAccessReviewSpec spec) {
        return new User(spec.user(), spec.uid(), spec.groups(), new HashMap<>(spec.extra()));
    }

    static AccessAttributes of(User user, SubjectAccessReviewSpec spec) {
        if (!spec.hasResourceAttributes()) {
            var url = spec.nonResourceAttributes();
            return AccessAttributes.ofPath(user, url.verb(), url.path());
        }
        var resource = spec.resourceAttributes();
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
                selectors(resource));
    }

    private static Selectors selectors(ResourceAttributes resource) {
        var result = Selectors.NONE;
        var labels = resource.labelSelector();
        if (!labels.rawSelector().isEmpty()) result = result.withLabels(labels.rawSelector());
        if (!labels.requirements().isEmpty()) result = labels(result, labels);
        var fields = resource.fieldSelector();
        if (!fields.rawSelector().isEmpty()) result = result.withFields(fields.rawSelector());
        if (!fields.requirements().isEmpty()) result = fields(result, fields);
        return result;
    }

    private static Selectors labels(Selectors before, LabelSelectorAttributes selector) {
        var terms = new ArrayList<LabelSelector.Requirement>();
        boolean broken = false;
        for (var each : selector.requirements()) {
            var operator = switch (each.operator()) {
                case IN -> LabelSelector.Operator.IN;
                case NOT_IN -> LabelSelector.Operator.NOT_IN;
                case EXISTS -> LabelSelector.Operator.EXISTS;
                case DOES_NOT_EXIST -> LabelSelector.Operator.DOES_NOT_EXIST;
                case UNSET, UNRECOGNIZED -> null;
            };
            if (operator == null) broken = true;
            else terms.add(new LabelSelector.Requirement(each.key(), operator, new LinkedHashSet<>(each.values())));
        }
        return new Selectors(before.fields(), terms, before.fieldsBroken(), broken);
    }

    private static Selectors fields(Selectors before, FieldSelectorAttributes selector) {
        var terms = new ArrayList<FieldSelector.Term>();
        boolean broken = false;
        for (var each : selector.requirements()) {
            boolean equal = each.operator().equals("In");
            boolean known =
                    (equal || each.operator().equals("NotIn")) && each.values().size() == 1;
            if (known)
                terms.add(
                        new FieldSelector.Term(each.key(), equal, each.values().getFirst()));
            else broken = true;
        }
        return new Selectors(terms, before.labels(), broken, before.labelsBroken());
    }

    /// What of the question was left out because it could not be understood.
    static String ignored(Selectors selectors) {
        var result = new ArrayList<String>();
        if (selectors.fieldsBroken()) result.add(ignored("fieldSelector", selectors.fields()));
        if (selectors.labelsBroken()) result.add(ignored("labelSelector", selectors.labels()));
        return String.join("; ", result);
    }

    private static String ignored(String selector, List<?> understood) {
        return "spec.resourceAttributes." + selector + (understood.isEmpty() ? "" : " partially")
                + " ignored due to parse error";
    }
}
