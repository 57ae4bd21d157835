package io.navarch.apps;

import io.navarch.cri.RuntimeFailure;
import io.navarch.images.Containerd;
import io.navarch.process.AtomicFile;
import io.navarch.process.ExitCode;
import io.navarch.process.PartState;
import io.navarch.process.PartState.Death;
import io.navarch.process.PartState.Phase;
import io.navarch.process.Restarts;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the node's containerd running: starts it again when it has ended, or has not answered for a minute, and writes
/// down what happened. Containers do not notice, their shims hold them.
final class RuntimeKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeKeeper.class);

    private static final long LOOK_MILLIS = 500;
    private static final long ASK_MILLIS = 10_000;
    private static final String HUNG = "did not answer for a minute and was killed";

    private final Containerd containerd;
    private final int registryPort;
    private final Runnable ask;
    private final InstantSource clock;
    private final LongSupplier millis;

    private volatile String away = "";
    private volatile long heard;

    // Owned by the task that looks, once it runs.

    /// Of this process; empty when somebody else has started it.
    private Optional<Process> child = Optional.empty();

    private Optional<ProcessHandle> process = Optional.empty();
    private Optional<Death> death = Optional.empty();
    private RuntimeWatch watch;
    private boolean hung;

    /// @param ask asks it for something, and fails when there is no answer
    /// @param millis a clock that nobody sets
    RuntimeKeeper(Containerd containerd, int registryPort, Runnable ask, InstantSource clock, LongSupplier millis) {
        this.containerd = containerd;
        this.registryPort = registryPort;
        this.ask = ask;
        this.clock = clock;
        this.millis = millis;
        watch = new RuntimeWatch(false, millis.getAsLong(), Restarts.NONE);
    }

    /// Why it is away; `""` while it is not.
    String away() {
        return away;
    }

    /// Starts it for the first time, or finds it running; a failure is the first of many.
    void begin() throws InterruptedException {
        remember();
        start();
    }

    /// An earlier server may have written down what happened before.
    private void remember() {
        try {
            var before = PartState.parse(Files.readString(containerd.stateFile()));
            if (before.phase() == Phase.STOPPED) return;
            death = before.death();
            watch = new RuntimeWatch(false, watch.since(), new Restarts(0, before.restarts()));
        } catch (IOException e) {
            LOG.debug("nothing is known of containerd: {}", e.getMessage());
        }
    }

    void start(TaskScope scope) {
        scope.every("containerd", LOOK_MILLIS, this::look);
        scope.every("containerd-answers", ASK_MILLIS, this::ask);
    }

    private void ask() {
        try {
            ask.run();
            heard = millis.getAsLong();
        } catch (RuntimeFailure e) {
            LOG.debug("containerd does not answer: {}", e.getMessage());
        }
    }

    private void look() throws InterruptedException {
        boolean alive = process.filter(ProcessHandle::isAlive).isPresent();
        switch (watch.step(alive, heard, millis.getAsLong())) {
            case START -> start();
            case NOTE_DEATH -> {
                var how = child.isPresent()
                        ? ExitCode.told(child.get().waitFor())
                        : "unknown, an earlier server had started it";
                died(hung ? HUNG : how, containerd.lastLine());
            }
            case KILL -> {
                hung = true;
                process.ifPresent(ProcessHandle::destroyForcibly);
            }
            case NOTHING -> {}
        }
    }

    private void start() throws InterruptedException {
        try {
            child = containerd.start(registryPort);
            process = containerd.process();
            hung = false;
            watch = watch.started(millis.getAsLong());
            away = "";
            note(Phase.RUNNING);
            if (child.isPresent())
                LOG.info("containerd runs, process {}", child.get().pid());
        } catch (IOException e) {
            died(String.valueOf(e.getMessage()), "");
        }
    }

    private void died(String why, String last) {
        watch = watch.died(millis.getAsLong());
        var end = new Death(clock.instant(), why, last);
        death = Optional.of(end);
        away = "containerd ended: " + end.told();
        LOG.warn("{}; it is started again", away);
        note(Phase.WAITING);
    }

    private void note(Phase phase) {
        var next =
                phase == Phase.WAITING ? clock.instant().plus(watch.restarts().pause()) : Instant.EPOCH;
        var state = new PartState(phase, 0, watch.restarts().total(), death, next);
        try {
            AtomicFile.write(containerd.stateFile(), state.text().getBytes(StandardCharsets.UTF_8), "rw-------");
        } catch (IOException e) {
            LOG.warn("cannot write down what happened to containerd: {}", e.getMessage());
        }
    }
}
