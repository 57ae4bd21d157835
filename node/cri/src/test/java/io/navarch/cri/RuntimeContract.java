package io.navarch.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.cri.ContainerRuntime.ExecResult;
import io.navarch.cri.SandboxConfig.Namespace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the agent may rely on, whatever the runtime is.
abstract class RuntimeContract {
    private static final String UID = "io.kubernetes.pod.uid";
    private static final List<String> FOR_EVER = List.of("/bin/busybox", "sleep", "3600");

    private final String uid = UUID.randomUUID().toString();
    private ContainerRuntime runtime;

    abstract ContainerRuntime runtime();

    /// The name of an image with a busybox at `/bin/busybox`, which can be pulled.
    abstract String image();

    /// The name of an image that no registry has.
    abstract String missingImage();

    @BeforeEach
    void pull() {
        runtime = runtime();
        runtime.pullImage(image(), Optional.empty());
    }

    @AfterEach
    void removeWhatIsLeft() {
        for (var box : runtime.podSandboxes(Map.of(UID, uid))) {
            runtime.stopPodSandbox(box.id());
            runtime.removePodSandbox(box.id());
        }
    }

    private SandboxConfig sandbox(int attempt) {
        return new SandboxConfig(
                "contract",
                "default",
                uid,
                attempt,
                "contract",
                "/tmp/navarch-contract/" + uid,
                new SandboxConfig.Dns(List.of(), List.of(), List.of()),
                Map.of(UID, uid, "attempt", String.valueOf(attempt)),
                new SandboxConfig.Security(
                        "",
                        Map.of(),
                        new SandboxConfig.Namespaces(Namespace.POD, Namespace.CONTAINER, Namespace.POD),
                        OptionalLong.empty(),
                        false,
                        new SandboxConfig.Profile.Unconfined(),
                        SandboxConfig.SeLinux.NONE),
                "");
    }

    private ContainerConfig container(String name, int attempt, List<String> command) {
        return new ContainerConfig(
                name,
                attempt,
                runtime.image(image()).orElseThrow().id(),
                new ContainerConfig.Entrypoint(command, List.of(), "", Map.of("A", "1"), false, false, false),
                List.of(),
                List.of(),
                List.of(),
                Map.of(UID, uid, "name", name),
                Map.of("note", "kept"),
                name + "/" + attempt + ".log",
                new ContainerConfig.Resources(2, 0, 0, 0, 0, Map.of()),
                new ContainerConfig.Security(
                        new SandboxConfig.Namespaces(Namespace.POD, Namespace.CONTAINER, Namespace.POD),
                        false,
                        false,
                        false,
                        new ContainerConfig.Confinement(
                                new SandboxConfig.Profile.Unconfined(), Optional.empty(), SandboxConfig.SeLinux.NONE),
                        new ContainerConfig.User(OptionalLong.empty(), OptionalLong.empty(), List.of()),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of()));
    }

    private String create(String box, String name, List<String> command) {
        return runtime.createContainer(box, container(name, 0, command), sandbox(0));
    }

    private String start(String box, String name, List<String> command) {
        var id = create(box, name, command);
        runtime.startContainer(id);
        return id;
    }

    private ContainerStatus ended(String id) {
        eventually(() -> runtime.containerStatus(id).state() == ContainerState.EXITED);
        return runtime.containerStatus(id);
    }

    private static void eventually(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void aRunningContainerIsGivenOtherAmounts() {
        var box = runtime.runPodSandbox(sandbox(0));
        var id = start(box, "sized", FOR_EVER);
        runtime.updateContainerResources(
                id, new ContainerConfig.Resources(512, 50_000, 100_000, 64 << 20, 0, Map.of()));
        assertThat(runtime.containerStatus(id).state()).isEqualTo(ContainerState.RUNNING);
        assertThatThrownBy(() -> runtime.updateContainerResources(
                        "missing", new ContainerConfig.Resources(512, 0, 0, 0, 0, Map.of())))
                .isInstanceOf(RuntimeFailure.class);
    }

    @Test
    void saysWhatItIsAndThatItIsReady() {
        assertThat(runtime.version().runtimeName()).isNotEmpty();
        assertThat(runtime.version().runtimeVersion()).isNotEmpty();
        assertThat(runtime.conditions())
                .extracting(ContainerRuntime.Condition::type)
                .contains("RuntimeReady", "NetworkReady");
        assertThat(runtime.conditions()).allMatch(ContainerRuntime.Condition::status);
    }

    @Test
    void aSandboxIsReadyHasAnAddressAndIsListedByItsLabels() {
        var id = runtime.runPodSandbox(sandbox(0));
        var listed = runtime.podSandboxes(Map.of(UID, uid));
        assertThat(listed).hasSize(1);
        assertThat(listed.getFirst().id()).isEqualTo(id);
        assertThat(listed.getFirst().podUid()).isEqualTo(uid);
        assertThat(listed.getFirst().attempt()).isZero();
        assertThat(listed.getFirst().ready()).isTrue();
        assertThat(runtime.podSandboxAddress(id)).matches("[0-9.]+");
        assertThat(runtime.podSandboxes(Map.of(UID, uid, "attempt", "1"))).isEmpty();
        assertThat(runtime.podSandboxes(Map.of())).contains(listed.getFirst());
    }

    @Test
    void anAttemptAtASandboxIsMadeOnce() {
        runtime.runPodSandbox(sandbox(0));
        assertThatThrownBy(() -> runtime.runPodSandbox(sandbox(0))).isInstanceOf(RuntimeFailure.class);
        runtime.runPodSandbox(sandbox(1));
        assertThat(runtime.podSandboxes(Map.of(UID, uid)))
                .extracting(Sandbox::attempt)
                .containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void stoppingASandboxStopsItsContainersAndMayBeRepeated() {
        var box = runtime.runPodSandbox(sandbox(0));
        var id = start(box, "c", FOR_EVER);
        runtime.stopPodSandbox(box);
        runtime.stopPodSandbox(box);
        assertThat(runtime.podSandboxes(Map.of(UID, uid)).getFirst().ready()).isFalse();
        assertThat(ended(id).exitCode()).isEqualTo(137);
        assertThatThrownBy(() -> create(box, "late", FOR_EVER)).isInstanceOf(RuntimeFailure.class);
    }

    @Test
    void removingASandboxRemovesItsContainersAndMayBeRepeated() {
        var box = runtime.runPodSandbox(sandbox(0));
        var id = start(box, "c", FOR_EVER);
        runtime.stopPodSandbox(box);
        runtime.removePodSandbox(box);
        runtime.removePodSandbox(box);
        assertThat(runtime.podSandboxes(Map.of(UID, uid))).isEmpty();
        assertThat(runtime.containers(Map.of(UID, uid))).isEmpty();
        notFound(() -> runtime.containerStatus(id));
        notFound(() -> runtime.podSandboxAddress(box));
    }

    @Test
    void aContainerIsCreatedThenRunsThenHasEnded() {
        var box = runtime.runPodSandbox(sandbox(0));
        var id = create(box, "c", FOR_EVER);
        var created = runtime.containerStatus(id);
        assertThat(created.state()).isEqualTo(ContainerState.CREATED);
        assertThat(created.started()).isEmpty();
        runtime.startContainer(id);
        var running = runtime.containerStatus(id);
        assertThat(running.state()).isEqualTo(ContainerState.RUNNING);
        assertThat(running.started().orElseThrow()).isAfterOrEqualTo(running.created());
        assertThat(running.finished()).isEmpty();
        runtime.stopContainer(id, 0);
        var ended = ended(id);
        assertThat(ended.finished().orElseThrow())
                .isAfterOrEqualTo(ended.started().orElseThrow());
        assertThat(ended.exitCode()).isNotZero();
        assertThat(ended.reason()).isEqualTo("Error");
    }

    @Test
    void theExitCodeIsTheProcesssOwn() {
        var box = runtime.runPodSandbox(sandbox(0));
        var failed = ended(start(box, "failing", List.of("/bin/busybox", "sh", "-c", "exit 3")));
        assertThat(failed.exitCode()).isEqualTo(3);
        assertThat(failed.reason()).isEqualTo("Error");
        var done = ended(start(box, "succeeding", List.of("/bin/busybox", "sh", "-c", "exit 0")));
        assertThat(done.exitCode()).isZero();
        assertThat(done.reason()).isEqualTo("Completed");
    }

    @Test
    void aProcessThatDoesNotObeyIsKilledAfterItsGrace() {
        var box = runtime.runPodSandbox(sandbox(0));
        // As the first process of its namespace, it does not hear signals that it does not handle.
        var id = start(box, "deaf", FOR_EVER);
        long start = System.nanoTime();
        runtime.stopContainer(id, 1);
        assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(900));
        assertThat(ended(id).exitCode()).isEqualTo(137);
    }

    @Test
    void aContainerIsStartedOnce() {
        var box = runtime.runPodSandbox(sandbox(0));
        var id = start(box, "c", FOR_EVER);
        assertThatThrownBy(() -> runtime.startContainer(id)).isInstanceOf(RuntimeFailure.class);
        runtime.stopContainer(id, 0);
        ended(id);
        assertThatThrownBy(() -> runtime.startContainer(id)).isInstanceOf(RuntimeFailure.class);
    }

    @Test
    void aNameAndAttemptAreTakenOnceInASandbox() {
        var box = runtime.runPodSandbox(sandbox(0));
        create(box, "c", FOR_EVER);
        assertThatThrownBy(() -> create(box, "c", FOR_EVER)).isInstanceOf(RuntimeFailure.class);
        runtime.createContainer(box, container("c", 1, FOR_EVER), sandbox(0));
        assertThat(runtime.containers(Map.of(UID, uid)))
                .extracting(Container::attempt)
                .containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void containersAreListedByTheirLabels() {
        var box = runtime.runPodSandbox(sandbox(0));
        var a = start(box, "a", FOR_EVER);
        var b = create(box, "b", FOR_EVER);
        assertThat(runtime.containers(Map.of(UID, uid)))
                .extracting(Container::id)
                .containsExactlyInAnyOrder(a, b);
        var listed = runtime.containers(Map.of(UID, uid, "name", "a"));
        assertThat(listed).hasSize(1);
        assertThat(listed.getFirst().sandboxId()).isEqualTo(box);
        assertThat(listed.getFirst().state()).isEqualTo(ContainerState.RUNNING);
        assertThat(listed.getFirst().annotations()).containsEntry("note", "kept");
        assertThat(listed.getFirst().labels()).containsEntry("name", "a");
    }

    @Test
    void stoppingWhatHasEndedChangesNothing() {
        var box = runtime.runPodSandbox(sandbox(0));
        var id = start(box, "c", List.of("/bin/busybox", "sh", "-c", "exit 3"));
        var ended = ended(id);
        runtime.stopContainer(id, 5);
        assertThat(runtime.containerStatus(id)).isEqualTo(ended);
    }

    @Test
    void whatRunsCanBeRemovedAndRemovingMayBeRepeated() {
        var box = runtime.runPodSandbox(sandbox(0));
        var id = start(box, "c", FOR_EVER);
        runtime.removeContainer(id);
        runtime.removeContainer(id);
        assertThat(runtime.containers(Map.of(UID, uid))).isEmpty();
        notFound(() -> runtime.containerStatus(id));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        notFound(() -> runtime.containerStatus("missing"));
        notFound(() -> runtime.startContainer("missing"));
        notFound(() -> runtime.execSync("missing", FOR_EVER, 1));
        notFound(() -> runtime.podSandboxAddress("missing"));
        notFound(() -> runtime.createContainer("missing", container("c", 0, FOR_EVER), sandbox(0)));
        runtime.removeContainer("missing");
        runtime.removePodSandbox("missing");
        nothingOrNotFound(() -> runtime.stopContainer("missing", 0));
        nothingOrNotFound(() -> runtime.stopPodSandbox("missing"));
    }

    @Test
    void aCommandIsExecutedWhereAProcessRuns() {
        var box = runtime.runPodSandbox(sandbox(0));
        var id = start(box, "c", FOR_EVER);
        assertThat(runtime.execSync(id, List.of("/bin/busybox", "echo", "hello"), 10))
                .isEqualTo(new ExecResult(0, "hello\n", ""));
        assertThat(runtime.execSync(id, List.of("/bin/busybox", "sh", "-c", "exit 3"), 10)
                        .exitCode())
                .isEqualTo(3);
        runtime.stopContainer(id, 0);
        ended(id);
        assertThatThrownBy(() -> runtime.execSync(id, List.of("/bin/busybox", "echo", "hello"), 10))
                .isInstanceOf(RuntimeFailure.class);
    }

    @Test
    void aCommandThatTakesTooLongHasExceededItsDeadline() {
        var box = runtime.runPodSandbox(sandbox(0));
        var id = start(box, "c", FOR_EVER);
        assertThatThrownBy(() -> runtime.execSync(id, FOR_EVER, 1))
                .isInstanceOfSatisfying(
                        RuntimeFailure.class,
                        failure -> assertThat(failure.reason()).isEqualTo(RuntimeFailure.Reason.DEADLINE_EXCEEDED));
        assertThat(runtime.containerStatus(id).state()).isEqualTo(ContainerState.RUNNING);
    }

    @Test
    void theLogLiesBelowTheSandboxsDirectory() {
        var box = runtime.runPodSandbox(sandbox(0));
        var id = create(box, "c", FOR_EVER);
        assertThat(runtime.containerStatus(id).logPath()).isEqualTo("/tmp/navarch-contract/" + uid + "/c/0.log");
    }

    @Test
    void imagesArePulledListedAndRemoved() {
        var present = runtime.image(image()).orElseThrow();
        assertThat(present.id()).isNotEmpty();
        assertThat(present.tags()).contains(image());
        assertThat(runtime.image(present.id())).contains(present);
        assertThat(runtime.images()).contains(present);
        assertThat(runtime.pullImage(image(), Optional.empty())).isNotEmpty();
        runtime.removeImage(image());
        runtime.removeImage(image());
        assertThat(runtime.image(image())).isEmpty();
        var box = runtime.runPodSandbox(sandbox(0));
        var config = container("c", 0, FOR_EVER, present.id());
        runtime.removeImage(present.id());
        notFound(() -> runtime.createContainer(box, config, sandbox(0)));
    }

    private ContainerConfig container(String name, int attempt, List<String> command, String image) {
        runtime.pullImage(image(), Optional.empty());
        var config = container(name, attempt, command);
        return new ContainerConfig(
                config.name(),
                config.attempt(),
                image,
                config.entrypoint(),
                config.mounts(),
                config.devices(),
                config.cdiDevices(),
                config.labels(),
                config.annotations(),
                config.logPath(),
                config.resources(),
                config.security());
    }

    @Test
    void anImageThatNobodyHasIsNotFound() {
        assertThat(runtime.image(missingImage())).isEmpty();
        notFound(() -> runtime.pullImage(missingImage(), Optional.empty()));
        assertThat(runtime.image(missingImage())).isEmpty();
    }

    @Test
    void aRuntimeThatTellsOfChangesTellsOfAllOfThem() {
        var told = new ConcurrentLinkedQueue<String>();
        if (!runtime.onChange(told::add)) return;
        var box = runtime.runPodSandbox(sandbox(0));
        assertThat(told).containsExactly(uid);
        told.clear();
        var id = create(box, "c", List.of("/bin/busybox", "sh", "-c", "exit 3"));
        runtime.startContainer(id);
        ended(id);
        runtime.removeContainer(id);
        runtime.stopPodSandbox(box);
        runtime.removePodSandbox(box);
        assertThat(told).hasSizeGreaterThanOrEqualTo(5).containsOnly(uid);
    }

    @Test
    void whoFollowsIsToldWhenSomethingHappens() throws Exception {
        var box = runtime.runPodSandbox(sandbox(0));
        var id = start(box, "c", FOR_EVER);
        var told = new Semaphore(0);
        var following = Thread.ofVirtual().start(() -> follow(told));
        try {
            // Nobody says when it has been begun: until then there are things to tell of.
            for (int i = 0; !told.tryAcquire(100, TimeUnit.MILLISECONDS); i++) {
                assertThat(i).isLessThan(600);
                runtime.removePodSandbox(stopped(runtime.runPodSandbox(sandbox(1))));
            }
            told.drainPermits();
            runtime.stopContainer(id, 0);
            assertThat(told.tryAcquire(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            following.interrupt();
            following.join();
        }
    }

    private void follow(Semaphore told) {
        try {
            runtime.follow(told::release);
        } catch (RuntimeFailure e) {
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        }
    }

    private String stopped(String box) {
        runtime.stopPodSandbox(box);
        return box;
    }

    private static void notFound(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        RuntimeFailure.class,
                        failure -> assertThat(failure.notFound()).isTrue());
    }

    private static void nothingOrNotFound(Runnable call) {
        try {
            call.run();
        } catch (RuntimeFailure failure) {
            assertThat(failure.reason()).isEqualTo(RuntimeFailure.Reason.NOT_FOUND);
        }
    }
}
