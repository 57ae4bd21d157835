package io.navarch.schema.types;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes a value when it is first asked for; racing threads find equal ones.
public final class Lazy<T> implements Supplier<T> {
    private @Nullable Supplier<T> maker;
    private volatile @Nullable T made;

    public Lazy(Supplier<T> maker) {
        this.maker = maker;
    }

    @Override
    public T get() {
        var known = made;
        if (known != null) return known;
        var make = maker;
        // Another thread has just made it, and nobody needs the maker any more.
        if (make == null) return get();
        var value = make.get();
        made = value;
        maker = null;
        return value;
    }
}
