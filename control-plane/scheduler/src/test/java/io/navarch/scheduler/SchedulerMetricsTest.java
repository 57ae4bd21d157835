package io.navarch.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Pod;
import io.navarch.objects.Yaml;
import io.navarch.process.Metrics;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SchedulerMetricsTest {
    private final Metrics metrics = new Metrics();
    private final SchedulingQueue queue = new SchedulingQueue();
    private long now;
    private final SchedulerMetrics told =
            new SchedulerMetrics(metrics, () -> now, queue::sizes, () -> Map.of("nodes", 3));

    private static Pod pod(String name) {
        return new Pod(Yaml.parse("{metadata: {name: " + name + ", namespace: ns}}"));
    }

    @Test
    void attemptsAreCountedAndTimed() {
        now = 3_000_000;
        told.decided(1_000_000);
        told.ended(SchedulerMetrics.SCHEDULED, 1_000_000);
        now = 2_000_000_000;
        told.bound(2, 1_000_000_000);
        told.bound(40, 0);
        told.preempted(0);
        told.preempted(3);
        assertThat(metrics.text().lines())
                .contains(
                        "scheduler_schedule_attempts_total{profile=\"default-scheduler\",result=\"scheduled\"} 1",
                        "scheduler_schedule_attempts_total{profile=\"default-scheduler\",result=\"error\"} 0",
                        "scheduler_scheduling_algorithm_duration_seconds_bucket{le=\"0.002\"} 1",
                        "scheduler_scheduling_attempt_duration_seconds_sum{profile=\"default-scheduler\",result=\"scheduled\"} 0.002",
                        "scheduler_pod_scheduling_sli_duration_seconds_sum{attempts=\"2\"} 1",
                        "scheduler_pod_scheduling_sli_duration_seconds_count{attempts=\"15+\"} 1",
                        "scheduler_pod_scheduling_attempts_bucket{le=\"2\"} 1",
                        "scheduler_preemption_attempts_total 2",
                        "scheduler_preemption_victims_count 1",
                        "scheduler_cache_size{type=\"nodes\"} 3");
    }

    @Test
    void podsThatWaitAreCountedByWhatTheyWaitFor() throws InterruptedException {
        queue.add(pod("a"));
        queue.failed(queue.take());
        queue.add(pod("b"));
        queue.refused(queue.take());
        queue.add(pod("c"));
        queue.add(pod("gone"));
        queue.remove(pod("gone").key());
        assertThat(metrics.text().lines())
                .contains(
                        "scheduler_pending_pods{queue=\"active\"} 1",
                        "scheduler_pending_pods{queue=\"backoff\"} 1",
                        "scheduler_pending_pods{queue=\"unschedulable\"} 1");
    }

    /// However often it is tried, it counts from the first time.
    @Test
    void theFirstAttemptIsRemembered() throws InterruptedException {
        queue.add(pod("a"));
        var first = queue.take();
        queue.refused(first);
        assertThat(queue.take().since()).isEqualTo(first.since());
    }
}
