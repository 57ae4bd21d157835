package io.navarch.kinds.event;

import io.navarch.model.Event;
import io.navarch.model.Resources;
import io.navarch.model.StatusDetails;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Limits the rate of events: of all of them, or for each namespace, user, or source and object.
///
/// Source: https://kubernetes.io/docs/reference/config-api/apiserver-eventratelimit.v1alpha1/
public final class EventRateLimit implements Admission.Validating {
    private static final int KEYS = 4096;

    /// What has a bucket of its own.
    public enum Type {
        Server,
        Namespace,
        User,
        SourceAndObject
    }

    /// @param perSecond events a second that one key may send in the long run
    /// @param burst events that it may send at once
    /// @param keys how many keys are remembered; the one that was silent for longest goes first
    public record Limit(Type type, double perSecond, double burst, int keys) {
        /// Reads a limit of the plugin's configuration.
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
        return call.resource().equals(Resources.EVENTS.plural())
                && (call.operation() == Operation.CREATE || call.operation() == Operation.UPDATE);
    }

    @Override
    public synchronized void validate(Admission.Attributes call, View event, View old, Admission.Lookup lookup) {
        var now = clock.instant();
        buckets.forEach((limit, known) -> {
            var key = key(limit.type, call, Event.of(event));
            var bucket = known.getOrDefault(key, new Bucket(limit.burst, now));
            double passed = Duration.between(bucket.at, now).toMillis() / 1000.0;
            double tokens = Math.min(limit.burst, bucket.tokens + limit.perSecond * passed);
            known.put(key, new Bucket(Math.max(0, tokens - 1), now));
            if (tokens < 1)
                throw new ApiException(
                        ApiException.Reason.TOO_MANY_REQUESTS,
                        "limit reached on type " + limit.type + " for key " + key,
                        StatusDetails.builder().retryAfterSeconds(1).map());
        });
    }

    private static String key(Type type, Admission.Attributes call, Event event) {
        return switch (type) {
            case Server -> "";
            case Namespace -> call.namespace();
            case User -> call.user();
            case SourceAndObject -> {
                var source = event.source();
                var about = event.involvedObject();
                yield String.join(
                        "",
                        source.component(),
                        source.host(),
                        about.kind(),
                        about.namespace(),
                        about.name(),
                        about.uid(),
                        about.apiVersion());
            }
        };
    }
}
