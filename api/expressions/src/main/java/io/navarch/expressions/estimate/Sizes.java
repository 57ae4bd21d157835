package io.navarch.expressions.estimate;

import java.util.List;
import java.util.OptionalLong;

/// Says how large values can be.
@FunctionalInterface
public interface Sizes {
    /// Nothing is known of any.
    Sizes UNKNOWN = path -> OptionalLong.empty();

    /// @param path a variable, then names of fields, `@items`, `@keys`, `@values`
    /// @return how many elements, entries or signs at most, as a number without a sign
    OptionalLong most(List<String> path);
}
