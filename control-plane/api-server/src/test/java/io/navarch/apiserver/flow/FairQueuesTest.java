package io.navarch.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apiserver.flow.FairQueues.Ticket;
import io.navarch.process.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A world in which calls take the time that they are said to take.
class FairQueuesTest {
    private static final long MILLI = 1_000_000;

    private record Due(long at, long order, Runnable action) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    private long now;
    private long order;
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private int wanted;
    /// Those that wait for something else than a processor.
    private final Set<Ticket> resting = new HashSet<>();

    private final Timers timers = new Timers() {
        @Override
        public void pause(Duration length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void after(Duration delay, Runnable action) {
            at(now + delay.toNanos(), action);
        }
    };

    private void at(long when, Runnable action) {
        due.add(new Due(when, order++, action));
    }

    private void run(long until) {
        while (!due.isEmpty() && due.peek().at <= until) {
            var next = due.poll();
            now = next.at;
            next.action.run();
        }
        now = until;
    }

    private FairQueues queues(int count, int hand, int length, int limit) {
        var settings = new LevelSettings("l", "", false, 30, 0, OptionalInt.empty(), count, hand, length);
        return queues(settings, limit, Integer.MAX_VALUE);
    }

    private FairQueues queues(LevelSettings settings, int limit, int abreast) {
        return queues(settings, limit, abreast, 0);
    }

    private FairQueues queues(LevelSettings settings, int limit, int abreast, int besides) {
        return new FairQueues(
                settings,
                limit,
                abreast,
                besides,
                ticket -> !resting.contains(ticket),
                () -> now,
                timers,
                seats -> wanted = seats);
    }

    /// A flow that always has so many calls under way, each of which takes so long.
    private final class Flow {
        private final FairQueues queues;
        private final long hash;
        private final Work work;
        private final long takes;
        private final List<Ticket> open = new ArrayList<>();
        private int done;
        private int refused;
        private long longest;
        private final Map<Ticket, Long> since = new HashMap<>();

        Flow(FairQueues queues, String name, Work work, long takes, int parallel) {
            this.queues = queues;
            this.hash = Hand.flow("s", name);
            this.work = work;
            this.takes = takes;
            for (int i = 0; i < parallel; i++) begin();
        }

        private void begin() {
            var ticket = queues.arrive("s", work, hash);
            if (ticket.isEmpty()) {
                refused++;
                at(now + 10 * MILLI, this::begin);
                return;
            }
            since.put(ticket.get(), now);
            open.add(ticket.get());
            poll(ticket.get());
        }

        /// Its turn is noticed a little later.
        private void poll(Ticket ticket) {
            if (ticket.state == Ticket.State.WAITING) {
                at(now + MILLI / 10, () -> poll(ticket));
                return;
            }
            longest = Math.max(longest, now - since.get(ticket));
            at(now + takes, () -> {
                open.remove(ticket);
                queues.finish(ticket);
                done++;
                begin();
            });
        }
    }

    @Test
    void aFloodLeavesAnotherFlowItsShare() {
        var queues = queues(64, 6, 50, 10);
        var flood = new Flow(queues, "flood", Work.of(1), 3 * MILLI, 200);
        var quiet = new Flow(queues, "quiet", Work.of(1), 3 * MILLI, 1);
        run(5_000 * MILLI);
        // One at a time, never waiting for more than a few that are served.
        assertThat(quiet.refused).isZero();
        assertThat(quiet.longest).isLessThan(10 * MILLI);
        assertThat(quiet.done).isGreaterThan(5000 / 10);
        assertThat(flood.done).isGreaterThan(10 * 5000 / 4);
    }

    @Test
    void flowsThatWantEverythingGetTheSame() {
        var queues = queues(64, 1, 50, 10);
        var cheap = new Flow(queues, "cheap", Work.of(1), 3 * MILLI, 40);
        var dear = new Flow(queues, "dear", Work.of(5), 3 * MILLI, 40);
        run(20_000 * MILLI);
        double ratio = (double) cheap.done / dear.done;
        assertThat(ratio).isBetween(3.5, 6.5);
    }

    @Test
    void slowCallsCostTheirOwnFlow() {
        var queues = queues(64, 1, 50, 10);
        var fast = new Flow(queues, "fast", Work.of(1), 3 * MILLI, 40);
        var slow = new Flow(queues, "slow", Work.of(1), 60 * MILLI, 40);
        run(30_000 * MILLI);
        double share = (double) slow.done * 60 / (slow.done * 60 + fast.done * 3);
        assertThat(share).isBetween(0.35, 0.65);
    }

    @Test
    void neverMoreSeatsThanThereAre() {
        var random = new Random(3);
        var queues = queues(8, 3, 5, 7);
        var flows = new ArrayList<Flow>();
        for (int i = 0; i < 12; i++) {
            var work = new Work(1 + random.nextInt(3), random.nextInt(4), Duration.ofMillis(random.nextInt(20)));
            flows.add(new Flow(queues, "f" + i, work, random.nextInt(40) * MILLI, 1 + random.nextInt(6)));
        }
        for (int step = 1; step < 3000; step++) {
            run(step * MILLI);
            var counts = queues.counts();
            assertThat(counts.seats()).isBetween(0, 7);
            assertThat(counts.waiting()).isLessThanOrEqualTo(8 * 6);
            assertThat(wanted).isEqualTo(counts.seats() + counts.waitingSeats());
            if (step % 700 == 0)
                queues.configure(
                        new LevelSettings("l", "", false, 30, 0, OptionalInt.empty(), 2 + random.nextInt(10), 2, 5), 7);
        }
        assertThat(flows).allMatch(flow -> flow.done > 0);
    }

    @Test
    void whoeverHoldsAllSeatsForLongIsNotTheNext() {
        var queues = queues(64, 6, 50, 10);
        var flood = new ArrayList<Flow>();
        for (int i = 0; i < 20; i++) {
            flood.add(new Flow(queues, "flood", Work.of(1), (510 + 53L * i) * MILLI, 10));
            run(50L * i * MILLI);
        }
        run(10_000 * MILLI);
        var quiet = new Flow(queues, "quiet", Work.of(1), 3 * MILLI, 1);
        run(30_000 * MILLI);
        // About one seat is free each 100 ms; whoever is behind the flood's calls that have not ended waits for twice
        // as long.
        assertThat(quiet.longest).isLessThan(1_600 * MILLI);
        assertThat(flood.stream().mapToInt(flow -> flow.done).sum()).isGreaterThan(200);
    }

    @Test
    void seatsThatNoProcessorServesDoNotMakeAFloodFirst() {
        var settings = new LevelSettings("l", "", false, 30, 0, OptionalInt.empty(), 64, 6, 50);
        var queues = queues(settings, 245, 2);
        var flood = new ArrayList<Ticket>();
        for (int i = 0; i < 200; i++) flooded(queues, flood);
        assertThat(queues.counts().served()).isEqualTo(2);
        for (int i = 0; i < 300; i++) serveOne(queues, flood);
        var quiet = queues.arrive("s", Work.of(1), Hand.flow("s", "quiet")).orElseThrow();
        assertThat(quiet.state).isEqualTo(Ticket.State.WAITING);
        int before = 0;
        for (; quiet.state == Ticket.State.WAITING; before++) serveOne(queues, flood);
        // Those that were let in already.
        assertThat(before).isLessThanOrEqualTo(2);
    }

    @Test
    void whoeverAsksNowAndThenWaitsForNobodyToCompute() {
        var settings = new LevelSettings("l", "", false, 30, 0, OptionalInt.empty(), 64, 6, 50);
        var queues = queues(settings, 245, 2, 1);
        var flood = new ArrayList<Ticket>();
        for (int i = 0; i < 200; i++) flooded(queues, flood);
        for (int i = 0; i < 300; i++) {
            serveOne(queues, flood);
            // The flood's own queues are never without work.
            assertThat(flood.stream().filter(each -> each.state == Ticket.State.SERVED))
                    .hasSizeLessThanOrEqualTo(3);
        }
        var quiet = queues.arrive("s", Work.of(1), Hand.flow("s", "quiet")).orElseThrow();
        assertThat(quiet.state).isEqualTo(Ticket.State.SERVED);
        var other = queues.arrive("s", Work.of(1), Hand.flow("s", "other")).orElseThrow();
        assertThat(other.state).isEqualTo(Ticket.State.WAITING);
        // Somebody who has waited is next, and then the second of those who ask now and then.
        for (int i = 0; i < 3; i++) serveOne(queues, flood);
        assertThat(other.state).isEqualTo(Ticket.State.SERVED);
    }

    @Test
    void manyWhoAskOneByOneLeaveSomethingToWhoeverAsksForMore() {
        var settings = new LevelSettings("l", "", false, 30, 0, OptionalInt.empty(), 64, 6, 50);
        var queues = queues(settings, 245, 2, 2);
        var others = new ArrayList<Flow>();
        for (int i = 0; i < 8; i++) others.add(new Flow(queues, "other" + i, Work.of(1), 3 * MILLI, 1));
        var more = new Flow(queues, "more", Work.of(1), 3 * MILLI, 60);
        run(3_000 * MILLI);
        int all = more.done + others.stream().mapToInt(flow -> flow.done).sum();
        assertThat(more.done).isGreaterThan(all / 9);
        for (var other : others) assertThat(other.done).isGreaterThan(all / 20);
    }

    @Test
    void whoeverGoesAwayFromAQueueThatWouldBeFirstHoldsNobodyUp() {
        var settings = new LevelSettings("l", "", false, 30, 0, OptionalInt.empty(), 4, 1, 5);
        var queues = queues(settings, 10, 1);
        var first = queues.arrive("s", Work.of(1), 0).orElseThrow();
        var second = queues.arrive("s", Work.of(1), 1).orElseThrow();
        var third = queues.arrive("s", Work.of(1), 2).orElseThrow();
        queues.abandon(second);
        queues.finish(first);
        assertThat(third.state).isEqualTo(Ticket.State.SERVED);
        queues.finish(third);
        var fourth = queues.arrive("s", Work.of(1), 1).orElseThrow();
        assertThat(fourth.state).isEqualTo(Ticket.State.SERVED);
    }

    private static void flooded(FairQueues queues, List<Ticket> flood) {
        flood.add(queues.arrive("s", Work.of(1), Hand.flow("s", "flood")).orElseThrow());
    }

    /// One processor runs whoever was let in first for a millisecond, and then another call comes.
    private void serveOne(FairQueues queues, List<Ticket> flood) {
        var runs = flood.stream()
                .filter(ticket -> ticket.state == Ticket.State.SERVED)
                .findFirst()
                .orElseThrow();
        flood.remove(runs);
        now += MILLI;
        queues.computed(runs);
        queues.finish(runs);
        flooded(queues, flood);
    }

    @Test
    void aCallIsLetInWhenAnotherHasComputed() {
        var settings = new LevelSettings("l", "", false, 30, 0, OptionalInt.empty(), 4, 1, 5);
        var queues = queues(settings, 10, 1);
        var first = queues.arrive("s", Work.of(1), 0).orElseThrow();
        var second = queues.arrive("s", Work.of(1), 1).orElseThrow();
        var third = queues.arrive("s", Work.of(1), 2).orElseThrow();
        assertThat(second.state).isEqualTo(Ticket.State.WAITING);
        queues.computed(first);
        resting.add(first);
        assertThat(second.state).isEqualTo(Ticket.State.SERVED);
        assertThat(third.state).isEqualTo(Ticket.State.WAITING);
        // One that ends without having said so counts as well.
        queues.finish(second);
        assertThat(third.state).isEqualTo(Ticket.State.SERVED);
    }

    @Test
    void whoeverComputesForLongHoldsNobodyUp() {
        var settings = new LevelSettings("l", "", false, 30, 0, OptionalInt.empty(), 4, 1, 5);
        var queues = queues(settings, 10, 1);
        queues.arrive("s", Work.of(1), 0);
        var second = queues.arrive("s", Work.of(1), 1).orElseThrow();
        var third = queues.arrive("s", Work.of(1), 2).orElseThrow();
        run(98 * MILLI);
        assertThat(second.state).isEqualTo(Ticket.State.WAITING);
        run(102 * MILLI);
        assertThat(second.state).isEqualTo(Ticket.State.SERVED);
        assertThat(third.state).isEqualTo(Ticket.State.WAITING);
        run(204 * MILLI);
        assertThat(third.state).isEqualTo(Ticket.State.SERVED);
    }

    /// Whoever has stored something has an answer to make.
    @Test
    void whoeverHasWaitedCountsAgain() {
        var settings = new LevelSettings("l", "", false, 30, 0, OptionalInt.empty(), 4, 1, 5);
        var queues = queues(settings, 10, 1);
        var first = queues.arrive("s", Work.of(1), 0).orElseThrow();
        var second = queues.arrive("s", Work.of(1), 1).orElseThrow();
        var third = queues.arrive("s", Work.of(1), 2).orElseThrow();
        queues.computed(first);
        resting.add(first);
        assertThat(second.state).isEqualTo(Ticket.State.SERVED);
        resting.remove(first);
        resting.add(second);
        run(50 * MILLI);
        assertThat(third.state).isEqualTo(Ticket.State.WAITING);
        queues.finish(first);
        assertThat(third.state).isEqualTo(Ticket.State.SERVED);
    }

    @Test
    void whoeverWaitsWithoutSayingSoIsFoundOut() {
        var settings = new LevelSettings("l", "", false, 30, 0, OptionalInt.empty(), 4, 1, 5);
        var queues = queues(settings, 10, 1);
        var first = queues.arrive("s", Work.of(1), 0).orElseThrow();
        var second = queues.arrive("s", Work.of(1), 1).orElseThrow();
        run(5 * MILLI);
        assertThat(second.state).isEqualTo(Ticket.State.WAITING);
        resting.add(first);
        run(8 * MILLI);
        assertThat(second.state).isEqualTo(Ticket.State.SERVED);
    }

    @Test
    void whoeverGoesAsideDoesNotCountAgain() {
        var settings = new LevelSettings("l", "", false, 30, 0, OptionalInt.empty(), 4, 1, 5);
        var queues = queues(settings, 10, 1);
        var first = queues.arrive("s", Work.of(1), 0).orElseThrow();
        var second = queues.arrive("s", Work.of(1), 1).orElseThrow();
        var third = queues.arrive("s", Work.of(1), 2).orElseThrow();
        queues.aside(first);
        assertThat(second.state).isEqualTo(Ticket.State.SERVED);
        queues.aside(second);
        assertThat(third.state).isEqualTo(Ticket.State.SERVED);
        assertThat(queues.counts().served()).isEqualTo(3);
    }

    @Test
    void aFullQueueRefuses() {
        var queues = queues(1, 1, 2, 1);
        assertThat(queues.arrive("s", Work.of(1), 0)).isPresent();
        assertThat(queues.arrive("s", Work.of(1), 0)).isPresent();
        assertThat(queues.arrive("s", Work.of(1), 0)).isPresent();
        assertThat(queues.arrive("s", Work.of(1), 0)).isEmpty();
    }

    @Test
    void withoutQueuesNobodyWaits() {
        var queues = queues(0, 0, 0, 2);
        var first = queues.arrive("s", Work.of(2), 0);
        assertThat(first).isPresent();
        assertThat(queues.arrive("s", Work.of(1), 0)).isEmpty();
        queues.finish(first.get());
        assertThat(queues.arrive("s", Work.of(1), 0)).isPresent();
    }

    @Test
    void aCallThatTakesMoreThanThereIsIsServedAlone() {
        var queues = queues(4, 1, 5, 3);
        var small = queues.arrive("s", Work.of(1), 0).orElseThrow();
        var large = queues.arrive("s", Work.of(9), 1).orElseThrow();
        assertThat(large.state).isEqualTo(Ticket.State.WAITING);
        queues.finish(small);
        assertThat(large.state).isEqualTo(Ticket.State.SERVED);
        var next = queues.arrive("s", Work.of(1), 2).orElseThrow();
        assertThat(next.state).isEqualTo(Ticket.State.WAITING);
        queues.finish(large);
        assertThat(next.state).isEqualTo(Ticket.State.SERVED);
    }

    @Test
    void seatsLingerForWatchers() {
        var queues = queues(4, 1, 5, 1);
        var first = queues.arrive("s", new Work(1, 1, Duration.ofMillis(5)), 0).orElseThrow();
        var second = queues.arrive("s", Work.of(1), 0).orElseThrow();
        queues.finish(first);
        assertThat(second.state).isEqualTo(Ticket.State.WAITING);
        run(6 * MILLI);
        assertThat(second.state).isEqualTo(Ticket.State.SERVED);
    }

    @Test
    void whoeverHasGoneLeavesItsPlace() throws Exception {
        var queues = queues(1, 1, 2, 1);
        var first = queues.arrive("s", Work.of(1), 0).orElseThrow();
        var gone = queues.arrive("s", Work.of(1), 0).orElseThrow();
        var next = queues.arrive("s", Work.of(1), 0).orElseThrow();
        queues.abandon(gone);
        assertThat(queues.await(gone, 1)).isFalse();
        queues.finish(first);
        assertThat(queues.await(next, 1)).isTrue();
        assertThat(queues.counts()).isEqualTo(new FairQueues.Counts(0, 1, 1, 0));
    }

    @Test
    void aWaitEnds() throws Exception {
        var queues = queues(1, 1, 2, 1);
        queues.arrive("s", Work.of(1), 0);
        var waiting = queues.arrive("s", Work.of(1), 0).orElseThrow();
        assertThat(queues.await(waiting, 0)).isFalse();
        assertThat(queues.counts().waiting()).isZero();
    }

    /// As many as there are seats wait for a server that converts their objects; others are served meanwhile.
    @Test
    void whoeverWaitsForSomebodyOutsideLendsItsSeats() {
        var queues = queues(4, 1, 5, 2);
        var patient = List.of(
                queues.arrive("s", Work.of(1), 0).orElseThrow(),
                queues.arrive("s", Work.of(1), 0).orElseThrow());
        var other = queues.arrive("s", Work.of(2), 1).orElseThrow();
        assertThat(other.state).isEqualTo(Ticket.State.WAITING);
        patient.forEach(queues::lend);
        assertThat(other.state).isEqualTo(Ticket.State.SERVED);
        assertThat(wanted).isEqualTo(2);
        now += 30_000 * MILLI;
        patient.forEach(queues::takeBack);
        assertThat(queues.counts()).isEqualTo(new FairQueues.Counts(0, 3, 4, 0));
        var next = queues.arrive("s", Work.of(1), 2).orElseThrow();
        queues.finish(other);
        assertThat(next.state)
                .as("More seats are taken than there were to lend.")
                .isEqualTo(Ticket.State.WAITING);
        queues.finish(patient.getFirst());
        assertThat(next.state).isEqualTo(Ticket.State.SERVED);
        queues.lend(patient.getLast());
        queues.finish(patient.getLast());
        queues.finish(next);
        assertThat(queues.counts()).isEqualTo(new FairQueues.Counts(0, 0, 0, 0));
    }

    /// What a flow waits for elsewhere is not counted against what comes after it.
    @Test
    void lentSeatsAreNotOwed() {
        var queues = queues(2, 1, 50, 1);
        var patient = queues.arrive("s", Work.of(1), 0).orElseThrow();
        queues.lend(patient);
        now += 10_000 * MILLI;
        queues.takeBack(patient);
        queues.finish(patient);
        var busy = queues.arrive("s", Work.of(1), 0).orElseThrow();
        var same = queues.arrive("s", Work.of(1), 0).orElseThrow();
        var other = queues.arrive("s", Work.of(1), 1).orElseThrow();
        queues.finish(busy);
        var first = same.state == Ticket.State.SERVED ? same : other;
        queues.finish(first);
        assertThat(List.of(same.state, other.state)).doesNotContain(Ticket.State.WAITING);
    }
}
