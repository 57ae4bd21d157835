package io.navarch.expressions;

import io.navarch.expressions.estimate.Range;
import io.navarch.expressions.estimate.Sizes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Compiles CEL expressions as Kubernetes does, to tell what is wrong with one before it is stored, and makes
/// them ready to be evaluated.
///
/// Source: https://kubernetes.io/docs/reference/using-api/cel/
public final class Expressions {
    private static final int MOST_FIXED = 64;

    private final Compiler compiler = new Compiler();
    /// What compiles expressions that see what Kubernetes itself says they see; of those there are few.
    private final Map<CelEnvironment, Scope> fixed = new ConcurrentHashMap<>();

    /// What can be said with some variables. Whoever has expressions that others have written keeps it as long as them:
    /// here only what Kubernetes itself gives its expressions is kept.
    public Scope scope(CelEnvironment environment) {
        var bare = environment.bare();
        var known = fixed.get(bare);
        if (known == null) {
            known = Scope.of(bare, compiler);
            if (bare.fixed() && fixed.size() < MOST_FIXED) fixed.putIfAbsent(bare, known);
        }
        return known.as(environment);
    }

    /// Compiles an expression.
    public Outcome compile(String expression, CelEnvironment environment) {
        return scope(environment).compile(expression);
    }

    /// Makes an expression ready to be evaluated.
    ///
    /// @throws IllegalArgumentException with the error that [#compile] has, or when a part that never changes has
    ///     no value
    public Program program(String expression, CelEnvironment environment) {
        return scope(environment).program(expression);
    }

    /// What an expression that [#compile] has found right could cost.
    ///
    /// @return the least and the most; nothing for one that is not right
    public Range estimate(String expression, CelEnvironment environment, Sizes sizes) {
        return scope(environment).estimate(expression, sizes);
    }

    /// How many environments are kept.
    int kept() {
        return fixed.size();
    }
}
