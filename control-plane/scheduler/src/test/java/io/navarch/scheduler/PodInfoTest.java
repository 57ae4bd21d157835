package io.navarch.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Pod;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodInfoTest {
    private static PodInfo info(String spec, String status) {
        return PodInfo.of(Pod.of(View.of(Yaml.parse("{spec: {" + spec + "}, status: {" + status + "}}"))));
    }

    private static final String TWO =
            "containers: [{name: a, resources: {requests: {cpu: 100m, memory: 10}}}, {name: b}]";

    @Test
    void overheadIsTakenToo() {
        var info = info("overhead: {cpu: 50m, memory: 7}, " + TWO, "");
        assertThat(info.requests()).isEqualTo(Map.of("cpu", 150L, "memory", 17L));
        assertThat(info.assumed()).isEqualTo(Map.of("cpu", 250L, "memory", 17L + (200L << 20)));
    }

    @Test
    void whatAPodAsksForAsAWholeStandsForItsContainers() {
        var info = info("resources: {requests: {cpu: 500m}}, overhead: {cpu: 50m}, " + TWO, "");
        assertThat(info.requests()).isEqualTo(Map.of("cpu", 550L, "memory", 10L));
        assertThat(info.assumed()).isEqualTo(Map.of("cpu", 550L, "memory", 10L));
        var only = info("resources: {requests: {cpu: 500m}}, containers: [{name: a}]", "");
        assertThat(only.assumed()).isEqualTo(Map.of("cpu", 500L, "memory", 200L << 20));
    }

    /// Until its node has taken it back.
    @Test
    void whatAContainerStillHasCountsWhenItAsksForLess() {
        var has = "containerStatuses: [{name: a, allocatedResources: {cpu: 300m},"
                + " resources: {requests: {cpu: 200m, memory: 20}}}]";
        assertThat(info(TWO, has).requests()).isEqualTo(Map.of("cpu", 300L, "memory", 20L));
        var never = has + ", conditions: [{type: PodResizePending, status: 'True', reason: Infeasible}]";
        var more = TWO.replace("100m", "900m");
        assertThat(info(more, has).requests()).containsEntry("cpu", 900L);
        assertThat(info(more, never).requests()).containsEntry("cpu", 300L);
    }
}
