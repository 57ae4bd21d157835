package io.navarch.model;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A list whose elements are read when they are asked for.
final class LensList<T> extends AbstractList<T> implements RandomAccess {
    private final List<?> trees;
    private final Function<@Nullable Object, T> reader;

    LensList(List<?> trees, Function<@Nullable Object, T> reader) {
        this.trees = trees;
        this.reader = reader;
    }

    @Override
    public T get(int index) {
        return reader.apply(trees.get(index));
    }

    @Override
    public int size() {
        return trees.size();
    }
}
