package io.navarch.kinds.customresource;

import io.navarch.expressions.Identifiers;
import io.navarch.expressions.value.Alike;
import io.navarch.expressions.value.Budget;
import io.navarch.expressions.value.Equality;
import io.navarch.expressions.value.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A list whose elements are found by some of their fields, and whose order does not matter.
final class SelfEntries extends SelfList implements Alike {
    private final List<String> keys;

    SelfEntries(List<?> raw, SelfShape element, List<String> keys) {
        super(raw, element);
        this.keys =
                keys.stream().map(key -> Identifiers.escaped(key).orElse(key)).toList();
    }

    /// The fields of an element by which it is found, as one text: whoever chooses them cannot choose them such that a
    /// map finds one only by looking at all others.
    private String key(Object element, Budget budget) {
        var key = new StringBuilder();
        for (var name : keys) {
            var value = element instanceof Map<?, ?> map ? map.get(name) : null;
            var text = value == null ? "" : Values.type(value) + " " + value;
            key.append(text.length()).append(':').append(text);
        }
        budget.reads(key.length());
        return key.toString();
    }

    @Override
    public boolean alike(List<?> other, Budget budget) {
        if (size() != other.size()) return false;
        var known = new HashMap<String, Object>();
        for (var each : this) known.put(key(each, budget), each);
        for (var raw : other) {
            var each = Values.of(raw);
            var mine = known.get(key(each, budget));
            if (mine == null || !Equality.same(mine, each, budget)) return false;
        }
        return true;
    }

    @Override
    public Object plus(List<?> other, Budget budget) {
        budget.steps((long) size() + other.size());
        var all = new ArrayList<Object>(this);
        var places = new HashMap<String, Integer>();
        for (int i = 0; i < all.size(); i++) places.put(key(all.get(i), budget), i);
        for (var raw : other) {
            var each = Values.of(raw);
            var place = places.get(key(each, budget));
            if (place == null) all.add(each);
            else all.set(place, each);
        }
        return new SelfEntries(all, Values::of, keys);
    }
}
