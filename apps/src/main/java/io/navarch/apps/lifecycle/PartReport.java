package io.navarch.apps.lifecycle;

import io.navarch.process.PartState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// What `status` says of a part, and `up` while it waits for one.
///
/// @param process of the part, while it runs
/// @param state what its keeper has written down
record PartReport(Optional<Running> process, PartState state) {
    /// @param since when it was started
    record Running(long pid, Optional<Instant> since) {
        static Running of(ProcessHandle process) {
            return new Running(process.pid(), process.info().startInstant());
        }
    }

    static PartReport of(Optional<ProcessHandle> process, PartState state) {
        return new PartReport(process.map(Running::of), state);
    }

    /// One line.
    String told(Instant now) {
        return present(now) + past(now);
    }

    private String present(Instant now) {
        if (process.isPresent()) {
            var running = process.get();
            return "running, pid " + running.pid
                    + running.since
                            .map(since ->
                                    ", since " + second(since) + " (" + length(Duration.between(since, now)) + ")")
                            .orElse("");
        }
        return switch (state.phase()) {
            case WAITING ->
                "not running, started again "
                        + (state.next().isAfter(now) ? "in " + length(Duration.between(now, state.next())) : "now");
            case REFUSED -> "not running, not started again, as it would end the same way";
            case RUNNING, STOPPED, UNKNOWN -> "not running";
        };
    }

    private String past(Instant now) {
        var text = new StringBuilder();
        if (state.restarts() > 0)
            text.append("; started again ").append(state.restarts() == 1 ? "once" : state.restarts() + " times");
        state.death()
                .ifPresent(death -> text.append("; last ended ")
                        .append(second(death.when()))
                        .append(" (")
                        .append(length(Duration.between(death.when(), now)))
                        .append(" ago): ")
                        .append(death.told()));
        return text.toString();
    }

    private static Instant second(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    /// In the largest unit of which there are two.
    static String length(Duration length) {
        long seconds = Math.max(0, length.toSeconds());
        if (seconds < 120) return seconds + " s";
        if (seconds < 120 * 60) return seconds / 60 + " min";
        return seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / 86_400 + " days";
    }
}
