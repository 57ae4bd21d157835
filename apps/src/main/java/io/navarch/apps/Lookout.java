package io.navarch.apps;

import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import io.navarch.process.TaskScope;
import io.navarch.process.linux.NotifySocket;
import io.navarch.process.linux.OutputFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells whoever looks after this process that it answers, again and again as long as it does: systemd by its socket,
/// the supervisor that `navarch up` leaves by a file. A process that says nothing is killed and started again.
final class Lookout implements AutoCloseable {
    static final List<Option> DECLARED = List.of(
            Option.value("log-file", "", "that standard output and error go to; exchanged at 10 MiB, five are kept"),
            Option.value("beat-file", "", "into which is written that this process answers, for its supervisor"));

    private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);
    private static final Duration USUAL = Duration.ofSeconds(10);

    /// Asks the process for something, as others ask it.
    interface Check {
        boolean answers() throws IOException, InterruptedException;
    }

    /// Who wants to hear.
    ///
    /// @param beats the supervisor's file
    /// @param every how often they want to
    record Listeners(Optional<NotifySocket> systemd, Optional<Path> beats, Duration every) {
        static Listeners of(Options options, Map<String, String> environment, long pid) {
            var file = options.string("beat-file");
            var every = NotifySocket.watchdog(environment, pid)
                    .map(limit -> limit.dividedBy(3))
                    .filter(third -> third.compareTo(USUAL) < 0)
                    .orElse(USUAL);
            return new Listeners(
                    NotifySocket.of(environment),
                    file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file)),
                    every);
        }

        boolean nobody() {
            return systemd.isEmpty() && beats.isEmpty();
        }
    }

    private final Listeners listeners;
    private final TaskScope scope = new TaskScope();
    private final long pid;
    /// Only the task that looks counts.
    private long count;

    Lookout(Listeners listeners, long pid) {
        this.listeners = listeners;
        this.pid = pid;
    }

    static Lookout of(Options options, Map<String, String> environment) {
        long own = ProcessHandle.current().pid();
        return new Lookout(Listeners.of(options, environment, own), own);
    }

    /// Where logs go to and how much has gone there, by the option of that name.
    static IntConsumer log(Options options) throws IOException {
        var file = options.string("log-file");
        if (file.isEmpty()) return bytes -> {};
        var output = OutputFile.usual(Path.of(file).toAbsolutePath());
        output.take();
        return output.meter();
    }

    void start(Check check) {
        if (listeners.nobody()) return;
        scope.every("lookout", listeners.every.toMillis(), () -> {
            if (check.answers()) beat();
            else LOG.warn("this process does not answer its own call");
        });
    }

    /// From now on others may rely on this process.
    void ready(String status) {
        tell("READY=1", "STATUS=" + status);
    }

    private void beat() {
        tell("WATCHDOG=1");
        listeners.beats.ifPresent(file -> beat(file, ++count));
    }

    private void beat(Path file, long number) {
        // Always as long, written over what was there, so that a full disk has room for it.
        var text = "%-40s\n".formatted(pid + " " + number);
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
        } catch (IOException e) {
            LOG.warn("{} cannot be written: {}", file, e.getMessage());
            forget(file);
        }
    }

    /// What is not there says nothing; what is old would say that this process hangs.
    private static void forget(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", file, e.getMessage());
        }
    }

    private void tell(String... lines) {
        if (listeners.systemd.isEmpty()) return;
        try {
            listeners.systemd.get().tell(lines);
        } catch (IOException e) {
            LOG.warn("systemd does not hear: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        tell("STOPPING=1", "STATUS=lets calls end");
        scope.close();
    }
}
