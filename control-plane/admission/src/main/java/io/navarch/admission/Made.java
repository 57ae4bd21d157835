package io.navarch.admission;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is made of each of some sources. Those that have not changed are not made again. Who asks first makes what is
/// new, which may take long; meanwhile others go by what was there before, unless nothing was yet.
final class Made<S, T> {
    /// @param version tells states of the sources apart: the same one stands for the same sources
    private record State<S, T>(Object version, Map<S, T> made, List<T> all) {}

    private final Function<S, T> make;
    /// Held by whoever makes something.
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable State<S, T> state;

    Made(Function<S, T> make) {
        this.make = make;
    }

    List<T> of(Object version, Supplier<Iterable<S>> sources) {
        var known = state;
        if (known != null && known.version == version) return known.all;
        if (known == null) making.lock();
        else if (!making.tryLock()) return known.all;
        try {
            return next(version, sources);
        } finally {
            making.unlock();
        }
    }

    private List<T> next(Object version, Supplier<Iterable<S>> sources) {
        var before = state;
        if (before != null && before.version == version) return before.all;
        Map<S, T> known = before == null ? Map.of() : before.made;
        var made = new IdentityHashMap<S, T>();
        var all = new ArrayList<T>();
        for (var source : sources.get()) {
            var same = known.get(source);
            var each = same == null ? make.apply(source) : same;
            made.put(source, each);
            all.add(each);
        }
        var now = new State<>(version, made, List.copyOf(all));
        state = now;
        return now.all;
    }
}
