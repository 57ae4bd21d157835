package io.navarch.kinds.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.kinds.BuiltInKinds;
import io.navarch.model.Event;
import io.navarch.model.EventType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventKindsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static List<Object> cells(KindDefinition kind, Map<String, Object> stored) {
        var version = kind.storage();
        var shown = View.of(version.fromStorage().apply(Trees.copy(stored)));
        return version.columns().stream()
                .map(column -> column.cell().of(shown, NOW))
                .toList();
    }

    @Test
    void bothGroupsShowTheSameCells() {
        var types = BuiltInKinds.types();
        var event = Event.builder()
                .metadata(metadata -> metadata.name("e").namespace("n"))
                .type(EventType.NORMAL)
                .reason("Started")
                .message("Started container")
                .involvedObject(subject -> subject.kind("Pod").name("p").fieldPath("spec.containers{c}"))
                .source(source -> source.component("kubelet"))
                .firstTimestamp(NOW.minus(Duration.ofMinutes(5)))
                .lastTimestamp(NOW.minus(Duration.ofSeconds(30)))
                .count(3)
                .map();
        var core = cells(EventKinds.core(types), event);
        assertThat(core)
                .containsExactly(
                        "30s",
                        "Normal",
                        "Started",
                        "pod/p",
                        "spec.containers{c}",
                        "kubelet",
                        "Started container",
                        "5m",
                        "3",
                        "e");
        assertThat(cells(EventKinds.events(types), event)).isEqualTo(core);
    }
}
