package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.objects.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReservationTest {
    private static final Map<String, Quantity> CAPACITY =
            Map.of("cpu", Quantity.parse("2"), "memory", Quantity.parse("4Gi"), "pods", Quantity.parse("110"));

    private static Reservation reserved(String system, String kube, String... enforced) {
        return new Reservation(
                Reservation.parse(List.of(system.split(","))),
                Reservation.parse(List.of(kube.split(","))),
                Set.of(enforced),
                "/system",
                "/kube");
    }

    @Test
    void whatIsLeftIsForPods() {
        var both = reserved("cpu=200m,memory=1Gi", "memory=512Mi", "pods");
        var left = both.allocatable(CAPACITY, Map.of("memory", Quantity.parse("100Mi")));
        assertThat(left.get("cpu")).hasToString("1800m");
        assertThat(left.get("memory")).hasToString("2460Mi");
        assertThat(left.get("pods")).hasToString("110");
        // They are ended before they have all, so the kernel lets them have it.
        assertThat(both.forPods(CAPACITY).get("memory")).hasToString("2560Mi");
        assertThat(Reservation.NONE.allocatable(CAPACITY, Map.of())).isEqualTo(CAPACITY);
    }

    @Test
    void moreThanThereIsLeavesNothing() {
        var all = reserved("memory=5Gi", "cpu=1", "pods");
        assertThat(all.forPods(CAPACITY).get("memory")).isEqualTo(Quantity.ZERO);
        assertThat(all.excess(CAPACITY, Map.of()))
                .isEqualTo("invalid Node Allocatable configuration. Resource \"memory\" has a reservation of 5Gi but"
                        + " capacity of 4Gi. Expected capacity >= reservation.");
        assertThat(Reservation.NONE.excess(CAPACITY, Map.of())).isEmpty();
    }

    @Test
    void processesAreLimitedWhenSomeAreReserved() {
        assertThat(reserved("pid=1000", "pid=68", "pods").pids(32_768)).isEqualTo(31_700);
        assertThat(Reservation.NONE.pids(32_768)).isZero();
        assertThat(reserved("pid=1000", "cpu=1", "pods").pids(0)).isZero();
    }

    @Test
    void whatCanBePressedTogetherMayBeEnforcedAlone() {
        var both = reserved("cpu=1,memory=1Gi", "cpu=1", "pods", "system-reserved-compressible");
        assertThat(both.enforces(Reservation.SYSTEM)).isTrue();
        assertThat(both.enforces(Reservation.KUBE)).isFalse();
        assertThat(both.enforced(Reservation.SYSTEM)).containsOnlyKeys("cpu");
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> Reservation.parse(List.of("gpu=1"))).hasMessage("cannot reserve \"gpu\" resource");
        assertThatThrownBy(() -> Reservation.parse(List.of("cpu=-1")))
                .hasMessage("resource quantity for \"cpu\" cannot be negative: -1");
        assertThatThrownBy(() -> Reservation.parse(List.of("cpu"))).hasMessageContaining("malformed pair");
        assertThatThrownBy(() -> reserved("cpu=1", "cpu=1", "all")).hasMessageContaining("\"all\" specified for");
        assertThatThrownBy(() -> reserved("cpu=1", "cpu=1", "none", "pods")).hasMessageContaining("\"none\"");
        assertThatThrownBy(() -> new Reservation(Map.of(), Map.of(), Set.of("kube-reserved"), "", ""))
                .hasMessageContaining("kubeReservedCgroup must be specified");
    }
}
