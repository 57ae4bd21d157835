package io.navarch.aggregation.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.aggregation.status.AvailabilityController.Seen;
import io.navarch.model.APIService;
import io.navarch.model.APIServiceCondition;
import io.navarch.model.Service;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the specs do not reach: when a server is asked again, and what is counted.
class AvailabilityControllerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");

    private final AvailabilityController controller = new AvailabilityController();

    private static APIService object(String more) {
        return APIService.of(View.of(Yaml.parse("{metadata: {name: v1.a}, spec: {group: a, version: v1" + more + "}")));
    }

    private static Seen seen(APIService object, Optional<String> failure) {
        var service = Service.of(View.of(Yaml.parse("{metadata: {name: s}, spec: {type: ExternalName}}")));
        return new Seen(object, service, List.of(), Optional.of(failure));
    }

    private static APIServiceCondition condition(Decision decision) {
        return APIService.of(View.of(decision.status().orElseThrow().object()))
                .status()
                .conditions()
                .getFirst();
    }

    private static APIService told(APIService object, Decision decision) {
        return object.toBuilder()
                .status(APIService.of(View.of(decision.status().orElseThrow().object()))
                        .status())
                .build();
    }

    @Test
    void aLocalOneIsAlwaysAvailable() {
        var object = object("}");
        var decision = controller.decide(new Seen(object, Service.ABSENT, List.of(), Optional.empty()), NOW);
        assertThat(condition(decision).reason()).isEqualTo("Local");
        assertThat(decision.requeueAfter()).isEmpty();
    }

    @Test
    void nothingIsSaidBeforeTheServerWasAsked() {
        var object = object(", service: {namespace: n, name: s}}");
        var seen = seen(object, Optional.empty());
        assertThat(controller.decide(new Seen(object, seen.service(), seen.slices(), Optional.empty()), NOW))
                .isEqualTo(Decision.NOTHING);
    }

    @Test
    void serversAreAskedAgainAndWhatIsSaidAlreadyIsNotWritten() {
        var object = object(", service: {namespace: n, name: s}}");
        var first = controller.decide(seen(object, Optional.empty()), NOW);
        assertThat(condition(first).message()).isEqualTo("all checks passed");
        assertThat(first.requeueAfter()).contains(Duration.ofSeconds(30));
        var later = NOW.plusSeconds(30);
        var again = controller.decide(seen(told(object, first), Optional.empty()), later);
        assertThat(again.status()).isEmpty();
        var gone = controller.decide(seen(told(object, first), Optional.of("no answer")), later);
        assertThat(condition(gone).reason()).isEqualTo("FailedDiscoveryCheck");
        assertThat(condition(gone).lastTransitionTime()).contains(later);
        assertThat(gone.metrics()).hasSize(1);
        assertThat(gone.requeueAfter()).contains(Duration.ofMillis(100));
        var still = controller.decide(seen(told(object, gone), Optional.of("another reason")), later.plusSeconds(40));
        assertThat(condition(still).lastTransitionTime()).contains(later);
        assertThat(still.metrics()).isEmpty();
        assertThat(still.requeueAfter()).contains(Duration.ofSeconds(10));
    }
}
