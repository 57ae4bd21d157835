package io.navarch.kinds.customresource;

import io.navarch.expressions.Program;
import io.navarch.expressions.value.Steps;
import io.navarch.objects.FieldError;
import io.navarch.objects.FieldErrors;
import io.navarch.objects.GoText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Checks one object by the rules of its schema, as long as its budget lasts. What was wrong before and has
/// not changed is only told.
final class RuleCheck {
    private static final long BUDGET = 10_000_000;
    /// How many may take as much as one may, beside what they cost.
    private static final int EVALUATIONS = 10;

    private static final int LONGEST_MESSAGE = 5 * 1024;
    private static final String OUT_OF_BUDGET =
            "validation failed due to running out of cost budget, no further validation rules will be run";

    /// The rest is not checked any more.
    private static final class Exhausted extends RuntimeException {
        Exhausted() {
            super("", null, false, false);
        }
    }

    /// @param now what is here, if it was here before as well
    /// @param around the nearest part around it that was
    private record Ratchet(
            @Nullable Correlation now, @Nullable Correlation around) {
        static final Ratchet NONE = new Ratchet(null, null);

        boolean unchanged() {
            if (now != null) return now.equal();
            return around != null && around.equal();
        }

        Ratchet field(String name) {
            if (now == null) return this;
            // Both were brought into the same version: whether these have changed is not to be seen.
            if (around == null && (name.equals("apiVersion") || name.equals("kind"))) return NONE;
            return new Ratchet(now.field(name), now);
        }

        Ratchet element(int index) {
            return now == null ? this : new Ratchet(now.element(index), now);
        }
    }

    private final FieldErrors errors = new FieldErrors();
    private final List<String> warnings = new ArrayList<>();
    private long budget = BUDGET;
    private final Steps steps = new Steps(EVALUATIONS);

    void check(RuleNode root, Object object, @Nullable Object old) {
        var ratchet = old == null ? Ratchet.NONE : new Ratchet(new Correlation(object, old, root.schema()), null);
        try {
            node(root, "", object, old, ratchet);
        } catch (Exhausted e) {
            // The last error says so.
        }
    }

    List<FieldError> errors() {
        return errors;
    }

    List<String> warnings() {
        return warnings;
    }

    private void node(RuleNode node, String path, @Nullable Object value, @Nullable Object old, Ratchet ratchet) {
        if (value == null) return;
        if (!node.rules().isEmpty()) rules(node, path, value, old, ratchet);
        switch (value) {
            case List<?> list -> {
                var items = node.items();
                if (items == null) return;
                var before = new Correlation(value, old == null ? List.of() : old, node.schema());
                for (int i = 0; i < list.size(); i++) {
                    var element = list.get(i);
                    if (element == null) continue;
                    var then = before.old(element);
                    node(items, FieldError.element(path, i), element, then, ratchet.element(i));
                }
            }
            case Map<?, ?> map -> {
                var before = old instanceof Map<?, ?> then ? then : Map.of();
                for (var entry : map.entrySet()) {
                    var name = String.valueOf(entry.getKey());
                    var then = before.get(name);
                    if (node.additional() != null)
                        node(
                                node.additional(),
                                FieldError.entry(path, name),
                                entry.getValue(),
                                then,
                                ratchet.field(name));
                    var property = node.properties().get(name);
                    if (property != null)
                        node(property, FieldError.join(path, name), entry.getValue(), then, ratchet.field(name));
                }
            }
            default -> {}
        }
    }

    private void rules(RuleNode node, String path, Object value, @Nullable Object old, Ratchet ratchet) {
        if (budget <= 0) throw exhausted(path, node, OUT_OF_BUDGET);
        var self = node.shape().value(value);
        var before = old == null ? null : node.shape().value(old);
        for (var rule : node.rules()) rule(rule, node, path, value, self, before, ratchet);
    }

    private void rule(
            SchemaRule rule,
            RuleNode node,
            String path,
            Object value,
            Object self,
            @Nullable Object before,
            Ratchet ratchet) {
        var compiled = rule.compiled();
        if (compiled.rule() == null) {
            errors.add(FieldError.invalid(shown(path), node.type(), "rule compile error: " + compiled.error()));
            return;
        }
        if (compiled.old() && before == null && !rule.optionalOld()) return;
        var variables = new HashMap<String, Object>();
        variables.put("self", self);
        if (rule.optionalOld()) variables.put("oldSelf", Optional.ofNullable(before));
        else if (before != null) variables.put("oldSelf", before);
        if (holds(rule, compiled.rule(), variables, node, path)) return;
        var at = rule.fieldPath().isEmpty() ? shown(path) : join(path, rule.fieldPath());
        boolean told = !compiled.old() && ratchet.unchanged();
        var message = compiled.message();
        var detail = message == null
                ? rule.message()
                : message(rule, message, variables, node, at, told).orElse(rule.message());
        boolean structure = value instanceof Map || value instanceof List;
        add(
                told,
                switch (rule.reason().orElse("")) {
                    case "FieldValueForbidden" -> FieldError.forbidden(at, detail);
                    case "FieldValueRequired" -> FieldError.required(at, detail);
                    case "FieldValueDuplicate" ->
                        structure
                                ? new FieldError(FieldError.Type.DUPLICATE, at, null, "")
                                : FieldError.duplicate(at, value);
                    default -> structure ? FieldError.invalid(at, detail) : FieldError.invalid(at, value, detail);
                });
    }

    private void add(boolean told, FieldError error) {
        if (told) warnings.add(error.toString());
        else errors.add(error);
    }

    /// Whether a rule holds; what keeps it from being evaluated is an error, and no other is told of it.
    private boolean holds(SchemaRule rule, Program program, Map<String, Object> variables, RuleNode node, String path) {
        try {
            var result = program.evaluate(variables, Program.PER_CALL_LIMIT, steps);
            spend(result.cost(), node, path);
            return Boolean.TRUE.equals(result.value());
        } catch (Program.EvaluationException e) {
            spend(e.cost(), node, path);
            var why = String.valueOf(e.getMessage());
            if (e.exceeded())
                throw exhausted(
                        path,
                        node,
                        "'" + why + "': no further validation rules will be run due to call cost exceeds limit for"
                                + " rule: " + rule.shown());
            errors.add(FieldError.invalid(
                    shown(path),
                    node.type(),
                    why.startsWith("no such overload")
                            ? "'" + why + "': call arguments did not match a supported operator, function or macro"
                                    + " signature for rule: " + rule.shown()
                            : why + " evaluating rule: " + rule.shown()));
            return true;
        }
    }

    private void spend(long cost, RuleNode node, String path) {
        if (cost > budget) throw exhausted(path, node, OUT_OF_BUDGET);
        budget -= cost;
    }

    private Exhausted exhausted(String path, RuleNode node, String detail) {
        errors.add(FieldError.invalid(shown(path), node.type(), detail));
        return new Exhausted();
    }

    /// What a message comes to; empty when it cannot be used.
    private Optional<String> message(
            SchemaRule rule, Program program, Map<String, Object> variables, RuleNode node, String at, boolean told) {
        Object value;
        try {
            var result = program.evaluate(variables, Program.PER_CALL_LIMIT, steps);
            if (result.cost() > budget)
                throw unspoken(
                        node,
                        at,
                        told,
                        "messageExpression evaluation failed due to running out of cost budget, no further validation"
                                + " rules will be run");
            budget -= result.cost();
            value = result.value();
        } catch (Program.EvaluationException e) {
            if (e.exceeded())
                throw unspoken(
                        node,
                        at,
                        told,
                        "no further validation rules will be run due to call cost exceeds limit for"
                                + " messageExpression: " + GoText.quoted(rule.messageExpression()));
            budget -= Math.min(budget, e.cost());
            return Optional.empty();
        }
        if (!(value instanceof String text)) return Optional.empty();
        var stripped = text.strip();
        boolean usable = !stripped.isEmpty() && stripped.length() <= LONGEST_MESSAGE && !stripped.contains("\n");
        return usable ? Optional.of(stripped) : Optional.empty();
    }

    private Exhausted unspoken(RuleNode node, String at, boolean told, String detail) {
        add(told, FieldError.invalid(at, node.type(), detail));
        return new Exhausted();
    }

    /// Go shows the path of the whole like that.
    private static String shown(String path) {
        return path.isEmpty() ? "<nil>" : path;
    }

    private static String join(String path, String below) {
        return path.isEmpty() ? below : path + "." + below;
    }
}
