package io.navarch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.act.HttpAction;
import io.navarch.agent.act.PodTasks;
import io.navarch.agent.act.Probes;
import io.navarch.agent.act.PulledImages;
import io.navarch.agent.act.RegistryLogins;
import io.navarch.agent.cgroups.Cgroups;
import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.ContainerConfigs;
import io.navarch.agent.decide.StaticPod;
import io.navarch.agent.placement.NodePlacement;
import io.navarch.agent.volumes.PodFiles;
import io.navarch.client.Client;
import io.navarch.cri.Container;
import io.navarch.cri.ContainerConfig;
import io.navarch.cri.ContainerState;
import io.navarch.cri.InMemoryRuntime;
import io.navarch.cri.PodBehaviour;
import io.navarch.cri.SandboxConfig;
import io.navarch.kinds.BuiltInKinds;
import io.navarch.kinds.pod.PodManifest;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.model.PodPhase;
import io.navarch.model.PodQosClass;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Quantity;
import io.navarch.process.Timers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The real agent on a runtime in memory, with pods that it runs by itself: the cases of the kubelet's own node tests
/// (`mirror_pod_test.go`, `mirror_pod_grace_period_test.go`).
class StaticPodsSimulationTest {
    private static final ObjectKey KEY = new ObjectKey("default", "web-n");
    private static final Node NODE =
            Node.builder().metadata(meta -> meta.name("n").uid("node-uid")).build();
    private static final Logger QUIET = Logger.getLogger("io.navarch.agent");

    private final PodManifest manifests = new PodManifest(BuiltInKinds.types());
    private final Random random = new Random(1);
    private SimulatedTime time;
    private SimulatedApi api;
    private InMemoryRuntime runtime;
    private AgentProcess process;
    /// The work that never ends, since nobody answers.
    private String unanswered = "";
    private final ScriptedDevices devices = new ScriptedDevices();

    private final class AgentProcess implements PodTasks, Timers {
        private final NodeAgent agent;
        private boolean killed;

        AgentProcess() {
            agent = new NodeAgent(
                    ConfigOfTests.of("192.0.2.1", AgentConfig.Eviction.NONE),
                    new NodeAgent.Ports(
                            new Client(api, "kubelet"),
                            runtime,
                            new SmallMachine(),
                            PodFiles.NONE,
                            Cgroups.NONE,
                            devices,
                            NodePlacement.ofDevices(devices),
                            PulledImages.NONE,
                            RegistryLogins.NONE,
                            listener -> Probes.NONE,
                            HttpAction.NONE,
                            (about, type, reason, message, fieldPath) -> {},
                            api::cached,
                            new KnownNode(NODE),
                            List::of,
                            List.of(),
                            this,
                            this,
                            time,
                            random,
                            ConfigOfTests.metrics()));
        }

        /// @param known what the agent finds described
        void start(Map<String, Pod> known) {
            var over = EndedScope.make();
            agent.staticPods().replace(known);
            agent.startPods(over);
            api.cached().values().forEach(pod -> agent.changed(Pod.ABSENT, pod));
            agent.startUpkeep(over);
        }

        @Override
        public void start(String name, Runnable work) {
            if (!name.equals(unanswered)) after(Duration.ofMillis(random.nextInt(5)), work);
        }

        @Override
        public void together(List<Runnable> work) {
            work.forEach(Runnable::run);
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

    private final class RuntimeTimers implements Timers {
        @Override
        public void pause(Duration length) {
            time.pause(length);
        }

        @Override
        public void after(Duration delay, Runnable action) {
            time.after(delay, action);
        }
    }

    /// Containers named `deaf` do not end before they are killed.
    private static final class Processes implements PodBehaviour {
        @Override
        public Duration sandboxStart(SandboxConfig config) {
            return Duration.ofMillis(300);
        }

        @Override
        public String address(SandboxConfig config) {
            return "10.0.0.7";
        }

        @Override
        public SimulatedProcess process(ContainerConfig config) {
            var end = config.name().equals("deaf") ? Duration.ofHours(1) : Duration.ofMillis(100);
            return new SimulatedProcess(Optional.empty(), new Exit(end, 0));
        }
    }

    @BeforeEach
    void begin() {
        QUIET.setLevel(Level.SEVERE);
        time = new SimulatedTime(random);
        api = new SimulatedApi(time, random, (old, now) -> process.agent.changed(old, now));
        runtime = new InMemoryRuntime("sim", new Processes(), time, new RuntimeTimers());
        process = new AgentProcess();
        process.start(Map.of());
    }

    private Pod manifest(String container, String image) {
        try {
            var text = """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: web, labels: {app: web}}
                    spec:
                      terminationGracePeriodSeconds: 20
                      containers:
                      - {name: %s, image: %s}
                    """.formatted(container, image);
            return manifests.read(text.getBytes(StandardCharsets.UTF_8), "n", "/manifests/web.yaml");
        } catch (PodManifest.InvalidException e) {
            throw new AssertionError(e);
        }
    }

    private void put(Pod pod) {
        process.agent.staticPods().put("web.yaml", pod);
    }

    private void seconds(long count) {
        time.pause(Duration.ofSeconds(count));
    }

    private List<Container> containers() {
        return runtime.containers(Map.of());
    }

    private Container running() {
        var running = containers().stream()
                .filter(each -> each.state() == ContainerState.RUNNING)
                .toList();
        assertThat(running).hasSize(1);
        return running.getFirst();
    }

    private Pod mirror() {
        return api.pod(KEY);
    }

    /// The mirror as it will be then: while a container ends, nobody but the runtime's time goes on.
    private List<Pod> seenAfter(long count) {
        var seen = new ArrayList<Pod>();
        time.after(Duration.ofSeconds(count), () -> seen.add(mirror()));
        return seen;
    }

    @Test
    void theApiIsShownAMirror() {
        var pod = manifest("server", "i1");
        put(pod);
        seconds(10);
        var mirror = mirror();
        var annotations = mirror.metadata().annotations();
        assertThat(annotations)
                .containsEntry(Pods.MIRROR, pod.uid())
                .containsEntry(PodManifest.HASH, pod.uid())
                .containsEntry(PodManifest.SOURCE, "file")
                .containsKey(PodManifest.SEEN);
        assertThat(Instant.parse(annotations.get(PodManifest.SEEN))).isBeforeOrEqualTo(time.instant());
        var owner = mirror.metadata().ownerReferences().getFirst();
        assertThat(List.of(owner.apiVersion(), owner.kind(), owner.name(), owner.uid(), owner.controller()))
                .isEqualTo(List.of("v1", "Node", "n", "node-uid", true));
        assertThat(owner.hasBlockOwnerDeletion()).isFalse();
        assertThat(mirror.spec().nodeName()).isEqualTo("n");
        assertThat(mirror.status().phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(mirror.status().podIP()).isEqualTo("10.0.0.7");
        assertThat(mirror.status().hasObservedGeneration()).isFalse();
        assertThat(mirror.uid()).isNotEqualTo(pod.uid());
        assertThat(running().labels()).containsEntry(ContainerConfigs.POD_UID, pod.uid());
    }

    @Test
    void anotherDescriptionIsAnotherPodOnceTheOneBeforeHasEnded() {
        put(manifest("deaf", "i1"));
        seconds(10);
        var before = mirror();
        put(manifest("server", "i2"));
        var meanwhile = seenAfter(19);
        seconds(30);
        assertThat(meanwhile.getFirst().uid()).isEqualTo(before.uid());
        assertThat(meanwhile.getFirst().status().phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(mirror().uid()).isNotEqualTo(before.uid());
        assertThat(mirror().spec().containers().getFirst().image()).isEqualTo("i2");
        assertThat(mirror().status().phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(running().labels()).containsEntry(ContainerConfigs.CONTAINER_NAME, "server");
    }

    @Test
    void aShutdownDoesNotWaitForTheApi() throws InterruptedException {
        put(manifest("server", "i1"));
        seconds(10);
        unanswered = "shutdown";
        process.agent.shutDown();
        assertThat(containers()).isNotEmpty().noneMatch(each -> each.state() == ContainerState.RUNNING);
    }

    @Test
    void ofManyChangesWhileOneEndsTheLastCounts() {
        put(manifest("deaf", "i0"));
        seconds(10);
        for (int i = 1; i < 150; i++) {
            put(manifest("server", "i" + i));
            time.pause(Duration.ofMillis(100));
        }
        put(manifest("server", "last"));
        seconds(10);
        assertThat(mirror().spec().containers().getFirst().image()).isEqualTo("last");
        assertThat(mirror().status().phase()).isEqualTo(PodPhase.RUNNING);
        running();
    }

    @Test
    void aMirrorThatIsDeletedComesBackAndThePodRunsOn() {
        put(manifest("server", "i1"));
        seconds(10);
        var container = running().id();
        var first = mirror().uid();
        api.delete(KEY, 30);
        seconds(5);
        var second = mirror();
        assertThat(second.uid()).isNotEqualTo(first);
        assertThat(second.deleting()).isFalse();
        assertThat(second.status().phase()).isEqualTo(PodPhase.RUNNING);
        api.remove(KEY);
        seconds(5);
        assertThat(mirror().uid()).isNotIn(first, second.uid(), "");
        assertThat(mirror().status().phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(running().id()).isEqualTo(container);
    }

    @Test
    void aPodWhoseDescriptionIsGoneHasItsGraceAndItsMirrorSeesIt() {
        put(manifest("deaf", "i1"));
        seconds(10);
        var before = mirror().uid();
        process.agent.staticPods().remove("web.yaml");
        var meanwhile = seenAfter(19);
        seconds(30);
        assertThat(meanwhile.getFirst().uid()).isEqualTo(before);
        assertThat(meanwhile.getFirst().status().phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(mirror().exists()).isFalse();
        assertThat(containers()).isEmpty();
        assertThat(runtime.podSandboxes(Map.of())).isEmpty();
        assertThat(process.agent.staticPods().all()).isEmpty();
    }

    @Test
    void aDescriptionThatGoesAndComesBackIsARestart() {
        put(manifest("server", "i1"));
        seconds(10);
        var before = running().id();
        process.agent.staticPods().remove("web.yaml");
        put(manifest("server", "i1"));
        seconds(30);
        assertThat(running().id()).isNotEqualTo(before);
        assertThat(mirror().status().containerStatuses().getFirst().restartCount())
                .isEqualTo(1);
        assertThat(mirror().status().phase()).isEqualTo(PodPhase.RUNNING);
    }

    @Test
    void aNewAgentFindsThePodRunning() {
        put(manifest("server", "i1"));
        seconds(10);
        var mirror = mirror();
        var container = running().id();
        process.killed = true;
        seconds(60);
        process = new AgentProcess();
        process.start(Map.of("web.yaml", manifest("server", "i1")));
        seconds(60);
        assertThat(running().id()).isEqualTo(container);
        assertThat(mirror().uid()).isEqualTo(mirror.uid());
        assertThat(mirror().status().startTime()).isEqualTo(mirror.status().startTime());
        assertThat(mirror().status().phase()).isEqualTo(PodPhase.RUNNING);
        int writes = api.writes(KEY);
        time.pause(Duration.ofMinutes(30));
        assertThat(api.writes(KEY)).isEqualTo(writes);
    }

    @Test
    void whatIsNoLongerDescribedWhenTheAgentComesBackGoes() {
        put(manifest("server", "i1"));
        seconds(10);
        process.killed = true;
        process = new AgentProcess();
        process.start(Map.of());
        seconds(60);
        assertThat(containers()).isEmpty();
        assertThat(mirror().exists()).isFalse();
    }

    /// The API may be away for long, and the next pod of that name waits for a port.
    @Test
    void whatIsDescribedOtherwiseWhenTheAgentComesBackGoesWhateverTheApiSays() {
        put(manifest("server", "i1"));
        seconds(10);
        process.killed = true;
        process = new AgentProcess();
        var over = EndedScope.make();
        process.agent.staticPods().replace(Map.of("web.yaml", manifest("deaf", "i1")));
        process.agent.startPods(over);
        seconds(10);
        assertThat(running().labels()).containsEntry(ContainerConfigs.CONTAINER_NAME, "deaf");
    }

    /// The disk with the manifests may be away for a while.
    @Test
    void whatRunsIsNobodysLeftoverBeforeTheManifestsHaveBeenRead() {
        put(manifest("server", "i1"));
        seconds(10);
        var container = running().id();
        process.killed = true;
        process = new AgentProcess();
        var over = EndedScope.make();
        process.agent.startPods(over);
        process.agent.startUpkeep(over);
        seconds(60);
        assertThat(running().id()).isEqualTo(container);
        process.agent.staticPods().replace(Map.of());
        process.agent.startPods(over);
        seconds(60);
        assertThat(containers()).isEmpty();
    }

    @Test
    void whileTheApiIsAwayThePodRuns() {
        api.outage = true;
        put(manifest("server", "i1"));
        seconds(30);
        var container = running().id();
        api.outage = false;
        seconds(120);
        assertThat(mirror().status().phase()).isEqualTo(PodPhase.RUNNING);
        assertThat(running().id()).isEqualTo(container);
    }

    private static Pod asking(String name) {
        return asking(name, 0);
    }

    private static Pod asking(String name, int priority) {
        return Pod.builder()
                .metadata(meta -> meta.name(name).namespace("ns").uid("0-" + name))
                .spec(spec -> spec.nodeName("n")
                        .priority(priority)
                        .addContainers(each -> each.name("server")
                                .image("i")
                                .resources(amounts -> amounts.putRequests("cpu", Quantity.parse("700m")))))
                .status(status -> status.qosClass(PodQosClass.BURSTABLE))
                .build();
    }

    /// A new agent hears of the node's pods in any order.
    @Test
    void nobodyNewIsTakenBeforeThoseThatRunAreCounted() {
        var runs = api.put(asking("runs"));
        seconds(10);
        assertThat(api.pod(runs.key()).status().phase()).isEqualTo(PodPhase.RUNNING);
        process.killed = true;
        var comes = api.put(asking("comes"));
        process = new AgentProcess();
        var over = EndedScope.make();
        process.agent.startPods(over);
        process.agent.changed(Pod.ABSENT, comes);
        seconds(10);
        assertThat(api.pod(comes.key()).status().hasPhase()).isFalse();
        process.agent.changed(Pod.ABSENT, api.pod(runs.key()));
        process.agent.startUpkeep(over);
        seconds(10);
        assertThat(api.pod(comes.key()).status().reason()).isEqualTo("OutOfcpu");
        assertThat(api.pod(runs.key()).status().phase()).isEqualTo(PodPhase.RUNNING);
    }

    @Test
    void nobodyHasToGoForAPodThatLacksDevices() {
        var runs = api.put(asking("runs"));
        seconds(10);
        devices.shortage = "none left";
        var comes = api.put(asking("comes", 2_000_000_000));
        seconds(10);
        assertThat(api.pod(comes.key()).status().reason()).isEqualTo("UnexpectedAdmissionError");
        assertThat(api.pod(runs.key()).status().phase()).isEqualTo(PodPhase.RUNNING);
    }

    @Test
    void nobodyNewHasDevicesBeforeThoseOfOthersAreTakenBack() {
        process.killed = true;
        var comes = api.put(asking("comes"));
        process = new AgentProcess();
        devices.calls.clear();
        devices.keeping = () -> seconds(5);
        process.agent.changed(Pod.ABSENT, comes);
        var over = EndedScope.make();
        process.agent.startPods(over);
        process.agent.startUpkeep(over);
        seconds(5);
        assertThat(devices.calls).startsWith("keep", "admit comes");
    }

    /// Whoever may make pods must not be able to have one run that claims to be the node's own.
    @Test
    void whatOnlyClaimsToBeAMirrorIsNotRun() {
        api.put(Pod.builder()
                .metadata(meta -> meta.name("web-n")
                        .namespace("default")
                        .uid("6a1f0d3e-0000-4000-8000-000000000000")
                        .putAnnotations(Pods.MIRROR, "x"))
                .spec(spec -> spec.nodeName("n")
                        .addContainers(each -> each.name("server").image("i")))
                .build());
        seconds(30);
        assertThat(containers()).isEmpty();
        assertThat(mirror().exists()).isFalse();
    }

    @Test
    void annotationsDoNotMakeAPodStatic() {
        var uid = "6a1f0d3e-0000-4000-8000-000000000000";
        var pod = Pod.builder()
                .metadata(meta ->
                        meta.uid(uid).putAnnotations(PodManifest.SOURCE, "file").putAnnotations(PodManifest.HASH, uid))
                .build();
        assertThat(StaticPod.is(pod)).isFalse();
        assertThat(StaticPod.is(manifest("server", "i"))).isTrue();
    }
}
