package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.decide.NodeFit.Lack;
import io.navarch.agent.decide.PodAdmission.Rejection;
import io.navarch.model.Pod;
import io.navarch.model.PodQosClass;
import io.navarch.objects.Quantity;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreemptionTest {
    private static final Pod CRITICAL = pod("critical", PodQosClass.BURSTABLE, 2_000_000_000, "1", "1Gi");

    private static Pod pod(String name, PodQosClass qos, int priority, String cpu, String memory) {
        return Pod.builder()
                .metadata(meta -> meta.name(name).uid(name))
                .spec(spec -> spec.priority(priority)
                        .addContainers(each -> each.name("c")
                                .resources(amounts -> amounts.putRequests("cpu", Quantity.parse(cpu))
                                        .putRequests("memory", Quantity.parse(memory)))))
                .status(status -> status.qosClass(qos))
                .build();
    }

    private static Pod burstable(String name, String cpu, String memory) {
        return pod(name, PodQosClass.BURSTABLE, 0, cpu, memory);
    }

    private static Lack lack(String resource, long amount) {
        return new Lack(resource, amount, new Rejection("OutOf" + resource, ""));
    }

    private static List<String> victims(List<Lack> lacks, Pod... others) {
        return Preemption.of(CRITICAL, lacks, List.of(others)).victims().stream()
                .map(Pod::name)
                .toList();
    }

    @Test
    void thePodThatLeavesWhatIsMissingGoesAndOfTwoTheSmaller() {
        var missing = List.of(lack("cpu", 300));
        assertThat(victims(missing, burstable("small", "200m", "1Mi"), burstable("enough", "400m", "1Mi")))
                .containsExactly("enough");
        assertThat(victims(missing, burstable("large", "900m", "9Mi"), burstable("enough", "400m", "1Mi")))
                .containsExactly("enough");
        assertThat(victims(missing, burstable("one", "200m", "1Mi"), burstable("two", "200m", "1Mi")))
                .hasSize(2);
    }

    @Test
    void lowerClassesGoBeforeHigherOnes() {
        var guaranteed = pod("guaranteed", PodQosClass.GUARANTEED, 0, "1", "1Gi");
        var best = pod("best", PodQosClass.BEST_EFFORT, 0, "0", "0");
        var burstable = burstable("burstable", "500m", "100Mi");
        assertThat(victims(List.of(lack("cpu", 500)), guaranteed, best, burstable))
                .containsExactly("burstable");
        assertThat(victims(List.of(lack("pods", 1)), guaranteed, best, burstable))
                .containsExactly("best");
        assertThat(victims(List.of(lack("cpu", 600)), guaranteed, best, burstable))
                .containsExactly("guaranteed");
    }

    @Test
    void thoseThatAreThereForTheSystemStayUnlessTheyAreLessImportant() {
        var other = pod("other", PodQosClass.BURSTABLE, 2_000_000_000, "1", "1Gi");
        var higher = CRITICAL.toBuilder()
                .editSpec(spec -> spec.priority(2_000_001_000))
                .build();
        var missing = List.of(lack("cpu", 300), lack("memory", 20));
        var refused = Preemption.of(CRITICAL, missing, List.of(other, CRITICAL, burstable("b", "0", "15")));
        assertThat(refused.victims()).isEmpty();
        assertThat(refused.rejection().orElseThrow().reason()).isEqualTo("UnexpectedAdmissionError");
        assertThat(refused.rejection().get().message())
                .endsWith("no set of running pods found to reclaim resources: [(res: cpu, q: 300), (res: memory, q:"
                        + " 5), ]");
        assertThat(Preemption.of(higher, missing, List.of(other)).victims()).containsExactly(other);
    }
}
