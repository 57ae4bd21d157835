package io.navarch.client;

import io.navarch.model.EventsEvent;
import io.navarch.process.LruMap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What has been told of late, so that what is told again becomes a series of the first one: its beginning is written,
/// then it is only counted, and its count is written when it has ended, or every now and then while it goes on.
///
/// The rules are those of client-go's `tools/events`; the number of what is remembered is bounded. Used by one thread.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
final class EventSeriesBook {
    /// What has been silent for so long has ended.
    static final Duration ENDED = Duration.ofMinutes(6);

    /// How often a series that goes on is written, or it would expire.
    static final Duration REFRESHED = Duration.ofMinutes(30);

    private static final int REMEMBERED = 4096;

    private final Map<String, EventsEvent> known = new LruMap<>(REMEMBERED);

    /// What to write of an event; nothing when it is only one more of its series.
    Optional<EventsEvent> told(EventsEvent event, Instant now) {
        var key = key(event);
        var first = known.get(key);
        if (first == null) {
            known.put(key, event);
            return Optional.of(event);
        }
        int count = first.hasSeries() ? first.series().count() + 1 : 2;
        var counted = first.toBuilder()
                .series(series -> series.count(count).lastObservedTime(now))
                .build();
        known.put(key, counted);
        return count == 2 ? Optional.of(counted) : Optional.empty();
    }

    /// The same event, whatever it says: what is about the same state of an object.
    private static String key(EventsEvent event) {
        return String.join(
                "/",
                event.raw(EventsEvent.TYPE).string(),
                event.action(),
                event.reason(),
                event.raw(EventsEvent.REGARDING).value() + "",
                event.raw(EventsEvent.RELATED).value() + "");
    }

    /// Every series that goes on.
    List<EventsEvent> running() {
        return known.values().stream().filter(EventsEvent::hasSeries).toList();
    }

    /// Forgets what has ended.
    ///
    /// @return of it the series, whose last counts have not been written
    List<EventsEvent> ended(Instant now) {
        var series = new ArrayList<EventsEvent>();
        known.values().removeIf(event -> {
            var last = event.hasSeries() ? event.series().lastObservedTime() : event.eventTime();
            // What is said to be still to come was told before the clock was set back.
            var silent = Duration.between(last.orElse(Instant.EPOCH), now);
            boolean over = silent.compareTo(ENDED) > 0 || silent.isNegative();
            if (over && event.hasSeries()) series.add(event);
            return over;
        });
        return series;
    }
}
