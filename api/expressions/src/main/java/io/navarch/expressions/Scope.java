package io.navarch.expressions;

import dev.cel.compiler.CelCompiler;
import io.navarch.expressions.estimate.Range;
import io.navarch.expressions.estimate.Sizes;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What expressions can say that see the same variables, with the compiler of all of them. It is kept by whoever has
/// the expressions, and goes with them.
public final class Scope {
    /// Made when the first expression is compiled; scopes of the same variables share it.
    private static final class Shared {
        private final CelEnvironment environment;
        private final Compiler library;
        private final NamedTypes named;
        private volatile @Nullable CelCompiler compiler;

        Shared(CelEnvironment environment, Compiler library, NamedTypes named) {
            this.environment = environment;
            this.library = library;
            this.named = named;
        }

        CelCompiler compiler() {
            var known = compiler;
            if (known == null) {
                known = library.compiler(environment, named, Map.of());
                compiler = known;
            }
            return known;
        }
    }

    private final Shared shared;
    private final CelEnvironment environment;

    private Scope(Shared shared, CelEnvironment environment) {
        this.shared = shared;
        this.environment = environment;
    }

    static Scope of(CelEnvironment environment, Compiler library) {
        return new Scope(new Shared(environment, library, new NamedTypes()), environment);
    }

    /// The same variables, for what another environment makes of them.
    Scope as(CelEnvironment other) {
        return new Scope(shared, other);
    }

    /// The same variables, for expressions of one of these types; of any, if there are none.
    public Scope comingTo(String... types) {
        return as(environment.comingTo(types));
    }

    /// The same variables, for expressions with object literals such as `Object.spec{…}`.
    public Scope buildingObjects() {
        return as(environment.buildingObjects());
    }

    /// These variables and the fields of one more, whose types are told by [#declare] as they become known.
    public Scope naming(Collection<String> names) {
        if (names.isEmpty()) return this;
        return new Scope(new Shared(environment.bare(), shared.library, new NamedTypes(names)), environment);
    }

    /// Says what a named variable is, for what is compiled from now on.
    public void declare(String name, String type) {
        shared.named.declare(name, type);
    }

    /// Compiles an expression.
    public Outcome compile(String expression) {
        return shared.library.compile(expression, environment, shared.compiler(), shared.named);
    }

    /// As [#compile], without what making it ready would tell: an error says no more than what is wrong with its types.
    public Outcome check(String expression) {
        return shared.library.check(expression, shared.compiler());
    }

    /// Makes an expression ready to be evaluated.
    ///
    /// @throws IllegalArgumentException with the error that [#compile] has, or when a part that never changes has
    ///     no value
    public Program program(String expression) {
        return shared.library.program(expression, environment, shared.compiler(), shared.named);
    }

    /// What an expression that [#compile] has found right could cost.
    ///
    /// @return the least and the most; nothing for one that is not right
    public Range estimate(String expression, Sizes sizes) {
        return shared.library.estimate(expression, shared.compiler(), sizes);
    }
}
