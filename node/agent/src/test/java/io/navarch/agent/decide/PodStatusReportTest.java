package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.decide.RuntimeState.Container;
import io.navarch.agent.decide.RuntimeState.Phase;
import io.navarch.agent.decide.RuntimeState.Sandbox;
import io.navarch.model.Pod;
import io.navarch.model.PodPhase;
import io.navarch.model.PodStatus;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodStatusReportTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");
    private static final Instant BEFORE = NOW.minusSeconds(60);
    private static final Sandbox BOX = new Sandbox("box", 0, true, "10.0.0.1", BEFORE);

    private static Pod pod(String spec, String status) {
        return Pod.of(View.of(Yaml.parse("{metadata: {name: p, namespace: ns, uid: u, generation: 3}, spec: {" + spec
                + "}, status: {" + status + "}}")));
    }

    private static final String ONE = "restartPolicy: Always, containers: [{name: a, image: i}]";

    private static Container container(String name, int attempt, Phase phase, int exitCode) {
        return new Container(
                name + attempt,
                "box",
                name,
                attempt,
                "hash",
                phase,
                BEFORE.plusSeconds(attempt),
                phase == Phase.CREATED ? Optional.empty() : Optional.of(BEFORE.plusSeconds(attempt)),
                BEFORE.plusSeconds(attempt + 5),
                exitCode,
                "",
                "",
                "i",
                "sha256:1");
    }

    private static RuntimeState state(Container... newestFirst) {
        return new RuntimeState(List.of(BOX), List.of(newestFirst));
    }

    private static PodStatus report(Pod pod, RuntimeState state) {
        return report(pod, state, Map.of(), Map.of());
    }

    private static PodStatus report(
            Pod pod, RuntimeState state, Map<String, Waiting> waiting, Map<String, String> messages) {
        var knowledge = new ContainerReport.Knowledge(ProbeResults.healthy(state), waiting, messages, Resizing.NONE);
        return PodStatusReport.of(pod, state, knowledge, "192.0.2.1", NOW);
    }

    /// The conditions, such as `Ready=False ContainersNotReady`.
    private static List<String> conditions(PodStatus status) {
        var lines = new ArrayList<String>();
        for (var condition : status.conditions())
            lines.add((condition.type() + "=" + condition.status() + " " + condition.reason()).strip());
        return lines;
    }

    @Test
    void theWholeStatusOfAPodThatRuns() {
        var status = report(pod(ONE, ""), state(container("a", 0, Phase.RUNNING, 0)));
        assertThat(status.view().value()).isEqualTo(Yaml.parse("""
                phase: Running
                observedGeneration: 3
                startTime: "2026-01-01T00:01:00Z"
                hostIP: 192.0.2.1
                hostIPs: [{ip: 192.0.2.1}]
                podIP: 10.0.0.1
                podIPs: [{ip: 10.0.0.1}]
                resources: {}
                containerStatuses:
                - name: a
                  state: {running: {startedAt: "2026-01-01T00:00:00Z"}}
                  lastState: {}
                  ready: true
                  restartCount: 0
                  image: i
                  imageID: sha256:1
                  started: true
                  containerID: containerd://a0
                  resources: {}
                conditions:
                - {type: PodReadyToStartContainers, observedGeneration: 3, status: "True", lastTransitionTime: "2026-01-01T00:01:00Z"}
                - {type: Initialized, observedGeneration: 3, status: "True", lastTransitionTime: "2026-01-01T00:01:00Z"}
                - {type: Ready, observedGeneration: 3, status: "True", lastTransitionTime: "2026-01-01T00:01:00Z"}
                - {type: ContainersReady, observedGeneration: 3, status: "True", lastTransitionTime: "2026-01-01T00:01:00Z"}
                - {type: PodScheduled, observedGeneration: 3, status: "True", lastTransitionTime: "2026-01-01T00:01:00Z"}
                """));
    }

    @Test
    void aPodWithoutContainersIsPendingAndSaysWhatItWaitsFor() {
        var status = report(pod(ONE, ""), RuntimeState.NOTHING);
        assertThat(status.phase()).isEqualTo(PodPhase.PENDING);
        assertThat(status.containerStatuses().getFirst().state().waiting().reason())
                .isEqualTo("ContainerCreating");
        assertThat(conditions(status))
                .containsExactly(
                        "PodReadyToStartContainers=False",
                        "Initialized=True",
                        "Ready=False ContainersNotReady",
                        "ContainersReady=False ContainersNotReady",
                        "PodScheduled=True");
        assertThat(status.podIP()).isEmpty();
    }

    @Test
    void aContainerThatWaitsToRestartShowsWhyAndHowItEnded() {
        var why = new Waiting(Waiting.CRASH_LOOP, "back-off 10s");
        var ended = state(container("a", 2, Phase.EXITED, 1), container("a", 1, Phase.EXITED, 7));
        var shown = report(pod(ONE, ""), ended, Map.of("a", why), Map.of("a2", "last words"))
                .containerStatuses()
                .getFirst();
        assertThat(shown.state().waiting().reason()).isEqualTo("CrashLoopBackOff");
        assertThat(shown.lastState().terminated().exitCode()).isEqualTo(1);
        assertThat(shown.lastState().terminated().message()).isEqualTo("last words");
        assertThat(shown.lastState().terminated().reason()).isEqualTo("Error");
        assertThat(shown.restartCount()).isEqualTo(2);
        assertThat(shown.ready()).isFalse();
    }

    @Test
    void aRestartedContainerShowsTheOneBeforeIt() {
        var restarted = state(container("a", 1, Phase.RUNNING, 0), container("a", 0, Phase.EXITED, 7));
        var shown = report(pod(ONE, ""), restarted).containerStatuses().getFirst();
        assertThat(shown.state().hasRunning()).isTrue();
        assertThat(shown.lastState().terminated().exitCode()).isEqualTo(7);
    }

    @Test
    void aPodThatMayNotRestartHasSucceededOrFailed() {
        var once = "restartPolicy: Never, containers: [{name: a, image: i}, {name: b, image: i}]";
        var good = report(pod(once, ""), state(container("a", 0, Phase.EXITED, 0), container("b", 0, Phase.EXITED, 0)));
        assertThat(good.phase()).isEqualTo(PodPhase.SUCCEEDED);
        assertThat(conditions(good)).contains("Ready=False PodCompleted", "Initialized=True PodCompleted");
        var bad = report(pod(once, ""), state(container("a", 0, Phase.EXITED, 0), container("b", 0, Phase.EXITED, 1)));
        assertThat(bad.phase()).isEqualTo(PodPhase.FAILED);
        assertThat(conditions(bad)).contains("Ready=False PodFailed");
        var half =
                report(pod(once, ""), state(container("a", 0, Phase.EXITED, 1), container("b", 0, Phase.RUNNING, 0)));
        assertThat(half.phase()).isEqualTo(PodPhase.RUNNING);
    }

    @Test
    void aPodHasNotEndedWhileASidecarRuns() {
        var spec =
                "restartPolicy: Never, initContainers: [{name: side, image: i, restartPolicy: Always}], containers: [{name: a, image: i}]";
        var main = container("a", 0, Phase.EXITED, 0);
        var status = report(pod(spec, "phase: Running"), state(main, container("side", 0, Phase.RUNNING, 0)));
        assertThat(status.phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(status.containerStatuses().getFirst().state().hasTerminated())
                .isTrue();
        status = report(pod(spec, "phase: Running"), state(main, container("side", 0, Phase.EXITED, 137)));
        assertThat(status.phase()).isEqualTo(PodPhase.SUCCEEDED);
        assertThat(status.initContainerStatuses()
                        .getFirst()
                        .state()
                        .terminated()
                        .exitCode())
                .isEqualTo(137);
    }

    private static Container neverStarted() {
        var message = "exec: \"/none\": stat /none: no such file or directory";
        return new Container(
                "a0",
                "box",
                "a",
                0,
                "hash",
                Phase.EXITED,
                BEFORE,
                Optional.empty(),
                BEFORE.plusSeconds(1),
                128,
                "StartError",
                message,
                "i",
                "sha256:1");
    }

    @Test
    void whatCouldNotEvenBeStartedHasEndedUnlessItIsTriedAgain() {
        var why = Map.of("a", new Waiting("RunContainerError", "no such file"));
        var never = report(pod(ONE.replace("Always", "Never"), ""), state(neverStarted()), why, Map.of());
        assertThat(never.phase()).isEqualTo(PodPhase.FAILED);
        var end = never.containerStatuses().getFirst().state().terminated();
        assertThat(end.exitCode()).isEqualTo(128);
        assertThat(end.reason()).isEqualTo("StartError");
        assertThat(end.message()).isEqualTo("exec: \"/none\": stat /none: no such file or directory");
        assertThat(end.startedAt()).contains(Instant.EPOCH);
        var again = report(pod(ONE, ""), state(neverStarted()), why, Map.of());
        assertThat(again.phase()).isEqualTo(PodPhase.RUNNING);
        var shown = again.containerStatuses().getFirst();
        assertThat(shown.state().waiting().reason()).isEqualTo("RunContainerError");
        assertThat(shown.lastState().terminated().reason()).isEqualTo("StartError");
    }

    @Test
    void theRuntimesWordsComeBeforeTheContainersOwn() {
        var never = pod(ONE.replace("Always", "Never"), "");
        var status = report(never, state(neverStarted()), Map.of(), Map.of("a0", "own"));
        assertThat(status.containerStatuses().getFirst().state().terminated().message())
                .isEqualTo("exec: \"/none\": stat /none: no such file or directory: own");
    }

    @Test
    void initContainersKeepThePodPending() {
        var spec = ONE + ", initContainers: [{name: first, image: i}, {name: second, image: i}]";
        var status = report(pod(spec, ""), state(container("first", 0, Phase.EXITED, 0)));
        assertThat(status.phase()).isEqualTo(PodPhase.PENDING);
        assertThat(status.initContainerStatuses())
                .extracting(each -> each.name() + " " + each.ready())
                .containsExactly("first true", "second false");
        assertThat(status.containerStatuses().getFirst().state().waiting().reason())
                .isEqualTo("PodInitializing");
        assertThat(status.conditions().get(1).message()).isEqualTo("containers with incomplete status: [second]");
    }

    @Test
    void anEphemeralContainerHasAStatusThatCountsForNothing() {
        var spec = ONE + ", ephemeralContainers: [{name: look, image: i}]";
        var runs = container("a", 0, Phase.RUNNING, 0);
        var status = report(pod(spec, ""), state(container("look", 0, Phase.EXITED, 1), runs));
        assertThat(status.phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(conditions(status)).contains("Ready=True", "ContainersReady=True");
        var shown = status.ephemeralContainerStatuses().getFirst();
        assertThat(shown.state().terminated().exitCode()).isEqualTo(1);
        assertThat(shown.hasStarted()).isFalse();
    }

    @Test
    void anInitContainerThatCrashesKeepsThePodPending() {
        var spec = ONE + ", initContainers: [{name: first, image: i}]";
        var crashed = state(container("first", 3, Phase.EXITED, 1));
        var why = Map.of("first", new Waiting(Waiting.CRASH_LOOP, "back-off 40s"));
        var status = report(pod(spec, "phase: Pending"), crashed, why, Map.of());
        assertThat(status.phase()).isEqualTo(PodPhase.PENDING);
        var shown = status.initContainerStatuses().getFirst();
        assertThat(shown.restartCount()).isEqualTo(3);
        assertThat(shown.state().waiting().reason()).isEqualTo("CrashLoopBackOff");
        assertThat(shown.lastState().terminated().exitCode()).isEqualTo(1);
        assertThat(conditions(status)).contains("Initialized=False ContainersNotInitialized");
        var never = pod(spec.replace("Always", "Never"), "phase: Pending");
        assertThat(report(never, crashed).phase()).isEqualTo(PodPhase.FAILED);
    }

    private static final String RAN = "phase: Running, containerStatuses: [{name: a, ready: true, restartCount: 2,"
            + " containerID: 'containerd://gone', state: {running: {}}, lastState: {}}]";

    /// Somebody took them from the runtime, or it lost them.
    @Test
    void aContainerThatIsGoneHasBeenRestarted() {
        var status = report(pod(ONE, RAN), RuntimeState.NOTHING);
        var shown = status.containerStatuses().getFirst();
        assertThat(status.phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(shown.restartCount()).isEqualTo(3);
        assertThat(shown.state().waiting().reason()).isEqualTo("ContainerCreating");
        assertThat(shown.lastState().terminated().reason()).isEqualTo("ContainerStatusUnknown");
        assertThat(shown.lastState().terminated().exitCode()).isEqualTo(137);
    }

    /// The API takes nothing else, and the agent would tell it for ever.
    @Test
    void howAPodEndedStaysWhenItsContainersAreGone() {
        var ended = RAN.replace("Running", "Succeeded").replace("running: {}", "terminated: {exitCode: 0}");
        var status = report(pod(ONE.replace("Always", "Never"), ended), RuntimeState.NOTHING);
        assertThat(status.phase()).isEqualTo(PodPhase.SUCCEEDED);
        assertThat(status.containerStatuses().getFirst().state().hasTerminated())
                .isTrue();
    }

    @Test
    void aSidecarThatIsNotReadyKeepsThePodFromBeingReady() {
        var spec = ONE + ", initContainers: [{name: side, image: i, restartPolicy: Always}]";
        var state = state(container("a", 0, Phase.RUNNING, 0), container("side", 1, Phase.EXITED, 1));
        var status = report(pod(spec, "phase: Running"), state);
        assertThat(status.phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(conditions(status)).contains("Ready=False ContainersNotReady", "Initialized=True");
        assertThat(status.conditions().get(2).message()).isEqualTo("containers with unready status: [side]");
    }

    private static final String RESTARTS_ALL = "restartPolicy: Never, containers: [{name: a, image: i, restartPolicy:"
            + " Never, restartPolicyRules: [{action: RestartAllContainers, exitCodes: {operator: In, values: [43]}}]}]";

    @Test
    void aPodWhoseContainersAllBeginAnewSaysSoUntilTheyAreGone() {
        var ended = report(pod(RESTARTS_ALL, "phase: Running"), state(container("a", 0, Phase.EXITED, 43)));
        assertThat(ended.phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(conditions(ended)).contains("AllContainersRestarting=True RestartAllContainersStarted");
        var told = Pod.of(View.of(Yaml.parse("{metadata: {uid: u}, spec: {" + RESTARTS_ALL + "}}"))).toBuilder()
                .status(ended)
                .build();
        var removed = report(told, RuntimeState.NOTHING);
        assertThat(conditions(removed)).contains("AllContainersRestarting=False");
        assertThat(removed.phase()).isEqualTo(PodPhase.RUNNING);
        var shown = removed.containerStatuses().getFirst();
        assertThat(shown.state().waiting().reason()).isEqualTo("RestartingAllContainers");
        assertThat(shown.lastState().terminated().reason()).isEqualTo("RestartingAllContainers");
        assertThat(shown.restartCount()).isEqualTo(1);
    }

    @Test
    void aReadinessGateThatIsNotTrueKeepsThePodFromBeingReady() {
        var spec = ONE + ", readinessGates: [{conditionType: gate}]";
        var runs = state(container("a", 0, Phase.RUNNING, 0));
        assertThat(conditions(report(pod(spec, ""), runs)))
                .contains("Ready=False ReadinessGatesNotReady", "ContainersReady=True");
        var passed = report(pod(spec, "conditions: [{type: gate, status: 'True'}]"), runs);
        assertThat(conditions(passed)).contains("Ready=True", "gate=True");
    }

    @Test
    void aConditionThatStaysKeepsItsTime() {
        var old = "conditions: [{type: Ready, status: 'True', lastTransitionTime: '2025-01-01T00:00:00Z'}]";
        var status = report(pod(ONE, old), state(container("a", 0, Phase.RUNNING, 0)));
        assertThat(status.conditions().get(2).lastTransitionTime()).contains(Instant.parse("2025-01-01T00:00:00Z"));
    }

    @Test
    void aDeadlineThatIsOverFailsThePodUnlessItHasEnded() {
        var spec = "restartPolicy: Never, activeDeadlineSeconds: 10, containers: [{name: a, image: i}]";
        var started = "startTime: '2026-01-01T00:00:00Z'";
        var late = report(pod(spec, started), state(container("a", 0, Phase.EXITED, 137)));
        assertThat(late.phase()).isEqualTo(PodPhase.FAILED);
        assertThat(late.reason()).isEqualTo("DeadlineExceeded");
        var done = report(pod(spec, started + ", phase: Succeeded"), state(container("a", 0, Phase.EXITED, 0)));
        assertThat(done.phase()).isEqualTo(PodPhase.SUCCEEDED);
        assertThat(done.reason()).isEmpty();
    }

    @Test
    void lastWordsAreBoundedForAContainerAndForAPod() {
        var words = "é".repeat(50_000);
        var one = report(pod(ONE, ""), state(container("a", 0, Phase.EXITED, 1)), Map.of(), Map.of("a0", words));
        assertThat(one.containerStatuses().getFirst().state().terminated().message())
                .isEqualTo("é".repeat(2048));
        var ten = "restartPolicy: Never, containers: [{name: a}, {name: b}, {name: c}, {name: d}, {name: e}, {name: f},"
                + " {name: g}, {name: h}, {name: i}, {name: j}]";
        var many = report(pod(ten, ""), state(container("a", 0, Phase.EXITED, 1)), Map.of(), Map.of("a0", words));
        assertThat(many.containerStatuses().getFirst().state().terminated().message())
                .isEqualTo("é".repeat(614));
    }
}
