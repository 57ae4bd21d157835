package io.navarch.schema.types;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Optional;

/// What the schema of a custom resource demands of a value beyond its type.
///
/// @param pattern in RE2's syntax, which Go's is; matched in linear time
/// @param enumeration the values that are allowed; empty if any is
public record Constraints(
        List<Object> enumeration,
        Size length,
        Size items,
        Size properties,
        Range range,
        Optional<Number> multipleOf,
        Optional<Pattern> pattern,
        boolean uniqueItems) {
    /// The allowed size of a string, a list or a map.
    public record Size(Optional<Long> least, Optional<Long> most) {
        public static final Size ANY = new Size(Optional.empty(), Optional.empty());

        public boolean tooSmall(long size) {
            return least.isPresent() && size < least.get();
        }

        public boolean tooLarge(long size) {
            return most.isPresent() && size > most.get();
        }
    }

    /// The range a number must lie in.
    public record Range(
            Optional<Number> minimum, boolean exclusiveMinimum, Optional<Number> maximum, boolean exclusiveMaximum) {
        public static final Range ANY = new Range(Optional.empty(), false, Optional.empty(), false);

        public boolean tooSmall(double value) {
            if (minimum.isEmpty()) return false;
            double least = minimum.get().doubleValue();
            return value < least || exclusiveMinimum && value == least;
        }

        public boolean tooLarge(double value) {
            if (maximum.isEmpty()) return false;
            double most = maximum.get().doubleValue();
            return value > most || exclusiveMaximum && value == most;
        }
    }

    public static final Constraints NONE = new Constraints(
            List.of(), Size.ANY, Size.ANY, Size.ANY, Range.ANY, Optional.empty(), Optional.empty(), false);
}
