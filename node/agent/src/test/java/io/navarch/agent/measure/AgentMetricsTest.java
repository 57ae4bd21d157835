package io.navarch.agent.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.cgroups.Cgroups;
import io.navarch.agent.cgroups.MeasuredCgroups;
import io.navarch.agent.decide.CgroupLimits;
import io.navarch.agent.measure.AgentMetrics.Work;
import io.navarch.process.Metrics;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AgentMetricsTest {
    private static final long SECOND = 1_000_000_000;

    private final Metrics metrics = new Metrics();
    private long now = SECOND;
    private final AgentMetrics told = new AgentMetrics(metrics, () -> now);

    @Test
    void listsAreTimedAndSoIsWhatIsBetweenThem() {
        assertThat(told.sinceList()).isZero();
        long since = told.lists();
        now += SECOND;
        told.listed(since);
        now += 2 * SECOND;
        assertThat(told.sinceList()).isEqualTo(Duration.ofSeconds(3));
        told.lists();
        assertThat(metrics.text().lines())
                .contains(
                        "kubelet_pleg_relist_duration_seconds_sum 1",
                        "kubelet_pleg_relist_interval_seconds_sum 3",
                        "kubelet_pleg_relist_interval_seconds_count 1");
    }

    @Test
    void workIsTimed() {
        now = 3 * SECOND;
        told.worked(Work.CREATE, 2 * SECOND);
        told.started(SECOND, Duration.ofSeconds(5));
        told.mounted("kubernetes.io/secret", true, SECOND);
        assertThat(metrics.text().lines())
                .contains(
                        "kubelet_pod_worker_duration_seconds_sum{operation_type=\"create\"} 1",
                        "kubelet_pod_start_duration_seconds_sum 2",
                        "kubelet_pod_start_total_duration_seconds_sum 5",
                        "storage_operation_duration_seconds_count{volume_plugin=\"kubernetes.io/secret\",operation_name=\"volume_mount\",status=\"fail-unknown\",migrated=\"false\"} 1");
    }

    /// A group that is there is changed, and one that cannot be removed is not counted.
    @Test
    void changesOfGroupsAreTold() throws IOException {
        var groups = new MeasuredCgroups(Cgroups.NONE, told);
        groups.apply("/a", CgroupLimits.NONE);
        groups.remove("/a");
        var broken = (Cgroups) Proxy.newProxyInstance(
                Cgroups.class.getClassLoader(), new Class<?>[] {Cgroups.class}, (self, method, arguments) -> {
                    if (method.getName().equals("exists")) return false;
                    if (method.getName().equals("remove")) throw new IOException("busy");
                    return null;
                });
        var others = new MeasuredCgroups(broken, told);
        others.apply("/b", CgroupLimits.NONE);
        assertThatThrownBy(() -> others.remove("/b")).hasMessage("busy");
        assertThat(metrics.text().lines())
                .contains(
                        "kubelet_cgroup_manager_duration_seconds_count{operation_type=\"update\"} 1",
                        "kubelet_cgroup_manager_duration_seconds_count{operation_type=\"create\"} 1",
                        "kubelet_cgroup_manager_duration_seconds_count{operation_type=\"destroy\"} 1");
    }
}
