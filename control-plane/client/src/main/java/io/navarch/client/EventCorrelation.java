package io.navarch.client;

import io.navarch.model.EventType;
import io.navarch.objects.Sha256;
import io.navarch.process.LruMap;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Keeps a component from flooding the store: an event that repeats is counted, many that differ only in their message
/// become one, and an object that never comes to rest is heard of ever more seldom.
///
/// The numbers and the order are those of client-go's recorders: what is not written is counted all the same, and told
/// with the next one that is. Used by one thread.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
final class EventCorrelation {
    /// How many objects, and how many kinds of events, are remembered; the least recently seen is forgotten.
    private static final int REMEMBERED = 4096;

    /// How many messages of one reason are told apart within [#SIMILAR].
    private static final int MESSAGES = 10;

    private static final Duration SIMILAR = Duration.ofMinutes(10);

    /// How many events of an object can come at once; after that, one more each [#REFILL].
    private static final int BURST = 25;

    private static final Duration REFILL = Duration.ofMinutes(5);

    /// Messages longer than this are remembered by what tells them apart.
    private static final int SHORT = 80;

    record Told(EventSubject about, EventType type, String reason, String message) {
        /// Of what source an object has a burst: normal and bad news have one each.
        String spam() {
            return about.object() + "/" + type.text();
        }

        String similar() {
            return spam() + "/" + reason;
        }

        String same() {
            return String.join("/", similar(), about.fieldPath(), brief(message));
        }
    }

    private static String brief(String message) {
        return message.length() <= SHORT ? message : Sha256.hex(message);
    }

    /// How an event is recorded.
    ///
    /// @param count more than 1: it is there, under this name
    record Correlated(String name, int count, Instant first, String message) {
        boolean again() {
            return count > 1;
        }
    }

    private record Similar(Set<String> messages, Instant last) {}

    private record Recorded(String name, int count, Instant first) {}

    private record Bucket(double tokens, Instant at) {}

    private final Map<String, Similar> similar = new LruMap<>(REMEMBERED);
    private final Map<String, Recorded> recorded = new LruMap<>(REMEMBERED);
    private final Map<String, Bucket> buckets = new LruMap<>(REMEMBERED);

    /// How an event is recorded; empty when it is one too many.
    Optional<Correlated> correlate(Told told, Instant now) {
        boolean combined = combines(told, now);
        var key = combined ? told.similar() : told.same();
        var message = combined ? "(combined from similar events): " + told.message : told.message;
        var known = recorded.get(key);
        var next = known == null
                ? new Recorded(told.about.eventName(now), 1, now)
                : new Recorded(known.name, known.count + 1, known.first);
        recorded.put(key, next);
        return mayPass(told.spam(), now)
                ? Optional.of(new Correlated(next.name, next.count, next.first, message))
                : Optional.empty();
    }

    private boolean combines(Told told, Instant now) {
        var known = similar.get(told.similar());
        boolean fresh = known != null && Duration.between(known.last, now).compareTo(SIMILAR) <= 0;
        var messages = known != null && fresh ? known.messages : new HashSet<String>();
        messages.add(brief(told.message));
        similar.put(told.similar(), new Similar(messages, now));
        if (messages.size() < MESSAGES) return false;
        // The number of messages stays where it is while they go on coming.
        messages.remove(messages.iterator().next());
        return true;
    }

    private boolean mayPass(String key, Instant now) {
        var bucket = buckets.getOrDefault(key, new Bucket(BURST, now));
        double gained = (double) Duration.between(bucket.at, now).toMillis() / REFILL.toMillis();
        double tokens = Math.min(BURST, bucket.tokens + Math.max(0, gained));
        boolean pass = tokens >= 1;
        buckets.put(key, new Bucket(pass ? tokens - 1 : tokens, now));
        return pass;
    }
}
