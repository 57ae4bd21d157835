package io.navarch.store;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/// The latest events in memory, for readers near the end of the log; others read the files. Not safe for threads.
final class RecentEvents {
    /// What an event takes besides its value, about.
    private static final long OVERHEAD = 200;

    private final int entries;
    private final long limit;
    private final ArrayDeque<Store.Event> events = new ArrayDeque<>();
    private long bytes;
    /// All events after this revision are here.
    private long complete;

    /// @param complete the revision of the newest event that is not here
    RecentEvents(long complete, int entries, long limit) {
        this.complete = complete;
        this.entries = entries;
        this.limit = limit;
    }

    void add(Store.Event event) {
        events.add(event);
        bytes += size(event);
        while (events.size() > entries || bytes > limit) {
            var oldest = events.removeFirst();
            bytes -= size(oldest);
            complete = oldest.revision();
        }
    }

    private static long size(Store.Event event) {
        var value = event.value();
        return OVERHEAD + (value == null ? 0 : value.length);
    }

    /// All events from a revision on; nothing when some of them are here no longer.
    Optional<List<Store.Event>> from(long revision) {
        if (revision <= complete) return Optional.empty();
        var result = new ArrayDeque<Store.Event>();
        for (var newest = events.descendingIterator(); newest.hasNext(); ) {
            var event = newest.next();
            if (event.revision() < revision) break;
            result.addFirst(event);
        }
        return Optional.of(List.copyOf(result));
    }
}
