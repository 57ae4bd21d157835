package io.navarch.kinds.event;

import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Bounds how many events are taken: from all, by namespace, by user, or by source and object.
///
/// Source: https://kubernetes.io/docs/reference/config-api/apiserver-eventratelimit.v1alpha1/
public final class EventRateLimit implements Admission.Validating {
    private static final int KEYS = 4096;

    /// What is counted apart.
    public enum Type {
        Server,
        Namespace,
        User,
        SourceAndObject
    }

    /// @param perSecond events a second that one key may send in the long run
    /// @param burst events that it may send at once
    /// @param keys so many keys are remembered; the one that was longest silent is forgotten
    public record Limit(Type type, double perSecond, double burst, int keys) {
        /// As it stands in a configuration.
        ///
        /// @throws IllegalArgumentException when there is no such type
        public static Limit of(View view) {
            return new Limit(
                    Type.valueOf(view.get("type").string()),
                    view.get("qps").longOr(1),
                    view.get("burst").longOr(1),
                    view.get("cacheSize").intOr(KEYS));
        }
    }

    private record Bucket(double tokens, Instant at) {}

    private final InstantSource clock;
    private final Map<Limit, Map<String, Bucket>> buckets = new LinkedHashMap<>();

    public EventRateLimit(List<Limit> limits, InstantSource clock) {
        this.clock = clock;
        for (var limit : limits) {
            buckets.put(limit, new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                    return size() > limit.keys;
                }
            });
        }
    }

    @Override
    public boolean handles(Admission.Attributes call) {
        return call.resource().equals("events")
                && (call.operation().equals("CREATE") || call.operation().equals("UPDATE"));
    }

    @Override
    public synchronized void validate(Admission.Attributes call, View event, View old, Admission.Lookup lookup) {
        var now = clock.instant();
        buckets.forEach((limit, known) -> {
            var key = key(limit.type, call, event);
            var bucket = known.getOrDefault(key, new Bucket(limit.burst, now));
            double passed = Duration.between(bucket.at, now).toMillis() / 1000.0;
            double tokens = Math.min(limit.burst, bucket.tokens + limit.perSecond * passed);
            known.put(key, new Bucket(Math.max(0, tokens - 1), now));
            if (tokens < 1)
                throw new ApiException(
                        ApiException.Reason.TOO_MANY_REQUESTS,
                        "limit reached on type " + limit.type + " for key " + key,
                        Trees.map("retryAfterSeconds", 1L));
        });
    }

    private static String key(Type type, Admission.Attributes call, View event) {
        return switch (type) {
            case Server -> "";
            case Namespace -> call.namespace();
            case User -> call.user();
            case SourceAndObject -> {
                var about = event.get("involvedObject");
                yield String.join(
                        "",
                        event.get("source", "component").string(),
                        event.get("source", "host").string(),
                        about.get("kind").string(),
                        about.get("namespace").string(),
                        about.get("name").string(),
                        about.get("uid").string(),
                        about.get("apiVersion").string());
            }
        };
    }
}
