package io.navarch.comparison.loops;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpectationTest {
    private static final View RUNNING = pod("Running");
    private static final View PENDING = pod("Pending");

    private static View pod(String phase) {
        return View.of(Yaml.parse("status: {phase: " + phase + ", conditions: [{type: Ready, status: 'True'}]}"));
    }

    private static boolean met(String text, View... objects) {
        return Expectation.of(text).met(List.of(objects));
    }

    @Test
    void allPassUnlessItIsSaidHowMany() {
        assertThat(met("pods * status.phase=Running", RUNNING, RUNNING)).isTrue();
        assertThat(met("pods * status.phase=Running", RUNNING, PENDING)).isFalse();
        assertThat(met("pods * status.phase=Running some", RUNNING, PENDING)).isTrue();
        assertThat(met("pods * status.phase=Running count=1", RUNNING, PENDING)).isTrue();
    }

    @Test
    void nothingPassesOnlyWhereNothingIsExpected() {
        assertThat(met("pods * status.phase=Running")).isFalse();
        assertThat(met("pods * gone")).isTrue();
        assertThat(met("pods * gone", RUNNING)).isFalse();
    }

    @Test
    void conditionsAreFields() {
        assertThat(met("pods a condition.Ready=True", PENDING)).isTrue();
        assertThat(met("pods a condition.Ready=False", PENDING)).isFalse();
    }

    @Test
    void everyScenarioCanBeRead() throws Exception {
        assertThat(Scenario.all(Path.of("loops"))).hasSizeGreaterThan(20);
    }
}
