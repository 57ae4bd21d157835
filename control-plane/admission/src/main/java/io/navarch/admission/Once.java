package io.navarch.admission;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A value that is made when somebody looks at it first. For one thread.
final class Once<T extends @Nullable Object> implements Supplier<T> {
    private @Nullable Supplier<T> make;
    private @Nullable T made;

    Once(Supplier<T> make) {
        this.make = make;
    }

    @Override
    @SuppressWarnings("NullAway") // What has been made is what was to be made.
    public T get() {
        var maker = make;
        if (maker != null) {
            made = maker.get();
            make = null;
        }
        return made;
    }
}
