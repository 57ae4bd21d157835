package io.navarch.kinds.customresource;

import io.navarch.expressions.Scope;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.objects.View;
import io.navarch.schema.types.Lazy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the rules of a schema see. It is made when the first is compiled, because most definitions rest for most of the
/// time, and forgotten when all are.
final class RuleScopes {
    private final View schema;
    private final boolean resource;
    private final AtomicInteger left;
    private volatile @Nullable Made made;

    private record Made(Supplier<Scope> plain, Supplier<Scope> optional) {
        static Made of(View schema, boolean resource) {
            var environment = new Lazy<>(() -> new SelfTypes().environment(schema, resource));
            return new Made(
                    new Lazy<>(() -> ExpressionRules.scope(environment.get())),
                    new Lazy<>(() -> ExpressionRules.scope(SelfTypes.optionalOld(environment.get()))));
        }
    }

    /// @param rules how many there are
    RuleScopes(View schema, boolean resource, int rules) {
        this.schema = schema;
        this.resource = resource;
        left = new AtomicInteger(rules);
    }

    /// @param optionalOld whether the rule is also evaluated where there was nothing before
    Scope of(boolean optionalOld) {
        var known = made;
        if (known == null) {
            known = Made.of(schema, resource);
            made = known;
        }
        return optionalOld ? known.optional.get() : known.plain.get();
    }

    /// One rule more needs it no longer.
    void compiled() {
        if (left.decrementAndGet() <= 0) made = null;
    }
}
