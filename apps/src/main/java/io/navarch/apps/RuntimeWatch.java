package io.navarch.apps;

import io.navarch.process.Restarts;
import java.time.Duration;

/// What is to be done about a process that is kept running, by when it was last started, heard of or found dead. Times
/// are milliseconds of a clock that nobody sets.
///
/// @param up whether it ran when it was last looked at
/// @param since when it was started, or found dead
/// @param restarts how it has done so far
record RuntimeWatch(boolean up, long since, Restarts restarts) {
    /// Who says nothing for so long hangs.
    private static final Duration SILENCE = Duration.ofMinutes(1);

    enum Step {
        NOTHING,
        START,
        /// It has ended since: that is to be noted, with the reason.
        NOTE_DEATH,
        /// It runs and does not answer.
        KILL
    }

    /// @param heard when it answered last
    Step step(boolean alive, long heard, long now) {
        if (up && !alive) return Step.NOTE_DEATH;
        if (up) return now - Math.max(heard, since) >= SILENCE.toMillis() ? Step.KILL : Step.NOTHING;
        return now - since >= restarts.pause().toMillis() ? Step.START : Step.NOTHING;
    }

    RuntimeWatch started(long now) {
        return new RuntimeWatch(true, now, restarts);
    }

    /// One that could not even be started has lived for no time.
    RuntimeWatch died(long now) {
        return new RuntimeWatch(false, now, restarts.died(up ? Duration.ofMillis(now - since) : Duration.ZERO));
    }
}
