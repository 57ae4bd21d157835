package io.navarch.schema;

import io.navarch.objects.View;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A column of the Table form.
///
/// @param priority above 0 shows with `-o wide` only
public record Column(String name, String type, int priority, String description, Cell cell) {
    /// The value of a column for an object; ages depend on the time.
    public interface Cell {
        @Nullable
        Object of(View object, Instant now);
    }
}
