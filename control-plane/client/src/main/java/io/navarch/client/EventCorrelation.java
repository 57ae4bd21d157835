package io.navarch.client;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Keeps a component from flooding the store: an event that repeats is counted, many that differ in their message only
/// become one, and an object that never comes to rest is heard of ever more seldom.
///
/// The numbers are those of the original's recorders.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
final class EventCorrelation {
    /// Objects and kinds of events that are remembered, the least recently seen goes.
    private static final int REMEMBERED = 4096;

    /// So many messages of one reason are told apart, within a time.
    private static final int MESSAGES = 10;

    private static final Duration SIMILAR = Duration.ofMinutes(10);

    /// So many events of an object can come at once; one more each time after that.
    private static final int BURST = 25;

    private static final Duration REFILL = Duration.ofMinutes(5);

    /// What an event is about.
    ///
    /// @param object whose it is, and who says it
    /// @param kind type, reason and part of the object
    record Subject(String object, String kind) {}

    /// How it is to be said.
    ///
    /// @param identity equal for events that are counted together
    record Said(String identity, String message) {}

    private record Similar(Set<String> messages, Instant last) {}

    private record Bucket(double tokens, Instant at) {}

    private final Map<String, Similar> similar = new Recent<>(REMEMBERED);
    private final Map<String, Bucket> buckets = new Recent<>(REMEMBERED);

    /// How an event is said; `null` when it is one too many.
    Said said(Subject subject, String message, Instant now) {
        return mayPass(subject.object, now) ? combined(subject, message, now) : null;
    }

    private Said combined(Subject subject, String message, Instant now) {
        var key = subject.object + "/" + subject.kind;
        var known = similar.get(key);
        boolean old = known == null || Duration.between(known.last, now).compareTo(SIMILAR) > 0;
        var messages = old ? new HashSet<String>() : known.messages;
        messages.add(message);
        similar.put(key, new Similar(messages, now));
        if (messages.size() < MESSAGES) return new Said(key + "/" + message, message);
        // The number of messages stays where it is while they go on coming.
        messages.remove(messages.iterator().next());
        return new Said(key, "(combined from similar events): " + message);
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
