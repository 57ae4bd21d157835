package io.navarch.expressions.function;

import io.navarch.expressions.value.Budget;
import org.jspecify.annotations.Nullable;

/// Something that can be called by its name. What it is called on is its first argument.
@FunctionalInterface
public interface Function {
    /// @return a value, a failure, or null when it does not take such arguments
    @Nullable
    Object call(Object[] arguments, Budget budget);
}
