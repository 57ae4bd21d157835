package io.navarch.agent.garbage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.decide.ResourceConfig.ImageKeeping;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.agent.decide.RuntimeState.Phase;
import io.navarch.agent.garbage.ImageGarbage.Known;
import io.navarch.cri.ContainerRuntime.Image;
import io.navarch.cri.ContainerRuntime.ImageUser;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GarbageTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final ImageKeeping KEEPING =
            new ImageKeeping(85, 80, Duration.ofMinutes(2), Duration.ofHours(1), List.of(), 5);

    private static Image image(String id, long size, boolean pinned) {
        return new Image(
                id,
                List.of("docker.io/library/" + id + ":1"),
                List.of(),
                size,
                new ImageUser(OptionalLong.empty(), ""),
                pinned);
    }

    private static List<String> ids(List<Known> images) {
        return images.stream().map(Known::id).toList();
    }

    @Test
    void whatWasUsedLongestAgoGoesFirst() {
        var images = List.of(image("a", 10, false), image("b", 10, false), image("c", 10, false), image("p", 10, true));
        var garbage = ImageGarbage.NOTHING_KNOWN
                .seen(images, Set.of("docker.io/library/a:1"), Set.of(), START)
                .seen(images, Set.of("b"), Set.of(), START.plusSeconds(60));
        var now = START.plusSeconds(300);
        garbage = garbage.seen(images, Set.of(), Set.of(), now);
        assertThat(ids(garbage.toFree(Long.MAX_VALUE, KEEPING, now))).containsExactly("c", "a", "b");
        assertThat(ids(garbage.toFree(11, KEEPING, now))).containsExactly("c", "a");
        garbage = garbage.seen(images, Set.of("a"), Set.of("docker.io/library/b:1"), now);
        assertThat(ids(garbage.toFree(Long.MAX_VALUE, KEEPING, now))).containsExactly("c");
    }

    @Test
    void whatHasJustComeStays() {
        var images = List.of(image("a", 10, false));
        var garbage = ImageGarbage.NOTHING_KNOWN.seen(images, Set.of(), Set.of(), START);
        assertThat(garbage.toFree(1, KEEPING, START.plusSeconds(119))).isEmpty();
        assertThat(garbage.toFree(1, KEEPING, START.plusSeconds(120))).hasSize(1);
        // One that went and came again is new.
        garbage = garbage.seen(List.of(), Set.of(), Set.of(), START.plusSeconds(60))
                .seen(images, Set.of(), Set.of(), START.plusSeconds(61));
        assertThat(garbage.toFree(1, KEEPING, START.plusSeconds(120))).isEmpty();
    }

    @Test
    void whatNobodyHasUsedForTooLongGoesWithoutNeed() {
        var images = List.of(image("a", 10, false), image("b", 10, false));
        var garbage = ImageGarbage.NOTHING_KNOWN
                .seen(images, Set.of(), Set.of(), START)
                .seen(images, Set.of("b"), Set.of(), START.plusSeconds(600));
        var hour = START.plus(Duration.ofHours(1));
        assertThat(garbage.tooOld(KEEPING, START, hour)).isEmpty();
        assertThat(ids(garbage.tooOld(KEEPING, START, hour.plusSeconds(1)))).containsExactly("a");
        assertThat(garbage.tooOld(ImageKeeping.DEFAULT, START, hour.plusSeconds(1)))
                .isEmpty();
    }

    @Test
    void howMuchIsTooMuch() {
        assertThat(ImageGarbage.excess(KEEPING, 1000, 151)).isEqualTo(49);
        assertThat(ImageGarbage.excess(KEEPING, 1000, 161)).isZero();
        assertThat(ImageGarbage.excess(KEEPING, 1000, 0)).isEqualTo(200);
        assertThat(ImageGarbage.excess(KEEPING, 0, 0)).isZero();
        assertThatThrownBy(() -> new ImageKeeping(80, 80, Duration.ZERO, Duration.ZERO, List.of(), 5))
                .hasMessageContaining("can not be higher");
    }

    private static RuntimeState.Container container(String id, String box, String name, int attempt, Phase phase) {
        return new RuntimeState.Container(
                id, box, name, attempt, "", phase, START, Optional.of(START), START, 0, "", "", "", "");
    }

    private static RuntimeState.Sandbox box(String id, boolean ready) {
        return new RuntimeState.Sandbox(id, 0, ready, "", START);
    }

    @Test
    void theLatestEndOfEachContainerIsKept() {
        var state = new RuntimeState(
                List.of(box("new", true), box("old", false)),
                List.of(
                        container("a3", "new", "a", 3, Phase.RUNNING),
                        container("b1", "new", "b", 1, Phase.CREATED),
                        container("a2", "new", "a", 2, Phase.EXITED),
                        container("a1", "old", "a", 1, Phase.EXITED),
                        container("b0", "old", "b", 0, Phase.UNKNOWN)));
        assertThat(DeadContainers.of(state, false)).isEqualTo(new DeadContainers(List.of("a1"), List.of()));
        assertThat(DeadContainers.of(state, true))
                .isEqualTo(new DeadContainers(List.of("a2", "a1", "b0"), List.of("old")));
    }

    @Test
    void sandboxesWithoutContainersGoButTheNewest() {
        var state = new RuntimeState(List.of(box("new", false), box("old", false)), List.of());
        assertThat(DeadContainers.of(state, false).sandboxes()).containsExactly("old");
        assertThat(DeadContainers.of(RuntimeState.NOTHING, true).containers()).isEmpty();
    }

    @Test
    void theOldestPartsOfALogGo() {
        var parts = List.of(
                "0.log.20260104-000000",
                "0.log.20260101-000000.gz",
                "0.log.20260103-000000.gz",
                "0.log.20260102-000000.gz");
        assertThat(RotatedLogs.of(parts, 5))
                .isEqualTo(new RotatedLogs(List.of("0.log.20260101-000000.gz"), List.of("0.log.20260104-000000")));
        assertThat(RotatedLogs.of(parts, 2).removed()).containsExactlyInAnyOrderElementsOf(parts);
        assertThat(RotatedLogs.of(List.of(), 5)).isEqualTo(new RotatedLogs(List.of(), List.of()));
    }

    @Test
    void whatACrashLeftOfCompressionGoes() {
        var parts = List.of("0.log.1", "0.log.1.gz", "0.log.2", "0.log.2.tmp");
        assertThat(RotatedLogs.of(parts, 5))
                .isEqualTo(new RotatedLogs(List.of("0.log.1", "0.log.2.tmp"), List.of("0.log.2")));
    }
}
