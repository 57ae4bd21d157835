package io.navarch.apiserver.request;

import io.navarch.apiserver.registry.Asking;
import java.time.Duration;
import java.util.function.Supplier;

/// A call that waits for others who convert its objects: for as long as any call may take in all. Meanwhile it is no
/// short one, and the next one may compute; the seat itself stays its own. For the thread that serves the call.
public final class PatientCall implements Asking {
    private final Response response;
    private final SlowLane lane;
    private final boolean brief;
    private final long deadline = System.nanoTime() + LONGEST.toNanos();
    private boolean waiting;

    /// @param brief whether it is one of the calls that are expected to be short
    public PatientCall(Response response, SlowLane lane, boolean brief) {
        this.response = response;
        this.lane = lane;
        this.brief = brief;
    }

    @Override
    public Duration left() {
        return Duration.ofNanos(deadline - System.nanoTime());
    }

    @Override
    public <T> T during(Supplier<T> wait) {
        if (waiting) return wait.get();
        waiting = true;
        response.seat().computed();
        if (brief) lane.leaveShort();
        try {
            return wait.get();
        } finally {
            if (brief) lane.enterShort();
            waiting = false;
        }
    }
}
