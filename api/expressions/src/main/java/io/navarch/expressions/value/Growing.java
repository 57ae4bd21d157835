package io.navarch.expressions.value;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/// The list that a comprehension makes, which nobody but itself sees until it is ready.
public final class Growing extends AbstractList<Object> {
    private final List<Object> elements = new ArrayList<>();

    @Override
    public Object get(int index) {
        return elements.get(index);
    }

    @Override
    public int size() {
        return elements.size();
    }

    public Growing append(List<?> more) {
        for (var element : more) elements.add(Values.of(element));
        return this;
    }

    public List<Object> ready() {
        return elements;
    }
}
