package io.navarch.expressions.evaluation;

import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Growing;
import io.navarch.expressions.value.GrowingMap;
import io.navarch.expressions.value.Values;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Goes through a list or a map: `all`, `exists`, `map`, `filter` and their relatives are written with it.
///
/// @param second the second variable of those that have two, or `""`
record Fold(Step range, String first, String second, String result, Step initial, Step condition, Step step, Step last)
        implements Step {
    /// What is known within one turn.
    private final class Turn extends Frame {
        private final Frame around;
        private @Nullable Object accumulated;
        private @Nullable Object one;
        private @Nullable Object other;

        Turn(Frame around) {
            super(Map.of(), around.budget);
            this.around = around;
        }

        @Override
        Object find(String name) {
            if (name.equals(result)) return accumulated();
            if (one != null && name.equals(first)) return one;
            if (other != null && name.equals(second)) return other;
            return around.find(name);
        }

        /// It is begun with when somebody looks at it first.
        private Object accumulated() {
            var value = accumulated;
            if (value == null) {
                value = initial.run(around);
                if (value instanceof List<?> list && list.isEmpty()) value = new Growing();
                if (value instanceof Map<?, ?> map && map.isEmpty()) value = new GrowingMap();
                accumulated = value;
            }
            return value;
        }
    }

    @Override
    public Object run(Frame frame) {
        var turn = new Turn(frame);
        switch (range.run(frame)) {
            case Failure failure -> {
                return failure;
            }
            case List<?> list -> through(list, turn);
            case Map<?, ?> map -> through(map, turn);
            case Object value -> {
                return new Failure("got '" + Values.type(value) + "', expected iterable type");
            }
        }
        turn.one = null;
        turn.other = null;
        return switch (last.run(turn)) {
            case Growing list -> list.ready();
            case GrowingMap map -> map.ready();
            case Object value -> value;
        };
    }

    private void through(List<?> list, Turn turn) {
        long index = 0;
        for (var element : list) {
            var value = Values.of(element);
            turn.one = second.isEmpty() ? value : (Object) index++;
            turn.other = value;
            if (!goOn(turn)) return;
        }
    }

    private void through(Map<?, ?> map, Turn turn) {
        for (var entry : map.entrySet()) {
            turn.one = Values.of(entry.getKey());
            turn.other = second.isEmpty() ? null : Values.of(entry.getValue());
            if (!goOn(turn)) return;
        }
    }

    private boolean goOn(Turn turn) {
        turn.budget.step();
        if (Boolean.FALSE.equals(condition.run(turn))) return false;
        turn.accumulated = step.run(turn);
        return true;
    }
}
