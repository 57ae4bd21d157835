package io.navarch.apiserver.request;

import io.navarch.apiserver.registry.Asking;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// A call that waits for others who convert its objects: for as long as any call may take in all. Meanwhile it
/// is no short one, and others have its seat: a server that converts slowly holds up those who ask for its
/// objects, and nobody else. For the thread that serves the call.
public final class PatientCall implements Asking {
    /// What all calls share.
    public static final class Room {
        /// So many may wait without a seat. Each holds what it has read; whoever comes when there are as many keeps its
        /// seat, so that all who wait are no more than these and the seats.
        private static final int MOST = 400;

        private final SlowLane lane;
        private final LongSupplier nanoTime;
        private final Semaphore free;

        public Room(SlowLane lane, LongSupplier nanoTime) {
            this(lane, nanoTime, MOST);
        }

        Room(SlowLane lane, LongSupplier nanoTime, int most) {
            this.lane = lane;
            this.nanoTime = nanoTime;
            free = new Semaphore(most);
        }
    }

    private final Room room;
    private final Seat seat;
    private final boolean brief;
    private final long began;
    private boolean waiting;

    /// @param brief whether it is one of the calls that are expected to be short
    public PatientCall(Room room, Seat seat, boolean brief) {
        this.room = room;
        this.seat = seat;
        this.brief = brief;
        began = room.nanoTime.getAsLong();
    }

    @Override
    public Duration left() {
        return LONGEST.minusNanos(room.nanoTime.getAsLong() - began);
    }

    @Override
    public <T> T during(Supplier<T> wait) {
        if (waiting) return wait.get();
        waiting = true;
        boolean lent = room.free.tryAcquire();
        if (lent) seat.lend();
        else seat.computed();
        if (brief) room.lane.leaveShort();
        try {
            return wait.get();
        } finally {
            if (brief) room.lane.enterShort();
            if (lent) {
                seat.takeBack();
                room.free.release();
            }
            waiting = false;
        }
    }
}
