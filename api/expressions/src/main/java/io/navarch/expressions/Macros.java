package io.navarch.expressions;

import com.google.common.collect.ImmutableList;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.compiler.CelCompilerLibrary;
import dev.cel.parser.CelMacro;
import dev.cel.parser.CelMacroExprFactory;
import dev.cel.parser.CelParserBuilder;
import java.util.Optional;

/// Macros as Go's compiler expands them: what an expression costs depends on it.
final class Macros implements CelCompilerLibrary {
    private static final String INPUT = "@__sortBy_input__";

    @Override
    public void setParserOptions(CelParserBuilder parser) {
        parser.addMacros(
                CelMacro.newReceiverMacro("sortBy", 2, Macros::sortBy),
                CelMacro.newReceiverMacro(
                        "optMap", 2, (factory, target, arguments) -> optional(factory, target, arguments, false)),
                CelMacro.newReceiverMacro(
                        "optFlatMap", 2, (factory, target, arguments) -> optional(factory, target, arguments, true)));
    }

    /// `list.sortBy(x, key)`: the list is bound to a name of its own, and sorted by a list of the keys of its
    /// elements.
    private static Optional<CelExpr> sortBy(
            CelMacroExprFactory factory, CelExpr target, ImmutableList<CelExpr> arguments) {
        var variable = arguments.get(0);
        if (variable.getKind() != Kind.IDENT) return Optional.of(factory.reportError("argument is not an identifier"));
        var result = factory.getAccumulatorVarName();
        var step = factory.newGlobalCall("_+_", factory.newIdentifier(result), factory.newList(arguments.get(1)));
        var keys = factory.fold(
                variable.ident().name(),
                factory.newIdentifier(INPUT),
                result,
                factory.newList(),
                factory.newBoolLiteral(true),
                step,
                factory.newIdentifier(result));
        var sorted = factory.newReceiverCall("@sortByAssociatedKeys", factory.newIdentifier(INPUT), keys);
        return Optional.of(bound(factory, INPUT, target, sorted));
    }

    /// `optional.optMap(x, value)`: what is bound is looked up twice.
    private static Optional<CelExpr> optional(
            CelMacroExprFactory factory, CelExpr target, ImmutableList<CelExpr> arguments, boolean flat) {
        var variable = arguments.get(0);
        if (variable.getKind() != Kind.IDENT)
            return Optional.of(factory.reportError(
                    (flat ? "optFlatMap" : "optMap") + "() variable name must be a simple identifier"));
        var value = factory.newReceiverCall("value", factory.copy(target));
        var mapped = bound(factory, variable.ident().name(), value, arguments.get(1));
        return Optional.of(factory.newGlobalCall(
                "_?_:_",
                factory.newReceiverCall("hasValue", target),
                flat ? mapped : factory.newGlobalCall("optional.of", mapped),
                factory.newGlobalCall("optional.none")));
    }

    private static CelExpr bound(CelMacroExprFactory factory, String name, CelExpr value, CelExpr result) {
        return factory.fold(
                "#unused",
                factory.newList(),
                name,
                value,
                factory.newBoolLiteral(false),
                factory.newIdentifier(name),
                result);
    }
}
