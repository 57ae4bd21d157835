package io.navarch.reconcile;

import io.navarch.client.Caches;
import io.navarch.model.ApiObject;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// A control loop over keys: it observes caches and decides; [ControllerRunner] does everything else. What no cache
/// holds is fetched by a [ReadStep] in between.
///
/// @param <S> what it sees for one key: a value
public interface Controller<S> {
    ControllerWiring wiring();

    /// Called once, before anything is observed: the place to ask for indexes.
    default void prepare(Caches caches) {}

    /// Reads the caches, and nothing else; empty when there is nothing to decide.
    Optional<S> observe(Caches caches, ObjectKey key);

    /// Pure: equal arguments give equal decisions. It changes nothing; once the decision has been carried out and the
    /// caches show it, deciding again yields no change.
    Decision decide(S seen, Instant now);

    /// What to record of a pass once its decision has been carried out; pure.
    ///
    /// @param failed whether an action ended it early
    default List<Metric.Sample> syncMetrics(S seen, Decision decision, Duration took, boolean failed) {
        return List.of();
    }

    /// What the caches say now, for those of its metrics that are gauges.
    default Collection<Metric.Sample> gauges(Caches caches) {
        return List.of();
    }

    /// The key of the controlling owner of this kind, if the object has one.
    static Collection<ObjectKey> owner(ApiObject object, String kind) {
        var owner = object.controller();
        return owner.kind().equals(kind) ? List.of(new ObjectKey(object.namespace(), owner.name())) : List.of();
    }

    static Collection<ObjectKey> self(ApiObject object) {
        return List.of(object.key());
    }
}
