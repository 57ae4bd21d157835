package io.navarch.schema;

import io.navarch.objects.Durations;
import io.navarch.objects.Lens;
import io.navarch.objects.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The columns of a kind's Table form, one after the other.
///
/// @param <T> what reads an object
public final class ColumnList<T extends Lens> {
    /// What is told of the columns that nearly all tables have.
    public static final String NAME = "What the object is called; no other of its kind in the same namespace is.";

    public static final String AGE = "How long the object has existed.";
    public static final String CREATED = "When the object was made.";

    /// The value of a cell; `null` leaves it empty.
    @FunctionalInterface
    public interface Cell<T> {
        @Nullable
        Object of(T object, Instant now);
    }

    private final Function<View, T> reader;
    private final List<Column> columns = new ArrayList<>();

    ColumnList(Function<View, T> reader) {
        this.reader = reader;
    }

    public ColumnList<T> name() {
        return name(object -> View.over(object).name());
    }

    /// The name, with something added.
    public ColumnList<T> name(Function<T, String> cell) {
        return add("Name", "name", 0, NAME, (object, now) -> cell.apply(object));
    }

    /// How long ago the object was created.
    public ColumnList<T> age() {
        return add("Age", "string", 0, AGE, (object, now) -> Durations.since(created(object), now));
    }

    /// When the object was created.
    public ColumnList<T> created() {
        return add("Created At", "date", 0, CREATED, (object, now) -> created(object));
    }

    private static String created(Lens object) {
        return View.over(object).metadata().get("creationTimestamp").string();
    }

    public ColumnList<T> text(String name, Function<T, String> cell) {
        return add(name, "string", 0, "", (object, now) -> cell.apply(object));
    }

    /// Shown with `-o wide` only.
    public ColumnList<T> wide(String name, Function<T, String> cell) {
        return add(name, "string", 1, "", (object, now) -> cell.apply(object));
    }

    public ColumnList<T> number(String name, ToLongFunction<T> cell) {
        return add(name, "integer", 0, "", (object, now) -> cell.applyAsLong(object));
    }

    /// A number or truth value that is announced as text, as it was in the first tables.
    public ColumnList<T> untyped(String name, Function<T, Object> cell) {
        return add(name, "string", 0, "", (object, now) -> cell.apply(object));
    }

    public ColumnList<T> flag(String name, Function<T, Boolean> cell) {
        return add(name, "boolean", 0, "", (object, now) -> cell.apply(object));
    }

    /// Text that depends on the time it is shown.
    public ColumnList<T> timed(String name, BiFunction<T, Instant, String> cell) {
        return add(name, "string", 0, "", cell::apply);
    }

    /// @param priority above 0 shows with `-o wide` only
    public ColumnList<T> add(String name, String type, int priority, String description, Cell<T> cell) {
        columns.add(new Column(name, type, priority, description, (object, now) -> cell.of(reader.apply(object), now)));
        return this;
    }

    List<Column> columns() {
        return List.copyOf(columns);
    }
}
