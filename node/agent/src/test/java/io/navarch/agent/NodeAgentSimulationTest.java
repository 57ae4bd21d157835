package io.navarch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.act.HttpAction;
import io.navarch.agent.act.NodeDevices;
import io.navarch.agent.act.PodTasks;
import io.navarch.agent.act.Probes;
import io.navarch.agent.act.PulledImages;
import io.navarch.agent.act.RegistryLogins;
import io.navarch.agent.cgroups.Cgroups;
import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.ContainerConfigs;
import io.navarch.agent.decide.EvictionThresholds;
import io.navarch.agent.decide.EvictionThresholds.Observation;
import io.navarch.agent.decide.EvictionThresholds.Signal;
import io.navarch.agent.placement.NodePlacement;
import io.navarch.agent.volumes.PodFiles;
import io.navarch.client.Client;
import io.navarch.cri.Container;
import io.navarch.cri.ContainerConfig;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.ContainerState;
import io.navarch.cri.InMemoryRuntime;
import io.navarch.cri.PodBehaviour;
import io.navarch.cri.SandboxConfig;
import io.navarch.model.ConditionStatus;
import io.navarch.model.NodeSystemInfo;
import io.navarch.model.Pod;
import io.navarch.model.PodPhase;
import io.navarch.model.RestartPolicy;
import io.navarch.model.StatusCondition;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Quantity;
import io.navarch.process.TaskScope;
import io.navarch.process.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/// The real agent on a runtime in memory, under random histories: pods come and go, processes crash, sandboxes die, the
/// API fails, the agent is killed and starts anew. The names of containers say what their processes do.
class NodeAgentSimulationTest {
    private static final long GRACE = 5;

    /// The outages would fill pages.
    private static final Logger QUIET = Logger.getLogger("io.navarch.agent");

    private final Random random = new Random();
    private SimulatedTime time;
    private SimulatedApi api;
    private InMemoryRuntime runtime;
    private AgentProcess process;
    private int lastPod;
    /// Of the disk, in percent.
    private int available = 50;
    /// Events.
    private final List<String> told = new ArrayList<>();

    /// Pods whose containers were disturbed from outside, and how often.
    private final Map<String, Integer> disturbed = new HashMap<>();
    private final Set<String> sandboxLost = new HashSet<>();
    private final List<String> violations = new ArrayList<>();

    /// An agent that can be killed: nothing that it has begun or planned happens any more.
    private final class AgentProcess implements PodTasks, Timers {
        private final NodeAgent agent;
        private boolean killed;

        AgentProcess() {
            var config = ConfigOfTests.of(
                    "192.0.2.1",
                    new AgentConfig.Eviction(
                            EvictionThresholds.parse(List.of("nodefs.available<10%")), Duration.ofMinutes(5)));
            agent = new NodeAgent(
                    config,
                    new NodeAgent.Ports(
                            new Client(api, "kubelet"),
                            runtime,
                            new SimulatedMachine(),
                            PodFiles.NONE,
                            Cgroups.NONE,
                            NodeDevices.NONE,
                            NodePlacement.ofDevices(NodeDevices.NONE),
                            PulledImages.NONE,
                            RegistryLogins.NONE,
                            listener -> Probes.NONE,
                            HttpAction.NONE,
                            (about, type, reason, message, fieldPath) -> told.add(reason + ": " + message),
                            api::cached,
                            KnownNode.NONE,
                            List::of,
                            List.of(),
                            this,
                            this,
                            time,
                            random,
                            ConfigOfTests.metrics()));
        }

        void start() {
            api.cached().values().forEach(pod -> agent.changed(Pod.ABSENT, pod));
            var over = new TaskScope();
            over.close();
            agent.startPods(over);
            agent.startUpkeep(over);
        }

        @Override
        public void start(String name, Runnable work) {
            after(Duration.ofMillis(random.nextInt(5)), work);
        }

        @Override
        public void together(List<Runnable> work) {
            var order = new ArrayList<>(work);
            Collections.shuffle(order, random);
            order.forEach(Runnable::run);
        }

        @Override
        public void pause(Duration length) {
            time.pause(length);
        }

        @Override
        public void after(Duration delay, Runnable action) {
            time.after(delay, () -> {
                if (!killed) action.run();
            });
        }
    }

    /// A call of the runtime does not return to an agent that was killed meanwhile.
    private final class RuntimeTimers implements Timers {
        @Override
        public void pause(Duration length) {
            var caller = process;
            time.pause(length);
            if (caller.killed) throw new SimulatedTime.KilledError();
        }

        @Override
        public void after(Duration delay, Runnable action) {
            time.after(delay, action);
        }
    }

    private final class SimulatedMachine implements Machine {
        @Override
        public Map<Signal, Observation> observations() {
            return Map.of(Signal.NODEFS_AVAILABLE, new Observation(100, available));
        }

        @Override
        public Map<String, Quantity> capacity() {
            return Map.of();
        }

        @Override
        public long memory() {
            return 1 << 30;
        }

        @Override
        public NodeSystemInfo.Builder systemInfo() {
            return NodeSystemInfo.builder();
        }

        @Override
        public Map<String, String> labels() {
            return Map.of();
        }
    }

    private final class Processes implements PodBehaviour {
        @Override
        public Duration sandboxStart(SandboxConfig config) {
            return Duration.ofMillis(random.nextInt(1000));
        }

        @Override
        public String address(SandboxConfig config) {
            return "10.0.0." + random.nextInt(1, 255);
        }

        @Override
        public SimulatedProcess process(ContainerConfig config) {
            check(config);
            var obeys = new Exit(Duration.ofMillis(100), 0);
            return switch (config.name()) {
                case "server", "hooked" -> new SimulatedProcess(Optional.empty(), obeys);
                case "deaf" -> new SimulatedProcess(Optional.empty(), new Exit(Duration.ofHours(1), 0));
                case "instant" -> new SimulatedProcess(Optional.of(new Exit(Duration.ZERO, 0)), obeys);
                case "failing" -> new SimulatedProcess(Optional.of(new Exit(Duration.ofSeconds(1), 1)), obeys);
                default -> new SimulatedProcess(Optional.of(new Exit(Duration.ofSeconds(3), 0)), obeys);
            };
        }

        @Override
        public SimulatedCommand command(List<String> command) {
            int code = command.equals(List.of("fail")) ? 1 : 0;
            return new SimulatedCommand(Duration.ofSeconds(1), new ContainerRuntime.ExecResult(code, "", ""));
        }

        /// A container is about to be created: may it?
        private void check(ContainerConfig config) {
            var uid = config.labels().get(ContainerConfigs.POD_UID);
            var name = config.labels().get(ContainerConfigs.POD_NAME) + "/" + config.name();
            var before = containers(uid).stream()
                    .filter(each ->
                            each.labels().get(ContainerConfigs.CONTAINER_NAME).equals(config.name()))
                    .toList();
            if (before.stream().anyMatch(each -> each.state() == ContainerState.RUNNING))
                violations.add(name + " runs twice");
            boolean healthy = config.name().equals("server") || config.name().equals("deaf");
            if (healthy && config.attempt() > disturbed.getOrDefault(uid, 0))
                violations.add(name + " was restarted though it was healthy: " + config.attempt());
            if (config.attempt() < 2 || sandboxLost.contains(uid)) return;
            before.stream()
                    .flatMap(each -> runtime.containerStatus(each.id()).finished().stream())
                    .max(Instant::compareTo)
                    .filter(end -> time.instant().isBefore(end.plusSeconds(backoff(config.attempt() - 1))))
                    .ifPresent(end -> violations.add(name + " restarted too early: " + config.attempt()));
        }

        private static long backoff(int ended) {
            return Math.min(300, 10L << Math.min(ended - 1, 10));
        }
    }

    private List<Container> containers(String uid) {
        return runtime.containers(Map.of(ContainerConfigs.POD_UID, uid));
    }

    private void begin(long seed) {
        QUIET.setLevel(Level.SEVERE);
        random.setSeed(seed);
        time = new SimulatedTime(random);
        api = new SimulatedApi(time, random, (old, now) -> process.agent.changed(old, now));
        runtime = new InMemoryRuntime("sim", new Processes(), time, new RuntimeTimers());
        process = new AgentProcess();
        process.start();
    }

    private ObjectKey create(RestartPolicy policy, String... containers) {
        int number = ++lastPod;
        var pod = Pod.builder()
                .metadata(meta -> meta.name("p" + number).namespace("ns").uid("u" + number))
                .spec(spec -> {
                    spec.nodeName("n").restartPolicy(policy).terminationGracePeriodSeconds(GRACE);
                    for (var name : containers)
                        spec.addContainers(each -> each.name(name).image("i"));
                });
        return api.put(pod.build()).key();
    }

    private void restartAgent() {
        process.killed = true;
        process = new AgentProcess();
        process.start();
    }

    private Optional<ObjectKey> anyPod() {
        var keys = new ArrayList<>(api.pods().keySet());
        keys.sort((a, b) -> a.name().compareTo(b.name()));
        return keys.isEmpty() ? Optional.empty() : Optional.of(keys.get(random.nextInt(keys.size())));
    }

    private void disturb() {
        var kinds = List.of("server", "deaf", "failing", "done");
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> {
                var names = new ArrayList<>(kinds);
                Collections.shuffle(names, random);
                var policies = List.of(RestartPolicy.ALWAYS, RestartPolicy.ON_FAILURE, RestartPolicy.NEVER);
                create(
                        policies.get(random.nextInt(3)),
                        names.subList(0, random.nextInt(1, 3)).toArray(String[]::new));
            }
            case 3 -> anyPod().filter(key -> !api.pod(key).deleting()).ifPresent(key -> api.delete(key, GRACE));
            case 4 -> anyPod().ifPresent(api::remove);
            case 5 -> anyPod().ifPresent(key -> crash(api.pod(key).uid()));
            case 6 -> anyPod().ifPresent(key -> loseSandbox(api.pod(key).uid()));
            case 7 -> restartAgent();
            default -> api.outage = !api.outage;
        }
    }

    private void crash(String uid) {
        for (var container : containers(uid)) {
            if (container.state() != ContainerState.RUNNING) continue;
            disturbed.merge(uid, 1, Integer::sum);
            runtime.stopContainer(container.id(), 0);
        }
    }

    private void loseSandbox(String uid) {
        for (var box : runtime.podSandboxes(Map.of(ContainerConfigs.POD_UID, uid))) {
            if (!box.ready()) continue;
            disturbed.merge(uid, 1, Integer::sum);
            sandboxLost.add(uid);
            runtime.stopPodSandbox(box.id());
        }
    }

    @RepeatedTest(25)
    void whateverHappensTheNodeComesToRest(RepetitionInfo repetition) {
        begin(repetition.getCurrentRepetition());
        for (int i = 0; i < 50; i++) {
            disturb();
            time.pause(Duration.ofMillis(random.nextInt(8000)));
            assertThat(violations).isEmpty();
        }
        api.outage = false;
        time.pause(Duration.ofMinutes(20));
        assertThat(violations).isEmpty();
        var alive = new HashSet<String>();
        for (var pod : api.pods().values()) {
            assertThat(pod.deleting()).as("%s is gone", pod.key()).isFalse();
            alive.add(pod.uid());
            isAsItShouldBe(pod);
        }
        for (var box : runtime.podSandboxes(Map.of())) assertThat(alive).contains(box.podUid());
        for (var each : runtime.containers(Map.of()))
            assertThat(alive).contains(each.labels().get(ContainerConfigs.POD_UID));
    }

    @Test
    void aContainerWhoseHookAfterTheStartFailsStartsAgain() {
        begin(1);
        var pod = Pod.builder()
                .metadata(meta -> meta.name("p").namespace("ns").uid("u"))
                .spec(spec -> spec.nodeName("n")
                        .restartPolicy(RestartPolicy.ALWAYS)
                        .terminationGracePeriodSeconds(GRACE)
                        .addContainers(each -> each.name("hooked")
                                .image("i")
                                .lifecycle(hooks -> hooks.postStart(
                                        handler -> handler.exec(exec -> exec.command(List.of("fail")))))));
        api.put(pod.build());
        time.pause(Duration.ofMinutes(1));
        assertThat(containers("u").stream().mapToInt(Container::attempt).max().orElse(0))
                .isBetween(2, 4);
        assertThat(violations).isEmpty();
    }

    private void isAsItShouldBe(Pod pod) {
        var names = pod.spec().containers().stream()
                .map(io.navarch.model.Container::name)
                .toList();
        boolean failing = names.contains("failing");
        boolean done = names.contains("done");
        boolean ends = pod.spec().restartPolicy() != RestartPolicy.ALWAYS;
        boolean steady = !(failing && pod.spec().restartPolicy() != RestartPolicy.NEVER) && !(done && !ends);
        boolean untouched = !disturbed.containsKey(pod.uid());
        if (!steady) return;
        int writes = api.writes(pod.key());
        time.pause(Duration.ofMinutes(20));
        assertThat(api.writes(pod.key())).as("%s is at rest", pod.key()).isEqualTo(writes);
        boolean runs = names.contains("server") || names.contains("deaf");
        if (untouched && runs) assertThat(pod.status().phase()).isEqualTo(PodPhase.RUNNING);
        if (untouched && !runs)
            assertThat(pod.status().phase()).isEqualTo(failing ? PodPhase.FAILED : PodPhase.SUCCEEDED);
        boolean allRun = runs && !failing && !done;
        if (untouched && allRun)
            assertThat(StatusCondition.status(pod.status().conditions(), "Ready"))
                    .isEqualTo(ConditionStatus.TRUE);
    }

    @Test
    void aPodTerminatesWithinItsGrace() {
        begin(1);
        var deaf = create(RestartPolicy.ALWAYS, "deaf", "server");
        var server = create(RestartPolicy.ALWAYS, "server");
        time.pause(Duration.ofSeconds(5));
        assertThat(containers("u1")).hasSize(2);
        var start = time.instant();
        api.delete(server, GRACE);
        api.delete(deaf, GRACE);
        time.pause(Duration.ofMinutes(1));
        assertThat(api.removed(server).orElseThrow()).isBefore(start.plusSeconds(1));
        assertThat(api.removed(deaf).orElseThrow()).isBetween(start.plusSeconds(GRACE), start.plusSeconds(GRACE + 1));
        assertThat(runtime.podSandboxes(Map.of())).isEmpty();
    }

    @Test
    void onAFullDiskNewPodsAreRefusedAndOthersGoOn() {
        begin(5);
        var early = create(RestartPolicy.ALWAYS, "server");
        time.pause(Duration.ofSeconds(10));
        available = 9;
        restartAgent();
        time.pause(Duration.ofSeconds(10));
        var late = create(RestartPolicy.ALWAYS, "server");
        time.pause(Duration.ofSeconds(10));
        var refused = api.pod(late).status();
        assertThat(refused.phase()).isEqualTo(PodPhase.FAILED);
        assertThat(refused.reason()).isEqualTo("Evicted");
        assertThat(refused.message()).isEqualTo("Pod was rejected: The node had condition: [DiskPressure]. ");
        assertThat(told).contains("Evicted: The node had condition: [DiskPressure]. ");
        assertThat(containers("u2")).isEmpty();
        assertThat(api.pod(early).status().phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(containers("u1")).hasSize(1);
        // What was taken is kept running, too.
        crash("u1");
        time.pause(Duration.ofMinutes(1));
        assertThat(api.pod(early).status().phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(containers("u1")).anyMatch(each -> each.state() == ContainerState.RUNNING);
        available = 50;
        restartAgent();
        var again = create(RestartPolicy.ALWAYS, "server");
        time.pause(Duration.ofSeconds(10));
        assertThat(api.pod(again).status().phase()).isEqualTo(PodPhase.RUNNING);
    }

    @Test
    void aSidecarHasTimeToEndAndOthersSeeHowItDid() {
        begin(2);
        var key = api.put(Pod.builder()
                        .metadata(meta -> meta.name("side").namespace("ns").uid("side"))
                        .spec(spec -> spec.nodeName("n")
                                .restartPolicy(RestartPolicy.NEVER)
                                .terminationGracePeriodSeconds(GRACE)
                                .addInitContainers(
                                        init -> init.name("deaf").image("i").restartPolicy(RestartPolicy.ALWAYS))
                                .addContainers(main -> main.name("done").image("i")))
                        .build())
                .key();
        var meanwhile = new ArrayList<Pod>();
        time.after(Duration.ofSeconds(6), () -> meanwhile.add(api.pod(key)));
        time.pause(Duration.ofMinutes(1));
        var pod = meanwhile.getFirst();
        assertThat(pod.status().containerStatuses().getFirst().state().hasTerminated())
                .isTrue();
        assertThat(pod.status().phase()).isEqualTo(PodPhase.RUNNING);
        pod = api.pod(key);
        assertThat(pod.status().phase()).isEqualTo(PodPhase.SUCCEEDED);
        assertThat(pod.status()
                        .initContainerStatuses()
                        .getFirst()
                        .state()
                        .terminated()
                        .exitCode())
                .isEqualTo(137);
    }

    @Test
    void crashesAreCountedAcrossAgents() {
        begin(2);
        var key = create(RestartPolicy.ALWAYS, "failing");
        for (int i = 0; i < 60; i++) {
            time.pause(Duration.ofSeconds(10));
            restartAgent();
        }
        // Ends after 1 s each time: starts at once, at once, then after 10, 20, 40, 80, 160 and 300 s.
        assertThat(api.pod(key).status().containerStatuses().getFirst().restartCount())
                .isBetween(6, 7);
        assertThat(violations).isEmpty();
    }

    /// The end is seen in the same look at the runtime as the start.
    @Test
    void aContainerThatEndsAtOnceIsNotWaitedFor() {
        begin(4);
        var pod = api.pod(create(RestartPolicy.NEVER, "done"));
        api.put(pod.toBuilder()
                .spec(spec ->
                        spec.addInitContainers(init -> init.name("instant").image("i")))
                .build());
        time.pause(Duration.ofSeconds(10));
        assertThat(api.pod(pod.key()).status().phase()).isEqualTo(PodPhase.SUCCEEDED);
    }

    @Test
    void aQuietPodIsWrittenTwiceAndThenNoMore() {
        begin(3);
        var key = create(RestartPolicy.ALWAYS, "server");
        time.pause(Duration.ofMinutes(30));
        assertThat(api.pod(key).status().phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(api.writes(key)).isEqualTo(2);
    }
}
