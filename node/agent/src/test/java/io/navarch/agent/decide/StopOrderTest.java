package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.decide.RuntimeState.Container;
import io.navarch.agent.decide.RuntimeState.Phase;
import io.navarch.model.Pod;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StopOrderTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static Container running(String name) {
        return new Container(
                name, "box", name, 0, "", Phase.RUNNING, NOW, Optional.of(NOW), NOW, 0, "", "", "i", "ref");
    }

    @Test
    void sidecarsEndAfterTheOthersAndTheLastOneFirst() {
        var pod = Pod.of(View.of(Yaml.parse("""
                spec:
                  initContainers:
                  - {name: proxy, restartPolicy: Always}
                  - {name: prepare}
                  - {name: logs, restartPolicy: Always}
                  - {name: absent, restartPolicy: Always}
                  containers: [{name: a}, {name: b}]
                """)));
        var a = running("a");
        var b = running("b");
        var proxy = running("proxy");
        var logs = running("logs");
        var prepare = running("prepare");
        assertThat(StopOrder.of(pod, List.of(logs, a, proxy, prepare, b)))
                .isEqualTo(new StopOrder(List.of(a, prepare, b), List.of(logs, proxy)));
    }
}
