package io.navarch.controllers.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.FixedCaches;
import io.navarch.model.Endpoints;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.reconcile.Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointsCapacityTest {
    private static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

    private static Pod pod(int number, boolean ready) {
        return Pod.of(View.of(Yaml.parse("""
                metadata: {name: p%1$d, namespace: ns, uid: p%1$d, labels: {app: a}}
                spec: {nodeName: n}
                status: {podIP: 10.0.%2$d.%3$d, conditions: [{type: Ready, status: "%4$s"}]}
                """.formatted(number, number >> 8, number & 255, ready ? "True" : "False"))));
    }

    private static Endpoints written(int ready, int waiting) {
        var pods = new ArrayList<Pod>();
        for (int i = 0; i < ready + waiting; i++) pods.add(pod(i, i < ready));
        var caches = new FixedCaches()
                .with(Resources.PODS, pods)
                .with(Resources.SERVICES, List.of(Service.of(View.of(Yaml.parse("""
                        metadata: {name: s, namespace: ns}
                        spec: {clusterIP: 10.0.0.1, selector: {app: a}, ports: [{port: 80, targetPort: 80}]}
                        """)))));
        var controller = new EndpointSliceController();
        controller.prepare(caches);
        var seen = controller.observe(caches, new ObjectKey("ns", "s")).orElseThrow();
        return controller.decide(seen, Instant.EPOCH).actions().stream()
                .filter(action ->
                        action instanceof Action.Create create && create.type().equals(Resources.ENDPOINTS))
                .map(action -> Endpoints.of(View.of(((Action.Create) action).object())))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void oneObjectHoldsAThousandAddressesAndSaysSoWhenThereAreMore() {
        var crowded = written(1200, 10);
        assertThat(crowded.annotation(OVER_CAPACITY)).isEqualTo("truncated");
        assertThat(crowded.subsets().getFirst().addresses()).hasSize(1000);
        assertThat(crowded.subsets().getFirst().notReadyAddresses()).isEmpty();
        var waiting = written(900, 300);
        assertThat(waiting.annotation(OVER_CAPACITY)).isEqualTo("truncated");
        assertThat(waiting.subsets().getFirst().addresses()).hasSize(900);
        assertThat(waiting.subsets().getFirst().notReadyAddresses()).hasSize(100);
        assertThat(written(990, 10).annotations()).isEmpty();
    }
}
