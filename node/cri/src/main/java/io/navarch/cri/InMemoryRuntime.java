package io.navarch.cri;

import io.navarch.cri.PodBehaviour.Exit;
import io.navarch.cri.RuntimeFailure.Reason;
import io.navarch.process.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A container runtime that runs nothing: sandboxes and containers are entries in maps, processes end when their
/// [PodBehaviour] says so. It keeps a few hundred bytes a container and no thread.
public final class InMemoryRuntime implements ContainerRuntime {
    private static final int KILLED = 137;

    /// A sandbox and, guarded by the runtime's monitor, whether it still is ready.
    private static final class Box {
        final String id;
        final SandboxConfig config;
        final String address;
        final Instant created;
        boolean ready = true;

        Box(String id, SandboxConfig config, String address, Instant created) {
            this.id = id;
            this.config = config;
            this.address = address;
            this.created = created;
        }
    }

    /// What is kept of a container's configuration: what listings and status show.
    private record Identity(
            String name,
            int attempt,
            String image,
            Map<String, String> labels,
            Map<String, String> annotations,
            String logPath) {
        static Identity of(ContainerConfig config) {
            return new Identity(
                    config.name(),
                    config.attempt(),
                    config.image(),
                    config.labels(),
                    config.annotations(),
                    config.logPath());
        }
    }

    /// A container; its state is guarded by the runtime's monitor.
    private static final class Unit {
        final String id;
        final Box box;
        final Identity identity;
        final PodBehaviour.SimulatedProcess process;
        final Instant created;
        ContainerState state = ContainerState.CREATED;

        @Nullable
        Instant started;

        @Nullable
        Instant finished;

        int exitCode;

        Unit(String id, Box box, Identity identity, PodBehaviour.SimulatedProcess process, Instant created) {
            this.id = id;
            this.box = box;
            this.identity = identity;
            this.process = process;
            this.created = created;
        }

        String podUid() {
            return box.config.podUid();
        }
    }

    private final String idPrefix;
    private final PodBehaviour behaviour;
    private final InstantSource clock;
    private final Timers timers;
    private final Map<String, Box> boxes = new LinkedHashMap<>();
    private final Map<String, Unit> units = new LinkedHashMap<>();
    private final Map<String, Image> images = new LinkedHashMap<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private long lastId;

    /// @param idPrefix of the ids it gives, which are unique in a cluster
    public InMemoryRuntime(String idPrefix, PodBehaviour behaviour, InstantSource clock, Timers timers) {
        this.idPrefix = idPrefix;
        this.behaviour = behaviour;
        this.clock = clock;
        this.timers = timers;
    }

    @Override
    public Version version() {
        return new Version("memory", "1");
    }

    @Override
    public List<Condition> conditions() {
        return List.of(new Condition("RuntimeReady", true, "", ""), new Condition("NetworkReady", true, "", ""));
    }

    @Override
    public boolean onChange(Consumer<String> podUid) {
        listeners.add(podUid);
        return true;
    }

    @Override
    public void follow(Runnable something) {
        listeners.add(pod -> something.run());
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void changed(String podUid) {
        for (var listener : listeners) listener.accept(podUid);
    }

    private String newId() {
        return idPrefix + "-" + ++lastId;
    }

    private static RuntimeFailure notFound(String what, String id) {
        return new RuntimeFailure(
                Reason.NOT_FOUND, "an error occurred when try to find " + what + " \"" + id + "\": not found");
    }

    private Box box(String id) {
        var box = boxes.get(id);
        if (box == null) throw notFound("sandbox", id);
        return box;
    }

    private Unit unit(String id) {
        var unit = units.get(id);
        if (unit == null) throw notFound("container", id);
        return unit;
    }

    private void pause(Duration length) {
        if (!length.isPositive()) return;
        try {
            timers.pause(length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RuntimeFailure(Reason.UNAVAILABLE, "interrupted", e);
        }
    }

    @Override
    public String runPodSandbox(SandboxConfig config) {
        pause(behaviour.sandboxStart(config));
        String id;
        synchronized (this) {
            boolean taken = boxes.values().stream()
                    .anyMatch(box ->
                            box.config.podUid().equals(config.podUid()) && box.config.attempt() == config.attempt());
            if (taken) throw new RuntimeFailure(Reason.UNKNOWN, "failed to reserve sandbox name: it is in use");
            id = newId();
            boolean ownNetwork = config.security().namespaces().network() != SandboxConfig.Namespace.NODE;
            boxes.put(id, new Box(id, config, ownNetwork ? behaviour.address(config) : "", clock.instant()));
        }
        changed(config.podUid());
        return id;
    }

    /// A container that was there before this runtime.
    ///
    /// @param finished empty while it still runs
    public record Restored(
            String id, ContainerConfig config, Instant started, Optional<Instant> finished, int exitCode) {}

    /// Takes in a pod that was there before this runtime. Processes that end by themselves have all of their time
    /// again.
    public synchronized void restore(SandboxConfig config, String address, Instant created, List<Restored> containers) {
        var box = new Box(newId(), config, address, created);
        boxes.put(box.id, box);
        for (var each : containers) {
            var process = behaviour.process(each.config);
            var unit = new Unit(each.id, box, Identity.of(each.config), process, each.started);
            unit.started = each.started;
            unit.finished = each.finished.orElse(null);
            unit.exitCode = each.exitCode;
            unit.state = each.finished.isPresent() ? ContainerState.EXITED : ContainerState.RUNNING;
            units.put(unit.id, unit);
            if (unit.state == ContainerState.RUNNING) process.end().ifPresent(end -> end(unit, end));
            pullImage(each.config.image(), Optional.empty());
        }
    }

    @Override
    public void stopPodSandbox(String id) {
        String uid;
        synchronized (this) {
            var box = box(id);
            box.ready = false;
            for (var unit : units.values()) {
                if (unit.box == box) exit(unit, KILLED);
            }
            uid = box.config.podUid();
        }
        changed(uid);
    }

    @Override
    public void removePodSandbox(String id) {
        Box box;
        synchronized (this) {
            box = boxes.remove(id);
            if (box == null) return;
            units.values().removeIf(unit -> unit.box == box);
        }
        changed(box.config.podUid());
    }

    @Override
    public synchronized String podSandboxAddress(String id) {
        return box(id).address;
    }

    @Override
    public synchronized List<Sandbox> podSandboxes(Map<String, String> labels) {
        var result = new ArrayList<Sandbox>();
        for (var box : boxes.values()) {
            if (!has(box.config.labels(), labels)) continue;
            var config = box.config;
            result.add(
                    new Sandbox(box.id, config.podName(), config.podUid(), config.attempt(), box.ready, box.created));
        }
        return result;
    }

    private static boolean has(Map<String, String> labels, Map<String, String> wanted) {
        for (var label : wanted.entrySet()) if (!label.getValue().equals(labels.get(label.getKey()))) return false;
        return true;
    }

    @Override
    public String createContainer(String sandboxId, ContainerConfig config, SandboxConfig sandboxConfig) {
        Unit unit;
        synchronized (this) {
            var box = box(sandboxId);
            if (!box.ready) throw new RuntimeFailure(Reason.UNKNOWN, "sandbox container is not running");
            if (image(config.image()).isEmpty())
                throw new RuntimeFailure(Reason.NOT_FOUND, "failed to get image \"" + config.image() + "\": not found");
            boolean taken = units.values().stream()
                    .anyMatch(each -> each.box == box
                            && each.identity.name().equals(config.name())
                            && each.identity.attempt() == config.attempt());
            if (taken) throw new RuntimeFailure(Reason.UNKNOWN, "failed to reserve container name: it is in use");
            unit = new Unit(newId(), box, Identity.of(config), behaviour.process(config), clock.instant());
            units.put(unit.id, unit);
        }
        changed(unit.podUid());
        return unit.id;
    }

    @Override
    public void startContainer(String id) {
        Unit unit;
        synchronized (this) {
            unit = unit(id);
            if (unit.state != ContainerState.CREATED)
                throw new RuntimeFailure(Reason.UNKNOWN, "container is in " + unit.state + " state");
            unit.state = ContainerState.RUNNING;
            unit.started = clock.instant();
        }
        unit.process.end().ifPresent(end -> end(unit, end));
        changed(unit.podUid());
    }

    private void end(Unit unit, Exit end) {
        if (!end.after().isPositive()) {
            exitNow(unit, end.code());
            return;
        }
        timers.after(end.after(), () -> {
            if (exitNow(unit, end.code())) changed(unit.podUid());
        });
    }

    private synchronized boolean exitNow(Unit unit, int code) {
        return exit(unit, code);
    }

    /// False when the process has ended before.
    private boolean exit(Unit unit, int code) {
        if (unit.state == ContainerState.EXITED) return false;
        if (unit.state == ContainerState.RUNNING) {
            unit.finished = clock.instant();
            unit.exitCode = code;
            unit.state = ContainerState.EXITED;
            return true;
        }
        return false;
    }

    @Override
    public void updateContainerResources(String id, ContainerConfig.Resources resources) {
        running(id);
    }

    @Override
    public void stopContainer(String id, long graceSeconds) {
        Unit unit;
        synchronized (this) {
            unit = unit(id);
            if (unit.state != ContainerState.RUNNING) return;
        }
        var stops = unit.process.whenStopped();
        var grace = Duration.ofSeconds(graceSeconds);
        boolean obeys = stops.after().compareTo(grace) <= 0;
        pause(obeys ? stops.after() : grace);
        if (exitNow(unit, obeys ? stops.code() : KILLED)) changed(unit.podUid());
    }

    @Override
    public void removeContainer(String id) {
        Unit unit;
        synchronized (this) {
            unit = units.remove(id);
            if (unit == null) return;
            exit(unit, KILLED);
        }
        changed(unit.podUid());
    }

    @Override
    public synchronized List<Container> containers(Map<String, String> labels) {
        var result = new ArrayList<Container>();
        for (var unit : units.values()) {
            var identity = unit.identity;
            if (!has(identity.labels(), labels)) continue;
            result.add(new Container(
                    unit.id, unit.box.id, identity.attempt(), unit.state, identity.labels(), identity.annotations()));
        }
        return result;
    }

    @Override
    public synchronized ContainerStatus containerStatus(String id) {
        var unit = unit(id);
        var reason = unit.exitCode == 0 ? "Completed" : "Error";
        return new ContainerStatus(
                id,
                unit.state,
                unit.created,
                Optional.ofNullable(unit.started),
                Optional.ofNullable(unit.finished),
                unit.exitCode,
                unit.state == ContainerState.EXITED ? reason : "",
                "",
                unit.identity.image(),
                unit.identity.image(),
                unit.box.config.logDirectory() + "/" + unit.identity.logPath());
    }

    @Override
    public ExecResult execSync(String id, List<String> command, long timeoutSeconds) {
        running(id);
        var simulated = behaviour.command(command);
        var timeout = Duration.ofSeconds(timeoutSeconds);
        if (timeoutSeconds > 0 && simulated.takes().compareTo(timeout) > 0) {
            pause(timeout);
            throw new RuntimeFailure(
                    Reason.DEADLINE_EXCEEDED,
                    "failed to exec in container: timeout " + timeoutSeconds + "s exceeded: context deadline exceeded");
        }
        pause(simulated.takes());
        return simulated.result();
    }

    private synchronized void running(String id) {
        var state = unit(id).state;
        if (state != ContainerState.RUNNING)
            throw new RuntimeFailure(Reason.UNKNOWN, "container is in " + state + " state");
    }

    private static RuntimeFailure noStreams() {
        return new RuntimeFailure(Reason.UNKNOWN, "a runtime in memory has no streams");
    }

    @Override
    public String exec(String id, List<String> command, SessionStreams streams) {
        running(id);
        throw noStreams();
    }

    @Override
    public String attach(String id, SessionStreams streams) {
        running(id);
        throw noStreams();
    }

    @Override
    public synchronized String portForward(String sandboxId, List<Integer> ports) {
        box(sandboxId);
        throw noStreams();
    }

    /// Nothing is printed.
    @Override
    public void reopenContainerLog(String id) {}

    @Override
    public List<ContainerStats> stats() {
        return List.of();
    }

    @Override
    public Optional<ContainerStats> stats(String id) {
        return Optional.empty();
    }

    @Override
    public synchronized List<Image> images() {
        return List.copyOf(images.values());
    }

    @Override
    public synchronized Optional<Image> image(String name) {
        return Optional.ofNullable(images.get(name));
    }

    @Override
    public String pullImage(String name, Optional<Login> login) {
        // A registry may take its time, and nobody else waits for it.
        if (!behaviour.hasImage(name, login))
            throw new RuntimeFailure(
                    Reason.NOT_FOUND,
                    "failed to pull and unpack image \"" + name + "\": failed to resolve reference: not found");
        synchronized (this) {
            return images.computeIfAbsent(name, key -> new Image(key, List.of(key), List.of(), 0, behaviour.user(key)))
                    .id();
        }
    }

    @Override
    public synchronized void removeImage(String name) {
        images.remove(name);
    }

    @Override
    public void close() {
        listeners.clear();
    }
}
