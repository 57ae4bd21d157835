package io.navarch.kinds.customresource;

import io.navarch.expressions.Scope;
import io.navarch.expressions.estimate.Range;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The rules of a schema that are written as expressions. They are compiled last: only where the schema is
/// sound is it known what they speak of.
final class ValidationRules {
    private static final List<String> REASONS =
            List.of("FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired");
    private static final Pattern OLD_SELF = Pattern.compile("\\boldSelf\\b");

    private final ExpressionRules expressions;
    private final Check check;
    private final RuleCosts costs;
    private final List<Runnable> later = new ArrayList<>();

    ValidationRules(ExpressionRules expressions, RuleCosts costs) {
        this.expressions = expressions;
        this.costs = costs;
        check = expressions.errors();
    }

    /// @param root whether this is the schema of the whole object
    /// @param sound whether the schema is, so that its rules can be compiled
    /// @param uncorrelated see [CustomSchemaRules]
    /// @param times how often such values can be there at most, as a number without a sign; none if nobody says
    void check(View schema, String path, boolean root, boolean sound, String uncorrelated, Optional<Long> times) {
        int before = check.errors().size();
        var rules = schema.get("x-kubernetes-validations").views();
        Check.each(rules, path + ".x-kubernetes-validations", (rule, at) -> {
            text(rule, at);
            fieldPath(rule.get("fieldPath").string(), schema, at + ".fieldPath");
        });
        if (!sound || check.errors().size() > before) return;
        boolean resource = root || schema.get("x-kubernetes-embedded-resource").bool();
        later.add(() -> {
            if (rules.isEmpty()) return;
            var scopes = new RuleScopes(schema, resource, rules.size());
            var sizes = new SelfSizes(schema, resource);
            Check.each(
                    rules,
                    path + ".x-kubernetes-validations",
                    (rule, at) -> expression(rule, scopes, sizes, times.orElseGet(sizes::mostTimes), at, uncorrelated));
        });
    }

    /// Compiles what there was to compile.
    void compile() {
        later.forEach(Runnable::run);
    }

    private static boolean manyLines(String text) {
        return text.contains("\n") || text.contains("\r");
    }

    private void text(View rule, String at) {
        var text = rule.get("rule").string().strip();
        var message = rule.get("message").string();
        if (text.isEmpty()) check.missing(at + ".rule", "rule is not specified");
        else if (!message.isEmpty() && message.isBlank())
            check.invalid(at + ".message", message, "must be non-empty if specified");
        else if (manyLines(message.strip())) check.invalid(at + ".message", message, "must not contain line breaks");
        else if (manyLines(text) && message.isBlank())
            check.missing(at + ".message", "message must be specified if rule contains line breaks");
        var expression = rule.get("messageExpression").string();
        if (!expression.isEmpty() && expression.isBlank())
            check.missing(at + ".messageExpression", "messageExpression must be non-empty if specified");
        var reason = rule.get("reason");
        if (reason.exists() && !REASONS.contains(reason.string()))
            check.add(FieldError.notSupported(at + ".reason", reason.string(), REASONS));
    }

    private void fieldPath(String path, View schema, String at) {
        if (path.isEmpty()) return;
        if (path.isBlank()) check.invalid(at, path, "must be non-empty if specified");
        if (manyLines(path)) check.invalid(at, path, "must not contain line breaks");
        if (StructuralRules.unreadable(schema).isEmpty()
                && SchemaPath.find(path, schema, true).wrong() != null) check.invalid(at, path, "must be a valid path");
    }

    private void expression(View rule, RuleScopes seen, SelfSizes sizes, long times, String at, String uncorrelated) {
        var shown = shown(rule);
        var scope = seen.of(rule.get("optionalOldSelf").bool());
        long cost = cost(rule.get("rule").string(), scope, sizes);
        costs.observe("estimated rule cost", at + ".rule", Range.times(cost, times));
        int before = check.errors().size();
        expressions.check(rule.get("rule"), at + ".rule", shown, "cel expression must evaluate to a bool", scope);
        boolean right = check.errors().size() == before;
        var message = rule.get("messageExpression");
        if (!message.string().isEmpty() && right) {
            var texts = scope.comingTo("string");
            var path = at + ".messageExpression";
            expressions.check(
                    message, path, shown, "messageExpression must evaluate to a string", "messageExpression", texts);
            costs.observe("estimated messageExpression cost", path, cost(message.string(), texts, sizes));
        }
        var text = rule.get("rule").string();
        if (right && OLD_SELF.matcher(text).find()) {
            if (!uncorrelated.isEmpty())
                check.invalid(
                        at + ".rule",
                        text,
                        "oldSelf cannot be used on the uncorrelatable portion of the schema within " + uncorrelated);
        } else if (rule.get("optionalOldSelf").exists()) {
            check.invalid(
                    at + ".optionalOldSelf",
                    rule.get("optionalOldSelf").value(),
                    "may not be set if oldSelf is not used in rule");
        }
    }

    private static long cost(String expression, Scope scope, SelfSizes sizes) {
        return scope.estimate(expression, sizes).most();
    }

    /// A rule as errors show it.
    private static Map<String, @Nullable Object> shown(View rule) {
        var shown = new LinkedHashMap<String, @Nullable Object>();
        shown.put("Rule", rule.get("rule").string());
        shown.put("Message", rule.get("message").string());
        shown.put("MessageExpression", rule.get("messageExpression").string());
        shown.put("Reason", rule.get("reason").value());
        shown.put("FieldPath", rule.get("fieldPath").string());
        shown.put("OptionalOldSelf", rule.get("optionalOldSelf").value());
        return shown;
    }
}
