package io.navarch.apiserver.read;

import io.navarch.apiserver.cache.Selection;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.request.SlowLane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Picks the objects of a selection out of all that are stored, as their reader sees them.
///
/// @param shown a number of objects as their reader sees them, in the same order; empty for as they are stored
record Picking(Selection selection, Optional<UnaryOperator<List<StoredObject>>> shown, SlowLane.Turn turn) {
    /// So many objects are shown at once: somebody may have to be asked for that, who is not to be asked often.
    private static final int AT_ONCE = 500;

    String prefix() {
        return selection.prefix();
    }

    /// @param limit how many are wanted; 0 for all
    Iterable<StoredObject> of(Iterable<StoredObject> all, long limit) {
        if (shown.isEmpty() && selection.everything()) return all;
        return () -> new Picked(all.iterator(), (int) (limit <= 0 ? AT_ONCE : Math.min(limit, AT_ONCE)));
    }

    private final class Picked implements Iterator<StoredObject> {
        private final Iterator<StoredObject> all;
        private final int atOnce;
        private final Deque<StoredObject> picked = new ArrayDeque<>();

        Picked(Iterator<StoredObject> all, int atOnce) {
            this.all = all;
            this.atOnce = atOnce;
        }

        @Override
        public boolean hasNext() {
            while (picked.isEmpty() && all.hasNext()) {
                if (shown.isEmpty()) pick(step());
                else show();
            }
            return !picked.isEmpty();
        }

        /// Whoever waits for another server has no place in the lane.
        private void show() {
            var some = some();
            turn.pause();
            shown.orElseThrow().apply(some).forEach(this::pick);
        }

        private void pick(StoredObject candidate) {
            if (selection.picks(candidate)) picked.add(candidate);
        }

        private StoredObject step() {
            turn.step();
            return all.next();
        }

        private List<StoredObject> some() {
            var next = new ArrayList<StoredObject>();
            while (next.size() < atOnce && all.hasNext()) next.add(step());
            return next;
        }

        @Override
        public StoredObject next() {
            if (!hasNext()) throw new NoSuchElementException();
            return picked.remove();
        }
    }
}
