package io.navarch.kinds.support;

import io.navarch.expressions.CelEnvironment;
import io.navarch.expressions.Expressions;
import io.navarch.expressions.Scope;
import io.navarch.objects.FieldError;
import io.navarch.objects.Lens;
import io.navarch.objects.View;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks expressions that an object brings. What was stored before is not compiled again: it stays valid,
/// whatever later versions think of it.
public final class ExpressionRules {
    /// Made when the first expression is seen; most servers see none while they start.
    private static final class Compiler {
        static final Expressions EXPRESSIONS = new Expressions();
    }

    /// What expressions of any kind can say with some variables.
    public static Scope scope(CelEnvironment environment) {
        return Compiler.EXPRESSIONS.scope(environment);
    }

    private static final String OTHER_TYPE = "must evaluate to ";

    private final Check check;
    private final Set<String> known = new HashSet<>();

    /// @param old the object before; its texts are taken as they are
    public ExpressionRules(Lens old, Check check) {
        this.check = check;
        collect(old.tree());
    }

    private void collect(@Nullable Object tree) {
        switch (tree) {
            case Map<?, ?> map -> map.values().forEach(this::collect);
            case List<?> list -> list.forEach(this::collect);
            case String text -> known.add(text);
            case null, default -> {}
        }
    }

    /// Checks an expression that must be there.
    ///
    /// @return the type it comes to, `dyn` when it cannot be told
    public String check(View expression, String path, Scope scope) {
        return check(expression, path, expression.string(), "", scope);
    }

    /// As [#check(View, String, Scope)], where an error shows something else than the expression.
    ///
    /// @param otherType what is said of one that comes to another type, or `""` for the usual
    public String check(View expression, String path, Object shown, String otherType, Scope scope) {
        if (expression.string().isBlank()) {
            check.add(FieldError.required(path));
            return "dyn";
        }
        return compiled(expression, path, shown, otherType, "", scope);
    }

    /// Checks an expression that may be empty, which is an error as any other.
    public void compiled(View expression, String path, Scope scope) {
        compiled(expression, path, expression.string(), "", "", scope);
    }

    /// As [#check(View, String, Object, String, Scope)], for an expression that errors call by a name.
    public void check(View expression, String path, Object shown, String otherType, String subject, Scope scope) {
        compiled(expression, path, shown, otherType, subject + " ", scope);
    }

    private String compiled(View expression, String path, Object shown, String otherType, String subject, Scope scope) {
        var text = expression.string();
        var outcome = scope.compile(text);
        if (!outcome.error().isEmpty() && !known.contains(text))
            check.add(FieldError.invalid(
                    path,
                    shown,
                    otherType.isEmpty() || !outcome.error().startsWith(OTHER_TYPE)
                            ? subject
                                    + (subject.isEmpty()
                                            ? outcome.error()
                                            : outcome.error().replaceFirst("^program ", ""))
                            : otherType));
        return outcome.type();
    }

    public Check errors() {
        return check;
    }
}
