package io.navarch.expressions.evaluation;

import io.navarch.expressions.function.Showing;
import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// `{key: value, ?other: maybe}`, or an object with its fields.
///
/// @param cost beside that of what is in it
record MapLiteral(List<Entry> entries, int cost) implements Step {
    static final int MAP = 30;
    static final int STRUCTURE = 40;

    record Entry(Step key, Step value, boolean optional) {}

    @Override
    public Object run(Frame frame) {
        var map = map(frame);
        frame.budget.spend(cost);
        return map;
    }

    Object map(Frame frame) {
        frame.budget.steps(entries.size());
        var map = new LinkedHashMap<Object, Object>();
        for (var entry : entries) {
            var key = entry.key.run(frame);
            if (key instanceof Failure) return key;
            if (!Values.key(key)) return new Failure("unsupported key type");
            var value = entry.value.run(frame);
            if (value instanceof Failure) return value;
            if (!entry.optional) map.put(key, value);
            else if (!(value instanceof Optional<?> maybe))
                return new Failure("cannot initialize optional entry '" + Showing.of(key) + "' from non-optional value "
                        + Showing.of(value));
            else if (maybe.isPresent()) map.put(key, maybe.get());
            else map.remove(key);
        }
        return map;
    }
}
