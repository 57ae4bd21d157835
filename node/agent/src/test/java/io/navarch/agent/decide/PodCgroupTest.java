package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.PodQosClass;
import io.navarch.model.RestartPolicy;
import io.navarch.objects.Quantity;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PodCgroupTest {
    private static final long NODE = 1L << 30;

    private static Map<String, Quantity> amounts(String cpu, String memory) {
        return cpu.isEmpty()
                ? Map.of("memory", Quantity.parse(memory))
                : memory.isEmpty()
                        ? Map.of("cpu", Quantity.parse(cpu))
                        : Map.of("cpu", Quantity.parse(cpu), "memory", Quantity.parse(memory));
    }

    private static Container container(String name, Map<String, Quantity> requests, Map<String, Quantity> limits) {
        return Container.builder()
                .name(name)
                .resources(each -> each.requests(requests).limits(limits))
                .build();
    }

    private static Pod pod(PodQosClass qos, Container... containers) {
        return Pod.builder()
                .metadata(meta -> meta.name("p").uid("u"))
                .spec(spec -> spec.containers(List.of(containers)))
                .status(status -> status.qosClass(qos))
                .build();
    }

    @Test
    void guaranteedPodsAreBesideTheOtherClasses() {
        var whole = amounts("250m", "64Mi");
        var pod = pod(PodQosClass.GUARANTEED, container("c", whole, whole));
        assertThat(PodCgroup.of("", pod)).isEqualTo("/kubepods/podu");
        var limits = PodCgroup.limits(pod, 0);
        assertThat(limits.cpuShares()).hasValue(256);
        assertThat(limits.cpuQuota()).hasValue(25_000);
        assertThat(limits.cpuPeriod()).hasValue(100_000);
        assertThat(limits.memory()).hasValue(64 << 20);
        assertThat(limits.pids()).isEmpty();
    }

    @Test
    void burstablePodsAreLimitedOnlyWhereEachContainerIs() {
        var one = container("c", amounts("100m", "32Mi"), amounts("", "64Mi"));
        var other = container("d", amounts("100m", "32Mi"), amounts("300m", "64Mi"));
        var pod = pod(PodQosClass.BURSTABLE, one, other);
        assertThat(PodCgroup.of("/n", pod)).isEqualTo("/n/kubepods/burstable/podu");
        var limits = PodCgroup.limits(pod, 100);
        assertThat(limits.cpuShares()).hasValue(204);
        assertThat(limits.cpuQuota()).isEmpty();
        assertThat(limits.memory()).hasValue(128 << 20);
        assertThat(limits.pids()).hasValue(100);
        assertThat(PodCgroup.ofBurstable(List.of(pod, pod)).cpuShares()).hasValue(409);
    }

    @Test
    void theRestHasTheLeastWeight() {
        var pod = pod(PodQosClass.BEST_EFFORT, container("c", Map.of(), Map.of()));
        assertThat(PodCgroup.of("", pod)).isEqualTo("/kubepods/besteffort/podu");
        assertThat(PodCgroup.limits(pod, 0)).isEqualTo(PodCgroup.ofBestEffort());
        assertThat(PodCgroup.uid("podu")).contains("u");
        assertThat(PodCgroup.uid("pod")).isEmpty();
        assertThat(PodCgroup.uid("burstable")).isEmpty();
    }

    @Test
    void overheadCountsWhereThePodIsLimited() {
        var limited = container("c", amounts("100m", "32Mi"), amounts("200m", ""));
        var pod = pod(PodQosClass.BURSTABLE, limited).toBuilder()
                .editSpec(spec -> spec.overhead(amounts("100m", "16Mi")))
                .build();
        var limits = PodCgroup.limits(pod, 0);
        assertThat(limits.cpuShares()).hasValue(204);
        assertThat(limits.cpuQuota()).hasValue(30_000);
        assertThat(limits.memory()).isEmpty();
    }

    @Test
    void limitsOfWholePodsStandForThoseOfContainersThatHaveNone() {
        var limited = container("d", Map.of(), amounts("", "32Mi"));
        var free = container("c", Map.of(), Map.of());
        var pod = pod(PodQosClass.BURSTABLE, free, limited).toBuilder()
                .editSpec(spec -> spec.resources(
                        all -> all.requests(amounts("100m", "64Mi")).limits(amounts("200m", "128Mi"))))
                .build();
        assertThat(PodCgroup.limits(pod, 0).cpuQuota()).hasValue(20_000);
        assertThat(PodCgroup.limits(pod, 0).memory()).hasValue(128 << 20);
        assertThat(PodCgroup.limit(pod, free, "memory").units()).isEqualTo(128 << 20);
        assertThat(PodCgroup.limit(pod, limited, "memory").units()).isEqualTo(32 << 20);
        // What it asks for is for both.
        assertThat(OomScore.of(pod, free, NODE)).isEqualTo(1000 - 1000 * (32L << 20) / NODE);
    }

    @Test
    void sharesAndQuotasStayWithinWhatTheKernelTakes() {
        assertThat(CgroupLimits.shares(0)).isEqualTo(2);
        assertThat(CgroupLimits.shares(1)).isEqualTo(2);
        assertThat(CgroupLimits.shares(1_000_000)).isEqualTo(262_144);
        assertThat(CgroupLimits.quota(1)).isEqualTo(1000);
        assertThat(CgroupLimits.quota(0)).isZero();
        assertThat(CgroupLimits.weight(2)).isEqualTo(1);
        assertThat(CgroupLimits.weight(1024)).isEqualTo(39);
        assertThat(CgroupLimits.weight(262_144)).isEqualTo(10_000);
    }

    @Test
    void hugePagesByTheirSize() {
        var asked = Map.of("hugepages-2Mi", Quantity.parse("4Mi"), "cpu", Quantity.parse(1));
        assertThat(PodCgroup.hugePages(asked)).isEqualTo(Map.of(2L << 20, 4L << 20));
    }

    @Test
    void whoAskedForLeastGoesFirst() {
        var half = container("c", amounts("", "512Mi"), Map.of());
        var pod = pod(PodQosClass.BURSTABLE, half);
        assertThat(OomScore.of(pod, half, NODE)).isEqualTo(500);
        assertThat(OomScore.of(pod, container("d", Map.of(), Map.of()), NODE)).isEqualTo(999);
        assertThat(OomScore.of(pod, container("e", amounts("", "2Gi"), Map.of()), NODE))
                .isEqualTo(3);
        assertThat(OomScore.of(pod(PodQosClass.GUARANTEED, half), half, NODE)).isEqualTo(-997);
        assertThat(OomScore.of(pod(PodQosClass.BEST_EFFORT, half), half, NODE)).isEqualTo(1000);
        var critical = pod.toBuilder()
                .editSpec(spec -> spec.priority(2_000_001_000).priorityClassName("system-node-critical"))
                .build();
        assertThat(OomScore.of(critical, half, NODE)).isEqualTo(-997);
    }

    @Test
    void whoServesOthersDoesNotGoBeforeThem() {
        var sidecar = container("s", Map.of(), Map.of()).toBuilder()
                .restartPolicy(RestartPolicy.ALWAYS)
                .build();
        var pod = pod(PodQosClass.BURSTABLE, container("c", amounts("", "256Mi"), Map.of())).toBuilder()
                .editSpec(spec -> spec.initContainers(List.of(sidecar)))
                .build();
        assertThat(OomScore.of(pod, sidecar, NODE)).isEqualTo(750);
    }

    @Test
    void whatAllPodsMayTake() {
        var all = PodCgroup.ofAll(amounts("1800m", "1Gi"), 500);
        assertThat(all.cpuShares()).hasValue(1843);
        assertThat(all.memory()).isEqualTo(OptionalLong.of(1 << 30));
        assertThat(all.pids()).hasValue(500);
    }
}
