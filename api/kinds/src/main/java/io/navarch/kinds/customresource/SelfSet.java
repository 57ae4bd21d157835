package io.navarch.kinds.customresource;

import io.navarch.expressions.value.Alike;
import io.navarch.expressions.value.Budget;
import io.navarch.expressions.value.Equality;
import io.navarch.expressions.value.Values;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A list in which nothing comes twice, and whose order does not matter.
final class SelfSet extends SelfList implements Alike {
    SelfSet(List<?> raw, SelfShape element) {
        super(raw, element);
    }

    /// What a set holds. What is no plain value is compared with each other such: what expressions make of lists may
    /// be far larger than it looks.
    private static final class Known {
        private final Set<Object> plain = new HashSet<>();
        private final List<Object> others = new ArrayList<>();
        private final Budget budget;

        Known(Budget budget) {
            this.budget = budget;
        }

        boolean contains(Object value) {
            budget.step();
            if (Values.key(value)) return plain.contains(value);
            return others.stream().anyMatch(each -> Equality.same(each, value, budget));
        }

        boolean add(Object value) {
            if (contains(value)) return false;
            return Values.key(value) ? plain.add(value) : others.add(value);
        }
    }

    @Override
    public boolean alike(List<?> other, Budget budget) {
        if (size() != other.size()) return false;
        var known = new Known(budget);
        for (var value : this) known.add(value);
        return values(other).stream().allMatch(known::contains);
    }

    @Override
    public Object plus(List<?> other, Budget budget) {
        var all = new ArrayList<Object>(this);
        var known = new Known(budget);
        for (var value : this) known.add(value);
        for (var value : values(other)) if (known.add(value)) all.add(value);
        return new SelfSet(all, Values::of);
    }

    private static List<Object> values(List<?> list) {
        var values = new ArrayList<Object>();
        for (var each : list) values.add(Values.of(each));
        return values;
    }
}
