package io.navarch.apiserver.flow;

import org.jspecify.annotations.Nullable;

/// A call at a level: it waits, has seats, or is gone. All but [#state] is guarded by its [FairQueues].
final class Ticket {
    enum State {
        WAITING,
        SERVED,
        GONE
    }

    final String schema;
    final FairQueues.@Nullable Queue queue;
    /// Where the level's progress was when the call came.
    final double arrival;
    /// To be woken when it is the call's turn.
    final Thread thread = Thread.currentThread();

    Work work;
    long servedSince;
    volatile State state = State.WAITING;

    Ticket(String schema, Work work, FairQueues.@Nullable Queue queue, double arrival) {
        this.schema = schema;
        this.work = work;
        this.queue = queue;
        this.arrival = arrival;
    }
}
