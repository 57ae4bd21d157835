package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.decide.PodDecision.Action;
import io.navarch.agent.decide.RuntimeState.Container;
import io.navarch.agent.decide.RuntimeState.Phase;
import io.navarch.agent.decide.RuntimeState.Sandbox;
import io.navarch.cri.SandboxConfig;
import io.navarch.cri.SandboxConfig.Namespace;
import io.navarch.model.Pod;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PodDecisionTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Sandbox BOX = new Sandbox("box", 0, true, "10.0.0.1", NOW);

    private static Pod pod(String more) {
        return yaml(
                "{metadata: {name: p, namespace: ns, uid: u}, spec: {restartPolicy: Always, containers: [{name: a, image: i}, {name: b, image: i}]"
                        + more + "}}");
    }

    private static Container container(String name, Phase phase, int exit, Instant finished) {
        var spec = io.navarch.model.Container.builder().name(name).image("i").build();
        return new Container(
                name + "-id",
                "box",
                name,
                0,
                PodLifecycle.hash(spec),
                phase,
                NOW.minusSeconds(60),
                Optional.of(NOW.minusSeconds(60)),
                finished,
                exit,
                "",
                "",
                "i",
                "i");
    }

    private static PodDecision.Decision decide(Pod pod, RuntimeState state, Map<String, Integer> crashes) {
        var counts = new HashMap<String, Crashes.Count>();
        crashes.forEach((name, ends) -> counts.put(name, new Crashes.Count(name + "-id", ends)));
        return PodDecision.decide(pod, state, ProbeResults.healthy(state), new Crashes(counts), Resizing.NONE, NOW);
    }

    private static Pod yaml(String text) {
        return Pod.of(View.of(Yaml.parse(text)));
    }

    @Test
    void beginsWithASandboxThenTheContainers() {
        assertThat(decide(pod(""), RuntimeState.NOTHING, Map.of()).actions())
                .containsExactly(new Action.CreateSandbox(0));
        var actions = decide(pod(""), new RuntimeState(List.of(BOX), List.of()), Map.of())
                .actions();
        assertThat(actions)
                .extracting(action -> ((Action.StartContainer) action).spec().name())
                .containsExactly("a", "b");
    }

    @Test
    void doesNothingForWhatRuns() {
        var state = new RuntimeState(
                List.of(BOX), List.of(container("a", Phase.RUNNING, 0, NOW), container("b", Phase.RUNNING, 0, NOW)));
        assertThat(decide(pod(""), state, Map.of()).actions()).isEmpty();
    }

    @Test
    void waitsLongerAfterEachCrash() {
        var state = new RuntimeState(
                List.of(BOX),
                List.of(container("a", Phase.EXITED, 1, NOW.minusSeconds(1)), container("b", Phase.RUNNING, 0, NOW)));
        var decision = decide(pod(""), state, Map.of("a", 4));
        assertThat(decision.actions()).isEmpty();
        assertThat(decide(pod(""), state, Map.of("a", 1)).actions()).hasSize(1);
        assertThat(decision.waiting().get("a").reason()).isEqualTo("CrashLoopBackOff");
        assertThat(decision.waiting().get("a").message())
                .isEqualTo("back-off 40s restarting failed container=a pod=p_ns(u)");
        assertThat(decision.requeueAfter().orElseThrow()).isBetween(Duration.ofSeconds(39), Duration.ofSeconds(40));
        var later = new RuntimeState(
                List.of(BOX),
                List.of(container("a", Phase.EXITED, 1, NOW.minusSeconds(41)), container("b", Phase.RUNNING, 0, NOW)));
        assertThat(decide(pod(""), later, Map.of("a", 4)).actions()).hasSize(1);
    }

    @Test
    void initContainersGoFirstAndOneAtATime() {
        var pod = pod(", initContainers: [{name: first, image: i}, {name: second, image: i}]");
        var first =
                decide(pod, new RuntimeState(List.of(BOX), List.of()), Map.of()).actions();
        assertThat(first).hasSize(1);
        var second = decide(
                        pod,
                        new RuntimeState(List.of(BOX), List.of(container("first", Phase.EXITED, 0, NOW))),
                        Map.of())
                .actions();
        assertThat(second)
                .extracting(action -> ((Action.StartContainer) action).spec().name())
                .containsExactly("second");
        var done = new RuntimeState(
                List.of(BOX),
                List.of(container("second", Phase.EXITED, 0, NOW), container("first", Phase.EXITED, 0, NOW)));
        assertThat(decide(pod, done, Map.of()).actions()).hasSize(2);
    }

    @Test
    void aFinishedPodOnlyLosesItsSandbox() {
        var pod = yaml(
                "{metadata: {name: p, namespace: ns, uid: u}, spec: {restartPolicy: Never, containers: [{name: a, image: i}]}}");
        var state = new RuntimeState(List.of(BOX), List.of(container("a", Phase.EXITED, 1, NOW)));
        assertThat(decide(pod, state, Map.of()).actions()).containsExactly(new Action.StopSandbox("box"));
        var after = new RuntimeState(
                List.of(new Sandbox("box", 0, false, "", NOW)), List.of(container("a", Phase.EXITED, 1, NOW)));
        assertThat(decide(pod, after, Map.of()).actions()).isEmpty();
    }

    @Test
    void aFailedProbeAndAChangedImageRestartTheContainer() {
        var state = new RuntimeState(
                List.of(BOX), List.of(container("a", Phase.RUNNING, 0, NOW), container("b", Phase.RUNNING, 0, NOW)));
        var ids = Set.of("a-id", "b-id");
        var probes = new ProbeResults(ids, ids, Map.of("b-id", "liveness probe"));
        var actions = PodDecision.decide(pod(""), state, probes, Crashes.NONE, Resizing.NONE, NOW)
                .actions();
        assertThat(actions).hasSize(1);
        assertThat(((Action.KillContainer) actions.getFirst()).message())
                .isEqualTo("Container b failed liveness probe, will be restarted");
        var hooked = ProbeResults.healthy(state).withFailedHooks(Set.of("a-id"));
        assertThat(PodDecision.decide(pod(""), state, hooked, Crashes.NONE, Resizing.NONE, NOW)
                        .actions())
                .containsExactly(new Action.KillContainer(state.containers().getFirst(), "FailedPostStartHook", 30));
        var changed = yaml(
                "{metadata: {uid: u}, spec: {restartPolicy: Always, containers: [{name: a, image: other}, {name: b, image: i}]}}");
        assertThat(((Action.KillContainer)
                                decide(changed, state, Map.of()).actions().getFirst())
                        .message())
                .isEqualTo("Container a definition changed, will be restarted");
    }

    @Test
    void sidecarsGetTheirTimeToEndOnceTheWorkIsDone() {
        var pod = yaml(
                "{metadata: {name: p, uid: u}, spec: {restartPolicy: Never, terminationGracePeriodSeconds: 7, initContainers: [{name: side, image: i, restartPolicy: Always}], containers: [{name: a, image: i}]}}");
        var side = container("side", Phase.RUNNING, 0, NOW);
        var working = new RuntimeState(List.of(BOX), List.of(container("a", Phase.RUNNING, 0, NOW), side));
        assertThat(decide(pod, working, Map.of()).actions()).isEmpty();
        var done = new RuntimeState(List.of(BOX), List.of(container("a", Phase.EXITED, 0, NOW), side));
        assertThat(decide(pod, done, Map.of()).actions())
                .containsExactly(new Action.KillAll(List.of(side), "", 7), new Action.StopSandbox("box"));
    }

    private static final String DEADLINE =
            "{metadata: {name: p, uid: u}, spec: {restartPolicy: Never, activeDeadlineSeconds: 60, containers: [{name: a, image: i}]}, status: {startTime: '2025-12-31T23:58:00Z'PHASE}}";

    @Test
    void aPodWhoseDeadlineIsOverIsKilled() {
        var state = new RuntimeState(List.of(BOX), List.of(container("a", Phase.RUNNING, 0, NOW)));
        assertThat(decide(yaml(DEADLINE.replace("PHASE", "")), state, Map.of()).actions())
                .containsExactly(
                        new Action.KillAll(
                                state.containers(),
                                "Pod was active on the node longer than the specified deadline",
                                30),
                        new Action.StopSandbox("box"));
    }

    @Test
    void aPodThatHasEndedMissesNoDeadline() {
        var state = new RuntimeState(List.of(), List.of(container("a", Phase.EXITED, 0, NOW)));
        var ended = yaml(DEADLINE.replace("PHASE", ", phase: Succeeded"));
        assertThat(decide(ended, state, Map.of()).actions()).isEmpty();
    }

    @Test
    void aDeadlineThatIsToComeIsWaitedFor() {
        var pod = yaml(DEADLINE.replace("PHASE", "").replace("23:58:00", "23:59:30"));
        var state = new RuntimeState(List.of(BOX), List.of(container("a", Phase.RUNNING, 0, NOW)));
        assertThat(decide(pod, state, Map.of()).requeueAfter().orElseThrow())
                .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(32));
    }

    /// A pod that is being looked into.
    private static final String LOOKED_INTO =
            ", initContainers: [{name: first, image: i}], ephemeralContainers: [{name: look, image: i, targetContainerName: a}]";

    @Test
    void anEphemeralContainerWaitsForNobodyAndRunsOnce() {
        var pod = pod(LOOKED_INTO);
        assertThat(decide(pod, new RuntimeState(List.of(BOX), List.of()), Map.of())
                        .actions())
                .extracting(action -> ((Action.StartContainer) action).spec().name())
                .containsExactly("look", "first");
        var over = new RuntimeState(
                List.of(BOX),
                List.of(container("look", Phase.EXITED, 1, NOW), container("first", Phase.RUNNING, 0, NOW)));
        assertThat(decide(pod, over, Map.of()).actions()).isEmpty();
    }

    @Test
    void anEphemeralContainerSeesTheProcessesOfItsTarget() {
        var pod = pod(LOOKED_INTO);
        var state = new RuntimeState(List.of(BOX), List.of(container("a", Phase.RUNNING, 0, NOW)));
        assertThat(PodLifecycle.target(pod, "look", state)).isEqualTo("a-id");
        assertThat(PodLifecycle.target(pod, "a", state)).isEmpty();
        assertThatThrownBy(() -> PodLifecycle.target(pod, "look", RuntimeState.NOTHING))
                .hasMessage("unable to find target container a");
        var own = new SandboxConfig.Namespaces(Namespace.POD, Namespace.CONTAINER, Namespace.POD);
        assertThat(own.targeting("a-id"))
                .isEqualTo(new SandboxConfig.Namespaces(Namespace.POD, Namespace.TARGET, Namespace.POD, "a-id"));
        var shared = new SandboxConfig.Namespaces(Namespace.POD, Namespace.POD, Namespace.POD);
        assertThat(shared.targeting("a-id")).isEqualTo(shared);
    }

    private static final String RULES = """
            {metadata: {name: p, namespace: ns, uid: u}, spec: {restartPolicy: Never, containers: [
              {name: a, image: i, restartPolicy: Never, restartPolicyRules: [
                {action: Restart, exitCodes: {operator: In, values: [42]}},
                {action: RestartAllContainers, exitCodes: {operator: In, values: [43]}}]},
              {name: b, image: i}]}STATUS}""";

    private static RuntimeState ended(int exit) {
        return new RuntimeState(
                List.of(BOX),
                List.of(
                        container("a", Phase.EXITED, exit, NOW.minusSeconds(1)),
                        container("b", Phase.RUNNING, 0, NOW)));
    }

    @Test
    void aContainersOwnRulesSayWhetherItRunsAgain() {
        var pod = yaml(RULES.replace("STATUS", ""));
        assertThat(decide(pod, ended(42), Map.of()).actions())
                .extracting(action -> ((Action.StartContainer) action).spec().name())
                .containsExactly("a");
        assertThat(decide(pod, ended(1), Map.of()).actions()).isEmpty();
        var own = yaml(RULES.replace("STATUS", "").replace("restartPolicy: Never, restartPolicyRules", "x"));
        assertThat(decide(own, ended(42), Map.of()).actions()).isEmpty();
        var always = yaml(RULES.replace("STATUS", "")
                .replace("image: i, restartPolicy: Never", "image: i, restartPolicy: Always"));
        assertThat(decide(always, ended(0), Map.of()).actions()).hasSize(1);
    }

    @Test
    void allContainersGoAndBeginAnewWhenARuleSaysSo() {
        var pod = yaml(RULES.replace("STATUS", ""));
        var state = ended(43);
        // The one that ended so goes last: it is why the others go.
        var order = List.of(state.containers().getLast(), state.containers().getFirst());
        assertThat(decide(pod, state, Map.of()).actions()).containsExactly(new Action.RemoveAll(order));
        var told = yaml(
                RULES.replace("STATUS", ", status: {conditions: [{type: AllContainersRestarting, status: 'True'}]}"));
        var empty = new RuntimeState(List.of(BOX), List.of());
        // Those who read the status see that all are gone before they begin.
        assertThat(decide(told, empty, Map.of()).actions()).isEmpty();
        assertThat(decide(told, empty, Map.of()).requeueAfter()).isPresent();
        var gone = yaml(RULES.replace("STATUS", """
                , status: {conditions: [{type: AllContainersRestarting, status: 'False'}], containerStatuses: [
                {name: a, restartCount: 3, state: {waiting: {}}}, {name: b, restartCount: 1, state: {waiting: {}}}]}"""));
        assertThat(decide(gone, empty, Map.of()).actions())
                .extracting(action -> ((Action.StartContainer) action).attempt())
                .containsExactly(3, 1);
    }

    @Test
    void theNumberOfAContainerGoesOnWhenTheRuntimeHasLostTheOneBefore() {
        var pod = yaml("{metadata: {uid: u}, spec: {restartPolicy: Always, containers: [{name: a, image: i}]},"
                + " status: {containerStatuses: [{name: a, restartCount: 4, state: {running: {}}}]}}");
        assertThat(decide(pod, new RuntimeState(List.of(BOX), List.of()), Map.of())
                        .actions())
                .extracting(action -> ((Action.StartContainer) action).attempt())
                .containsExactly(5);
    }

    @Test
    void aProbesOwnGraceCountsUnlessThePodIsDeleted() {
        var text = "{metadata: {name: p, uid: u}, spec: {restartPolicy: Never, terminationGracePeriodSeconds: 60,"
                + " containers: [{name: a, image: i, livenessProbe: {terminationGracePeriodSeconds: 7}}]}}";
        var state = new RuntimeState(List.of(BOX), List.of(container("a", Phase.RUNNING, 0, NOW)));
        var probes = new ProbeResults(Set.of("a-id"), Set.of(), Map.of("a-id", ProbeResults.LIVENESS));
        var actions = PodDecision.decide(yaml(text), state, probes, Crashes.NONE, Resizing.NONE, NOW)
                .actions();
        assertThat(actions)
                .containsExactly(new Action.KillContainer(
                        state.containers().getFirst(), "Container a failed liveness probe", 7));
        var spec = yaml(text).spec().containers().getFirst();
        assertThat(PodLifecycle.graceSeconds(yaml(text), spec, ProbeResults.STARTUP))
                .isEqualTo(60);
        var deleted = yaml(text.replace("uid: u", "uid: u, deletionGracePeriodSeconds: 3"));
        assertThat(PodLifecycle.graceSeconds(deleted, spec, ProbeResults.LIVENESS))
                .isEqualTo(3);
    }

    @Test
    void aPodThatMayNotRestartGetsNoSecondSandbox() {
        var lost = new Sandbox("box", 0, false, "", NOW);
        var pod = yaml(
                "{metadata: {uid: u}, spec: {restartPolicy: Never, containers: [{name: a, image: i}, {name: b, image: i}]}}");
        var half = new RuntimeState(List.of(lost), List.of(container("a", Phase.EXITED, 137, NOW)));
        assertThat(decide(pod, half, Map.of()).actions()).isEmpty();
        // Nothing has run yet: that was a sandbox that failed.
        assertThat(decide(pod, new RuntimeState(List.of(lost), List.of()), Map.of())
                        .actions())
                .containsExactly(new Action.CreateSandbox(1));
        var onFailure = yaml(
                "{metadata: {uid: u}, spec: {restartPolicy: OnFailure, containers: [{name: a, image: i}, {name: b, image: i}]}}");
        var failed = new RuntimeState(
                List.of(lost), List.of(container("b", Phase.EXITED, 1, NOW), container("a", Phase.EXITED, 0, NOW)));
        assertThat(decide(onFailure, failed, Map.of()).actions()).containsExactly(new Action.CreateSandbox(1));
    }

    @Test
    void anInitContainerThatWasOnlyCreatedIsTriedAgain() {
        var pod = pod(", initContainers: [{name: first, image: i}]");
        var state = new RuntimeState(List.of(BOX), List.of(container("first", Phase.CREATED, 0, NOW)));
        assertThat(decide(pod, state, Map.of()).actions())
                .extracting(action -> ((Action.StartContainer) action).attempt())
                .containsExactly(1);
    }

    @Test
    void expandsVariablesAsKubernetesDoes() {
        var known = Map.of("A", "1");
        assertThat(Environment.expand("$(A) $$(A) $(B) $A $", known)).isEqualTo("1 $(A) $(B) $A $");
    }

    /// What an agent wrote on a container is read by the one after it, in another process.
    @Test
    void theHashOfAContainerIsTheSameInEveryProcess() {
        assertThat(PodLifecycle.hash(io.navarch.model.Container.of(View.of(Yaml.parse("{name: a, image: i}")))))
                .isEqualTo("16dc0");
        assertThat(PodLifecycle.hash(
                        io.navarch.model.Container.of(View.of(Yaml.parse("{image: i, args: [x], name: a}")))))
                .isEqualTo("16dc0");
        assertThat(PodLifecycle.hash(io.navarch.model.Container.of(View.of(Yaml.parse("{name: a, image: j}")))))
                .isNotEqualTo("16dc0");
    }
}
