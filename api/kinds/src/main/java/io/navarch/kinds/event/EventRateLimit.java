package io.navarch.kinds.event;

import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.Admission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// Refuses events that come faster than a namespace may send them. Not on unless asked for.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#eventratelimit
public final class EventRateLimit implements Admission.Validating {
    private final double perSecond;
    private final double burst;
    private final InstantSource clock;
    private final Map<String, Bucket> buckets = new HashMap<>();

    private record Bucket(double tokens, Instant at) {}

    /// @param perSecond events a second that a namespace may send in the long run
    /// @param burst events that it may send at once
    public EventRateLimit(double perSecond, double burst, InstantSource clock) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.clock = clock;
    }

    @Override
    public boolean handles(Admission.Attributes call) {
        return call.resource().equals("events")
                && (call.operation().equals("CREATE") || call.operation().equals("UPDATE"));
    }

    @Override
    public synchronized void validate(Admission.Attributes call, View event, View old, Admission.Lookup lookup) {
        var now = clock.instant();
        var bucket = buckets.getOrDefault(call.namespace(), new Bucket(burst, now));
        double tokens = Math.min(
                burst,
                bucket.tokens + perSecond * Duration.between(bucket.at, now).toMillis() / 1000.0);
        if (tokens < 1) {
            buckets.put(call.namespace(), new Bucket(tokens, now));
            throw new ApiException(
                    ApiException.Reason.TOO_MANY_REQUESTS,
                    "limit reached on type Namespace for key " + call.namespace(),
                    Trees.map("retryAfterSeconds", 1L));
        }
        buckets.put(call.namespace(), new Bucket(tokens - 1, now));
        // A full bucket says nothing; namespaces that have gone must not stay for ever.
        if (buckets.size() > 4096) buckets.values().removeIf(each -> each.at.isBefore(now.minusSeconds(60)));
    }
}
