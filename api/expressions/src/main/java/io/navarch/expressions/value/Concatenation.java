package io.navarch.expressions.value;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/// One list after another, without copying either: an expression may double a list as often as it likes.
public final class Concatenation extends AbstractList<Object> {
    /// So deep lists may be within each other, until they are copied: it is gone that deep for each element.
    private static final int DEEPEST = 60;

    private final List<?> first;
    private final List<?> second;
    private final int depth;
    private final int size;

    private Concatenation(List<?> first, List<?> second, int depth) {
        this.first = first;
        this.second = second;
        this.depth = depth;
        size = (int) Math.min(Integer.MAX_VALUE, (long) first.size() + second.size());
    }

    public static List<?> of(List<?> first, List<?> second, Budget budget) {
        int depth = Math.max(depth(first), depth(second)) + 1;
        var both = new Concatenation(first, second, depth);
        if (depth <= DEEPEST) return both;
        budget.steps(both.size);
        return new ArrayList<Object>(both);
    }

    private static int depth(List<?> list) {
        return list instanceof Concatenation within ? within.depth : 0;
    }

    @Override
    public Object get(int index) {
        return index < first.size() ? first.get(index) : second.get(index - first.size());
    }

    @Override
    public int size() {
        return size;
    }
}
