package io.navarch.agent.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A node of one processor.
class AllocationsTest {
    private static String free(String resource) {
        return "";
    }

    private final Allocations allocations = new Allocations(Map.of("cpu", Quantity.parse("1")));

    private static Pod pod(String uid, String cpu) {
        return Pod.builder()
                .metadata(meta -> meta.name(uid).uid(uid))
                .spec(spec -> spec.addContainers(
                        each -> each.name("c").resources(amounts -> amounts.putRequests("cpu", Quantity.parse(cpu)))))
                .build();
    }

    /// The same pod, which asks for something else than it has been told it has.
    private static Pod resized(Pod pod, String cpu) {
        var before = pod.spec().containers().getFirst().resources();
        return pod(pod.uid(), cpu).toBuilder()
                .status(status -> status.addContainerStatuses(each -> each.name("c")
                        .resources(before)
                        .putAllocatedResources("cpu", before.requests().get("cpu"))))
                .build();
    }

    private boolean admits(Pod pod) {
        return allocations.admit(pod, Node.ABSENT).isEmpty();
    }

    @Test
    void whoWasHereBeforeIsCountedWhateverThereIs() {
        allocations.count(pod("a", "700m"));
        allocations.count(pod("b", "700m"));
        assertThat(admits(pod("c", "100m"))).isFalse();
        allocations.release("a");
        assertThat(admits(pod("c", "100m"))).isTrue();
        assertThat(admits(pod("d", "300m"))).isFalse();
    }

    @Test
    void whoAsksForMoreGetsItBesideAllOthers() {
        var first = pod("a", "300m");
        assertThat(admits(first)).isTrue();
        assertThat(admits(pod("b", "300m"))).isTrue();
        var answer = allocations.ask(resized(first, "600m"), AllocationsTest::free);
        assertThat(answer.granted()).isTrue();
        // What was granted is taken, for those who come and for those who ask.
        assertThat(admits(pod("c", "200m"))).isFalse();
        var denied = allocations.ask(resized(pod("b", "300m"), "500m"), AllocationsTest::free);
        assertThat(denied.granted()).isFalse();
        assertThat(denied.lacking())
                .isEqualTo("Node didn't have enough resource: cpu, requested: 500, used: 600, capacity: 1000");
        assertThat(admits(pod("c", "100m"))).isTrue();
    }

    @Test
    void whatWasNotGrantedIsNotTaken() {
        var first = pod("a", "300m");
        assertThat(admits(first)).isTrue();
        assertThat(admits(pod("b", "300m"))).isTrue();
        assertThat(allocations
                        .ask(resized(first, "800m"), AllocationsTest::free)
                        .lacking())
                .isNotEmpty();
        assertThat(admits(pod("c", "400m"))).isTrue();
    }

    @Test
    void ofAPodThatWaitsForMoreAnEarlierAgentsWordCounts() {
        allocations.count(resized(pod("a", "300m"), "900m"));
        assertThat(admits(pod("b", "700m"))).isTrue();
        assertThat(allocations
                        .ask(resized(pod("a", "300m"), "900m"), AllocationsTest::free)
                        .lacking())
                .isNotEmpty();
        allocations.release("b");
        assertThat(allocations
                        .ask(resized(pod("a", "300m"), "900m"), AllocationsTest::free)
                        .granted())
                .isTrue();
    }
}
