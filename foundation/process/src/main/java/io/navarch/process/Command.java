package io.navarch.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// Runs an external program and waits for it.
public final class Command {
    /// A command that could not be started, failed or timed out; the message contains its output.
    public static final class FailedException extends RuntimeException {
        private final int exitCode;

        FailedException(String message, int exitCode) {
            super(message);
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    public record Result(int exitCode, String out, String err) {}

    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private Command() {}

    /// Runs and returns the standard output; a nonzero exit code is an exception.
    public static String run(List<String> command) {
        return run(command, "");
    }

    public static String run(List<String> command, String input) {
        var result = tryRun(command, input, Duration.ofSeconds(60));
        if (result.exitCode != 0) {
            throw new FailedException(
                    String.join(" ", command) + ": exit code " + result.exitCode + ": "
                            + (result.err + result.out).strip(),
                    result.exitCode);
        }
        return result.out;
    }

    public static Result tryRun(List<String> command, String input, Duration limit) {
        Process process;
        try {
            process = new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new FailedException(command.getFirst() + ": " + e.getMessage(), 127);
        }
        try {
            var out = reader(process.getInputStream());
            var err = reader(process.getErrorStream());
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // The program ended without reading its input; its exit code says why.
            }
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                end(process);
                throw new FailedException(
                        String.join(" ", command) + ": no end after " + limit.toSeconds() + " s", 124);
            }
            return new Result(process.exitValue(), out.join(), err.join());
        } catch (InterruptedException e) {
            end(process);
            Thread.currentThread().interrupt();
            throw new FailedException(command.getFirst() + ": interrupted", 130);
        }
    }

    /// With what it has started, which would do its work for it yet, and waits until they are gone.
    private static void end(Process process) {
        var all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        try {
            CompletableFuture.allOf(all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                    .get(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // The kernel does not let one go that waits for a device or a server.
        }
    }

    private static CompletableFuture<String> reader(InputStream stream) {
        var result = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                result.completeExceptionally(new UncheckedIOException(e));
            }
        });
        return result;
    }
}
