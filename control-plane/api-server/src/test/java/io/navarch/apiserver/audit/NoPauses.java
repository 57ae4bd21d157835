package io.navarch.apiserver.audit;

import io.navarch.process.Timers;
import java.time.Duration;

/// Nobody waits.
final class NoPauses implements Timers {
    @Override
    public void pause(Duration length) {}

    @Override
    public void after(Duration delay, Runnable action) {
        action.run();
    }
}
