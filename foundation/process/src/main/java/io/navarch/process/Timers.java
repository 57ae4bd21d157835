package io.navarch.process;

import java.time.Duration;

/// Waiting, as a port: real time in a server, simulated time in tests.
public interface Timers {
    /// Blocks the calling (virtual) thread.
    void pause(Duration length) throws InterruptedException;

    /// Runs a short, non-blocking action later. There is no cancelling: an action checks whether it is still wanted.
    void after(Duration delay, Runnable action);
}
