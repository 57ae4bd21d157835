package io.navarch.agent.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.decide.Eviction;
import io.navarch.agent.decide.ShutdownPeriods;
import io.navarch.model.Pod;
import io.navarch.model.PodPhase;
import io.navarch.process.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NodeShutdownTest {
    private Instant now = Instant.EPOCH;
    private final List<String> ended = new ArrayList<>();

    /// Pods that end when they are told to, except one that never does.
    private final class Node implements OtherPods, Timers {
        private final Map<String, Instant> ends = new HashMap<>();
        private final Map<Instant, Runnable> later = new TreeMap<>();

        @Override
        public List<Pod> active() {
            return List.of(pod("usual", 0), pod("deaf", 0), pod("critical", 2_000_000_000));
        }

        @Override
        public boolean evict(Pod pod, Eviction eviction) {
            ended.add(now.getEpochSecond() + " " + pod.name() + " " + eviction.graceSeconds());
            if (!pod.name().equals("deaf")) ends.put(pod.name(), now.plusSeconds(1));
            return true;
        }

        @Override
        public boolean stopped(Pod pod) {
            var end = ends.get(pod.name());
            return end != null && !now.isBefore(end);
        }

        @Override
        public void pause(Duration length) {
            now = now.plus(length);
            later.forEach((time, action) -> {
                if (!now.isBefore(time)) action.run();
            });
        }

        @Override
        public void after(Duration delay, Runnable action) {
            later.put(now.plus(delay), action);
        }
    }

    private static Pod pod(String name, int priority) {
        return Pod.builder()
                .metadata(meta -> meta.name(name).uid(name))
                .spec(spec -> spec.priority(priority).terminationGracePeriodSeconds(8))
                .build();
    }

    @Test
    void whoDoesNotEndIsWaitedForNoLongerThanItsGroupHas() throws InterruptedException {
        var node = new Node();
        var shutdown = new NodeShutdown(ShutdownPeriods.of(30, 10), node);
        assertThat(shutdown.underWay()).isFalse();
        shutdown.begin();
        assertThat(shutdown.underWay()).isTrue();
        shutdown.endPods(node);
        assertThat(ended).containsExactly("0 usual 8", "0 deaf 8", "20 critical 8");
        assertThat(now).isEqualTo(Instant.EPOCH.plusSeconds(21));
        shutdown.cancel();
        assertThat(shutdown.underWay()).isFalse();
    }

    @Test
    void whatHasSucceededStaysSo() {
        assertThat(Eviction.shutdown(1).ended(PodPhase.SUCCEEDED)).isEqualTo(PodPhase.SUCCEEDED);
        assertThat(Eviction.shutdown(1).ended(PodPhase.RUNNING)).isEqualTo(PodPhase.FAILED);
        assertThat(Eviction.of("").ended(PodPhase.SUCCEEDED)).isEqualTo(PodPhase.FAILED);
    }
}
