package io.navarch.aggregation.status;

import io.navarch.client.Caches;
import io.navarch.kinds.support.Conditions;
import io.navarch.model.APIService;
import io.navarch.model.APIServiceCondition;
import io.navarch.model.APIServiceStatus;
import io.navarch.model.ApiServiceConditionType;
import io.navarch.model.ConditionStatus;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.model.StatusCondition;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Says of every APIService whether its server can be called. Servers are asked again and again: what stops them need
/// not be seen here.
public final class AvailabilityController implements Controller<AvailabilityController.Seen> {
    private static final Duration AGAIN = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofMillis(100);

    private static final Metric GAUGE =
            Metric.gauge("aggregator_unavailable_apiservice", "[ALPHA] APIServices that are not available.", "name");
    private static final Metric COUNTER = Metric.counter(
            "aggregator_unavailable_apiservice_total",
            "[ALPHA] How often APIServices have become unavailable, by reason.",
            "name",
            "reason");

    /// @param answered why the server could not be asked, or empty if it answered; nothing while it was not asked
    public record Seen(
            APIService object, Service service, List<EndpointSlice> slices, Optional<Optional<String>> answered) {
        public Registration registration() {
            return Registration.of(object);
        }

        public Seen with(Optional<String> failure) {
            return new Seen(object, service, slices, Optional.of(failure));
        }

        public Optional<Availability> known() {
            return Availability.known(registration(), service, slices);
        }
    }

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("apiservice-availability-controller")
                .queue("RemoteAvailabilityController")
                .watchesChanges(Resources.API_SERVICES, (caches, old, now) -> changed(old, now))
                .watches(Resources.SERVICES, (caches, service) -> of(caches, service.key()))
                .watches(Resources.ENDPOINT_SLICES, (caches, slice) -> of(caches, ServiceSlices.service(slice)))
                .may("apiregistration.k8s.io", "apiservices/status", "patch,update")
                .metrics(GAUGE, COUNTER)
                .build();
    }

    /// What it writes itself is no news.
    private static Collection<ObjectKey> changed(APIService old, APIService now) {
        if (!now.exists()) return List.of();
        boolean same = old.exists()
                && old.spec().semanticEquals(now.spec())
                && old.status().semanticEquals(now.status());
        return same ? List.of() : List.of(now.key());
    }

    private static Collection<ObjectKey> of(Caches caches, ObjectKey service) {
        return caches.of(Resources.API_SERVICES).all().stream()
                .filter(each -> each.spec().service().name().equals(service.name())
                        && each.spec().service().namespace().equals(service.namespace()))
                .map(APIService::key)
                .toList();
    }

    @Override
    public void prepare(Caches caches) {
        ServiceSlices.prepare(caches);
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var object = caches.of(Resources.API_SERVICES).get(key);
        if (!object.exists()) return Optional.empty();
        var backend = Registration.of(object).backend();
        if (backend.isEmpty()) return Optional.of(new Seen(object, Service.ABSENT, List.of(), Optional.empty()));
        var service = caches.of(Resources.SERVICES).get(backend.get().key());
        return Optional.of(new Seen(object, service, ServiceSlices.of(caches, backend.get()), Optional.empty()));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var known = seen.known().or(() -> seen.answered.map(Availability::asked));
        if (known.isEmpty()) return Decision.NOTHING;
        var before = seen.object.status().conditions();
        var condition = Conditions.of(
                before,
                APIServiceCondition::of,
                ApiServiceConditionType.AVAILABLE,
                known.get().status(),
                known.get().reason().reason(),
                known.get().reason().message(),
                now);
        var decision = Decision.builder();
        boolean asked = seen.known().isEmpty();
        if (asked) decision.requeueAfter(known.get().holds() ? AGAIN : later(condition, now));
        if (same(before, condition)) return decision.build();
        var status = APIServiceStatus.builder()
                .conditions(Conditions.with(before, condition))
                .build();
        if (!known.get().holds() && wasAvailable(before))
            decision.metrics(List.of(
                    COUNTER.once(seen.object.name(), known.get().reason().reason())));
        return decision.status(Action.Update.statusIfChanged(Resources.API_SERVICES, seen.object, status))
                .build();
    }

    private static boolean wasAvailable(List<APIServiceCondition> before) {
        return StatusCondition.status(before, ApiServiceConditionType.AVAILABLE) != ConditionStatus.FALSE;
    }

    private static boolean same(List<APIServiceCondition> before, APIServiceCondition condition) {
        return StatusCondition.find(before, ApiServiceConditionType.AVAILABLE)
                .filter(condition::semanticEquals)
                .isPresent();
    }

    /// What has just gone is asked again soon, and the more seldom the longer it is gone.
    private static Duration later(APIServiceCondition condition, Instant now) {
        var gone = Duration.between(condition.lastTransitionTime().orElse(now), now)
                .dividedBy(4);
        if (gone.compareTo(SOON) < 0) return SOON;
        return gone.compareTo(AGAIN) > 0 ? AGAIN : gone;
    }

    @Override
    public Collection<Metric.Sample> gauges(Caches caches) {
        var samples = new ArrayList<Metric.Sample>();
        for (var object : caches.of(Resources.API_SERVICES).all()) {
            boolean holds = StatusCondition.status(object.status().conditions(), ApiServiceConditionType.AVAILABLE)
                    == ConditionStatus.TRUE;
            samples.add(GAUGE.of(holds ? 0 : 1, object.name()));
        }
        return samples;
    }
}
