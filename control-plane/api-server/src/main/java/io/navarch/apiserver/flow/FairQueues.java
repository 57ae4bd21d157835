package io.navarch.apiserver.flow;

import io.navarch.process.Timers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The calls of one level: those that have seats, and queues of those that wait. Whoever is next is found by fair
/// queuing: each queue has a virtual time at which its next call would begin if all queues were served side by side,
/// and
/// the call that would be done first goes first.
///
/// Source: KEP-1040 and https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#queuing
final class FairQueues {
    private static final double NANOS = 1e9;

    /// Calls that wait in line, and how far the queue has been served.
    static final class Queue {
        private final ArrayDeque<Ticket> waiting = new ArrayDeque<>();
        private int served;
        /// Seat-seconds of progress at which the next call begins.
        private double next;
        /// Seat-seconds of those that wait.
        private double work;

        private boolean idle() {
            return waiting.isEmpty() && served == 0;
        }
    }

    /// A call at a level: it waits, has seats, or is gone. All but [#state] is guarded by the queues.
    static final class Ticket {
        enum State {
            WAITING,
            SERVED,
            GONE
        }

        final String schema;
        final @Nullable Queue queue;
        /// Where the level's progress was when the call came.
        final double arrival;
        /// To be woken when it is the call's turn.
        final Thread thread = Thread.currentThread();

        Work work;
        long servedSince;
        volatile State state = State.WAITING;

        Ticket(String schema, Work work, @Nullable Queue queue, double arrival) {
            this.schema = schema;
            this.work = work;
            this.queue = queue;
            this.arrival = arrival;
        }
    }

    /// @param seats that are taken, also by those that have been answered
    /// @param waitingSeats that those in the queues will take
    record Counts(int waiting, int served, int seats, int waitingSeats) {}

    private final LongSupplier nanoTime;
    private final Timers timers;
    private final IntConsumer demand;
    private final List<Queue> queues = new ArrayList<>();
    private LevelSettings settings;
    private int limit;

    /// Seat-seconds that each busy queue has been given, and when that was worked out.
    private double progress;

    private long progressNanos;
    private int busy;
    private int turn;
    private int arrivals;
    private int waiting;
    private int waitingSeats;
    private int served;
    private int seats;

    /// @param demand is told how many seats are wanted whenever that changes
    FairQueues(LevelSettings settings, int limit, LongSupplier nanoTime, Timers timers, IntConsumer demand) {
        this.nanoTime = nanoTime;
        this.timers = timers;
        this.demand = demand;
        this.settings = settings;
        progressNanos = nanoTime.getAsLong();
        configure(settings, limit);
    }

    /// Fewer queues than before vanish as they become empty.
    synchronized void configure(LevelSettings changed, int seatLimit) {
        pass();
        settings = changed;
        limit = seatLimit;
        while (queues.size() < settings.queues()) queues.add(new Queue());
        trim();
        dispatch();
    }

    private void trim() {
        while (queues.size() > settings.queues() && queues.getLast().idle()) queues.removeLast();
    }

    synchronized Counts counts() {
        return new Counts(waiting, served, seats, waitingSeats);
    }

    /// How many wait in the queue that a call has joined.
    synchronized int length(Ticket ticket) {
        return ticket.queue == null ? 0 : ticket.queue.waiting.size();
    }

    synchronized int limit() {
        return limit;
    }

    /// A new call. Empty when there is no room for it.
    ///
    /// @param flow from [Hand#flow]
    synchronized Optional<Ticket> arrive(String schema, Work work, long flow) {
        pass();
        if (settings.queues() == 0) {
            if (!settings.exempt() && !fits(work.most())) return Optional.empty();
            var ticket = new Ticket(schema, work, null, progress);
            serve(ticket);
            return Optional.of(ticket);
        }
        var queue = choose(flow);
        if (seats >= limit && queue.waiting.size() >= settings.lengthLimit()) return Optional.empty();
        var ticket = new Ticket(schema, work, queue, progress);
        if (queue.idle()) {
            queue.next = progress;
            busy++;
        }
        queue.waiting.add(ticket);
        queue.work += work.total();
        waiting++;
        waitingSeats += work.most();
        bound(queue);
        wanted();
        dispatch();
        return Optional.of(ticket);
    }

    /// Of a flow's queues the one with the least work; of equal ones, each in its turn.
    private Queue choose(long flow) {
        var hand = Hand.deal(flow, settings.queues(), settings.hand());
        int first = arrivals++ & Integer.MAX_VALUE;
        var best = queues.get(hand[first % hand.length]);
        for (int i = 1; i < hand.length; i++) {
            var queue = queues.get(hand[(first + i) % hand.length]);
            if (queue.work < best.work) best = queue;
        }
        return best;
    }

    /// Waits for seats; false when none came in time, and then the call is gone.
    boolean await(Ticket ticket, long nanos) throws InterruptedException {
        long deadline = nanoTime.getAsLong() + nanos;
        while (ticket.state == Ticket.State.WAITING) {
            long left = deadline - nanoTime.getAsLong();
            if (left <= 0 || Thread.interrupted()) {
                boolean late = left <= 0;
                if (leave(ticket)) {
                    if (late) return false;
                    throw new InterruptedException();
                }
                // Its turn came at the last moment, or the caller has gone.
                if (!late) Thread.currentThread().interrupt();
                break;
            }
            LockSupport.parkNanos(this, left);
        }
        return ticket.state == Ticket.State.SERVED;
    }

    /// The caller has gone away: whoever waits for it waits no longer.
    void abandon(Ticket ticket) {
        if (leave(ticket)) LockSupport.unpark(ticket.thread);
    }

    private synchronized boolean leave(Ticket ticket) {
        var queue = ticket.queue;
        if (ticket.state != Ticket.State.WAITING || queue == null) return false;
        pass();
        queue.waiting.remove(ticket);
        waits(queue, ticket);
        ticket.state = Ticket.State.GONE;
        bound(queue);
        ends(queue);
        wanted();
        return true;
    }

    /// The call has been answered.
    synchronized void finish(Ticket ticket) {
        if (ticket.state != Ticket.State.SERVED) return;
        pass();
        ticket.state = Ticket.State.GONE;
        served--;
        var queue = ticket.queue;
        if (queue != null) {
            queue.served--;
            // It was served for longer, or less long, than the queue was charged for.
            double took = (nanoTime.getAsLong() - ticket.servedSince) / NANOS;
            queue.next -= ticket.work.seats() * (Work.SERVICE - took);
            bound(queue);
            ends(queue);
        }
        if (ticket.work.linger().isPositive()) timers.after(ticket.work.linger(), () -> release(ticket.work.most()));
        else release(ticket.work.most());
    }

    private synchronized void release(int taken) {
        pass();
        seats -= taken;
        trim();
        wanted();
        dispatch();
    }

    /// Progress since the last look: busy queues share the seats.
    private void pass() {
        long now = nanoTime.getAsLong();
        if (busy > 0) progress += (now - progressNanos) / NANOS * Math.min(seats + waitingSeats, limit) / busy;
        else progress = 0;
        progressNanos = now;
    }

    private void dispatch() {
        while (waiting > 0 && seats < limit) {
            var queue = next();
            var ticket = queue.waiting.getFirst();
            if (!fits(ticket.work.most())) return;
            queue.waiting.removeFirst();
            waits(queue, ticket);
            ticket.work = ticket.work.within(limit);
            queue.served++;
            queue.next += ticket.work.total();
            serve(ticket);
            bound(queue);
        }
    }

    private void waits(Queue queue, Ticket gone) {
        queue.work = queue.waiting.isEmpty() ? 0 : queue.work - gone.work.total();
        waiting--;
        waitingSeats -= gone.work.most();
    }

    private void ends(Queue queue) {
        if (queue.idle()) busy--;
    }

    /// The queue whose first call would be done first; of equal ones, each in its turn.
    private Queue next() {
        @Nullable Queue best = null;
        double least = 0;
        int at = turn;
        for (int i = 1; i <= queues.size(); i++) {
            int index = (turn + i) % queues.size();
            var queue = queues.get(index);
            if (queue.waiting.isEmpty()) continue;
            double done = queue.next + queue.waiting.getFirst().work.total();
            if (best != null && done >= least) continue;
            best = queue;
            least = done;
            at = index;
        }
        if (best == null) throw new IllegalStateException("somebody waits in no queue");
        turn = at;
        return best;
    }

    /// A call that takes more seats than there are is served alone.
    private boolean fits(int wanted) {
        return wanted > limit ? served == 0 : seats + wanted <= limit;
    }

    private void serve(Ticket ticket) {
        ticket.servedSince = nanoTime.getAsLong();
        ticket.state = Ticket.State.SERVED;
        served++;
        seats += ticket.work.most();
        wanted();
        if (ticket.thread != Thread.currentThread()) LockSupport.unpark(ticket.thread);
    }

    /// A queue that had less to do than it might saves nothing up: no call begins, virtually, before it has come.
    private static void bound(Queue queue) {
        var first = queue.waiting.peekFirst();
        if (first != null) queue.next = Math.max(queue.next, first.arrival);
    }

    private void wanted() {
        demand.accept(seats + waitingSeats);
    }
}
