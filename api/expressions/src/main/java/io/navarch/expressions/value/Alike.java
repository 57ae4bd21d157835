package io.navarch.expressions.value;

import java.util.List;

/// A list whose schema says what equality and `+` mean: of a set, order does not matter; of a list with keys,
/// what has the same keys is replaced.
public interface Alike {
    /// Whether the other list has the same elements, in the sense of the schema.
    boolean alike(List<?> other, Budget budget);

    /// Both lists together, in the sense of the schema.
    Object plus(List<?> other, Budget budget);
}
