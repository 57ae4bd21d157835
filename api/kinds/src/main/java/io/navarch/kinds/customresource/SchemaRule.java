package io.navarch.kinds.customresource;

import io.navarch.expressions.Program;
import io.navarch.expressions.Scope;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One rule of a schema.
final class SchemaRule {
    /// @param error why it cannot be evaluated, or `""`
    record Compiled(@Nullable Program rule, @Nullable Program message, boolean old, String error) {}

    private final View declared;
    private final RuleScopes scopes;
    private final String fieldPath;
    private volatile @Nullable Compiled compiled;

    SchemaRule(View declared, View schema, RuleScopes scopes) {
        this.declared = declared;
        this.scopes = scopes;
        fieldPath = fieldPath(declared.get("fieldPath").string(), schema);
    }

    private static String fieldPath(String path, View schema) {
        if (path.isBlank()) return "";
        var found = SchemaPath.find(path, schema, true);
        if (found.wrong() != null) return "";
        var result = "";
        var at = schema;
        for (var step : found.steps()) {
            var properties = at.get("properties").map();
            boolean named = !properties.isEmpty();
            result = named ? FieldError.join(result, step) : FieldError.entry(result, step);
            at = named ? View.of(properties.get(step)) : at.get("additionalProperties");
        }
        return result;
    }

    /// Of what an error is told, below the value that the rule is about.
    String fieldPath() {
        return fieldPath;
    }

    boolean optionalOld() {
        return declared.get("optionalOldSelf").bool();
    }

    Optional<String> reason() {
        return Optional.of(declared.get("reason").string()).filter(reason -> !reason.isEmpty());
    }

    String messageExpression() {
        return declared.get("messageExpression").string();
    }

    /// The rule as errors speak of it.
    String shown() {
        var message = declared.get("message").string();
        return (message.isEmpty() ? declared.get("rule").string() : message).strip();
    }

    String message() {
        var message = declared.get("message").string();
        return message.isEmpty() ? "failed rule: " + shown() : message.strip();
    }

    Compiled compiled() {
        var known = compiled;
        if (known == null) {
            known = compile();
            compiled = known;
            scopes.compiled();
        }
        return known;
    }

    private Compiled compile() {
        var seen = scopes.of(optionalOld());
        try {
            var rule = seen.program(declared.get("rule").string());
            return new Compiled(rule, message(seen), rule.uses("oldSelf"), "");
        } catch (IllegalArgumentException e) {
            return new Compiled(null, null, false, String.valueOf(e.getMessage()));
        }
    }

    /// A message that has become wrong is not told; the rule still holds.
    private @Nullable Program message(Scope seen) {
        if (messageExpression().isEmpty()) return null;
        try {
            return seen.comingTo("string").program(messageExpression());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
