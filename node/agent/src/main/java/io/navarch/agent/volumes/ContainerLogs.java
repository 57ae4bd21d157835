package io.navarch.agent.volumes;

import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.ContainerConfigs;
import io.navarch.agent.linux.Handle;
import io.navarch.model.Pod;
import io.navarch.process.TaskScope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Reads the log files that the runtime writes: `time stream F|P text`.
public final class ContainerLogs {
    /// What a reader asks for.
    ///
    /// @param tail so many lines at most, counted from the end; negative for all
    /// @param limitBytes negative for no limit
    /// @param stream `stdout` or `stderr`; `""` and `All` for both
    public record Request(
            boolean follow, boolean timestamps, long tail, long limitBytes, Optional<Instant> since, String stream) {}

    private static final int LONGEST_LINE = 256 << 10;

    private ContainerLogs() {}

    /// Where the runtime writes what an attempt at a container prints.
    public static Path file(AgentConfig config, Pod pod, String container, int attempt) {
        return Path.of(ContainerConfigs.logDirectory(config, pod), container, attempt + ".log");
    }

    /// Copies lines to `out` until the end, or when following until the container has ended. A pod that has the node's
    /// logs mounted may have put something else there: a link is not followed, and nothing but a file is read.
    public static void copy(Path file, Request request, OutputStream out, BooleanSupplier running)
            throws IOException, InterruptedException {
        var part = new Part(request, request.limitBytes >= 0 ? request.limitBytes : Long.MAX_VALUE);
        boolean more = true;
        while (more && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            try (var held = Handle.file(file)) {
                if (!held.attributes().isRegularFile()) return;
                var rest = copy(file, held, part, out, running);
                more = rest.isPresent();
                if (more) part = rest.get();
            }
        }
    }

    /// What is still to be read.
    ///
    /// @param left bytes that the reader still wants
    private record Part(Request request, long left) {
        /// The next file of the same log is read from its beginning.
        Part next(long rest) {
            return new Part(
                    new Request(
                            request.follow, request.timestamps, -1, request.limitBytes, request.since, request.stream),
                    rest);
        }
    }

    /// Whether another file has taken the place of the one that is read.
    private static boolean replaced(Path file, Handle held) throws IOException {
        try {
            var now = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return !Objects.equals(now.fileKey(), held.attributes().fileKey());
        } catch (NoSuchFileException e) {
            // It is about to come.
            return false;
        }
    }

    /// Returns what is to be read of the file that has taken the place of this one.
    private static Optional<Part> copy(Path place, Handle file, Part part, OutputStream out, BooleanSupplier running)
            throws IOException, InterruptedException {
        var request = part.request;
        try (var log = new RandomAccessFile(file.path().toFile(), "r")) {
            log.seek(request.tail >= 0 ? tailPosition(log, request.tail) : 0);
            long left = part.left;
            var pending = new ByteArrayOutputStream();
            var buffer = new byte[32 << 10];
            boolean ended = false;
            boolean rotated = false;
            while (true) {
                int count = log.read(buffer);
                if (count > 0) {
                    int start = 0;
                    for (int i = 0; i < count; i++) {
                        if (buffer[i] != '\n') continue;
                        keep(pending, buffer, start, i - start);
                        start = i + 1;
                        left = line(pending.toString(StandardCharsets.UTF_8), request, out, left);
                        pending.reset();
                        if (left <= 0) return Optional.empty();
                    }
                    keep(pending, buffer, start, count - start);
                    continue;
                }
                // Also what has ended may have gone on in another file.
                if (request.follow && rotated) return Optional.of(part.next(left));
                if (!request.follow || ended) return Optional.empty();
                out.flush();
                // One more read after the end, for what was written in between.
                ended = !running.getAsBoolean();
                rotated = replaced(place, file);
                if (!ended || rotated) TaskScope.pause(100);
            }
        }
    }

    /// The runtime divides what is longer; of what is longer nevertheless, the rest is left out.
    private static void keep(ByteArrayOutputStream line, byte[] buffer, int start, int length) {
        line.write(buffer, start, Math.min(length, LONGEST_LINE - line.size()));
    }

    private static long line(String line, Request request, OutputStream out, long left) throws IOException {
        int time = line.indexOf(' ');
        int stream = line.indexOf(' ', time + 1);
        int tag = line.indexOf(' ', stream + 1);
        if (time < 0 || stream < 0 || tag < 0) return left;
        if (request.since.isPresent() && Instant.parse(line.substring(0, time)).isBefore(request.since.get()))
            return left;
        if (!request.stream.isEmpty()
                && !request.stream.equalsIgnoreCase("All")
                && !line.substring(time + 1, stream).equalsIgnoreCase(request.stream)) return left;
        var text = (request.timestamps ? line.substring(0, time + 1) : "")
                + line.substring(tag + 1)
                + (line.startsWith("F", stream + 1) ? "\n" : "");
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        int count = (int) Math.min(bytes.length, left);
        out.write(bytes, 0, count);
        return left - count;
    }

    /// Where the last `lines` lines begin.
    private static long tailPosition(RandomAccessFile log, long lines) throws IOException {
        long length = log.length();
        if (lines == 0) return length;
        var buffer = new byte[64 << 10];
        long found = 0;
        for (long end = length; end > 0; ) {
            int size = (int) Math.min(buffer.length, end);
            log.seek(end - size);
            log.readFully(buffer, 0, size);
            for (int i = size - 1; i >= 0; i--) {
                boolean last = end - size + i == length - 1;
                if (buffer[i] == '\n' && !last && ++found == lines) return end - size + i + 1;
            }
            end -= size;
        }
        return 0;
    }
}
