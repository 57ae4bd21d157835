package io.navarch.agent.eviction;

import io.navarch.agent.stats.NodeUsage.PodUsage;
import io.navarch.kinds.pod.PodResources;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;
import java.math.BigDecimal;
import java.util.Optional;

/// What pods said they would take of the node's own disk at most.
///
/// Source: https://kubernetes.io/docs/concepts/storage/ephemeral-storage/
public final class StorageLimits {
    private StorageLimits() {}

    /// Whether it said so.
    public static boolean has(Pod pod) {
        return PodResources.limits(pod.spec()).containsKey(ResourceNames.EPHEMERAL_STORAGE);
    }

    /// What of it has become larger, in words for its end; empty if nothing.
    ///
    /// @param separateImages whether what containers write is not on that disk
    static Optional<String> exceeded(Pod pod, PodUsage used, boolean separateImages) {
        var limit = PodResources.limits(pod.spec()).get(ResourceNames.EPHEMERAL_STORAGE);
        if (limit != null && more(used.ephemeral().bytes(), limit))
            return Optional.of(
                    "Pod ephemeral local storage usage exceeds the total limit of containers " + limit + ". ");
        for (var container : used.containers()) {
            long taken = container.logs().bytes()
                    + (separateImages ? 0 : container.written().bytes());
            var own = pod.spec().containers().stream()
                    .filter(spec -> spec.name().equals(container.name()))
                    .map(StorageLimits::limit)
                    .filter(amount -> amount.compareTo(Quantity.ZERO) > 0 && more(taken, amount))
                    .findFirst();
            if (own.isPresent())
                return Optional.of("Container " + container.name() + " exceeded its local ephemeral storage limit \""
                        + own.get() + "\". ");
        }
        return Optional.empty();
    }

    private static Quantity limit(Container spec) {
        return spec.resources().limits().getOrDefault(ResourceNames.EPHEMERAL_STORAGE, Quantity.ZERO);
    }

    private static boolean more(long bytes, Quantity limit) {
        return BigDecimal.valueOf(bytes).compareTo(limit.value()) > 0;
    }
}
