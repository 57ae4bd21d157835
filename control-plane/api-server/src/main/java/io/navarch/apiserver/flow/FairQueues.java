package io.navarch.apiserver.flow;

import io.navarch.process.Timers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The calls of one level: those that have seats, and queues of those that wait. Whoever is next is found by fair
/// queuing: each queue has a virtual time at which its next call would begin if all queues were served side by
/// side, and the call that would be done first goes first.
///
/// A seat is no processor. Calls that have seats run on few threads, in the order in which they came to them, and
/// whoever was let in first would be served first whatever his flow. So only a few at a time compute, and the next
/// ones are let in when these wait for something else: for the disk, or for a slow caller. Those whose wait is over,
/// and who want a processor for their answer, count again.
///
/// A queue that had nothing to do goes first, once, as in RFC 8290 (FQ-CoDel): who asks now and then does not wait for
/// a call of each queue of those who always do. There are some places for such calls alone, so that they need not
/// even wait until one of the others has computed; the machine then shares its processors among them. After a few of
/// them one that has waited has its turn, or many who ask now and then would leave nothing to whoever asks for more.
///
/// Source: KEP-1040 and https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#queuing
final class FairQueues {
    private static final double NANOS = 1e9;

    /// Who computes for so long is too long for the others to wait.
    private static final long LONGEST = 100_000_000;

    /// How often it is looked whether those who computed wait by now, while others wait for that.
    private static final Duration LOOK = Duration.ofMillis(2);

    /// A call at a level: it waits, has seats, or is gone. All but [#state] is guarded by the queues.
    static final class Ticket {
        enum State {
            WAITING,
            SERVED,
            GONE
        }

        final String schema;
        final @Nullable FairQueue<Ticket> queue;
        /// Where the level's progress was when the call came.
        final double arrival;
        /// To be woken when it is the call's turn.
        final Thread thread = Thread.currentThread();

        Work work;
        long servedSince;
        /// Of what it was served before that, while others had its seats the time in between does not count.
        private long servedBefore;
        private boolean lent;
        /// Whether it counted as one that computes when it lent its seats.
        private boolean counted;
        volatile State state = State.WAITING;
        /// Whether its thread must be woken.
        private volatile boolean parked;
        /// Whether that has been ordered, and has not happened yet.
        private volatile boolean wakes;

        Ticket(String schema, Work work, @Nullable FairQueue<Ticket> queue, double arrival) {
            this.schema = schema;
            this.work = work;
            this.queue = queue;
            this.arrival = arrival;
        }

        /// When it took its seats, in seconds.
        private double since() {
            return servedSince / NANOS;
        }
    }

    /// @param seats that are taken, also by those that have been answered
    /// @param waitingSeats that those in the queues will take
    record Counts(int waiting, int served, int seats, int waitingSeats) {}

    private final LongSupplier nanoTime;
    private final Timers timers;
    private final IntConsumer demand;
    private final int abreast;
    private final int besides;
    private final Predicate<Ticket> runs;
    private final List<FairQueue<Ticket>> queues = new ArrayList<>();
    /// Queues that go first, in the order in which their calls came.
    private final ArrayDeque<FairQueue<Ticket>> fresh = new ArrayDeque<>();
    private LevelSettings settings;
    private int limit;

    /// Seat-seconds that each busy queue has been given, and when that was worked out.
    private double progress;

    private long progressNanos;
    private int busy;
    private int turn;
    /// Calls that were let in before those that had waited, since one of these has been.
    private int ahead;

    private int arrivals;
    private int waiting;
    private int waitingSeats;
    private int served;
    private int seats;
    /// Those that have seats and compute, or wait for what they need for it.
    private final Set<Ticket> inside = new LinkedHashSet<>();

    private boolean watched;

    /// @param abreast so many calls compute at a time
    /// @param besides so many more, of queues that had nothing to do
    /// @param runs whether a call that has a seat has a processor, or waits for one: see [#onProcessor]
    /// @param demand is told how many seats are wanted whenever that changes
    FairQueues(
            LevelSettings settings,
            int limit,
            int abreast,
            int besides,
            Predicate<Ticket> runs,
            LongSupplier nanoTime,
            Timers timers,
            IntConsumer demand) {
        this.abreast = abreast;
        this.besides = besides;
        this.runs = runs;
        this.nanoTime = nanoTime;
        this.timers = timers;
        this.demand = demand;
        this.settings = settings;
        progressNanos = nanoTime.getAsLong();
        configure(settings, limit);
    }

    static boolean onProcessor(Ticket ticket) {
        return ticket.thread.getState() == Thread.State.RUNNABLE;
    }

    /// Fewer queues than before vanish as they become empty.
    synchronized void configure(LevelSettings changed, int seatLimit) {
        pass();
        settings = changed;
        limit = seatLimit;
        while (queues.size() < settings.queues()) queues.add(new FairQueue<>());
        trim();
        dispatch(null);
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
        if (queue.waiting.size() >= settings.lengthLimit() && full()) return Optional.empty();
        var ticket = new Ticket(schema, work, queue, progress);
        boolean first = queue.idle();
        if (first) {
            queue.next = progress;
            busy++;
        }
        boolean passes = first && mayPass();
        int most = passes ? abreast + besides : abreast;
        if ((passes || waiting == 0) && computing(null, most) < most && seats < limit && fits(work.most())) {
            if (waiting > 0) ahead++;
            letIn(queue, ticket);
            return Optional.of(ticket);
        }
        queue.waiting.add(ticket);
        if (first) {
            queue.fresh = true;
            fresh.add(queue);
        }
        queue.work += work.total();
        waiting++;
        waitingSeats += work.most();
        bound(queue);
        wanted();
        dispatch(null);
        return Optional.of(ticket);
    }

    /// Whether nobody waits for processors alone: those who will be let in as soon as others run have seats, in effect.
    private boolean full() {
        return seats >= limit || seats + waitingSeats >= limit + settings.lengthLimit() * settings.hand();
    }

    /// Of a flow's queues the one with the least work; of equal ones, each in its turn.
    private FairQueue<Ticket> choose(long flow) {
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
            ticket.parked = true;
            if (ticket.state == Ticket.State.WAITING) LockSupport.parkNanos(this, left);
            ticket.parked = false;
        }
        ticket.wakes = false;
        return ticket.state == Ticket.State.SERVED;
    }

    /// The call is about to wait for something else than a processor: another one may begin.
    synchronized void computed(Ticket ticket) {
        if (waiting == 0) return;
        pass();
        dispatch(ticket);
    }

    /// The call goes on where others see to it that it leaves room for them.
    synchronized void aside(Ticket ticket) {
        if (!inside.remove(ticket) || waiting == 0) return;
        pass();
        dispatch(null);
    }

    /// The call is about to wait for somebody outside, who may take long: others have its seats meanwhile.
    synchronized void lend(Ticket ticket) {
        if (ticket.lent || ticket.state != Ticket.State.SERVED) return;
        pass();
        ticket.lent = true;
        ticket.counted = inside.remove(ticket);
        ticket.servedBefore += nanoTime.getAsLong() - ticket.servedSince;
        seats -= ticket.work.most();
        if (ticket.queue != null) ticket.queue.without(ticket.work.seats(), ticket.since());
        wanted();
        dispatch(null);
    }

    /// The call goes on. It does not wait for seats again, since it has begun and is to end: until others have given
    /// theirs back there are more taken than there are, and nobody else is let in.
    synchronized void takeBack(Ticket ticket) {
        if (!ticket.lent) return;
        pass();
        ticket.lent = false;
        ticket.servedSince = nanoTime.getAsLong();
        seats += ticket.work.most();
        if (ticket.counted) inside.add(ticket);
        if (ticket.queue != null) ticket.queue.with(ticket.work.seats(), ticket.since());
        wanted();
    }

    /// Some may have come to where they wait for something without having said so.
    private synchronized void watch() {
        watched = false;
        if (waiting == 0) return;
        pass();
        dispatch(null);
    }

    /// How many compute or are about to; counted no further than matters.
    ///
    /// @param waits who does not count, since it is about to wait
    private int computing(@Nullable Ticket waits, int most) {
        if (inside.size() < most) return inside.size();
        long now = nanoTime.getAsLong();
        int count = 0;
        for (var ticket : inside) {
            if (ticket == waits || now - ticket.servedSince >= LONGEST) continue;
            if ((ticket.wakes || runs.test(ticket)) && ++count >= most) break;
        }
        return count;
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
        takeBack(ticket);
        inside.remove(ticket);
        pass();
        ticket.state = Ticket.State.GONE;
        served--;
        var queue = ticket.queue;
        if (queue != null) {
            queue.end(ticket.work.seats(), ticket.since());
            // It was served for longer, or less long, than the queue was charged for.
            double took = (ticket.servedBefore + nanoTime.getAsLong() - ticket.servedSince) / NANOS;
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
        dispatch(null);
    }

    /// Progress since the last look: busy queues share the seats that are taken. Those that nobody takes, since there
    /// are not processors enough, do not count: time would run ahead of all queues, and whoever has waited longest
    /// would be next.
    private void pass() {
        long now = nanoTime.getAsLong();
        if (busy > 0) progress += (now - progressNanos) / NANOS * Math.min(seats, limit) / busy;
        else progress = 0;
        progressNanos = now;
    }

    /// A virtual thread that wakes another has it run right behind itself, before all that others have woken or begun:
    /// calls of one flow would pass the processor on to each other, and whoever came anew would never get one.
    /// Somebody else wakes them.
    private void wake(Thread thread) {
        timers.after(Duration.ZERO, () -> LockSupport.unpark(thread));
    }

    private void dispatch(@Nullable Ticket waits) {
        if (waiting == 0) return;
        int computing = computing(waits, abreast);
        while (waiting > 0 && seats < limit && computing < abreast) {
            var first = mayPass() ? fresh.peekFirst() : null;
            var queue = first == null ? next() : first;
            var ticket = queue.waiting.getFirst();
            if (!fits(ticket.work.most())) return;
            queue.waiting.removeFirst();
            waits(queue, ticket);
            ahead = first == null ? 0 : ahead + 1;
            letIn(queue, ticket);
            computing++;
            bound(queue);
        }
        if (waiting == 0 || watched || computing < abreast) return;
        watched = true;
        timers.after(LOOK, this::watch);
    }

    private void letIn(FairQueue<Ticket> queue, Ticket ticket) {
        settled(queue);
        ticket.work = ticket.work.within(limit);
        queue.next += ticket.work.total();
        serve(ticket);
        inside.add(ticket);
        queue.serve(ticket.work.seats(), ticket.since());
    }

    private void waits(FairQueue<Ticket> queue, Ticket gone) {
        queue.work = queue.waiting.isEmpty() ? 0 : queue.work - gone.work.total();
        waiting--;
        waitingSeats -= gone.work.most();
    }

    private void ends(FairQueue<Ticket> queue) {
        if (!queue.idle()) return;
        busy--;
        settled(queue);
    }

    private void settled(FairQueue<Ticket> queue) {
        if (!queue.fresh) return;
        queue.fresh = false;
        fresh.remove(queue);
    }

    private boolean mayPass() {
        return ahead < Math.max(1, besides);
    }

    /// The queue whose first call would be done first; of equal ones, each in its turn.
    private FairQueue<Ticket> next() {
        @Nullable FairQueue<Ticket> best = null;
        double least = 0;
        double now = progressNanos / NANOS;
        int at = turn;
        for (int i = 1; i <= queues.size(); i++) {
            int index = (turn + i) % queues.size();
            var queue = queues.get(index);
            if (queue.waiting.isEmpty()) continue;
            double done =
                    queue.next + queue.owed(now) + queue.waiting.getFirst().work.total();
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
        if (!ticket.parked) return;
        ticket.wakes = true;
        wake(ticket.thread);
    }

    /// A queue that had less to do than it might saves nothing up: no call begins, virtually, before it has come.
    private static void bound(FairQueue<Ticket> queue) {
        var first = queue.waiting.peekFirst();
        if (first != null) queue.next = Math.max(queue.next, first.arrival);
    }

    private void wanted() {
        demand.accept(seats + waitingSeats);
    }
}
