package io.navarch.expressions.estimate;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is known of a part of an expression that something is called with.
///
/// @param path that leads to it from a variable; empty when none does
/// @param size how large it is, if the expression says that itself or the path tells it
record Argument(
        List<String> path,
        CelType type,
        CelExpr expression,
        @Nullable Range size) {
    Range sizeOrUnknown() {
        return size == null ? Range.UNKNOWN : size;
    }

    boolean text() {
        return type.kind() == CelKind.STRING || type.kind() == CelKind.BYTES;
    }

    /// The number that is written there.
    Optional<Long> number() {
        return expression.getKind() == CelExpr.ExprKind.Kind.CONSTANT
                        && expression.constant().getKind() == CelConstant.Kind.INT64_VALUE
                ? Optional.of(expression.constant().int64Value())
                : Optional.empty();
    }
}
