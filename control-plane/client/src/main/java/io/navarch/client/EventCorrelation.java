package io.navarch.client;

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
/// The numbers are those of client-go's recorders. Used by one thread.
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

    /// What an event is about.
    ///
    /// @param object whose it is, and who reports it
    /// @param kind type, reason and part of the object
    record Subject(String object, String kind) {}

    /// How an event is recorded.
    ///
    /// @param identity equal for events that are counted together
    record Correlated(String identity, String message) {}

    private record Similar(Set<String> messages, Instant last) {}

    private record Bucket(double tokens, Instant at) {}

    private final Map<String, Similar> similar = new LruMap<>(REMEMBERED);
    private final Map<String, Bucket> buckets = new LruMap<>(REMEMBERED);

    /// How an event is recorded; empty when it is one too many.
    Optional<Correlated> correlate(Subject subject, String message, Instant now) {
        return mayPass(subject.object, now) ? Optional.of(combined(subject, message, now)) : Optional.empty();
    }

    private Correlated combined(Subject subject, String message, Instant now) {
        var key = subject.object + "/" + subject.kind;
        var known = similar.get(key);
        boolean fresh = known != null && Duration.between(known.last, now).compareTo(SIMILAR) <= 0;
        var messages = known != null && fresh ? known.messages : new HashSet<String>();
        messages.add(message);
        similar.put(key, new Similar(messages, now));
        if (messages.size() < MESSAGES) return new Correlated(key + "/" + message, message);
        // The number of messages stays where it is while they go on coming.
        messages.remove(messages.iterator().next());
        return new Correlated(key, "(combined from similar events): " + message);
    }

    private boolean mayPass(String object, Instant now) {
        var bucket = buckets.getOrDefault(object, new Bucket(BURST, now));
        double gained = (double) Duration.between(bucket.at, now).toMillis() / REFILL.toMillis();
        double tokens = Math.min(BURST, bucket.tokens + Math.max(0, gained));
        boolean pass = tokens >= 1;
        buckets.put(object, new Bucket(pass ? tokens - 1 : tokens, now));
        return pass;
    }
}
