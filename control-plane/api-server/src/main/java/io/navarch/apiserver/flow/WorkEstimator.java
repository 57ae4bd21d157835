package io.navarch.apiserver.flow;

import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.Call;
import io.navarch.apiserver.request.ListOptions;
import io.navarch.apiserver.request.RequestInfo;
import io.navarch.objects.ApiException;
import io.navarch.schema.admission.Verb;
import java.time.Duration;
import java.util.Set;

/// How many seats a call takes: a list by the bytes that it sends, a change by how many watch it.
///
/// Source: https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#seats-occupied-by-a-request
final class WorkEstimator {
    private static final int MOST = 10;
    private static final int MOST_OF_LIST = 100;
    private static final long BYTES_PER_SEAT = 100_000;

    /// Long lists are sent object by object and never are in memory as a whole.
    private static final long MOST_BYTES_AT_ONCE = 1_000_000;

    private static final int WATCHES_PER_SEAT = 10;
    private static final Duration EVENT = Duration.ofMillis(5);
    private static final Set<String> CHANGES =
            Set.of(Verb.CREATE.text(), Verb.UPDATE.text(), Verb.PATCH.text(), Verb.DELETE.text());

    private final Resources resources;
    private final WatchCounts watches;

    WorkEstimator(Resources resources, WatchCounts watches) {
        this.resources = resources;
        this.watches = watches;
    }

    /// @param most seats that a call may take at its level
    Work estimate(RequestInfo info, Call call, int most) {
        if (info.is(Verb.LIST)) return Work.of(list(info, call, false, Math.min(most, MOST_OF_LIST)));
        if (info.is(Verb.WATCH)) return Work.of(list(info, call, true, Math.min(most, MOST_OF_LIST)));
        boolean token =
                info.resource().equals("serviceaccounts") && info.subresource().equals("token");
        if (!CHANGES.contains(info.verb()) || token) return Work.of(1);
        return change(watches.of(info), Math.min(most, MOST));
    }

    private int list(RequestInfo info, Call call, boolean watch, int most) {
        try {
            var options = ListOptions.of(call, watch);
            boolean state = options.initialEvents().orElse(options.version().isEmpty() || options.revision() == 0);
            if (watch && !state) return 1;
            var kind = resources.kind(info.group(), info.resource());
            if (kind.isEmpty() || !kind.get().listable() || kind.get().computed()) return 1;
            var cache = resources.storage().cache(kind.get());
            long count = cache.size();
            if (count == 0) return 1;
            long sent = options.limit() > 0 ? Math.min(options.limit(), count) : count;
            if (!info.name().isEmpty()) sent = 1;
            long bytes = Math.min(sent * (cache.bytes() / count), MOST_BYTES_AT_ONCE);
            return (int) Math.clamp(Math.ceilDiv(bytes, BYTES_PER_SEAT), 1, Math.max(1, most));
        } catch (ApiException e) {
            // It will be refused; until then it is as dear as any.
            return Math.max(1, most);
        }
    }

    /// Watches cost time after the answer: so many seats, for so long as makes the same area.
    private static Work change(int watching, int most) {
        if (watching < WATCHES_PER_SEAT) return Work.of(1);
        int seats = Math.ceilDiv(watching, WATCHES_PER_SEAT);
        int taken = Math.clamp(seats, 1, Math.max(1, most));
        return new Work(1, taken, EVENT.multipliedBy(seats).dividedBy(taken));
    }
}
