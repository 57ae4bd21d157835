package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.decide.PodTermination.Progress;
import io.navarch.agent.decide.PodTermination.Step;
import io.navarch.agent.decide.RuntimeState.Container;
import io.navarch.agent.decide.RuntimeState.Phase;
import io.navarch.agent.decide.RuntimeState.Sandbox;
import io.navarch.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodTerminationTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Sandbox BOX = new Sandbox("box", 0, true, "10.0.0.1", NOW);

    private static Pod pod(long grace) {
        return Pod.builder()
                .metadata(meta -> meta.name("p").uid("u").deletionTimestamp(NOW).deletionGracePeriodSeconds(grace))
                .build();
    }

    private static Container container(String id, Phase phase) {
        return new Container(id, "box", id, 0, "hash", phase, NOW, Optional.of(NOW), NOW, 0, "", "", "image", "ref");
    }

    private static Step next(RuntimeState state, Progress progress) {
        return PodTermination.next(pod(7), false, state, progress);
    }

    @Test
    void stopsContainersThenSandboxesThenReportsThenRemovesThenReleases() {
        var running = new RuntimeState(List.of(BOX), List.of(container("a", Phase.RUNNING)));
        var stop = next(running, Progress.NONE);
        assertThat(stop).isEqualTo(new Step.StopContainers(running.containers(), 7));

        var stopped = new RuntimeState(List.of(BOX), List.of(container("a", Phase.EXITED)));
        var progress = Progress.NONE.after(stop);
        var boxes = next(stopped, progress);
        assertThat(boxes).isEqualTo(new Step.StopSandboxes(List.of("box")));

        progress = progress.after(boxes);
        assertThat(next(stopped, progress)).isEqualTo(new Step.Report());

        progress = progress.after(new Step.Report());
        var remove = next(stopped, progress);
        assertThat(remove).isEqualTo(new Step.RemoveFromRuntime(List.of("a"), List.of("box")));

        progress = progress.after(remove);
        assertThat(next(RuntimeState.NOTHING, progress)).isEqualTo(new Step.Release());
    }

    @Test
    void aPodThatTheApiHasNoMoreHasNoGraceAndIsNotReported() {
        var running = new RuntimeState(List.of(BOX), List.of(container("a", Phase.RUNNING)));
        var step = PodTermination.next(pod(7), true, running, Progress.NONE);
        assertThat(((Step.StopContainers) step).graceSeconds()).isZero();
        assertThat(PodTermination.next(pod(7), true, RuntimeState.NOTHING, Progress.NONE))
                .isEqualTo(new Step.Release());
    }

    @Test
    void aContainerThatCannotBeStoppedDoesNotKeepThePod() {
        var running = new RuntimeState(List.of(BOX), List.of(container("a", Phase.RUNNING)));
        var progress = Progress.NONE.after(next(running, Progress.NONE));
        assertThat(next(running, progress)).isEqualTo(new Step.StopSandboxes(List.of("box")));
    }

    @Test
    void aSandboxThatIsNotReadyIsStoppedForItsNetwork() {
        var state = new RuntimeState(List.of(new Sandbox("box", 0, false, "", NOW)), List.of());
        assertThat(next(state, Progress.NONE)).isEqualTo(new Step.StopSandboxes(List.of("box")));
    }

    @Test
    void anAgentThatStartsAnewGoesOnFromWhatIsThere() {
        var stopped = new RuntimeState(List.of(), List.of(container("a", Phase.EXITED)));
        assertThat(next(stopped, Progress.NONE)).isEqualTo(new Step.Report());
    }

    @Test
    void theHookTakesItsTimeFromTheGraceButNotAllOfIt() {
        assertThat(PodTermination.remainingGrace(30, Duration.ofSeconds(12))).isEqualTo(18);
        assertThat(PodTermination.remainingGrace(30, Duration.ofSeconds(40))).isEqualTo(2);
        assertThat(PodTermination.remainingGrace(0, Duration.ZERO)).isZero();
    }
}
