package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.decide.NodeFit.Taken;
import io.navarch.agent.decide.PodDecision.Action;
import io.navarch.agent.decide.RuntimeState.Container;
import io.navarch.agent.decide.RuntimeState.Phase;
import io.navarch.agent.decide.RuntimeState.Sandbox;
import io.navarch.model.Pod;
import io.navarch.model.PodStatus;
import io.navarch.model.ResourceRequirements;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ResizingTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static Pod yaml(String text) {
        return Pod.of(View.of(Yaml.parse(text)));
    }

    private static ResourceRequirements amounts(String text) {
        return ResourceRequirements.of(View.of(Yaml.parse(text)));
    }

    private static Container running(String name) {
        var spec = io.navarch.model.Container.builder().name(name).image("i").build();
        return new Container(
                name + "-id",
                "box",
                name,
                0,
                PodLifecycle.hash(spec),
                Phase.RUNNING,
                NOW,
                Optional.of(NOW),
                NOW,
                0,
                "",
                "",
                "i",
                "i");
    }

    private static final RuntimeState STATE = new RuntimeState(
            List.of(new Sandbox("box", 0, true, "10.0.0.1", NOW)), List.of(running("a"), running("b")));

    private static final String POD =
            "{metadata: {name: p, uid: u, generation: 2}, spec: {restartPolicy: Always, containers: ["
                    + "{name: a, image: i, resources: {requests: {cpu: 200m, memory: 32Mi}, limits: {cpu: 400m, memory: 64Mi}}POLICY},"
                    + "{name: b, image: i, resources: {requests: {cpu: 100m}}}]}STATUS}";

    private static Pod pod(String policy, String status) {
        return yaml(POD.replace("POLICY", policy).replace("STATUS", status));
    }

    private static Resizing actual(String a, String b) {
        return Resizing.NONE.withActual(Map.of("a-id", amounts(a), "b-id", amounts(b)), ResourceRequirements.ABSENT);
    }

    private static List<Action> decide(Pod pod, Resizing resizing) {
        return PodDecision.decide(pod, STATE, ProbeResults.healthy(STATE), Crashes.NONE, resizing, NOW)
                .actions();
    }

    @Test
    void whatShrinksGoesFirstAndOneResourceAfterTheOther() {
        var has = actual(
                "{requests: {cpu: 100m, memory: 16Mi}, limits: {cpu: 200m, memory: 128Mi}}", "{requests: {cpu: 300m}}");
        var actions = decide(pod("", ""), has);
        assertThat(actions).hasSize(1);
        assertThat(((Action.Resize) actions.getFirst()).updates())
                .extracting(step -> step.spec().name() + " " + step.to().limits() + " "
                        + step.to().requests().get("cpu"))
                .containsExactly("a {cpu=200m, memory=64Mi} 100m", "b {} 100m", "a {cpu=400m, memory=64Mi} 200m");
        assertThat(has.differs(pod("", ""), STATE)).isTrue();
    }

    @Test
    void whatHasWhatItAsksForIsLeftAlone() {
        var has = actual(
                "{requests: {cpu: 200m, memory: 32Mi}, limits: {cpu: 0.4, memory: 65536Ki}}", "{requests: {cpu: 0.1}}");
        assertThat(decide(pod("", ""), has)).isEmpty();
        assertThat(has.differs(pod("", ""), STATE)).isFalse();
    }

    @Test
    void aPolicyMayWantARestartForOneResource() {
        var policy = ", resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired},"
                + " {resourceName: memory, restartPolicy: RestartContainer}]";
        var memory = actual(
                "{requests: {cpu: 200m, memory: 16Mi}, limits: {cpu: 400m, memory: 64Mi}}", "{requests: {cpu: 100m}}");
        assertThat(decide(pod(policy, ""), memory))
                .containsExactly(new Action.RestartContainer(
                        pod(policy, "").spec().containers().getFirst(),
                        STATE.containers().getFirst(),
                        "Container a resize requires restart, will be restarted",
                        30));
        var cpu = actual(
                "{requests: {cpu: 100m, memory: 32Mi}, limits: {cpu: 400m, memory: 64Mi}}", "{requests: {cpu: 100m}}");
        assertThat(decide(pod(policy, ""), cpu)).hasSize(1).allMatch(action -> action instanceof Action.Resize);
    }

    @Test
    void aLowerLimitOfMemoryIsKnown() {
        var none = amounts("{requests: {cpu: 1}}");
        var step = new Resizing.Update(
                running("a"), io.navarch.model.Container.ABSENT, amounts("{limits: {memory: 64Mi}}"));
        assertThat(step.lowerMemory(none)).contains(Quantity.parse("64Mi"));
        assertThat(step.lowerMemory(amounts("{limits: {memory: 65Mi}}"))).isPresent();
        assertThat(step.lowerMemory(amounts("{limits: {memory: 64Mi}}"))).isEmpty();
    }

    private static final String TOLD =
            ", status: {containerStatuses: [{name: a, allocatedResources: {cpu: 100m, memory: 32Mi},"
                    + " resources: {requests: {cpu: 100m, memory: 32Mi}, limits: {cpu: 400m, memory: 64Mi}}}]}";

    @Test
    void anAgentThatStartsGoesByWhatWasTold() {
        var pod = pod("", TOLD);
        var allocation = Allocation.reported(pod);
        assertThat(allocation.covers(pod)).isFalse();
        var applied = allocation.applied(pod).spec().containers();
        assertThat(applied.getFirst().resources().requests()).containsEntry("cpu", Quantity.parse("100m"));
        assertThat(applied.getLast().resources().requests()).containsEntry("cpu", Quantity.parse("100m"));
        assertThat(Allocation.wanted(pod).covers(pod)).isTrue();
    }

    @Test
    void whatDoesNotFitBesideOthersIsNotGiven() {
        var allocatable = Map.of("cpu", Quantity.parse("1"), "memory", Quantity.parse("1Gi"));
        var other = yaml("{spec: {containers: [{name: x, resources: {requests: {cpu: 750m}}}]}}");
        var wanted = Taken.of(pod("", ""));
        assertThat(NodeFit.lacking(Allocation.RESIZABLE, wanted, List.of(Taken.of(other)), allocatable))
                .isEqualTo("Node didn't have enough resource: cpu, requested: 300, used: 750, capacity: 1000");
        assertThat(NodeFit.lacking(Allocation.RESIZABLE, wanted, List.of(), allocatable))
                .isEmpty();
    }

    @Test
    void theStatusTellsWhatIsWantedGivenAndThere() {
        var has = actual(
                "{requests: {cpu: 100m, memory: 32Mi}, limits: {cpu: 400m, memory: 64Mi}}", "{requests: {cpu: 100m}}");
        var resizing = has.withPending(Optional.of(new Resizing.Condition("Deferred", "no room", 2)))
                .withOngoing(Optional.of(new Resizing.Condition("", "", 1)));
        var knowledge = new ContainerReport.Knowledge(ProbeResults.healthy(STATE), Map.of(), Map.of(), resizing);
        PodStatus status = PodStatusReport.of(pod("", ""), STATE, knowledge, "192.0.2.1", NOW);
        var shown = status.containerStatuses().getFirst();
        assertThat(shown.allocatedResources()).containsEntry("cpu", Quantity.parse("200m"));
        assertThat(shown.resources().requests()).containsEntry("cpu", Quantity.parse("100m"));
        assertThat(status.conditions())
                .extracting(each -> each.type() + " " + each.reason() + " " + each.observedGeneration())
                .contains("PodResizePending Deferred 2", "PodResizeInProgress  1");
    }

    @Test
    void meanwhileThePodHasRoomForTheLargest() {
        var has = actual(
                "{requests: {cpu: 300m, memory: 16Mi}, limits: {cpu: 300m, memory: 128Mi}}",
                "{requests: {cpu: 100m}, limits: {cpu: 100m}}");
        var containers = has.largest(pod("", ""), STATE).spec().containers();
        assertThat(containers.getFirst().resources().requests())
                .isEqualTo(Map.of("cpu", Quantity.parse("300m"), "memory", Quantity.parse("32Mi")));
        assertThat(containers.getFirst().resources().limits())
                .isEqualTo(Map.of("cpu", Quantity.parse("400m"), "memory", Quantity.parse("128Mi")));
        assertThat(containers.getLast().resources().limits()).isEmpty();
    }

    @Test
    void eventsTellWhatWasAskedFor() {
        assertThat(ResizeText.of("Pod resize Deferred", pod("", ""), 2, "no room"))
                .isEqualTo("Pod resize Deferred: {\"containers\":[{\"name\":\"a\",\"resources\":{\"limits\":"
                        + "{\"cpu\":\"400m\",\"memory\":\"64Mi\"},\"requests\":{\"cpu\":\"200m\",\"memory\":\"32Mi\"}}},"
                        + "{\"name\":\"b\",\"resources\":{\"requests\":{\"cpu\":\"100m\"}}}],\"generation\":2,"
                        + "\"error\":\"no room\"}");
    }

    private static final String WHOLE = "{metadata: {name: p, uid: u, generation: 2}, spec: {restartPolicy: Always,"
            + " resources: {requests: {cpu: 500m, memory: 64Mi}, limits: {cpu: 500m, memory: 256Mi}}, containers: ["
            + "{name: a, image: i, resources: {requests: {cpu: 200m}, limits: {memory: 64Mi}}POLICY},"
            + "{name: b, image: i}]}STATUS}";

    private static Pod whole(String policy, String status) {
        return yaml(WHOLE.replace("POLICY", policy).replace("STATUS", status));
    }

    /// Both containers run with what the pod had as a whole before.
    private static Resizing wholeBefore(String cpu, String memory) {
        var before =
                amounts("{requests: {cpu: 500m, memory: 64Mi}, limits: {cpu: " + cpu + ", memory: " + memory + "}}");
        return Resizing.NONE.withActual(
                Map.of(
                        "a-id", Resizing.effective(before, amounts("{requests: {cpu: 200m}, limits: {memory: 64Mi}}")),
                        "b-id", Resizing.effective(before, amounts("{}"))),
                before);
    }

    @Test
    void whoHasNoLimitOfHisOwnHasThePods() {
        var before = wholeBefore("400m", "128Mi");
        assertThat(before.differs(whole("", ""), STATE)).isTrue();
        var steps = before.updates(whole("", ""), STATE).stream()
                .map(step -> step.spec().name() + " " + new TreeMap<>(step.to().limits()))
                .toList();
        // Memory first; the limit of memory that the first has is its own.
        assertThat(steps)
                .containsExactly(
                        "b {cpu=400m, memory=256Mi}", "a {cpu=500m, memory=64Mi}", "b {cpu=500m, memory=256Mi}");
        assertThat(wholeBefore("500m", "256Mi").differs(whole("", ""), STATE)).isFalse();
    }

    @Test
    void aPodWhoseContainersHaveTheirOwnIsChangedAllTheSame() {
        var before = wholeBefore("500m", "256Mi");
        var more = whole("", "").toBuilder()
                .spec(spec -> spec.editResources(resources -> resources.putRequests("cpu", Quantity.parse("450m"))))
                .build();
        assertThat(decide(more, before)).containsExactly(new Action.Resize(List.of()));
        assertThat(decide(whole("", ""), before)).isEmpty();
    }

    @Test
    void aChangeOfThePodRestartsWhoWantsToBeRestarted() {
        var restarting = whole(", resizePolicy: [{resourceName: cpu, restartPolicy: RestartContainer}]", "");
        var actions = decide(restarting, wholeBefore("400m", "256Mi"));
        assertThat(actions)
                .anyMatch(action -> action instanceof Action.RestartContainer again
                        && again.spec().name().equals("a"));
    }

    @Test
    void theStatusTellsOfTheWholePod() {
        var knowledge = new ContainerReport.Knowledge(
                ProbeResults.healthy(STATE), Map.of(), Map.of(), wholeBefore("400m", "128Mi"));
        var status = PodStatusReport.of(whole("", ""), STATE, knowledge, "192.0.2.1", NOW);
        assertThat(status.allocatedResources())
                .isEqualTo(Map.of("cpu", Quantity.parse("500m"), "memory", Quantity.parse("64Mi")));
        assertThat(status.resources().limits())
                .isEqualTo(Map.of("cpu", Quantity.parse("400m"), "memory", Quantity.parse("128Mi")));
        // One without any limit shows none.
        assertThat(status.containerStatuses().getLast().resources().hasLimits()).isFalse();
    }

    @Test
    void theNextAgentKnowsWhatTheWholePodWasGiven() {
        var told = ", status: {allocatedResources: {cpu: 300m, memory: 64Mi},"
                + " resources: {limits: {cpu: 400m, memory: 256Mi}}}";
        var allocation = Allocation.reported(whole("", told));
        assertThat(allocation.covers(whole("", ""))).isFalse();
        assertThat(allocation.covers(whole("", ""), "memory")).isTrue();
        var applied = allocation.applied(whole("", "")).spec().resources();
        assertThat(applied.requests().get("cpu")).isEqualTo(Quantity.parse("300m"));
        assertThat(applied.limits().get("cpu")).isEqualTo(Quantity.parse("400m"));
        assertThat(Allocation.reported(whole("", "")).covers(whole("", ""))).isTrue();
    }
}
