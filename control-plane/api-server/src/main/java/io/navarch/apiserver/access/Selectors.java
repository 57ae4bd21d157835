package io.navarch.apiserver.access;

import io.navarch.objects.FieldSelector;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.LabelSelectorParser;
import java.util.List;
import java.util.Set;

/// What a request narrows itself to, as authorizers see it: an authorizer may allow a list of a node's own pods
/// where it would not allow one of all pods. Terms that cannot be understood are left out, which only makes the
/// question wider.
///
/// @param fieldsBroken whether some of the field selector was left out
/// @param labelsBroken whether some of the label selector was left out
public record Selectors(
        List<FieldSelector.Term> fields,
        List<LabelSelector.Requirement> labels,
        boolean fieldsBroken,
        boolean labelsBroken) {
    public static final Selectors NONE = new Selectors(List.of(), List.of(), false, false);

    public static Selectors parse(String fieldSelector, String labelSelector) {
        return fieldSelector.isEmpty() && labelSelector.isEmpty()
                ? NONE
                : NONE.withFields(fieldSelector).withLabels(labelSelector);
    }

    Selectors withFields(String text) {
        try {
            return new Selectors(FieldSelector.parse(text).terms(), labels, false, labelsBroken);
        } catch (IllegalArgumentException e) {
            return new Selectors(List.of(), labels, true, labelsBroken);
        }
    }

    Selectors withLabels(String text) {
        try {
            return new Selectors(fields, LabelSelectorParser.parse(text).requirements(), fieldsBroken, false);
        } catch (IllegalArgumentException e) {
            return new Selectors(fields, List.of(), fieldsBroken, true);
        }
    }

    /// Whether only objects are wanted whose field has this value.
    boolean require(String field, String value) {
        return fields.contains(new FieldSelector.Term(field, true, value));
    }

    /// Whether only objects are wanted whose label has this value.
    boolean requireLabel(String label, String value) {
        return labels.contains(new LabelSelector.Requirement(label, LabelSelector.Operator.IN, Set.of(value)));
    }
}
