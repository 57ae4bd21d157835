package io.navarch.controllers;

import io.navarch.client.Caches;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// TRANSITIONAL: controllers that are not yet written on the typed kit. Goes when the last one is.
public interface LegacyController<S> extends Controller<S> {
    record Input(ResourceType<View> type, ControllerWiring.Keys<View> keys) {
        public Input(ResourceType<View> type, Function<View, Collection<ObjectKey>> keys) {
            this(type, (caches, object) -> keys.apply(object));
        }

        public static Input lookedAt(ResourceType<View> type) {
            return new Input(type, object -> List.of());
        }
    }

    String name();

    default String queue() {
        return name();
    }

    default String eventSource() {
        return name();
    }

    List<Input> inputs();

    List<Permission> permissions();

    default List<Metric> metrics() {
        return List.of();
    }

    default List<Metric.Sample> looked(S seen, Decision decision, Duration took, ApiException failure) {
        return List.of();
    }

    default Collection<Metric.Sample> state(Caches caches) {
        return List.of();
    }

    S look(Caches caches, ObjectKey key);

    @Override
    default ControllerWiring wiring() {
        var builder = ControllerWiring.of(name()).queue(queue()).eventSource(eventSource());
        for (var input : inputs()) builder.watches(input.type(), input.keys());
        for (var permission : permissions())
            builder.may(
                    permission.group(), String.join(",", permission.resources()), String.join(",", permission.verbs()));
        return builder.metrics(metrics()).build();
    }

    @Override
    default Optional<S> observe(Caches caches, ObjectKey key) {
        return Optional.ofNullable(look(caches, key));
    }

    @Override
    default List<Metric.Sample> syncMetrics(S seen, Decision decision, Duration took, boolean failed) {
        return looked(
                seen,
                decision,
                took,
                failed ? new ApiException(ApiException.Reason.INTERNAL_ERROR, "a write failed") : null);
    }

    @Override
    default Collection<Metric.Sample> gauges(Caches caches) {
        return state(caches);
    }

    static Decision decision(List<io.navarch.reconcile.Action> actions, Duration lookAgain) {
        return Decision.builder()
                .changes(actions)
                .requeueAfter(Optional.ofNullable(lookAgain))
                .build();
    }

    static Collection<ObjectKey> self(View object) {
        return List.of(object.key());
    }

    static Collection<ObjectKey> owner(View object, String kind) {
        var owner = object.controller();
        return owner.get("kind").string().equals(kind)
                ? List.of(new ObjectKey(object.namespace(), owner.get("name").string()))
                : List.of();
    }
}
