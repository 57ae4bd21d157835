package io.navarch.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.client.Cache;
import io.navarch.client.Caches;
import io.navarch.model.ConfigMap;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.process.Metric;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class ReconcilerTest {
    private static final ObjectKey KEY = new ObjectKey("ns", "a");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Metric PASSES = Metric.counter("passes", "[ALPHA] A test.", "failed");

    private final FakeApi api = new FakeApi();
    private final List<Metric.Sample> samples = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private final ActionExecutor executor = new ActionExecutor(
            api,
            (about, type, reason, message) -> {},
            samples::add,
            Set.of(Resources.CONFIG_MAPS),
            Executors::newVirtualThreadPerTaskExecutor);

    /// Nothing is cached: what is observed is the key.
    private record NoCaches() implements Caches {
        @Override
        public <T extends Lens> Cache<T> of(ResourceType<T> type) {
            throw new IllegalStateException("nothing is cached");
        }
    }

    /// Updates the object that its key names.
    private final class Updating implements Controller<String> {
        @Override
        public ControllerWiring wiring() {
            return ControllerWiring.of("updating").metrics(PASSES).build();
        }

        @Override
        public Optional<String> observe(Caches caches, ObjectKey key) {
            return key.name().isEmpty() ? Optional.empty() : Optional.of("observed " + key.name());
        }

        @Override
        public Decision decide(String what, Instant now) {
            seen.add(what + " at " + now);
            var map =
                    ConfigMap.builder().metadata(metadata -> metadata.name("a").namespace("ns"));
            return Decision.builder()
                    .change(new Action.Update(Resources.CONFIG_MAPS, map.build(), ""))
                    .requeueAfter(Duration.ofSeconds(7))
                    .build();
        }

        @Override
        public List<Metric.Sample> syncMetrics(String what, Decision decision, Duration took, boolean failed) {
            return List.of(PASSES.once(String.valueOf(failed)));
        }
    }

    private final Reconciler<String> reconciler = new Reconciler<>(
            new ControllerRun<>(new Updating(), (what, now) -> what + ", read"),
            new NoCaches(),
            executor,
            samples::add,
            () -> NOW,
            () -> 0L);

    @Test
    void aPassObservesReadsDecidesAndActs() throws InterruptedException {
        var outcome = reconciler.reconcile(KEY, (type, revision) -> true);
        assertThat(outcome).isEqualTo(new Reconciler.Outcome(true, Optional.of(Duration.ofSeconds(7))));
        assertThat(seen).containsExactly("observed a, read at " + NOW);
        assertThat(api.calls).containsExactly("update a");
        assertThat(samples).containsExactly(PASSES.once("false"));
    }

    @Test
    void nothingIsDecidedWhenThereIsNothingToSee() throws InterruptedException {
        var outcome = reconciler.reconcile(new ObjectKey("ns", ""), (type, revision) -> true);
        assertThat(outcome).isEqualTo(new Reconciler.Outcome(true, Optional.empty()));
        assertThat(seen).isEmpty();
    }

    @Test
    void theNextPassWaitsUntilTheCachesShowWhatWasWritten() throws InterruptedException {
        reconciler.reconcile(KEY, (type, revision) -> true);
        var asked = new ArrayList<Long>();
        var behind = reconciler.reconcile(KEY, (type, revision) -> !asked.add(revision));
        assertThat(behind.done()).isFalse();
        assertThat(api.calls).hasSize(1);
        // What it waits for is not forgotten by having waited in vain.
        assertThat(reconciler
                        .reconcile(KEY, (type, revision) -> asked.add(revision))
                        .done())
                .isTrue();
        assertThat(asked).containsExactly(101L, 101L);
        assertThat(api.calls).hasSize(2);
    }

    @Test
    void aFailureIsRecordedAndPassedOn() {
        api.refuse("update a", new ApiException(ApiException.Reason.CONFLICT, "changed"));
        assertThatThrownBy(() -> reconciler.reconcile(KEY, (type, revision) -> true))
                .hasMessage("changed");
        assertThat(samples).containsExactly(PASSES.once("true"));
    }
}
